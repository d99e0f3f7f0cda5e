// What was loaded last, for the time without the server: the student's record, and a few weeks.
import { passes, whose } from "../api/client.js";
import { all, change, get } from "./store.js";

/** @typedef {{user: string, name: string, at: number, data: any}} Kept `at`: when it was loaded */

const WEEKS = 4;
const WEEK = "week:";
/** So long a question may stay open before what is kept is shown in the meantime. */
export const PATIENCE_MS = 3000;

/** Keep what was loaded for `user`, who may have gone by now. @param {string} user @param {string} name @param {unknown} data */
export async function keep(user, name, data) {
  if (!user || user !== whose.peek()) return;
  await change("kept", user, name, () => (user === whose.peek() ? { user, name, at: Date.now(), data } : null));
}

/** @param {string} name @returns {Promise<Kept | null>} */
export async function kept(name) {
  const user = whose.peek();
  const row = user ? await get("kept", user, name) : null;
  return user === whose.peek() ? row : null;
}

/** @param {string} user @param {string} monday @param {string} now the Monday of this week, which is never given up @param {unknown} data */
export async function keepWeek(user, monday, now, data) {
  await keep(user, WEEK + monday, data);
  const others = (await all("kept", user)).filter(({ name }) => name.startsWith(WEEK) && name !== WEEK + monday && name !== WEEK + now);
  const most = WEEKS - (monday === now ? 1 : 2);
  for (const { name } of others.sort((a, b) => b.at - a.at).slice(most)) await change("kept", user, name, () => null);
}

/** Every week that is kept, the newest first. @returns {Promise<Kept[]>} */
export async function keptWeeks() {
  const user = whose.peek();
  const rows = user ? await all("kept", user) : [];
  return user === whose.peek() ? rows.filter(({ name }) => name.startsWith(WEEK)).sort((a, b) => b.at - a.at) : [];
}

/** What `ask` answers; what is `had` when the server cannot be reached. Raises what `ask` does when there is neither. @template T @param {() => Promise<T>} ask @param {() => Promise<T | null>} had @returns {Promise<T>} */
export async function askedOrKept(ask, had) {
  try {
    return await ask();
  } catch (error) {
    const data = passes(error) ? await had() : null;
    if (data) return data;
    throw error;
  }
}
