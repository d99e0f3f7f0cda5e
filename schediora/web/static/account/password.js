// Another password; whoever holds an unlocked phone does not know the old one.
import { html, useState } from "../vendor/ui.js";
import { Unreachable, exchangeTokens } from "../api/client.js";
import { t } from "../i18n/words.js";
import { Form, allAtFields } from "../shell/field.js";
import { Secret } from "../shell/secret.js";
import { Banner } from "../shell/states.js";
import { toast } from "../shell/toasts.js";
import { useAsking } from "./asking.js";
import { devices } from "./devices.js";

const FIELDS = ["old_password", "new_password"];

/** For whom a browser keeps the password that is typed below it. @param {{email: string}} props */
export const Whose = ({ email }) => html`<input type="email" autocomplete="username" value=${email} hidden readonly />`;

/** @param {{email: string}} props */
export function ChangePassword({ email }) {
  const [times, setTimes] = useState(0);
  const { error, busy, ask } = useAsking({ wrong_password: "old_password" });
  /** @param {Record<string, string>} values */
  const send = async ({ old_password, new_password }) => {
    if (!(await ask(() => exchangeTokens("PUT", "/users/password", { old_password, new_password })))) return;
    setTimes(times + 1);
    toast(t("password_changed"));
    devices.load();
  };
  return html`<section class="card"><h2>${t("password")}</h2><p class="hint">${t("password_change_what")}</p>
    ${error && !allAtFields(error, FIELDS) ? html`<${Banner} error=${error} />` : null}
    ${error instanceof Unreachable ? html`<p class="hint">${t("password_unknown")}</p>` : null}
    <${Form} key=${times} onSend=${send} error=${error}><${Whose} email=${email} />
      <${Secret} label=${t("old_password")} name="old_password" autocomplete="current-password" error=${error} />
      <${Secret} label=${t("new_password")} name="new_password" autocomplete="new-password" error=${error} hint=${t("password_hint")} />
      <button class="primary" aria-disabled=${busy}>${t("password_change")}</button><//>
    <p class="other"><a href="#/forgotten">${t("forgotten")}</a></p></section>`;
}
