"""How soon a slow phone shows something of the web app, and something to use.

    python -m benchmarks.first_paint [--runs 5]

A real `schediora serve` and Debian's Chromium with an empty cache, slowed down as Lighthouse slows a phone: a processor
four times as slow, 150 ms to the server and back, 1.6 Mbit/s. Beside each figure stands the same without that, in the
same run. Needs the extra `e2e` and Chromium.

- `paint` is the first contentful paint (W3C Paint Timing): the first text or picture.
- `there` is when the door's form, the week's sessions, or the API's calls are there to use.

Exits with 1 when a slow phone's first paint takes a second or more.
"""

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.live import Service, service

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TARGET_MS = 1000
PASSWORD = "correct horse"
SLOWNESS = 4
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
PAGES = {
    "the door": ("/", "form", False),
    "the week": ("/", "section.week .session", True),
    "the API's pages": ("/docs", ".operation", False),
}
"""Each page with its address, what there is to use on it, and whether a student is signed in."""
SIGNED_IN = """pair => localStorage.setItem("schediora.tokens", JSON.stringify({ ...pair, since: Date.now() }))"""
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
THERE = """wanted => { const watch = () => {
  if (document.querySelector(wanted)) window.there = performance.now();
  else requestAnimationFrame(watch);
}; watch(); }"""


def student(server: Service) -> dict[str, Any]:
    """Make an account with a plan; return its tokens."""
    account = {"email": "phone@example.com", "password": PASSWORD, "timezone": "Asia/Jakarta"}
    pair: dict[str, Any] = server.call("POST", "/auth/register", account).json
    token = pair["access_token"]
    wanted = {"goal": "Pass", "daily_hours": 2, "focus_topics": ["Biology"]}
    server.call("PUT", "/users/preferences", wanted, token=token)
    plan = {"title": "Cells", "topic": "Biology", "duration_minutes": 60}
    server.call("POST", "/plans", plan, token=token)
    return pair


def open_once(
    browser: "Browser", server: Service, page: str, pair: dict[str, Any], *, slow: bool
) -> tuple[float, float]:
    """Return when the first paint was and when the page was there, in milliseconds from its start."""
    path, wanted, signed_in = PAGES[page]
    origin = server.url.removesuffix("/api/v1")
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2)
    try:
        if signed_in:
            context.add_init_script(f"({SIGNED_IN})({json.dumps(pair)})")
        context.add_init_script(f"({THERE})({json.dumps(wanted)})")
        tab = context.new_page()
        client = context.new_cdp_session(tab)
        if slow:
            client.send("Network.enable")
            client.send("Network.emulateNetworkConditions", NETWORK)
            client.send("Emulation.setCPUThrottlingRate", {"rate": SLOWNESS})
        tab.goto(origin + path, wait_until="commit")
        tab.wait_for_function("() => window.there && performance.getEntriesByName('first-contentful-paint').length")
        return float(tab.evaluate(PAINT)), float(tab.evaluate("window.there"))
    finally:
        context.close()


def main() -> int:
    """Print the medians; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.first_paint", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, choices=range(1, 51), metavar="RUNS")
    runs = parser.parse_args().runs
    from playwright.sync_api import sync_playwright

    late = False
    with (
        tempfile.TemporaryDirectory() as folder,
        service(Path(folder) / "data", "serve") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        pair = student(server)
        print(f"{'':16} {'paint, slow':>12} {'fast':>7} {'there, slow':>12} {'fast':>7}   (ms, median of {runs})")
        for page in PAGES:
            found = {
                slow: [open_once(browser, server, page, pair, slow=slow) for _ in range(runs)] for slow in (True, False)
            }
            paint, there = (
                {slow: statistics.median(one[at] for one in found[slow]) for slow in found} for at in (0, 1)
            )
            late |= paint[True] >= TARGET_MS
            print(f"{page:16} {paint[True]:12.0f} {paint[False]:7.0f} {there[True]:12.0f} {there[False]:7.0f}")
        browser.close()
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
