// What the student did and the server has not taken yet. It is written down first, then sent, then taken out: in order, and by one tab.
import { signal } from "../vendor/ui.js";
import { Refused, call, ended, online, passes, whose } from "../api/client.js";
import { alone } from "./alone.js";
import { all, change } from "./store.js";
import { tell } from "./tabs.js";
import { afterTaken, bodyOf, countedToday, joined, tooOld } from "./waiting.js";

/** @typedef {import("./waiting.js").Waiting} Waiting */
/** @typedef {import("../api/types.js").Session} Session */

/** What waits of the student who is signed in, the first one first. */
export const waiting = signal(/** @type {Waiting[]} */ ([]));
/** How much of it stays on this device when the server has ended the sign-in. */
export const leftBehind = signal(0);
/** How many seconds the server wants to be left alone, as it said last; 0 when it took what it was sent. */
export const asked = signal(0);

/** How many tries have failed: what was asked for before the last failure is not tried again at once. */
let failures = 0;

/** Read what waits, as another tab may have changed it. */
export async function readWaiting() {
  const user = whose.peek();
  const rows = user ? await all("waiting", user) : [];
  if (user === whose.peek()) show(rows);
}

/** Show nothing of a student who has gone. */
export function forgetWaiting() {
  leftBehind.value = ended.peek() ? waiting.peek().length : 0;
  waiting.value = [];
}

/** @param {Waiting[]} rows */
const show = (rows) => { waiting.value = [...rows].sort((a, b) => a.since - b.since || (a.name < b.name ? -1 : 1)); };

/** One row of what is shown. @param {string} name @param {Waiting | null} row */
const showOne = (name, row) => show([...waiting.peek().filter((one) => one.name !== name), ...(row ? [row] : [])]);

/** @param {string} user @param {string} name @param {(row: Waiting | null) => Waiting | null} next */
async function turn(user, name, next) {
  const row = /** @type {Waiting | null} */ (await change("waiting", user, name, next));
  if (user === whose.peek()) showOne(name, row);
  tell({ user });
  return row;
}

/** Keep a change until it is sent; it shows at once. @param {Session} session @param {import("./waiting.js").Change} wanted @param {string} day the student's */
export async function wait(session, wanted, day) {
  const user = whose.peek();
  const when = { user, at: Date.now(), day, late: !online.peek() };
  const next = (/** @type {Waiting | null} */ row) => joined(row, session, wanted, when);
  showOne(session.id, next(waiting.peek().find(({ name }) => name === session.id) ?? null));
  await turn(user, session.id, next);
}

/** Forget what waits of a session that is gone. @param {string} id */
export const dropOf = async (id) => { for (const row of waiting.peek()) if (row.name === id) await drop(row); };

/** Say of a change that it could not be sent at once. @param {Waiting} row */
export const markLate = (row) => turn(row.user, row.name, (now) => now && { ...now, late: true });

/** Give a waiting change up. @param {Waiting} row */
export const drop = (row) => turn(row.user, row.name, () => null);

/** Count a tick whose day is too long ago on `today`. @param {Waiting} row @param {string} today */
export const countToday = (row, today) => turn(row.user, row.name, (now) => now && countedToday(now, today, Date.now()));

/**
 * Send what waits, until the server cannot be reached. What it refuses stays with what it said; a tick that is too old stays for
 * the student to say. @param {(today: Session) => void} onTaken @param {() => string} today @returns {Promise<Waiting[]>} what was taken
 */
export async function flush(onTaken, today) {
  const user = whose.peek();
  const begun = failures;
  /** @type {Waiting[]} */
  const taken = [];
  if (user) await alone(user, async (still) => {
    if (begun !== failures) return;
    const rows = /** @type {Waiting[]} */ (await all("waiting", user));
    // A change is sent only where it may arrive: one that was taken back meanwhile is then known not to be there.
    let reached = rows.length > 0 && (online.peek() || (await answers()));
    for (const { name } of rows.sort((a, b) => a.since - b.since)) {
      await still();
      if (reached) reached = await sendOne(user, name, today(), taken, onTaken);
      else if (user === whose.peek()) await turn(user, name, (row) => row && { ...row, late: true });
    }
  });
  return taken;
}

/** Whether the server does. */
const answers = () => call("GET", "/users/me").then(() => true, (error) => { heedWait(error); return false; });

/** @param {unknown} error */
const heedWait = (error) => { asked.value = error instanceof Refused ? error.wait : 0; };

/** Whether to go on with the next. @param {string} user @param {string} name @param {string} today @param {Waiting[]} taken @param {(session: Session) => void} onTaken */
async function sendOne(user, name, today, taken, onTaken) {
  const sends = (/** @type {Waiting | null} */ row) => row !== null && !row.refused && !tooOld(row, today);
  let body = /** @type {import("./waiting.js").Change | null} */ (null);
  let before = false;
  const row = await turn(user, name, (now) => {
    before = now?.tried ?? false;
    body = now && sends(now) ? bodyOf(now, Date.now()) : null;
    return now && body ? { ...now, tried: true } : now;
  });
  if (whose.peek() !== user) return false;
  if (!row || !body) return true;
  try {
    const { session } = await call("PATCH", `/sessions/${name}`, body);
    asked.value = 0;
    if (whose.peek() === user) onTaken(session);
    tell({ user, taken: session });
    await turn(user, name, (now) => afterTaken(now, row.version, session));
    taken.push(row);
  } catch (error) {
    if (error instanceof Refused && error.status !== 401 && !passes(error)) {
      const day = error.faults.some(({ pointer }) => pointer === "/completed_on");
      await turn(user, name, (now) => now && (now.version === row.version ? { ...now, refused: { detail: error.message, day } } : now));
      return true;
    }
    failures += 1;
    heedWait(error);
    // Without any network nothing can have left.
    const left = navigator.onLine ? {} : { tried: before };
    await turn(user, name, (now) => now && { ...now, late: true, ...left });
    // One that the server fails at does not hold up the others.
    return error instanceof Refused && error.status === 500;
  }
  return true;
}
