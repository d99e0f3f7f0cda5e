// Ask for a plan, watch it being made, and see what came of it.
import { html, useEffect, useState } from "../vendor/ui.js";
import { online } from "../api/client.js";
import { t } from "../i18n/words.js";
import { Field, Form, allAtFields } from "../shell/field.js";
import { Icon } from "../shell/icon.js";
import { Banner, Skeleton } from "../shell/states.js";
import { place } from "../shell/place.js";
import { student } from "../shell/student.js";
import { toast } from "../shell/toasts.js";
import { span } from "../time/show.js";
import { Unplaced } from "../week/did_not_fit.js";
import { Made } from "./made.js";
import { Offer } from "./offer.js";
import { MOST_AT_ONCE, ask, forget, job, over, trouble, weeks } from "./state.js";


export function Generate() {
  useEffect(() => { weeks.load(); }, []);
  const now = job.value;
  const running = now !== null && !over(now);
  return html`<div class="head"><h1>${t("generate")}</h1></div>
    <p class="hidden" role="status">${now ? (running ? t(now.stage ? `stage_${now.stage}` : "stage_queued") : t(now.status === "completed" ? "plan_made" : "plan_failed")) : ""}</p>
    ${running ? html`<${Making} />` : now?.status === "completed" ? html`<${Made} job=${now} />` : html`<${Wish} failed=${now} />`}`;
}

/** @param {{failed: import("../api/types.js").Job | null}} props */
function Wish({ failed }) {
  const { data, error } = weeks.state.value;
  const preferences = student.state.value.data?.preferences ?? null;
  const focus = preferences?.focus_topics ?? [];
  const [picked, setPicked] = useState(/** @type {string[]} */ (focus.slice(0, MOST_AT_ONCE)));
  const [week, setWeek] = useState(place.value.rest[0] === "next" ? "next" : "");
  const [busy, setBusy] = useState(false);
  if (!data) return error ? html`<${Banner} error=${error} retry=${() => weeks.load()} />` : html`<${Skeleton} />`;
  const chosen = week || (data.current.can_generate || !data.next.can_generate ? "current" : "next");
  const status = chosen === "next" ? data.next : data.current;
  /** @param {Record<string, string>} values */
  const send = async ({ goal, other }) => {
    const topics = [...picked, ...other.split("\n")].map((topic) => topic.trim()).filter(Boolean);
    if (busy || why) return;
    if (!topics.length || topics.length > MOST_AT_ONCE) return toast(t("topics_wanted", { most: MOST_AT_ONCE }));
    setBusy(true);
    await ask({ goal, topic: topics[0], also: topics.slice(1), week: chosen });
    setBusy(false);
  };
  const why = !online.value ? t("needs_server") : status.can_generate ? "" : t(`cannot_${status.reason}`);
  return html`<div class="card wish">
    ${failed?.error && html`<p class="banner" role="alert">${failed.error.detail}</p>
      ${failed.feasibility?.suggestion && html`<${Offer} suggestion=${failed.feasibility.suggestion} then=${() => weeks.load()} />`}
      <details><summary>${t("did_not_fit")}</summary><${Unplaced} found=${failed.feasibility?.unplaced ?? []} /></details><p class="ways-out"><a href="#/settings">${t("change_hours")}</a></p>`}
    ${trouble.value && !allAtFields(trouble.value, ["goal"]) ? html`<${Banner} error=${trouble.value} />` : null}
    <${Form} onSend=${send} error=${trouble.value}>
      <${Field} label=${t("goal")} name="goal" required maxlength="180" defaultValue=${preferences?.goal ?? ""} error=${trouble.value} hint=${t("goal_hint")} />
      ${focus.length > 0 && html`<fieldset class="field"><legend>${t("topics")}</legend>${focus.map((topic) => html`<label class="tick"><input type="checkbox" checked=${picked.includes(topic)}
        onChange=${() => setPicked(picked.includes(topic) ? picked.filter((one) => one !== topic) : [...picked, topic])} /><span>${topic}</span></label>`)}</fieldset>`}
      <${Field} label=${t(focus.length ? "other_topics" : "topics")} name="other" hint=${t("other_topics_hint", { most: MOST_AT_ONCE })}>${(/** @type {object} */ rest) => html`<textarea ...${rest}></textarea>`}<//>
      <fieldset class="field"><legend>${t("for_week")}</legend>${[["current", data.current], ["next", data.next]].map(([name, one]) => html`<label class="tick"><input type="radio" name="week" value=${name} checked=${chosen === name} onChange=${() => setWeek(String(name))} />
        <span>${t(name === "next" ? "next_week" : "this_week")} <span class="muted">${span(/** @type {any} */ (one).week_start, /** @type {any} */ (one).week_end)}</span></span></label>`)}</fieldset>
      ${why && html`<p class="muted why-not" id="why-not">${why}</p>`}
      <button class="primary" aria-disabled=${busy || Boolean(why)} aria-describedby=${why ? "why-not" : undefined}><${Icon} name="generate" />${t(busy ? "one_moment" : "make_plan")}</button><//></div>`;
}

function Making() {
  // The server's clock says how long it has gone on when the page comes to it, ours how long since.
  const [seconds, setSeconds] = useState(() => Math.round((Date.parse(job.peek()?.updated_at ?? "") - Date.parse(job.peek()?.created_at ?? "")) / 1000) || 0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((before) => before + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  const stage = job.value?.stage;
  return html`<div class="card making"><p><b>${t(stage ? `stage_${stage}` : "stage_queued")}</b> <span class="muted number">${t("seconds", { seconds })}</span></p><div class="bar" aria-hidden="true"><i></i></div>
    <p class="muted">${t("may_leave")}</p>${trouble.value ? html`<${Banner} error=${trouble.value} retry=${forget} />` : null}</div>`;
}
