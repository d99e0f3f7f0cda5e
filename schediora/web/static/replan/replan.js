// The week planned anew: each session before and after, and nothing is changed until the student says so.
import { html, signal, useEffect, useState } from "../vendor/ui.js";
import { Refused, online } from "../api/client.js";
import { t } from "../i18n/words.js";
import { Offer } from "../generate/offer.js";
import { hueOf } from "../shell/hues.js";
import { loaded } from "../shell/loaded.js";
import { go } from "../shell/place.js";
import { Banner, NeedsServer, Skeleton, sentence } from "../shell/states.js";
import { emptiedWithStudent, zone } from "../shell/student.js";
import { toast } from "../shell/toasts.js";
import { dayAndDate } from "../time/show.js";
import { clock, wall } from "../time/zone.js";
import { reload } from "../week/state.js";
import * as asking from "./asking.js";
import { Sides } from "./sides.js";

/** @typedef {import("../api/types.js").Replanned} Replanned */
/** @typedef {import("../api/types.js").Replan} Replan */

const preview = loaded(asking.preview);
/** Whether the plan changed under the preview that was shown before. */
const changed = signal(false);
emptiedWithStudent(preview.clear);

async function undo() {
  try {
    await asking.undo();
    toast(t("replan_undone"));
    reload();
  } catch (error) {
    toast(sentence(error));
  }
}

export function Replan() {
  const [busy, setBusy] = useState(false);
  useEffect(() => { changed.value = false; preview.clear(); preview.load(); }, []);
  const { data, error, loading } = preview.state.value;
  const apply = async () => {
    if (busy || loading || !data || !online.peek()) return;
    setBusy(true);
    try {
      await asking.apply(data.revision);
      go("week");
      toast(t("replanned", { count: data.moved.length }), t("undo"), undo);
    } catch (problem) {
      if (problem instanceof Refused && problem.code === "plan_changed") {
        changed.value = true;
        preview.load();
      } else toast(sentence(problem));
    }
    setBusy(false);
  };
  const empty = data && !data.moved.length && !data.kept.length && !data.impossible.length;
  const actions = data && html`<div class="actions">${data.moved.length > 0 && html`<button class="primary" aria-disabled=${busy || loading || !online.value} onClick=${apply}>${t("replan_apply")}</button>`}<a class="button plain" href=${empty ? "#/generate" : "#/week"}>${t(empty ? "make_plan" : "replan_keep")}</a></div>`;
  return html`<div class="head"><h1>${t("replan")}</h1>${actions}</div><${NeedsServer} />
    ${changed.value && html`<p class="banner" role="alert">${t("plan_changed")}</p>`}
    ${error ? html`<${Banner} error=${error} retry=${preview.load} />` : null}
    ${data ? html`<${Shown} replan=${data} />` : !error && html`<${Skeleton} />`}`;
}

/** @param {{replan: Replan}} props */
const Shown = ({ replan }) => html`<section class="card replan"><h2>${replan.moved.length ? t("replan_moved", { count: replan.moved.length }) : t(replan.kept.length + replan.impossible.length ? "replan_nothing" : "replan_empty")}</h2>
    ${replan.moved.length > 0 && html`<${Sides} replan=${replan} /><h3>${t("replan_why")}</h3><ul>${replan.moved.map((one) => html`<${Moved} key=${one.id} one=${one} />`)}</ul>`}</section>
  ${replan.impossible.length > 0 && html`<section class="card replan"><h2>${t("did_not_fit")}</h2><ul>${replan.impossible.map((one) => html`<li class=${`session hue-${hueOf(one.topic)}`}><b>${one.title}</b><p>${one.reason.text}</p></li>`)}</ul>
    ${replan.suggestion && html`<${Offer} suggestion=${replan.suggestion} then=${() => preview.load()} />`}</section>`}
  ${replan.kept.length > 0 && html`<details class="card replan"><summary>${t("replan_kept", { count: replan.kept.length })}</summary><ul>${replan.kept.map((one) => html`<li class=${`session hue-${hueOf(one.topic)}`}><b>${one.title}</b> <span>${when(one.scheduled_at)}</span><p>${one.reason.text}</p></li>`)}</ul></details>`}`;

/** @param {{one: Replanned}} props */
const Moved = ({ one }) => html`<li class=${`session hue-${hueOf(one.topic)}`}><b>${one.title}</b>
  <p class="turned"><span class="hidden">${t("before")}: </span><s>${when(one.was_at)}</s> <span aria-hidden="true">→</span> <span class="hidden">${t("after")}: </span><strong>${when(one.scheduled_at)}</strong></p><p>${one.reason.text}</p></li>`;

/** @param {string} at */
function when(at) {
  const { date, minutes } = wall(at, zone.value);
  return `${dayAndDate(date)}, ${clock(minutes)}`;
}
