// Where things lie in the week: days as the student counts them, minutes from the midnight that a day begins after.
import { instant, shift, wall } from "../time/zone.js";

/** @typedef {import("../api/types.js").Session} Session */
/** @typedef {{date: string, minutes: number}} Spot minutes may pass 1440 where the day starts after midnight */
/** @typedef {{from: number, to: number}} Hours */

export const STEP = 15;
const DAY = 1440;

/** Minutes of "16:30". @param {string} time */
export const minutesOf = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

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
 * The hours to show: the student's own, what lies outside them, and an hour around; whole hours.
 * @param {Window[]} windows @param {{minutes: number, length: number}[]} items @param {number} dayStart @returns {Hours}
 */
export function hoursOf(windows, items, dayStart) {
  const starts = [...windows.map(({ start }) => later(minutesOf(start), dayStart)), ...items.map(({ minutes }) => minutes)];
  const ends = [...windows.map(({ start, end }) => later(minutesOf(start), dayStart) + minutesOf(end) - minutesOf(start)), ...items.map(({ minutes, length }) => minutes + length)];
  const [first, last] = starts.length ? [Math.min(...starts), Math.max(...ends)] : [480, 1320];
  const from = Math.max(Math.floor(dayStart / 60) * 60, Math.floor(first / 60) * 60 - 60);
  const to = Math.min(Math.ceil((DAY + dayStart) / 60) * 60, Math.ceil(last / 60) * 60 + 60);
  return { from, to: Math.max(to, from + 360) };
}

/** @param {number} minutes @param {number} dayStart */
const later = (minutes, dayStart) => (minutes < dayStart ? minutes + DAY : minutes);

/** The stretches of `hours` that no window covers. @param {Window[]} windows of one weekday @param {Hours} hours @returns {Hours[]} */
export function closedHours(windows, hours) {
  const closed = [];
  let at = hours.from;
  for (const { start, end } of [...windows].sort((a, b) => minutesOf(a.start) - minutesOf(b.start))) {
    if (minutesOf(start) > at) closed.push({ from: at, to: Math.min(minutesOf(start), hours.to) });
    at = Math.max(at, minutesOf(end));
  }
  if (at < hours.to) closed.push({ from: at, to: hours.to });
  return closed;
}
