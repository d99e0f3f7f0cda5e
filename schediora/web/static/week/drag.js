// Moving a session: drag it (mouse), hold it and drag (touch), or Space, arrows, Enter.
import { signal, useEffect, useLayoutEffect, useRef } from "../vendor/ui.js";
import { t } from "../i18n/words.js";
import { longDay } from "../time/show.js";
import { clock, shift } from "../time/zone.js";
import { STEP } from "./layout.js";

/** @typedef {import("./layout.js").Spot} Spot */
/** @typedef {{id: string, title: string, length: number} & Spot} Item a session where it lies now */
/** @typedef {{item: Item, keyboard: boolean} & Spot} Held */
/** @typedef {{item: Item, x: number, y: number, grip: number, started: boolean, timer: number, pointer: number}} Press */

const HOLD_MS = 300;
const SLOP_PX = 8;

/** What is being moved, and to where. */
export const held = signal(/** @type {Held | null} */ (null));
/** What a screen reader is told of it. */
export const said = signal("");

/**
 * Listen on the grid. Under a finger the element itself must stay where it is, as a touch whose target leaves the page
 * scrolls; so an image of it moves, and one set of listeners on the grid serves all.
 * @param {{items: Item[], days: string[], from: number, to: number, onMove: (id: string, spot: Spot) => void}} week
 */
export function useDrag({ items, days, from, to, onMove }) {
  const grid = useRef(/** @type {HTMLElement | null} */ (null));
  const pressed = useRef(/** @type {Press | null} */ (null));

  /** @param {Item} item @param {string} date @param {number} minutes @returns {Spot} */
  const within = (item, date, minutes) => ({
    date: date < days[0] ? days[0] : date > days[6] ? days[6] : date,
    minutes: Math.max(from, Math.min(Math.floor((to - item.length) / STEP) * STEP, minutes)),
  });
  const say = (what = "") => {
    const now = held.value;
    if (now) said.value = t("held_at", { title: now.item.title, day: longDay(now.date), time: clock(now.minutes % 1440) }) + what;
  };
  const drop = () => {
    const now = held.value;
    if (!now) return;
    say(` ${t("dropped")}`);
    held.value = null;
    if (now.item.date !== now.date || now.item.minutes !== now.minutes) onMove(now.item.id, { date: now.date, minutes: now.minutes });
  };

  useEffect(() => {
    const root = /** @type {HTMLElement} */ (grid.current);
    /** @param {Press} press */
    const start = (press) => {
      press.started = true;
      root.setPointerCapture(press.pointer);
      held.value = { item: press.item, date: press.item.date, minutes: press.item.minutes, keyboard: false };
    };
    const end = () => { clearTimeout(pressed.current?.timer); pressed.current = null; };
    /** @param {PointerEvent} event */
    const down = (event) => {
      const element = /** @type {Element} */ (event.target).closest("[data-session]");
      const item = items.find(({ id }) => id === element?.getAttribute("data-session"));
      if (!element || !item || event.button !== 0) return;
      end();
      const grip = event.clientY - element.getBoundingClientRect().top;
      const press = { item, x: event.clientX, y: event.clientY, grip, started: false, timer: 0, pointer: event.pointerId };
      if (event.pointerType === "touch") press.timer = window.setTimeout(() => start(press), HOLD_MS);
      pressed.current = press;
    };
    /** @param {PointerEvent} event */
    const move = (event) => {
      const press = pressed.current;
      if (!press) return;
      if (!press.started) {
        if (Math.hypot(event.clientX - press.x, event.clientY - press.y) < SLOP_PX) return;
        if (event.pointerType === "touch") return end(); // it is a scroll
        start(press);
      }
      const columns = [...root.querySelectorAll("[data-date]")];
      const column = columns.find((one) => event.clientX < one.getBoundingClientRect().right) ?? columns[columns.length - 1];
      const box = column.getBoundingClientRect();
      const minutes = from + ((event.clientY - press.grip - box.top) / box.height) * (to - from);
      const where = within(press.item, String(column.getAttribute("data-date")), Math.round(minutes / STEP) * STEP);
      if (held.value?.date !== where.date || held.value.minutes !== where.minutes) held.value = { item: press.item, ...where, keyboard: false };
    };
    /** The click that ends a drag opens nothing. @param {Event} event */
    const swallow = (event) => { event.stopPropagation(); event.preventDefault(); };
    const up = () => {
      if (pressed.current?.started) {
        drop();
        root.addEventListener("click", swallow, { capture: true, once: true });
        setTimeout(() => root.removeEventListener("click", swallow, true));
      }
      end();
    };
    const cancel = () => { if (pressed.current?.started) held.value = null; end(); };
    /** @param {Event} event */
    const still = (event) => { if (pressed.current?.started || (event.type === "contextmenu" && pressed.current)) event.preventDefault(); };
    const events = /** @type {[string, any][]} */ ([["pointerdown", down], ["pointermove", move], ["pointerup", up], ["pointercancel", cancel], ["contextmenu", still], ["touchmove", still]]);
    for (const [name, handler] of events) root.addEventListener(name, handler, { passive: false });
    return () => { for (const [name, handler] of events) root.removeEventListener(name, handler); };
  });
  // By keyboard the element itself moves, and is another one in its new column, or back in its old one: the focus follows.
  const followed = useRef("");
  const now = held.value;
  useLayoutEffect(() => {
    const id = now?.keyboard ? now.item.id : followed.current;
    followed.current = now?.keyboard ? id : "";
    if (id) /** @type {HTMLElement | null} */ (grid.current?.querySelector(`[data-session="${id}"] button`))?.focus();
  });
  useEffect(() => () => { held.value = null; said.value = ""; }, []);

  /** @param {KeyboardEvent} event @param {Item} item */
  const onKey = (event, item) => {
    const now = held.value;
    if (event.key === " ") {
      event.preventDefault();
      if (now) return drop();
      held.value = { item, date: item.date, minutes: item.minutes, keyboard: true };
      return say(` ${t("picked_up")}`);
    }
    if (!now) return;
    const by = /** @type {Record<string, [number, number]>} */ ({ ArrowUp: [0, -STEP], ArrowDown: [0, STEP], ArrowLeft: [-1, 0], ArrowRight: [1, 0] })[event.key];
    if (by) held.value = { ...now, ...within(now.item, shift(now.date, by[0]), now.minutes + by[1]) };
    else if (event.key === "Enter") return event.preventDefault(), drop();
    else if (event.key === "Escape") { held.value = null; said.value = t("cancelled"); }
    else return;
    event.preventDefault();
    say();
  };
  return { grid, onKey };
}
