// When the student can study: from and to for each weekday, as many as they like, and the weekdays that are off.
import { html, useState } from "../vendor/ui.js";
import { t } from "../i18n/words.js";
import { Form } from "../shell/field.js";
import { Icon } from "../shell/icon.js";
import { Banner } from "../shell/states.js";
import { weekdayName } from "../time/show.js";
import { useSaving } from "./saving.js";

/** @typedef {import("../api/types.js").Preferences} Preferences */

const WEEK = [1, 2, 3, 4, 5, 6, 7];

/** @param {{preferences: Preferences}} props */
export function Hours({ preferences }) {
  const { error, busy, save } = useSaving(preferences);
  const [windows, setWindows] = useState(preferences.availability);
  const [rest, setRest] = useState(preferences.rest_days);
  /** @param {number} at @param {Partial<{start: string, end: string}>} change */
  const change = (at, change) => setWindows(windows.map((one, index) => (index === at ? { ...one, ...change } : one)));
  const send = () => save({ availability: windows.map((one) => ({ ...one, end: one.end === "00:00" ? "24:00" : one.end })), rest_days: rest });
  return html`<section class="card"><h2>${t("hours_to_study")}</h2><p class="hint">${t("hours_hint")}</p>
    ${error ? html`<${Banner} error=${error} />` : null}
    <${Form} onSend=${send}><ul class="weekdays">${WEEK.map((weekday) => html`<li key=${weekday}><fieldset><legend>${weekdayName(weekday)}</legend>
      ${windows.map((one, at) => one.weekday === weekday && html`<div class="window" key=${at}>
        <label><span class="hidden">${t("from")}</span><input type="time" step="900" value=${one.start} onChange=${(/** @type {any} */ event) => change(at, { start: event.target.value })} /></label><span aria-hidden="true">–</span>
        <label><span class="hidden">${t("to")}</span><input type="time" step="900" value=${one.end === "24:00" ? "00:00" : one.end} onChange=${(/** @type {any} */ event) => change(at, { end: event.target.value })} /></label>
        <button type="button" class="quiet" onClick=${() => setWindows(windows.filter((_, index) => index !== at))}><${Icon} name="delete" /><span class="hidden">${t("remove")}</span></button></div>`)}
      <div class="actions"><button type="button" class="quiet" onClick=${() => setWindows([...windows, { weekday, start: "16:00", end: "18:00" }])}><${Icon} name="add" />${t("add_hours")}</button>
      <label class="tick"><input type="checkbox" checked=${rest.includes(weekday)} onChange=${() => setRest(rest.includes(weekday) ? rest.filter((one) => one !== weekday) : [...rest, weekday].sort())} /><span>${t("day_of_rest")}</span></label></div></fieldset></li>`)}</ul>
      <button class="primary" aria-disabled=${busy}>${t("save")}</button><//></section>`;
}
