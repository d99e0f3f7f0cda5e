// What found no room in the week, and the one change that would make some; and a plan that is still being made.
import { html, useEffect } from "../vendor/ui.js";
import { t } from "../i18n/words.js";
import { Offer } from "../generate/offer.js";
import { last, settle } from "../generate/last.js";
import { job, over, pickUp } from "../generate/state.js";
import { loaded } from "../shell/loaded.js";
import { preview } from "../replan/asking.js";
import { emptiedWithStudent } from "../shell/student.js";
import { length } from "../time/show.js";

/** What did not fit into the plan of this week, until the student has seen to it. @param {{sessions: import("../api/types.js").Session[]}} props */
export function DidNotFit({ sessions }) {
  useEffect(() => { last.load(); }, []);
  const made = last.state.value.data?.made;
  const found = made?.feasibility;
  if (!found?.unplaced.length || !sessions.some(({ plan_id }) => plan_id === made?.plan_id)) return null;
  return html`<details class="card unfit"><summary>${t("unfit", { count: found.unplaced.length })}</summary>
    <${Unplaced} found=${found.unplaced} />
    ${found.suggestion && html`<${Offer} suggestion=${found.suggestion} />`}
    <p class="actions"><button class="plain" onClick=${settle}>${t("unfit_seen")}</button></p></details>`;
}

/** @param {{found: import("../api/types.js").Unplaced[]}} props */
export const Unplaced = ({ found }) => html`<ul class="unplaced">${found.map((one) => html`<li><b>${one.title}</b> <span class="muted">${length(one.minutes)}</span><p>${one.text}</p></li>`)}</ul>`;

const room = loaded(preview);
emptiedWithStudent(room.clear);

/** Whether what was missed finds room in the rest of the week, and the change that would make some. */
export function Room() {
  useEffect(() => { room.load(); }, []);
  const { data } = room.state.value;
  if (!data) return null;
  return html`<p class="muted">${data.impossible.length ? t("no_room", { count: data.impossible.length }) : t("all_have_room")}</p>
    ${data.suggestion && html`<${Offer} suggestion=${data.suggestion} then=${() => room.load()} />`}`;
}

/** A plan that is being made right now, wherever it was asked for. @param {{id: string | null}} props */
export function UnderWay({ id }) {
  useEffect(() => pickUp(id), [id]);
  const now = job.value;
  if (!now || over(now)) return null;
  return html`<div class="card under-way"><p role="status"><b>${t(now.stage ? `stage_${now.stage}` : "stage_queued")}</b></p><div class="bar" aria-hidden="true"><i></i></div><p><a href="#/generate">${t("watch_plan")}</a></p></div>`;
}
