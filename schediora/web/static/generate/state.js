// A plan being made: asked for, watched until it is done, and what came of it.
import { signal } from "../vendor/ui.js";
import { Refused, call } from "../api/client.js";
import { t } from "../i18n/words.js";
import { loaded } from "../shell/loaded.js";
import { place } from "../shell/place.js";
import { emptiedWithStudent } from "../shell/student.js";
import { toast } from "../shell/toasts.js";
import { reload } from "../week/state.js";
import { keepLast } from "./last.js";

/** @typedef {import("../api/types.js").Job} Job */
/** @typedef {import("../api/types.js").Weekly} Weekly */

const EVERY_MS = 2000;
/** So many topics share a plan at most. */
export const MOST_AT_ONCE = 5;

/** Whether a plan can be asked for, this week and next. */
export const weeks = loaded(async () => {
  const [current, next] = await Promise.all([call("GET", "/ai/plans/status/weekly?week=current"), call("GET", "/ai/plans/status/weekly?week=next")]);
  pickUp(current.active_job_id);
  return /** @type {{current: Weekly, next: Weekly}} */ ({ current, next });
});

/** The plan that is being made or was made last on this page. */
export const job = signal(/** @type {Job | null} */ (null));
/** What went wrong while asking for one, or while watching it. */
export const trouble = signal(/** @type {unknown} */ (null));
let watching = 0;

export function forget() {
  watching += 1;
  job.value = null;
  trouble.value = null;
}
emptiedWithStudent(() => { weeks.clear(); forget(); });

/** Watch a plan that is being made already: asked for in another tab, or before the page was loaded anew. @param {string | null} id */
export function pickUp(id) {
  if (id && (!job.peek() || over(job.peek()))) watch(id);
}

/** @param {Job | null} now */
export const over = (now) => now?.status === "completed" || now?.status === "failed";

/** @param {{goal: string, topic: string, also: string[], week: string}} wanted */
export async function ask(wanted) {
  forget();
  try {
    const made = await call("POST", "/ai/plans/generate", wanted);
    job.value = made;
    watch(made.job_id);
  } catch (error) {
    if (error instanceof Refused && error.job) return watch(error.job);
    trouble.value = error;
  }
}

/** Look every two seconds, also across a lost connection, or as seldom as the server asks for. @param {string} id */
async function watch(id) {
  const mine = ++watching;
  while (mine === watching) {
    let pause = EVERY_MS;
    try {
      const now = await call("GET", `/ai/jobs/${id}`);
      if (mine !== watching) return;
      job.value = now;
      trouble.value = null;
      if (over(now)) return finish(now);
    } catch (error) {
      if (mine !== watching) return;
      trouble.value = error;
      if (error instanceof Refused && error.status < 500 && error.status !== 429) return;
      if (error instanceof Refused) pause = Math.max(pause, error.wait * 1000);
    }
    await new Promise((done) => setTimeout(done, pause));
  }
}

/** @param {Job} now */
function finish(now) {
  weeks.load();
  keepLast(now);
  if (place.peek().screen === "generate") return;
  toast(t(now.status === "completed" ? "plan_made" : "plan_failed"));
  reload();
}
