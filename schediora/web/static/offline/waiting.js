// What a waiting change is: what the student did to one session, told as the values it is to have. No page, no network.
import { shift } from "../time/zone.js";

/** @typedef {import("../api/types.js").Session} Session */
/** @typedef {import("../api/types.js").SessionChange} Change */
/**
 * `session` is what the server last said of it, `day` the student's day of a tick, `at` when it was done and `since` when the first was;
 * `tried`: it was sent and may have arrived; `late`: it could not be sent at once; `refused`: what the server said against it.
 * @typedef {{user: string, name: string, session: Session, change: Change, day: string | null, at: number, since: number, version: number,
 *   tried: boolean, late: boolean, refused: {detail: string, day: boolean} | null}} Waiting
 */

/** So many days back the API takes a tick. */
export const DAYS_BACK = 7;
/** A change that is older than this when it is sent tells its day. */
const AT_ONCE_MS = 60_000;
/** What is said of a session only together with `done`. */
const OF_A_TICK = /** @type {const} */ (["rating", "completed_on", "actual_minutes"]);

/**
 * What waits once `change` has been made as well; null when nothing is left to send. The newest values win, and what the
 * server refused before is given up. A change that may have arrived is never left out, as it would stay there.
 * @param {Waiting | null} old @param {Session} session @param {Change} change
 * @param {{user: string, at: number, day: string, late: boolean}} when @returns {Waiting | null}
 */
export function joined(old, session, change, { user, at, day, late }) {
  const before = old && !old.refused ? old : null;
  const base = before?.session ?? session;
  const next = { ...before?.change, ...change };
  if (change.scheduled_at !== undefined && change.pinned === undefined) next.pinned = true;
  if (change.status && change.status !== "done") for (const name of OF_A_TICK) if (!(name in change)) delete next[name];
  if (before && !before.tried) spare(next, base);
  if (!Object.keys(next).length) return null;
  const ticked = next.status === "done" && base.status !== "done";
  const since = before?.since ?? at;
  const of = before?.change.status === "done" && before.day ? before.day : day;
  return { user, name: base.id, session: base, change: next, day: ticked ? of : null, at, since, version: (old?.version ?? 0) + 1, tried: before?.tried ?? false, late: late || (before?.late ?? false), refused: null };
}

/** Take out what is so already. @param {Change} change @param {Session} base */
function spare(change, base) {
  const told = /** @type {Record<string, unknown>} */ (change);
  const is = /** @type {Record<string, unknown>} */ (base);
  for (const name of Object.keys(told).sort((a, b) => Number(a === "status") - Number(b === "status"))) {
    const same = name === "scheduled_at" ? Date.parse(String(told[name])) === Date.parse(String(is[name])) : told[name] === is[name];
    // A rating or a day is taken only of what is done: it says so again.
    if (same && !(name === "status" && (change.rating || change.completed_on))) delete told[name];
  }
}

/** What is left of a row once `sent` of it is taken and the session is `now`. @param {Waiting | null} row @param {number} version @param {Session} now @returns {Waiting | null} */
export function afterTaken(row, version, now) {
  if (!row || row.version === version) return null;
  const change = { ...row.change };
  spare(change, now);
  return Object.keys(change).length ? { ...row, session: now, change, day: now.status === "done" ? null : row.day, tried: false } : null;
}

/** The body to send now. A tick that could not be sent at once carries its day. @param {Waiting} row @param {number} now @returns {Change} */
export function bodyOf(row, now) {
  const late = row.late || row.tried || now - row.at > AT_ONCE_MS;
  return row.day && late && !row.change.completed_on ? { ...row.change, completed_on: row.day } : row.change;
}

/** Whether the API no longer takes the day of the tick. @param {Waiting} row @param {string} today */
export function tooOld(row, today) {
  const day = row.change.completed_on ?? row.day;
  return Boolean(row.change.status === "done" && day && day < shift(today, -DAYS_BACK));
}

/** The tick counted on the day that it is sent. @param {Waiting} row @param {string} today @param {number} at @returns {Waiting} */
export function countedToday(row, today, at) {
  const { completed_on: _, ...change } = row.change;
  return { ...row, change, day: today, at, tried: false, late: false, refused: null, version: row.version + 1 };
}

/** The session as the student left it. @param {Session} session @param {Waiting | undefined} row @param {(at: string) => string} dayOf @returns {Session} */
export function asLeft(session, row, dayOf) {
  if (!row || row.refused) return session;
  const { change } = row;
  const shown = /** @type {Session} */ ({ ...session, ...change });
  if (change.scheduled_at) shown.scheduled_on = dayOf(change.scheduled_at);
  if (change.status === "done") Object.assign(shown, { completed_at: session.completed_at ?? new Date(row.at).toISOString(), completed_on: change.completed_on ?? row.day ?? session.completed_on });
  if (change.status && change.status !== "done") Object.assign(shown, { completed_at: null, completed_on: null, rating: null });
  if (change.status === "in_progress") shown.started_at = session.started_at ?? new Date(row.at).toISOString();
  if (change.status === "pending") shown.started_at = null;
  return shown;
}

/**
 * The sessions of a stretch of days as the student left them, those moved here among them.
 * @param {Session[]} sessions @param {Waiting[]} rows @param {{from: string, to: string, dayOf: (at: string) => string}} where
 */
export function weekAsLeft(sessions, rows, { from, to, dayOf }) {
  const of = new Map(rows.map((row) => [row.name, row]));
  const here = new Set(sessions.map(({ id }) => id));
  const moved = rows.filter((row) => !here.has(row.name) && row.change.scheduled_at).map(({ session }) => session);
  const shown = [...sessions, ...moved].map((one) => asLeft(one, of.get(one.id), dayOf)).filter(({ id, scheduled_on: day }) => !of.has(id) || (day >= from && day <= to));
  return shown.sort((a, b) => Date.parse(a.scheduled_at) - Date.parse(b.scheduled_at) || (a.id < b.id ? -1 : 1));
}
