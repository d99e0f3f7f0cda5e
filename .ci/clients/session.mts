// A student's first session, through the types that openapi-typescript made of the document: `node session.mjs ADDRESS`.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

declare const process: { argv: string[] };
declare function setTimeout(then: () => void, milliseconds: number): unknown;

type Job = components["schemas"]["JobView"];
type Problem = components["schemas"]["Problem"];

const POLL_MILLISECONDS = 500;
const POLLS = 180;

function kept<T>(answer: { data?: T; error?: Problem; response: { status: number } }): T {
  if (answer.data === undefined) throw new Error(`${answer.response.status} ${answer.error?.code}: ${answer.error?.detail}`);
  return answer.data;
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`not so: ${what}`);
  console.log(`  ${what}`);
}

const anybody = createClient<paths>({ baseUrl: process.argv[2]! });
const email = `typescript-${Date.now()}@example.com`;
const pair = kept(await anybody.POST("/auth/register", { body: { email, password: "correct horse" } }));
const student = createClient<paths>({
  baseUrl: process.argv[2]!,
  headers: { Authorization: `Bearer ${pair.access_token}` },
});

const wishes = { goal: "Pass the biology exam", daily_hours: 2.5, focus_topics: ["Biology"] };
const saved = kept(await student.PUT("/users/preferences", { body: wishes }));
check(saved.preferences.daily_hours === 2.5, "preferences are set");

let job: Job = kept(await student.POST("/ai/plans/generate", { body: { goal: wishes.goal, topic: "Biology" } }));
for (let poll = 0; poll < POLLS && (job.status === "queued" || job.status === "running"); poll++) {
  await new Promise<void>((done) => setTimeout(done, POLL_MILLISECONDS));
  job = kept(await student.GET("/ai/jobs/{job_id}", { params: { path: { job_id: job.job_id } } }));
}
check(job.status === "completed" && job.error === null, `a plan is made: ${job.result_structured?.title}`);

const sessions = kept(await student.GET("/sessions", { params: { query: { week: "current" } } }));
const [first] = sessions;
if (first === undefined) throw new Error("not so: the week has sessions");
const change = { params: { path: { session_id: first.id } }, body: { status: "done" as const } };
check(kept(await student.PATCH("/sessions/{session_id}", change)).session.status === "done", "the first is ticked off");

const summary = kept(await student.GET("/dashboard/summary"));
check(summary.today_completed === 1 && summary.weekly_progress.length === 7, "the dashboard counts it");

const preview = kept(await student.POST("/plans/current/replan", { body: {} }));
check(!preview.applied, "replanning is previewed without a word");

const refused = await student.POST("/ai/plans/generate", { body: { goal: "Again", topic: "Biology" } });
check(refused.error?.code === "weekly_plan_exists", "a second plan is refused with a code");
