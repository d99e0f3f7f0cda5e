// The week that is shown, and what the student does to its sessions. A change shows at once and is taken back when refused.
import { computed } from "../vendor/ui.js";
import { call, list } from "../api/client.js";
import { t } from "../i18n/words.js";
import { loaded } from "../shell/loaded.js";
import { sentence } from "../shell/states.js";
import { emptiedWithStudent, student } from "../shell/student.js";
import { toast } from "../shell/toasts.js";
import { shift } from "../time/zone.js";
import { minutesOf } from "./layout.js";

/** @typedef {import("../api/types.js").Session} Session */
/** @typedef {import("../api/types.js").SessionChange} Change */
/** @typedef {import("../api/types.js").Weekly} Weekly */
/** @typedef {{monday: string, thisMonday: string, today: string, status: Weekly, sessions: Session[], overdue: Session[]}} Shown */

export const HOURS_BEFORE_TOLD = /** @type {const} */ ([{ start: "08:00", end: "22:00" }]);

/** The week of `monday`; without one, the one that the server says is now. @param {string} [monday] @returns {Promise<Shown>} */
async function ask(monday) {
  const [status, { today }, overdue] = await Promise.all([
    call("GET", "/ai/plans/status/weekly"), call("GET", "/dashboard/summary"), list("/sessions?state=overdue&limit=500"),
  ]);
  const first = monday ?? status.week_start;
  const sessions = await list(`/sessions?from=${first}&to=${shift(first, 6)}&limit=500`);
  return { monday: first, thisMonday: status.week_start, today, status, sessions, overdue };
}

export const week = loaded(ask);
emptiedWithStudent(week.clear);
export const reload = () => week.load(week.state.peek().data?.monday);

export const dayStart = computed(() => minutesOf(student.state.value.data?.preferences?.day_starts_at ?? "00:00"));

/** @param {string} id @param {(session: Session) => Session[]} into */
const replace = (id, into) =>
  week.patch((shown) => ({ ...shown, sessions: shown.sessions.flatMap((one) => (one.id === id ? into(one) : [one])), overdue: shown.overdue.flatMap((one) => (one.id === id ? into(one) : [one])) }));

/** Send a change; true when it was taken. @param {Session} session @param {Change} change @returns {Promise<boolean>} */
export async function alter(session, change) {
  replace(session.id, (one) => [{ ...one, .../** @type {Partial<Session>} */ (change) }]);
  try {
    const { session: now } = await call("PATCH", `/sessions/${session.id}`, change);
    replace(session.id, () => [now]);
    reload();
    return true;
  } catch (error) {
    replace(session.id, () => [session]);
    toast(sentence(error));
    return false;
  }
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
    toast(t("deleted", { title: session.title }));
    await reload();
  } catch (error) {
    toast(sentence(error));
  }
}
