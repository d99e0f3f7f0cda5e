// The hours to study and the days of rest, as a card that saves for itself.
import { html, useState } from "../vendor/ui.js";
import { Hours as Sheet, availability, fieldOf } from "../hours/hours.js";
import { t } from "../i18n/words.js";
import { Form, allAtFields } from "../shell/field.js";
import { Banner } from "../shell/states.js";
import { student } from "../shell/student.js";
import { useSaving } from "./saving.js";

/** @typedef {import("../api/types.js").Preferences} Preferences */

/** @param {{preferences: Preferences}} props */
export function Hours({ preferences }) {
  const { error, busy, save } = useSaving(preferences);
  const [windows, setWindows] = useState(preferences.availability);
  const [rest, setRest] = useState(preferences.rest_days);
  const send = async () => {
    const kept = await save({ availability: availability(windows), rest_days: rest }, fieldOf(windows));
    if (kept) setWindows(student.state.peek().data?.preferences?.availability ?? windows);
  };
  const names = ["availability", ...windows.map((_, at) => `window-${at}`)];
  return html`<section class="card"><h2>${t("hours_to_study")}</h2>
    ${error && !allAtFields(error, names) ? html`<${Banner} error=${error} />` : null}
    <${Form} onSend=${send} error=${error}><${Sheet} windows=${windows} rest=${rest} error=${error} onWindows=${setWindows} onRest=${setRest} />
      <button class="primary" aria-disabled=${busy}>${t("save")}</button><//></section>`;
}
