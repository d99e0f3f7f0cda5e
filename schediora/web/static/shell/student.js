// The student who is signed in: what the API says of them, and which day it is for them.
import { computed } from "../vendor/ui.js";
import { call, whose } from "../api/client.js";
import { PATIENCE_MS, askedOrKept, keep, kept } from "../offline/kept.js";
import { dayOf, minutesOf, shift } from "../time/zone.js";
import { loaded } from "./loaded.js";

/** @typedef {import("../api/types.js").Me} Me */

const NAME = "student";
const had = async () => /** @type {Me | null} */ ((await kept(NAME))?.data ?? null);

export const student = loaded(() => askedOrKept(async () => {
  const user = whose.peek();
  const me = /** @type {Me} */ (await call("GET", "/users/me"));
  keep(user, NAME, me);
  return me;
}, had));
export const zone = computed(() => student.state.value.data?.timezone ?? "UTC");
/** How many minutes after midnight the student's day begins. */
export const dayStart = computed(() => minutesOf(student.state.value.data?.preferences?.day_starts_at ?? "00:00"));

/** How many days this device's clock is behind the server's, as one is that has lost its battery. */
let behind = 0;
/** Take note of the day that the server says it is. @param {string} today */
export const heed = (today) => { behind = Math.max(0, Math.round((Date.parse(today) - Date.parse(dayFor(Date.now()))) / 86_400_000)); };

/** The student's day of an instant, or without one of now. @param {string | number} [at] */
export function dayFor(at) {
  const day = dayOf(at ?? Date.now(), zone.peek(), dayStart.peek());
  return at === undefined ? shift(day, behind) : day;
}

/** Load the record; what is kept is shown when that takes long. */
export async function loadStudent() {
  const late = setTimeout(() => student.meanwhile(had), PATIENCE_MS);
  await student.load();
  clearTimeout(late);
}

/** @type {(() => void)[]} */
const keepers = [student.clear];
/** Name what else has to be emptied when the student goes. @param {() => void} clear */
export const emptiedWithStudent = (clear) => { keepers.push(clear); };
export const clearStudent = () => { for (const clear of keepers) clear(); };
