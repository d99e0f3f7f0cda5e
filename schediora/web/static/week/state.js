// The week that is shown, and what the student does to its sessions. A change shows at once, waits until it can be sent, and is taken back when refused.
import { computed } from "../vendor/ui.js";
import { call, list, whose } from "../api/client.js";
import { t } from "../i18n/words.js";
import { PATIENCE_MS, askedOrKept, keepWeek, keptWeeks } from "../offline/kept.js";
import { drop, dropOf, flush, forgetWaiting, markLate, wait, waiting } from "../offline/outbox.js";
import { lasting } from "../offline/store.js";
import { asLeft, weekAsLeft } from "../offline/waiting.js";
import { loaded } from "../shell/loaded.js";
import { sentence } from "../shell/states.js";
import { dayFor, dayStart, emptiedWithStudent, heed } from "../shell/student.js";
import { toast } from "../shell/toasts.js";
import { mondayOf, shift } from "../time/zone.js";

export { dayStart };

/** @typedef {import("../api/types.js").Session} Session */
/** @typedef {import("../api/types.js").SessionChange} Change */
/** @typedef {import("../api/types.js").Weekly} Weekly */
/**
 * `at`: when it was loaded; `kept`: it comes from this device, as the server cannot be reached; `unseen`: this week was never loaded here.
 * @typedef {{monday: string, thisMonday: string, today: string, status: Weekly, sessions: Session[], overdue: Session[], at: number, kept: boolean, unseen: boolean}} Shown
 */

export const HOURS_BEFORE_TOLD = /** @type {const} */ ([{ start: "08:00", end: "22:00" }]);
const OVERDUE_DAYS = 28;

/** The week of `monday`; without one, the one that the server says is now. @param {string} [monday] @returns {Promise<Shown>} */
async function ask(monday) {
  const user = whose.peek();
  const [status, { today }, overdue] = await Promise.all([
    call("GET", "/ai/plans/status/weekly"), call("GET", "/dashboard/summary"), list("/sessions?state=overdue&limit=500"),
  ]);
  if (user === whose.peek()) heed(today);
  const first = monday ?? status.week_start;
  const sessions = await list(`/sessions?from=${first}&to=${shift(first, 6)}&limit=500`);
  const shown = { monday: first, thisMonday: status.week_start, today, status, sessions, overdue, at: Date.now(), kept: false, unseen: false };
  keepWeek(user, first, status.week_start, shown);
  return shown;
}

/** The week as this device has it; null when it has none at all. @param {string} [monday] @returns {Promise<Shown | null>} */
async function had(monday) {
  const weeks = /** @type {Shown[]} */ ((await keptWeeks()).map(({ data }) => data));
  if (!weeks.length) return null;
  const today = dayFor();
  const first = monday ?? mondayOf(today);
  const found = weeks.find((one) => one.monday === first);
  const all = new Map(weeks.toReversed().flatMap(({ sessions, overdue }) => [...overdue, ...sessions]).map((one) => [one.id, one]));
  const overdue = [...all.values()].filter(({ status, scheduled_on: day }) => status !== "done" && day < today && day >= shift(today, -OVERDUE_DAYS));
  return { ...weeks[0], monday: first, thisMonday: mondayOf(today), today, sessions: found?.sessions ?? [], overdue, at: (found ?? weeks[0]).at, kept: true, unseen: !found };
}

const said = loaded((/** @type {string | undefined} */ monday) => askedOrKept(() => ask(monday), () => had(monday)));
emptiedWithStudent(() => { said.clear(); latest.clear(); forgetWaiting(); });

/** What the server said, with what waits on top of it. */
const state = computed(() => {
  const now = said.state.value;
  return now.data ? { ...now, data: asStudentLeft(now.data, waiting.value) } : now;
});

/** Load the week of `monday`, this week without one; when that takes long, what is kept is shown. @param {string} [monday] */
async function load(monday) {
  const late = setTimeout(() => said.meanwhile(async () => {
    const data = await had(monday);
    const now = said.state.peek().data;
    return now && now.monday === data?.monday ? null : data;
  }), PATIENCE_MS);
  await said.load(monday);
  clearTimeout(late);
}

export const week = { state, load, patch: said.patch };
export const reload = () => load(said.state.peek().data?.monday);

/** @param {Shown} shown @param {import("../offline/waiting.js").Waiting[]} rows @returns {Shown} */
function asStudentLeft(shown, rows) {
  if (!rows.length) return shown;
  const of = new Map(rows.map((row) => [row.name, row]));
  const overdue = shown.overdue.map((one) => asLeft(one, of.get(one.id), dayFor)).filter((one) => !of.has(one.id) || (one.status !== "done" && one.scheduled_on < shown.today));
  return { ...shown, overdue, sessions: weekAsLeft(shown.sessions, rows, { from: shown.monday, to: shift(shown.monday, 6), dayOf: dayFor }) };
}

/** @param {string} id @param {(session: Session) => Session[]} into */
const replace = (id, into) =>
  week.patch((shown) => ({ ...shown, sessions: shown.sessions.flatMap((one) => (one.id === id ? into(one) : [one])), overdue: shown.overdue.flatMap((one) => (one.id === id ? into(one) : [one])) }));

/** What the server last made of a session, which may have left the week that is shown. @type {Map<string, Session>} */
const latest = new Map();

/** What the server made of a session. @param {Session} session */
export function taken(session) {
  latest.set(session.id, session);
  replace(session.id, () => [session]);
}

/** A session as the server last told it, without what waits. @param {Session} session */
function asSaid(session) {
  const shown = said.state.peek().data;
  return [...(shown?.sessions ?? []), ...(shown?.overdue ?? [])].find(({ id }) => id === session.id) ?? latest.get(session.id) ?? session;
}

/** Send what waits, and show what came of it. */
export async function send() {
  const sent = await flush(taken, dayFor);
  const late = sent.filter((row) => row.late).length;
  if (late) toast(t("sent_late", { count: late }));
  if (sent.length) await reload();
}

/** Make a change: it shows at once, and waits where it cannot be sent. False when the server refused it. @param {Session} session @param {Change} change @returns {Promise<boolean>} */
export async function alter(session, change) {
  await wait(asSaid(session), change, dayFor());
  await Promise.race([send(), new Promise((done) => setTimeout(done, PATIENCE_MS))]);
  const left = waiting.peek().find(({ name }) => name === session.id);
  if (!left) return true;
  if (!left.refused) {
    await markLate(left);
    toast(t(lasting.peek() ? "waits" : "waits_here"));
    return true;
  }
  toast(left.refused.detail);
  // What is refused before the student's eyes is said, and over; what waited before stands in the list.
  if (!left.late) await drop(left);
  reload();
  return false;
}

/** Move a session, which pins it; the toast takes it back. @param {Session} session @param {string} at */
export async function move(session, at) {
  if (!(await alter(session, { scheduled_at: at }))) return;
  toast(t("moved", { title: session.title }), t("undo"), () => alter(session, { scheduled_at: session.scheduled_at, pinned: session.pinned }));
}

/** @param {Session} session @param {boolean} following whether the later ones of its series go too */
export async function remove(session, following) {
  try {
    await call("DELETE", `/sessions/${session.id}${following ? "?following=true" : ""}`);
    replace(session.id, () => []);
    await dropOf(session.id);
    toast(t("deleted", { title: session.title }));
    await reload();
  } catch (error) {
    toast(sentence(error));
  }
}
