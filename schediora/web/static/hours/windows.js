// The hours to study as windows and as painted half hours: two views of the same list. Wall times of a weekday; no zone has a part in them.
import { clock } from "../time/zone.js";
import { minutesOf } from "../week/layout.js";

/** @typedef {{weekday: number, start: string, end: string}} Window */
/** @typedef {{weekday: number, from: number, to: number}} Stretch minutes since midnight, at most 1440 */

export const WEEK = [1, 2, 3, 4, 5, 6, 7];
export const CELL = 30;
const DAY = 1440;
/** The API takes no shorter window. */
const SHORTEST = 15;
const TIME = /^\d\d:\d\d$/;

/** @param {Stretch} stretch @returns {Window} */
const windowOf = ({ weekday, from, to }) => ({ weekday, start: clock(from), end: clock(to) });

/** Whether it goes on past midnight, and so into the next weekday. @param {Window} window */
export const pastMidnight = ({ start, end }) => TIME.test(start) && TIME.test(end) && end !== "00:00" && end < start;

/** A window as stretches of single days; none while it is not filled in. @param {Window} window @returns {Stretch[]} */
function stretches({ weekday, start, end }) {
  if (!TIME.test(start) || !TIME.test(end)) return [];
  const [from, to] = [minutesOf(start), end === "00:00" ? DAY : minutesOf(end)];
  if (to >= from) return to > from ? [{ weekday, from, to }] : [];
  return [{ weekday, from, to: DAY }, { weekday: (weekday % 7) + 1, from: 0, to }];
}

/** One more window; those that it touches or covers become one with it. @param {Window[]} windows @param {Window} added */
export function withWindow(windows, added) {
  const one = { ...added };
  const apart = windows.filter((other) => {
    if (other.weekday !== one.weekday || other.end < one.start || other.start > one.end) return true;
    if (other.start < one.start) one.start = other.start;
    if (other.end > one.end) one.end = other.end;
    return false;
  });
  return [...apart, one].sort((a, b) => a.weekday - b.weekday || (a.start < b.start ? -1 : 1));
}

/** How much of each half hour is free: `[weekday - 1][half hour]` in minutes, 0 to 30. @param {Window[]} windows */
export function painted(windows) {
  const week = WEEK.map(() => new Array(DAY / CELL).fill(0));
  for (const { weekday, from, to } of joined(windows.flatMap(stretches)))
    for (let cell = Math.floor(from / CELL); cell * CELL < to; cell += 1) week[weekday - 1][cell] += Math.min(to, (cell + 1) * CELL) - Math.max(from, cell * CELL);
  return week;
}

/** The same time in stretches that do not overlap; those that only touch stay two. @template {Stretch} T @param {T[]} stretches */
function joined(stretches) {
  /** @type {T[]} */
  const apart = [];
  for (const one of [...stretches].sort((a, b) => a.weekday - b.weekday || a.from - b.from)) {
    const last = apart.at(-1);
    if (last && last.weekday === one.weekday && one.from < last.to) last.to = Math.max(last.to, one.to);
    else apart.push({ ...one });
  }
  return apart;
}

/**
 * Paint hours free, or wipe them. What is painted joins what it touches; what would be too short for a session goes.
 * @param {Window[]} windows @param {number[]} weekdays @param {number} from @param {number} to minutes @param {boolean} free
 */
export function paint(windows, weekdays, from, to, free) {
  const unfinished = windows.filter((one) => !stretches(one).length);
  const days = windows.flatMap(stretches);
  const plain = free ? days : days.flatMap((one) => (!weekdays.includes(one.weekday) || one.to <= from || one.from >= to ? [one] : [{ ...one, to: from }, { ...one, from: to }].filter((part) => part.to - part.from >= SHORTEST)));
  let next = joined(plain).map(windowOf);
  if (free) for (const weekday of weekdays) next = withWindow(next, windowOf({ weekday, from, to }));
  return [...next, ...unfinished];
}

/**
 * As the API takes them: cut at midnight, and none over another. `at` is the place in the list that each comes from;
 * what is not filled in, or too short, is sent as it is, so that the server says what is wrong with it.
 * @param {Window[]} windows @returns {(Window & {at: number})[]}
 */
export function sent(windows) {
  const good = windows.flatMap((one, at) => {
    const parts = stretches(one);
    return (parts.length > 1 ? parts.filter(({ from, to }) => to - from >= SHORTEST) : parts).map((part) => ({ ...part, at }));
  });
  const wrong = windows.flatMap((one, at) => (stretches(one).length ? [] : [{ ...one, at }]));
  return [...joined(good).map((one) => ({ ...windowOf(one), at: one.at })), ...wrong];
}

/** The free minutes of a week. @param {Window[]} windows */
export const weekMinutes = (windows) => painted(windows).flat().reduce((sum, minutes) => sum + minutes, 0);

/** Hours of a weekday that no window has a part in, to begin with. @param {Window[]} windows @param {number} weekday @returns {Window | undefined} */
export function unused(windows, weekday) {
  const day = painted(windows)[weekday - 1];
  const start = [16, 18, 20, 14, 12, 10, 8, 22, 6].find((hour) => day.slice(hour * 2, hour * 2 + 4).every((minutes) => minutes === 0));
  return start === undefined ? undefined : windowOf({ weekday, from: start * 60, to: start * 60 + 120 });
}

/** What the service takes for a student who has not said when they can study: 08:00 to 22:00 on each day. */
const UNTOLD = JSON.stringify(WEEK.map((weekday) => ({ weekday, start: "08:00", end: "22:00" })));
/** @param {Window[]} windows */
export const untold = (windows) => JSON.stringify(windows.map(({ weekday, start, end }) => ({ weekday, start, end }))) === UNTOLD;

/** When most students have time: the afternoons of schooldays. A hint, never painted unasked. */
export const LIKELY = /** @type {Window[]} */ ([1, 2, 3, 4, 5].map((weekday) => ({ weekday, start: "16:00", end: "20:00" })));
