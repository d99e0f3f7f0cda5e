// The week as a sheet of half hours to paint: by mouse, by finger, and by keyboard (Space, then Shift and the arrows).
import { html, useLayoutEffect, useRef, useState } from "../vendor/ui.js";
import { t } from "../i18n/words.js";
import { length, weekdayName } from "../time/show.js";
import { clock } from "../time/zone.js";
import { CELL, WEEK, paint, painted, weekMinutes } from "./windows.js";

/** @typedef {import("./windows.js").Window} Window */
/** @typedef {{weekday: number, row: number}} Cell */

const ROWS = 1440 / CELL;
/** Before it most students sleep; the rows are there once they are asked for, or painted. */
const MORNING = 12;
const ROW_PX = 24;
const EDGE_PX = 28;
/** @type {Record<string, [number, number]>} */
const KEYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0], PageUp: [0, -4], PageDown: [0, 4], Home: [-7, 0], End: [7, 0] };

/** @param {EventTarget | null} target @returns {Cell | null} */
function cellOf(target) {
  const found = target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest("[data-row]")) : null;
  return found && { weekday: Number(found.dataset.weekday), row: Number(found.dataset.row) };
}

/** @param {number} low @param {number} high @param {number} value */
const within = (low, high, value) => Math.min(high, Math.max(low, value));

