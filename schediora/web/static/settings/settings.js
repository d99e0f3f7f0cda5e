// How the student wants to study, and how the app looks. Each card saves for itself.
import { html } from "../vendor/ui.js";
import { LANGUAGES, language, speak, t } from "../i18n/words.js";
import { signOut } from "../offline/sign_out.js";
import { Field, Form, allAtFields } from "../shell/field.js";
import { Banner, NeedsServer } from "../shell/states.js";
import { student } from "../shell/student.js";
import { THEMES, theme, wear } from "../shell/theme.js";
import { Syllabus } from "../syllabus/syllabus.js";
import { BusyTimes } from "./busy.js";
import { CalendarLink } from "./calendar.js";
import { Exams } from "./exams.js";
import { Hours } from "./hours.js";
import { useSaving } from "./saving.js";

/** @typedef {import("../api/types.js").Preferences} Preferences */

const STUDY = ["goal", "daily_hours", "focus_topics", "session_minutes"];

export function Settings() {
  const me = student.state.value.data;
  const preferences = me?.preferences ?? null;
  return html`<div class="head"><h1>${t("settings")}</h1></div><${NeedsServer} /><div class="settings">
    <${Study} preferences=${preferences} />
    ${preferences && html`<${Hours} preferences=${preferences} /><${Exams} preferences=${preferences} /><${Known} topics=${preferences.focus_topics} /><${Days} preferences=${preferences} />`}
    ${!preferences && html`<p class="card muted">${t("study_first")}</p>`}
    <${CalendarLink} /><${BusyTimes} /><${Look} />
    <section class="card"><h2>${t("account")}</h2><p>${me?.email}</p><p class="hint">${t("account_what")}</p><div class="actions"><a class="button plain" href="#/account">${t("account_open")}</a><button class="plain" onClick=${signOut}>${t("sign_out")}</button></div></section></div>`;
}

/** @param {{topics: string[]}} props */
const Known = ({ topics }) => html`<section class="card"><h2>${t("syllabus_title")}</h2><p class="hint">${t("syllabus_why")}</p>${topics.map((topic) => html`<${Syllabus} key=${topic} topic=${topic} />`)}</section>`;

/** @param {{preferences: Preferences | null}} props */
function Study({ preferences }) {
  const { error, busy, save } = useSaving(preferences);
  /** @param {Record<string, string>} values */
  const send = ({ goal, daily_hours, session_minutes, focus_topics }) => save({
    goal, daily_hours: Number(daily_hours), focus_topics: focus_topics.split("\n").filter((line) => line.trim()),
    ...(session_minutes ? { session_minutes: Number(session_minutes) } : {}),
  });
  return html`<section class="card"><h2>${t("study")}</h2>
    ${error && !allAtFields(error, STUDY) ? html`<${Banner} error=${error} />` : null}
    <${Form} onSend=${send} error=${error}>
      <${Field} label=${t("goal")} name="goal" required maxlength="180" defaultValue=${preferences?.goal ?? ""} error=${error} hint=${t("goal_hint")} />
      <${Field} label=${t("topics")} name="focus_topics" error=${error} hint=${t("topics_hint")}>${(/** @type {object} */ rest) => html`<textarea ...${rest} required defaultValue=${(preferences?.focus_topics ?? []).join("\n")}></textarea>`}<//>
      <div class="fields"><${Field} label=${t("daily_hours")} name="daily_hours" type="number" inputmode="decimal" min="0.5" max="16" step="0.5" defaultValue=${preferences?.daily_hours ?? 2} error=${error} />
      <${Field} label=${t("session_minutes")} name="session_minutes" type="number" inputmode="numeric" min="15" max="180" defaultValue=${preferences?.session_minutes ?? 45} error=${error} /></div>
      <button class="primary" aria-disabled=${busy}>${t("save")}</button><//></section>`;
}

/** @param {{preferences: Preferences}} props */
function Days({ preferences }) {
  const { error, busy, save } = useSaving(preferences);
  const zones = Intl.supportedValuesOf("timeZone");
  const known = zones.includes(preferences.timezone) ? zones : [preferences.timezone, ...zones];
  /** @param {Record<string, string>} values */
  const send = ({ timezone, day_starts_at, language: planned }) => save({ timezone, day_starts_at, language: planned || null });
  return html`<section class="card"><h2>${t("time_and_language")}</h2>
    ${error && !allAtFields(error, ["timezone", "day_starts_at", "language"]) ? html`<${Banner} error=${error} />` : null}
    <${Form} onSend=${send} error=${error}>
      <${Field} label=${t("timezone")} name="timezone" error=${error}>${(/** @type {object} */ rest) => html`<select ...${rest}>${known.map((zone) => html`<option value=${zone} selected=${zone === preferences.timezone}>${zone.replaceAll("_", " ")}</option>`)}</select>`}<//>
      <${Field} label=${t("day_starts_at")} name="day_starts_at" type="time" min="00:00" max="06:00" defaultValue=${preferences.day_starts_at} error=${error} hint=${t("day_starts_hint")} />
      <${Field} label=${t("plan_language")} name="language" maxlength="35" defaultValue=${preferences.language ?? ""} error=${error} hint=${t("plan_language_hint")} />
      <button class="primary" aria-disabled=${busy}>${t("save")}</button><//></section>`;
}

const Look = () => html`<section class="card"><h2>${t("look")}</h2>
  <fieldset class="field"><legend>${t("theme")}</legend><div class="actions">${THEMES.map((one) => html`<button class="plain" aria-pressed=${theme.value === one} onClick=${() => wear(one)}>${t(`theme_${one}`)}</button>`)}</div></fieldset>
  <fieldset class="field"><legend>${t("app_language")}</legend><div class="actions">${Object.entries(LANGUAGES).map(([code, name]) => html`<button class="plain" lang=${code} aria-pressed=${language.value === code}
    onClick=${() => speak(/** @type {keyof typeof LANGUAGES} */ (code))}>${name}</button>`)}</div></fieldset></section>`;
