// What is entered in the first steps and not yet kept by the server: it outlives a reload and the way back, and ends with the sign-in.
import { effect, signal } from "../vendor/ui.js";
import { tokens } from "../api/client.js";

/** @typedef {{topic: string, date: string}} Row */
/** @typedef {{goal: string, rows: Row[]}} Aim */
/** @typedef {{daily_hours: string, session_minutes: string, windows: import("../hours/windows.js").Window[], rest: number[]}} Time */
/** @typedef {{whose: string, aim?: Aim, time?: Time}} Draft */

const KEY = "schediora.first";

/** @returns {Draft} */
function recalled() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "") ?? { whose: "" };
  } catch {
    return { whose: "" };
  }
}

const draft = signal(recalled());
effect(() => {
  try {
    if (!tokens.value) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(draft.value));
  } catch {
    // Without storage it lives as long as the page.
  }
});
effect(() => { if (!tokens.value) draft.value = { whose: "" }; });

/** What this student has entered. @param {string} whose their id @returns {Draft} */
export const drafted = (whose) => (draft.value.whose === whose ? draft.value : { whose });

/** What was kept elsewhere meanwhile goes before what was entered here. @param {object} change of preferences */
export function outdate(change) {
  const { aim, time, whose } = draft.peek();
  const [aims, times] = [["goal", "focus_topics", "exams"], ["daily_hours", "session_minutes", "availability", "rest_days"]].map((names) => names.some((name) => name in change));
  draft.value = { whose, aim: aims ? undefined : aim, time: times ? undefined : time };
}

/** @param {string} whose @param {Partial<Draft>} change */
export const note = (whose, change) => { draft.value = { ...drafted(whose), ...change, whose }; };