/** @param {{windows: Window[], rest: number[], likely: Window[], onPaint: (windows: Window[]) => void, describedby: string}} props */
export function Paint({ windows, rest, likely, onPaint, describedby }) {
  const [night, setNight] = useState(false);
  const [here, setHere] = useState(/** @type {Cell} */ ({ weekday: 1, row: 32 }));
  const [said, setSaid] = useState("");
  const stroke = useRef(/** @type {(Cell & {free: boolean, before: Window[], now: Window[], to: Cell}) | null} */ (null));
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const free = painted(windows);
  const hinted = painted(likely);
  const first = night || free.some((day) => day.slice(0, MORNING).some(Boolean)) ? 0 : MORNING;
  const rows = Array.from({ length: ROWS - first }, (_, row) => first + row);
  useLayoutEffect(() => {
    // It opens where there is something to see.
    const week = [...free, ...hinted].map((day) => day.findIndex(Boolean)).filter((row) => row >= 0);
    if (box.current) box.current.scrollTop = Math.max(0, (week.length ? Math.min(...week) : 30) - first - 2) * ROW_PX;
  }, []);

  /** @param {Cell} cell @param {boolean} goesOn what is free from here on, unless it is all free already */
  const begin = (cell, goesOn) => {
    const isFree = free[cell.weekday - 1][cell.row] === CELL;
    stroke.current = { ...cell, free: goesOn || !isFree, before: windows, now: windows, to: cell };
  };
  /** Everything between where the stroke began and `to`. @param {Cell} to */
  const stretch = (to) => {
    const mine = stroke.current;
    if (!mine) return;
    mine.to = to;
    const [[left, right], [top, bottom]] = [[mine.weekday, to.weekday].sort(), [mine.row, to.row].sort((a, b) => a - b)];
    mine.now = paint(mine.before, WEEK.slice(left - 1, right), top * CELL, (bottom + 1) * CELL, mine.free);
    onPaint(mine.now);
  };
  const say = () => {
    const mine = stroke.current;
    if (!mine) return;
    const [[left, right], [top, bottom]] = [[mine.weekday, mine.to.weekday].sort(), [mine.row, mine.to.row].sort((a, b) => a - b)];
    const days = left === right ? weekdayName(left) : `${weekdayName(left)} – ${weekdayName(right)}`;
    setSaid(t(mine.free ? "hours_painted" : "hours_wiped", { days, from: clock(top * CELL), to: clock((bottom + 1) * CELL), week: length(weekMinutes(mine.now)) }));
  };

  /** @param {PointerEvent} event */
  const press = (event) => {
    const cell = cellOf(event.target);
    if (!cell || event.button !== 0 || !event.isPrimary) return;
    event.preventDefault();
    box.current?.setPointerCapture(event.pointerId);
    begin(cell, false);
    move(cell, true);
    stretch(cell);
  };
  /** A finger's moves all go to the cell that it touched first, so the one below it is looked for. @param {PointerEvent} event */
  const drag = (event) => {
    const sheet = box.current;
    if (!stroke.current || !sheet?.hasPointerCapture(event.pointerId)) return;
    const { top, bottom } = sheet.getBoundingClientRect();
    if (event.clientY < top + EDGE_PX * 2) sheet.scrollTop -= ROW_PX / 2;
    else if (event.clientY > bottom - EDGE_PX) sheet.scrollTop += ROW_PX / 2;
    const cell = cellOf(document.elementFromPoint(event.clientX, event.clientY));
    if (cell && (cell.weekday !== stroke.current.to.weekday || cell.row !== stroke.current.to.row)) stretch(cell);
  };
  const release = () => {
    say();
    stroke.current = null;
  };
  /** @param {Cell} cell @param {boolean} [preventScroll] */
  const move = (cell, preventScroll = false) => {
    setHere(cell);
    /** @type {HTMLElement | null | undefined} */ (box.current?.querySelector(`[data-weekday="${cell.weekday}"][data-row="${cell.row}"]`))?.focus({ preventScroll });
  };
  /** @param {KeyboardEvent} event */
  const key = (event) => {
    const cell = cellOf(event.target);
    // What was changed in the fields meanwhile is not painted over with what was before it.
    if (stroke.current?.now !== windows) stroke.current = null;
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      begin(cell, false);
      stretch(cell);
      return say();
    }
    const by = KEYS[event.key];
    if (!by) return;
    event.preventDefault();
    const to = { weekday: within(1, 7, cell.weekday + by[0]), row: within(first, ROWS - 1, cell.row + by[1]) };
    if (!event.shiftKey) stroke.current = null;
    else {
      if (!stroke.current) begin(cell, true);
      stretch(to);
      say();
    }
    move(to);
  };
  const start = rows.includes(here.row) ? here : { ...here, row: first };
  return html`<div class="sheet"><div class="paint" role="grid" aria-multiselectable="true" aria-label=${t("hours_to_study")} aria-describedby=${describedby} ref=${box} onPointerDown=${press} onPointerMove=${drag} onPointerUp=${release} onPointerCancel=${release} onKeyDown=${key}>
      <div role="row"><span role="columnheader" class="corner"><span class="hidden">${t("time")}</span></span>${WEEK.map((weekday) => html`<span role="columnheader" class="named" title=${weekdayName(weekday)}>${weekdayName(weekday, "short")}</span>`)}</div>
      ${rows.map((row) => html`<div role="row" key=${row}><span role="rowheader" class="number">${row % 2 ? html`<span class="hidden">${clock(row * CELL)}</span>` : clock(row * CELL)}</span>
        ${WEEK.map((weekday) => html`<span role="gridcell" key=${weekday} class=${look(free[weekday - 1][row], hinted[weekday - 1][row], rest.includes(weekday), row)} data-weekday=${weekday} data-row=${row} tabindex=${start.weekday === weekday && start.row === row ? 0 : -1}
          aria-selected=${free[weekday - 1][row] > 0} aria-label=${`${weekdayName(weekday)} ${clock(row * CELL)}`}></span>`)}</div>`)}</div>
    ${first > 0 && html`<button type="button" class="quiet" onClick=${() => setNight(true)}>${t("hours_early")}</button>`}
    <p class="hidden" role="status">${said}</p></div>`;
}

/** @param {number} minutes free of a half hour @param {number} hinted @param {boolean} rests @param {number} row */
const look = (minutes, hinted, rests, row) => [row % 2 ? "half" : "hour", minutes === CELL ? "free" : minutes ? "part" : hinted && "likely", rests && "rests"].filter(Boolean).join(" ");
