// What was planned and why, what did not fit, and the one change that would make room.
import { html } from "../vendor/ui.js";
import { t } from "../i18n/words.js";
import { Unplaced } from "../week/did_not_fit.js";
import { Offer } from "./offer.js";
import { Planned, usePlanned } from "./planned.js";
import { forget } from "./state.js";

/** @typedef {import("../api/types.js").Job} Job */

/** @param {{job: Job}} props */
export function Made({ job }) {
  const plan = job.result_structured;
  const found = job.feasibility;
  const planned = usePlanned(job);
  return html`<div class="card made"><h2>${plan?.title ?? t("plan_made")}</h2>
    ${plan && html`<p>${plan.summary}</p>`}
    ${job.coverage?.map((topic) => html`<p class="muted"><b>${topic.topic}:</b> ${topic.text}</p>`)}
    ${found?.notes.map((note) => html`<p class="muted">${note}</p>`)}
    ${found && found.unplaced.length > 0 && html`<section><h3>${t("did_not_fit")}</h3><${Unplaced} found=${found.unplaced} /></section>`}
    ${found?.suggestion && html`<${Offer} suggestion=${found.suggestion} />`}
    ${job.degraded_reason && html`<p class="muted">${job.degraded_reason}</p>`}
    <div class="actions"><a class="button primary" href=${planned.length ? `#/week/${planned[0].scheduled_on}` : "#/week"}>${t("see_week")}</a><button class="plain" onClick=${forget}>${t("another_plan")}</button></div>
    ${planned.length > 0 && html`<${Planned} sessions=${planned} />`}
    ${plan && html`<details><summary>${t("steps", { count: plan.steps.length })}</summary><ol class="outline">${plan.steps.map((step) => html`<li><b>${step.title}</b><p class="text">${step.detail}</p></li>`)}</ol></details>`}</div>`;
}
