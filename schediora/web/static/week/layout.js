// Where things lie in the week: days as the student counts them, minutes from the midnight that a day begins after.
import { instant, minutesOf, shift, wall } from "../time/zone.js";

export { minutesOf };

/** @typedef {import("../api/types.js").Session} Session */
/** @typedef {{date: string, minutes: number}} Spot minutes may pass 1440 where the day starts after midnight */
/** @typedef {{from: number, to: number}} Hours */

export const STEP = 15;
const DAY = 1440;

/** The student's day of an instant. @param {string | number} at @param {string} zone @param {number} dayStart */
export function spot(at, zone, dayStart) {
  const { date, minutes } = wall(at, zone);
  return minutes < dayStart ? { date: shift(date, -1), minutes: minutes + DAY } : { date, minutes };
}

/** @param {Spot} spot @param {string} zone */
export const instantOf = ({ date, minutes }, zone) => instant(shift(date, Math.floor(minutes / DAY)), minutes % DAY, zone);

/**
 * Lanes side by side for what overlaps, and the full width for the rest of the day.
 * @template {{minutes: number, length: number}} T
 * @param {T[]} items of one day @returns {(T & {lane: number, lanes: number})[]}
 */
export function inLanes(items) {
  const sorted = [...items].sort((a, b) => a.minutes - b.minutes || b.length - a.length);
  /** @type {(T & {lane: number, lanes: number})[]} */
  const placed = [];
  /** @type {(T & {lane: number, lanes: number})[]} */
  let cluster = [];
  let end = -1;
  const close = () => {
    const lanes = Math.max(...cluster.map(({ lane }) => lane)) + 1;
    for (const one of cluster) one.lanes = lanes;
    placed.push(...cluster);
    cluster = [];
  };
  for (const item of sorted) {
    if (cluster.length && item.minutes >= end) close();
    const taken = new Set(cluster.filter((one) => one.minutes + one.length > item.minutes).map(({ lane }) => lane));
    let lane = 0;
    while (taken.has(lane)) lane += 1;
    cluster.push({ ...item, lane, lanes: 1 });
    end = Math.max(end, item.minutes + item.length);
  }
  if (cluster.length) close();
  return placed;
}

/** @typedef {{weekday: number, start: string, end: string}} Window */

/**
 * When the student can study on their day: windows are the calendar day's, so those before the day starts belong to the day before.
 * @param {Window[]} windows of the whole week @param {number} weekday 1 is Monday @param {number} dayStart @returns {Hours[]}
 */
export const openHours = (windows, weekday, dayStart) => windows.flatMap((one) => {
  const [from, to] = [minutesOf(one.start), minutesOf(one.end)];
  if (one.weekday === weekday && to > dayStart) return [{ from: Math.max(from, dayStart), to }];
  return one.weekday === (weekday % 7) + 1 && from < dayStart ? [{ from: from + DAY, to: Math.min(to, dayStart) + DAY }] : [];
});

/**
 * The hours to show: the student's own, what lies outside them, and an hour around; whole hours.
 * @param {Window[]} windows @param {{minutes: number, length: number}[]} items @param {number} dayStart @returns {Hours}
 */
export function hoursOf(windows, items, dayStart) {
  const wanted = [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) => openHours(windows, weekday, dayStart)).concat(items.map(({ minutes, length }) => ({ from: minutes, to: minutes + length })));
  const [first, last] = wanted.length ? [Math.min(...wanted.map(({ from }) => from)), Math.max(...wanted.map(({ to }) => to))] : [480, 1320];
  const from = Math.max(Math.floor(dayStart / 60) * 60, Math.floor(first / 60) * 60 - 60);
  const to = Math.min(Math.ceil((DAY + dayStart) / 60) * 60, Math.ceil(last / 60) * 60 + 60);
  return { from, to: Math.max(to, from + 360) };
}

/** The stretches of `hours` that lie in none of `open`. @param {Hours[]} open of one day @param {Hours} hours @returns {Hours[]} */
export function closedHours(open, hours) {
  const closed = [];
  let at = hours.from;
  for (const { from, to } of [...open].sort((a, b) => a.from - b.from)) {
    if (from > at) closed.push({ from: at, to: Math.min(from, hours.to) });
    at = Math.max(at, to);
  }
  if (at < hours.to) closed.push({ from: at, to: hours.to });
  return closed;
}

/** The first quarter of an hour in `open` from which `length` minutes are free of what is `taken`. @param {Hours[]} open @param {Hours[]} taken @param {number} length */
export function firstFree(open, taken, length) {
  for (const { from, to } of [...open].sort((a, b) => a.from - b.from))
    for (let at = Math.ceil(from / STEP) * STEP; at + length <= to; at += STEP)
      if (taken.every((one) => one.to <= at || one.from >= at + length)) return at;
  return null;
}

/** What busy times take of a student's day. @param {import("../api/types.js").BusyTime[]} times @param {string} date @param {string} zone @param {number} dayStart @returns {Hours[]} */
export function busyOn(times, date, zone, dayStart) {
  return times.flatMap(({ start, end }) => {
    const [first, last] = [spot(start, zone, dayStart), spot(end, zone, dayStart)];
    if (first.date > date || last.date < date) return [];
    const from = first.date < date ? dayStart : first.minutes, to = last.date > date ? DAY + dayStart : last.minutes;
    return to > from ? [{ from, to }] : [];
  });
}
