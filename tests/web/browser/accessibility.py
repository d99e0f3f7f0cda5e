"""What keeps somebody from a page: what axe finds, what is too wide, too small, moving, or not reached by keyboard."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

LEAST_TARGET_PX = 24
"""WCAG 2.2, 2.5.8; links within a sentence, which it lets off, are held to it as well."""

INTERACTIVE = "a[href], button, input, select, textarea, summary, [tabindex='0'], [role=button], label:has(input)"
SMALL = """([interactive, least]) => [...document.querySelectorAll(interactive)].filter((one) => {
  if (!one.checkVisibility({ visibilityProperty: true }) || one.closest("[aria-hidden=true]")) return false;
  if (one.matches("input") && one.closest("label")) return false; // the label is pressed
  const { width, height, bottom } = one.getBoundingClientRect();
  return bottom > 0 && (width < least || height < least);
}).map((one) => {
  const { width, height } = one.getBoundingClientRect();
  return `${Math.round(width)}x${Math.round(height)} px: ${one.outerHTML.slice(0, 120)}`;
})"""
MOVING = """() => [
  ...document.getAnimations().map((one) => `${one.constructor.name} ${one.effect.target.className}`),
  ...[...document.querySelectorAll("*")].filter((one) => {
    const style = getComputedStyle(one);
    return style.animationName !== "none" || style.transitionDuration.split(", ").some((time) => time !== "0s");
  }).map((one) => `may move: ${one.outerHTML.slice(0, 80)}`),
]"""
EDGED = ".session, .face, textarea, select, button:not(.session button), input:not([type=radio], [type=checkbox])"
EDGELESS = """(edged) => [...document.querySelectorAll(edged)].filter((one) => {
  const style = getComputedStyle(one);
  return one.checkVisibility() && (style.borderTopStyle === "none" || parseFloat(style.borderTopWidth) < 1);
}).map((one) => `no edge: ${one.outerHTML.slice(0, 100)}`)"""
REACHABLE = """(interactive) => {
  const modal = document.querySelector("dialog:modal");
  const all = [...(modal ?? document).querySelectorAll(interactive)].filter((one) => one.tabIndex >= 0 && !one.disabled
    && !one.matches("label") && one.checkVisibility({ visibilityProperty: true }));
  // Of the radio buttons of a group one is reached, and the arrows go on from there.
  const groups = new Set();
  const stops = all.filter((one) => one.type !== "radio" || (!groups.has(one.name) && groups.add(one.name)));
  stops.forEach((one, number) => { one.dataset.stop = one.type === "radio" ? `radio ${one.name}` : `${number}`; });
  all.filter((one) => one.type === "radio").forEach((one) => { one.dataset.stop = `radio ${one.name}`; });
  document.activeElement.blur();
  return stops.map((one) => [one.dataset.stop, one.outerHTML.slice(0, 120)]);
}"""
FOCUSED = """() => {
  const one = document.activeElement;
  if (one === document.body || one === document.documentElement) return null;
  const ring = [one, one.closest("label"), one.closest("label, li, td")].filter(Boolean).some((shown) => {
    const style = getComputedStyle(shown);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  const pressed = one.closest("label") ?? one;
  const boxes = [...pressed.getClientRects()].filter(({ width, height }) => width > 1 && height > 1);
  const seen = boxes.some(({ left, top, right, bottom }) => [0.1, 0.5, 0.9].some((part) => {
    const y = Math.min(Math.max(top + (bottom - top) * part, 0), innerHeight - 1);
    const hit = document.elementFromPoint(left + (right - left) * part, y);
    return hit && (pressed.contains(hit) || hit.contains(pressed));
  }));
  return { stop: one.dataset.stop, ring, seen, html: one.outerHTML.slice(0, 120) };
}"""

ALIKE = 3
"""How many of a kind are looked at."""
KINDS = """(alike) => {
  const numbers = new Map();
  const met = new Map();
  const some = [];
  const go = (one, around) => {
    const style = getComputedStyle(one);
    const looks = ["color", "backgroundColor", "backgroundImage", "opacity", "filter", "mixBlendMode", "textShadow",
      "fontSize", "fontWeight", "position", "display", "visibility", "overflow"].map((name) => style[name]);
    const states = ["class", "disabled", "aria-disabled", "aria-hidden", "inert"].map((name) => one.getAttribute(name));
    const key = [around, one.tagName, ...states, ...looks].join("|");
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    const kind = numbers.get(key);
    const speaks = one.matches("input, select, textarea")
      || [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (speaks) {
      met.set(kind, (met.get(kind) ?? 0) + 1);
      if (met.get(kind) <= alike) some.push(one);
    }
    for (const child of one.children) go(child, kind);
  };
  go(document.body, -1);
  return some;
}"""
"""The elements with words, a few of each kind: of a kind are those that are alike in all that contrast depends on, as
are all around them. To axe's rule each element costs milliseconds, and a page has the same row hundreds of times.
"""
CONTRAST = f"""async (alike) => {{
  const some = ({KINDS})(alike);
  const options = {{ resultTypes: ["violations"], runOnly: {{ type: "rule", values: ["color-contrast"] }} }};
  return (await axe.run(some.length ? {{ include: some }} : document, options)).violations;
}}"""
ALL_OTHERS = """async () => {
  const options = { resultTypes: ["violations"], rules: { "color-contrast": { enabled: false } } };
  return (await axe.run(document, options)).violations;
}"""


def faults(page: "Page") -> list[str]:
    """Return each fault in a line: axe's, too wide, too small."""
    return _axe(page, ALL_OTHERS) + faint(page) + misfits(page)


def faint(page: "Page") -> list[str]:
    """Return the words that stand out too little from what is behind them."""
    return _axe(page, CONTRAST, ALIKE)


def _axe(page: "Page", script: str, *given: int) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python.base")
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe.AXE_SCRIPT)
    violations = page.evaluate(script, *given)
    return [f"{fault['id']}: {node['html'][:160]}" for fault in violations for node in fault["nodes"]]


def misfits(page: "Page") -> list[str]:
    """Return what is too wide for the window, or too small to be hit."""
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    small: list[str] = page.evaluate(SMALL, [INTERACTIVE, LEAST_TARGET_PX])
    return ([f"{too_wide} px too wide"] if too_wide > 0 else []) + small


def movements(page: "Page") -> list[str]:
    """Return what moves, or would."""
    found: list[str] = page.evaluate(MOVING)
    return found


def without_edges(page: "Page") -> list[str]:
    """Return what cannot be told from the page where colours are forced, as backgrounds are not drawn there."""
    found: list[str] = page.evaluate(EDGELESS, EDGED)
    return found


def lost_by_keyboard(page: "Page") -> list[str]:
    """Go through the page by Tab; return what is not reached, shows no focus, or lies under something else."""
    stops = dict(page.evaluate(REACHABLE, INTERACTIVE))
    assert stops
    found: dict[str, str] = {}
    reached: set[str] = set()
    outside = 0
    for _ in range(2 * len(stops) + 4):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is None:
            # Beyond the last one is the browser's own bar.
            outside += 1
            if outside == 2:
                break
            continue
        if at["stop"] in reached:
            continue
        reached.add(at["stop"])
        if not at["ring"]:
            found[at["html"]] = "shows no focus"
        elif not at["seen"]:
            found[at["html"]] = "lies under something else"
    found |= {html: "is not reached by Tab" for stop, html in stops.items() if stop not in reached}
    return [f"{fault}: {html}" for html, fault in found.items()]
