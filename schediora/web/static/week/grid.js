// The week as seven columns by time, in the student's zone.
import { html, useEffect, useState } from "../vendor/ui.js";
import { t } from "../i18n/words.js";
import { hueOf } from "../shell/hues.js";
import { Icon } from "../shell/icon.js";
import { length, longDay, shortDay } from "../time/show.js";
import { clock, shift } from "../time/zone.js";
import { held, said, useDrag } from "./drag.js";
import { STEP, busyOn, closedHours, hoursOf, inLanes, instantOf, openHours, spot } from "./layout.js";

/** @typedef {import("../api/types.js").Session} Session */
/** @typedef {import("./layout.js").Window} Window */

/** How high a quarter of an hour is: taller where the day is short, so that titles can be read. */
const [SLOT_PX, TALL_SLOT_PX, SHORT_DAY] = [14, 20, 600];
/** A session of less than this many pixels has one line. */
const ONE_LINE_PX = 40;
/** The height of a line of a session's words, and what lies above and below them. */
const [LINE_PX, EDGES_PX] = [15, 8];
/** What a finger can hit takes this many pixels, however short the session: 24 (WCAG 2.5.8) and the line below. */
const LEAST_PX = 25;

/**
 * @param {{sessions: Session[], busy: import("../api/types.js").BusyTime[], zone: string, dayStart: number, monday: string, today: string, windows: Window[], closed: (date: string) => boolean,
 *   onMove: (session: Session, at: string) => void, onOpen: (session: Session) => void}} props
 */
export function Grid({ sessions, busy, zone, dayStart, monday, today, windows, closed, onMove, onOpen }) {
  const days = Array.from({ length: 7 }, (_, day) => shift(monday, day));
  const items = sessions.map((session) => ({ session, id: session.id, title: session.title, length: session.duration_minutes, ...spot(session.scheduled_at, zone, dayStart) }));
  const hours = hoursOf(windows, items, dayStart);
  const { from, to } = hours;
  const { grid, onKey } = useDrag({ items, days, from, to, onMove: (id, where) => {
    const session = sessions.find((one) => one.id === id);
    if (session) onMove(session, instantOf(where, zone));
  } });
  const now = spot(useNow(), zone, dayStart);
  useEffect(() => show(grid.current, today), [monday]);
  const move = held.value;
  const shown = items.flatMap((item) => {
    const here = { ...item, key: item.id, look: "" };
    if (move?.item.id !== item.id) return [here];
    const there = { ...here, date: move.date, minutes: move.minutes, look: "held" };
    return move.keyboard ? [there] : [{ ...here, look: "left" }, { ...there, key: "image" }];
  });
  const slot = to - from <= SHORT_DAY ? TALL_SLOT_PX : SLOT_PX;
  const y = (/** @type {number} */ minutes) => `${((minutes - from) / STEP) * slot}px`;
  const seen = (/** @type {number} */ minutes) => Math.max(minutes, (LEAST_PX / slot) * STEP);

  return html`<section class="week" aria-label=${t("week")} ref=${grid} tabindex="0" style=${{ "--slot": `${slot}px` }}>
    <div class="hours" aria-hidden="true">${Array.from({ length: (to - from) / 60 }, (_, hour) => html`<span>${clock((from + hour * 60) % 1440)}</span>`)}</div>
    ${days.map((date, index) => { const taken = busyOn(busy, date, zone, dayStart); return html`<div class=${`day ${date === today ? "today" : ""}`} key=${date}>
      <h2><span aria-hidden="true">${shortDay(date)}</span> <b aria-hidden="true">${Number(date.slice(8))}</b><span class="hidden">${longDay(date)}${date === today ? `, ${t("today")}` : ""}</span></h2>
      <div class="column" data-date=${date} style=${{ height: y(to) }}>
        ${(closed(date) ? [hours] : closedHours(openHours(windows, index + 1, dayStart), hours)).map((stretch) => html`<i class="closed" style=${{ top: y(stretch.from), height: y(from + stretch.to - stretch.from) }}></i>`)}
        ${taken.filter((one) => one.from < to && one.to > from).map((one) => { const top = Math.max(one.from, from); return html`<i class="busy" aria-hidden="true" style=${{ top: y(top), height: y(from + Math.min(one.to, to) - top) }}>${t("busy")}</i>`; })}
        ${taken.length > 0 && html`<p class="hidden">${t("busy")}: ${taken.map((one) => `${clock(one.from % 1440)}–${clock(one.to % 1440)}`).join(", ")}</p>`}
        ${date === today && now.date === today && now.minutes >= from && now.minutes < to && html`<i class="now" style=${{ top: y(now.minutes) }}></i>`}
        <ol>${inLanes(shown.filter((item) => item.date === date).map((item) => ({ ...item, length: seen(item.length) }))).map((item) => html`<${Entry} key=${item.key} item=${item} today=${today} top=${y(item.minutes)} height=${y(from + item.length)} onKey=${onKey} onOpen=${onOpen} />`)}</ol></div></div>`; })}
    <p id="move-help" class="hidden">${t("move_help")}</p>
    <p class="hidden" role="status">${said.value}</p></section>`;
}

/** @param {{item: any, today: string, top: string, height: string, onKey: (event: KeyboardEvent, item: any) => void, onOpen: (session: Session) => void}} props */
function Entry({ item, today, top, height, onKey, onOpen }) {
  const { session, minutes, lane, lanes, look, key } = item;
  const image = key === "image";
  const missed = session.status !== "done" && session.scheduled_on < today;
  const state = missed ? t("missed") : session.status === "in_progress" ? t("status_in_progress") : "";
  const mark = session.status === "done" ? "check" : session.pinned ? "pin" : "";
  const looks = `session hue-${hueOf(session.topic)} ${session.status} ${missed ? "missed" : ""} ${parseFloat(height) < ONE_LINE_PX ? "short" : ""} ${mark && "marked"} ${look}`;
  const lines = Math.max(1, Math.floor((parseFloat(height) - EDGES_PX) / LINE_PX));
  return html`<li data-session=${session.id} class=${looks} aria-hidden=${image ? "true" : undefined}
      style=${{ top, height, left: `${(lane / lanes) * 100}%`, width: `${100 / lanes}%` }}>
    <button tabindex=${image ? -1 : 0} aria-describedby="move-help" onKeyDown=${(/** @type {KeyboardEvent} */ event) => onKey(event, item)} onClick=${() => held.value ?? onOpen(session)}>
      <span class="words" style=${{ WebkitLineClamp: lines }}>${state && html`<em>${state}</em> `}<b>${session.title}</b> <time>${clock(minutes % 1440)}</time></span>
      <span class="hidden">, ${longDay(item.date)}, ${length(session.duration_minutes)}, ${session.topic}${session.status === "done" ? `, ${t("status_done")}` : ""}${session.pinned ? `, ${t("pinned")}` : ""}</span>
      ${mark && html`<${Icon} name=${mark} />`}</button></li>`;
}

/** The time, looked at anew every minute. */
function useNow() {
  const [, look] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => look((times) => times + 1), 60_000);
    return () => clearInterval(timer);
  }, []);
  return Date.now();
}

/** Bring today into view where the week is wider than the screen. @param {HTMLElement | null} grid @param {string} today */
function show(grid, today) {
  const column = /** @type {HTMLElement | null | undefined} */ (grid?.querySelector(`[data-date="${today}"]`)?.closest(".day"));
  if (grid) grid.scrollLeft = column ? column.offsetLeft - 44 : 0;
}
