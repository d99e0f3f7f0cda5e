// Step 2: how much a day, and when in the week.
import { html } from "../vendor/ui.js";
import { Hours, availability, fieldOf } from "../hours/hours.js";
import { LIKELY, untold } from "../hours/windows.js";
import { t } from "../i18n/words.js";
import { useSaving } from "../settings/saving.js";
import { Field, Form, allAtFields } from "../shell/field.js";
import { Banner } from "../shell/states.js";
import { drafted, note } from "./draft.js";

/** @typedef {import("../api/types.js").Preferences} Preferences */
/** @typedef {import("./draft.js").Time} Time */

/** What is known so far; the hours that the service takes unasked are not painted. @param {Preferences | null} preferences @returns {Time} */
const timeOf = (preferences) => ({
  daily_hours: String(preferences?.daily_hours ?? 2),
  session_minutes: String(preferences?.session_minutes ?? 45),
  windows: preferences && !untold(preferences.availability) ? preferences.availability : [],
  rest: preferences?.rest_days ?? [],
});

/** As the API takes it; a sheet that nobody painted on is not sent. @param {Time} time @param {Preferences | null} [preferences] */
export const hoursChange = ({ daily_hours, session_minutes, windows, rest }, preferences = null) => ({
  daily_hours: Number(daily_hours),
  ...(session_minutes ? { session_minutes: Number(session_minutes) } : {}),
  ...(windows.length || (preferences && !untold(preferences.availability)) ? { availability: availability(windows) } : {}),
  rest_days: rest,
});

/** @param {import("./aim_step.js").Props} props */
export function HoursStep({ me, onNext, back, skip }) {
  const { error, busy, save } = useSaving(me.preferences, { quiet: true });
  const time = drafted(me.id).time ?? timeOf(me.preferences);
  /** @param {Partial<Time>} change */
  const enter = (change) => note(me.id, { time: { ...time, ...change } });
  const send = async () => {
    // The API keeps no hours without a goal: they wait here until there is one.
    if (!me.preferences) return onNext();
    if (await save(hoursChange(time, me.preferences), fieldOf(time.windows))) onNext();
  };
  const likely = () => {
    enter({ windows: LIKELY });
    /** @type {HTMLElement | null} */ (document.querySelector('.paint [tabindex="0"]'))?.focus();
  };
  const names = ["daily_hours", "session_minutes", "availability", ...time.windows.map((_, at) => `window-${at}`)];
  const unpainted = time.windows.length === 0 && (!me.preferences || untold(me.preferences.availability));
  return html`<div class="card">${error && !allAtFields(error, names) ? html`<${Banner} error=${error} />` : null}
    ${!me.preferences && html`<p class="why">${t("first_hours_wait")}</p>`}
    <${Form} onSend=${send} error=${error}>
      <div class="fields"><${Field} label=${t("daily_hours")} name="daily_hours" type="number" inputmode="decimal" min="0.5" max="16" step="0.5" value=${time.daily_hours} onInput=${(/** @type {any} */ event) => enter({ daily_hours: event.target.value })} error=${error} />
      <${Field} label=${t("session_minutes")} name="session_minutes" type="number" inputmode="numeric" min="15" max="180" value=${time.session_minutes} onInput=${(/** @type {any} */ event) => enter({ session_minutes: event.target.value })} error=${error} /></div>
      <h2>${t("hours_to_study")}</h2>
      <${Hours} windows=${time.windows} rest=${time.rest} likely=${unpainted ? LIKELY : []} empty=${unpainted && html`<div class="why unpainted"><p>${t("first_unpainted")}</p><button type="button" class="plain" onClick=${likely}>${t("first_likely")}</button></div>`} error=${error} onWindows=${(/** @type {Time["windows"]} */ windows) => enter({ windows })} onRest=${(/** @type {number[]} */ rest) => enter({ rest })} />
      <div class="actions ways-on"><button class="primary" aria-disabled=${busy}>${t(busy ? "one_moment" : "first_next")}</button>${back}${skip}</div><//></div>`;
}
