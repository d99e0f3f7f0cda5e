// The plan made last with this browser, for what did not fit into it: the API names the job that runs, not the one that ran.
import { call, tokens } from "../api/client.js";
import { loaded } from "../shell/loaded.js";
import { emptiedWithStudent, student } from "../shell/student.js";
import { recall, remember } from "../storage.js";

/** @typedef {import("../api/types.js").Job} Job */

const NAME = "made";

export const last = loaded(async () => {
  const { who, id } = recall(NAME) ?? {};
  const known = id && who === student.state.peek().data?.id;
  return /** @type {{made: Job | null}} */ ({ made: known ? await call("GET", `/ai/jobs/${id}`) : null });
});
emptiedWithStudent(() => {
  last.clear();
  if (!tokens.peek()) remember(NAME, null);
});

/** Nothing more is said of it. */
export function settle() {
  remember(NAME, null);
  last.load();
}

/** @param {Job} made */
export function keepLast(made) {
  remember(NAME, made.status === "completed" ? { who: student.state.peek().data?.id, id: made.job_id } : null);
  last.load();
}
