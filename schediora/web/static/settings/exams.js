// Exams ahead, and days off.
import { html } from "../vendor/ui.js";
import { t } from "../i18n/words.js";
import { Field, Form } from "../shell/field.js";
import { Icon } from "../shell/icon.js";
import { Banner } from "../shell/states.js";
import { longDay } from "../time/show.js";
import { useSaving } from "./saving.js";

/** @typedef {import("../api/types.js").Preferences} Preferences */

/** @param {{preferences: Preferences}} props */
export function Exams({ preferences }) {
  const exams = useSaving(preferences);
  const off = useSaving(preferences);
  /** @param {Record<string, string>} values */
  const addExam = async ({ topic, date }) => { await exams.save({ exams: [...preferences.exams, { topic, date }] }); };
  /** @param {Record<string, string>} values */
  const addDays = async ({ first, last }) => { await off.save({ days_off: [...preferences.days_off, { first, last: last || first }] }); };
  return html`<section class="card"><h2>${t("exams")}</h2>${exams.error ? html`<${Banner} error=${exams.error} />` : null}
      <ul class="kept">${preferences.exams.map((exam, at) => html`<li><span><b>${exam.topic}</b> ${longDay(exam.date)}</span><${Gone} what=${exam.topic} onGone=${() => exams.save({ exams: preferences.exams.filter((_, index) => index !== at) })} /></li>`)}</ul>
      <${Form} key=${`exam${preferences.exams.length}`} onSend=${addExam}><div class="fields"><${Field} label=${t("topic")} name="topic" required maxlength="120" /><${Field} label=${t("day")} name="date" type="date" required /></div>
      <button class="plain" aria-disabled=${exams.busy}><${Icon} name="add" />${t("add_exam")}</button><//></section>
    <section class="card"><h2>${t("days_off")}</h2>${off.error ? html`<${Banner} error=${off.error} />` : null}
      <ul class="kept">${preferences.days_off.map((days, at) => html`<li><span>${longDay(days.first)}${days.last === days.first ? "" : ` – ${longDay(days.last)}`}</span><${Gone} what=${longDay(days.first)} onGone=${() => off.save({ days_off: preferences.days_off.filter((_, index) => index !== at) })} /></li>`)}</ul>
      <${Form} key=${`off${preferences.days_off.length}`} onSend=${addDays}><div class="fields"><${Field} label=${t("first_day")} name="first" type="date" required /><${Field} label=${t("last_day")} name="last" type="date" /></div>
      <button class="plain" aria-disabled=${off.busy}><${Icon} name="add" />${t("add_days_off")}</button><//></section>`;
}

/** @param {{what: string, onGone: () => void}} props */
const Gone = ({ what, onGone }) => html`<button type="button" class="quiet" onClick=${onGone}><${Icon} name="delete" /><span class="hidden">${t("remove")}: ${what}</span></button>`;
