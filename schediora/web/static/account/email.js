// Another address; the new one holds at once, and its link shows that the student reads it.
import { html, useState } from "../vendor/ui.js";
import { call } from "../api/client.js";
import { t } from "../i18n/words.js";
import { Field, Form, allAtFields } from "../shell/field.js";
import { Secret } from "../shell/secret.js";
import { Banner } from "../shell/states.js";
import { loadStudent } from "../shell/student.js";
import { toast } from "../shell/toasts.js";
import { useAsking } from "./asking.js";
import { devices } from "./devices.js";

/** @typedef {import("../api/types.js").Me} Me */

const FIELDS = ["email", "password"];

/** @param {{me: Me}} props */
export function ChangeEmail({ me }) {
  const [times, setTimes] = useState(0);
  const { error, busy, ask } = useAsking({ wrong_password: "password", email_taken: "email" });
  /** @param {Record<string, string>} values */
  const send = async ({ email, password }) => {
    if (!(await ask(() => call("PUT", "/users/email", { email, password })))) return;
    setTimes(times + 1);
    toast(t("email_changed"));
    devices.load();
    await loadStudent();
  };
  return html`<section class="card"><h2>${t("email")}</h2><p><b>${me.email}</b></p>
    ${me.email_confirmed === false && html`<p class="hint">${t("email_unconfirmed")}</p>`}<p class="hint">${t("email_change_what")}</p>
    ${error && !allAtFields(error, FIELDS) ? html`<${Banner} error=${error} />` : null}
    <${Form} key=${times} onSend=${send} error=${error}>
      <${Field} label=${t("new_email")} name="email" type="email" inputmode="email" autocomplete="email" required error=${error} />
      <${Secret} label=${t("password_now")} name="password" autocomplete="current-password" error=${error} />
      <button class="primary" aria-disabled=${busy}>${t("email_change")}</button><//></section>`;
}
