// Deleting the account, after a question and with the password: it cannot be taken back.
import { effect, html, useState } from "../vendor/ui.js";
import { Unreachable, call, ended, whose } from "../api/client.js";
import { t } from "../i18n/words.js";
import { forgetAll } from "../offline/sign_out.js";
import { Form, allAtFields } from "../shell/field.js";
import { Secret } from "../shell/secret.js";
import { Banner } from "../shell/states.js";
import { toast } from "../shell/toasts.js";
import { useAsking } from "./asking.js";
import { Whose } from "./password.js";

/** Whose account may be gone, as the answer was lost: then the sign-in ends. */
let perhaps = "";
effect(() => { if (ended.value && perhaps) gone(perhaps); });

/** @param {string} user */
async function gone(user) {
  perhaps = "";
  await forgetAll(user);
  toast(t("leaving_done"));
}

/** @param {{email: string}} props */
export function Leaving({ email }) {
  const [sure, setSure] = useState(false);
  const { error, busy, ask } = useAsking({ wrong_password: "password" });
  /** @param {Record<string, string>} values */
  const send = ({ password }) => ask(async () => {
    const user = whose.peek();
    try {
      await call("POST", "/users/me/delete", { password });
    } catch (problem) {
      if (user === whose.peek()) perhaps = problem instanceof Unreachable ? user : "";
      throw problem;
    }
    await gone(user);
  });
  return html`<section class="card"><h2>${t("leaving")}</h2><p class="hint">${t("leaving_what")} ${t("leaving_backups")}</p>
    <div class="actions"><button class="plain" aria-expanded=${sure} onClick=${() => setSure(!sure)}>${t("leaving_ask")}</button></div>
    ${sure && html`<div class="confirm"><p>${t("leaving_sure")}</p>${error && !allAtFields(error, ["password"]) ? html`<${Banner} error=${error} />` : null}
      <${Form} onSend=${send} error=${error}><${Whose} email=${email} /><${Secret} label=${t("password_now")} name="password" autocomplete="current-password" error=${error} />
        <button class="danger" aria-disabled=${busy}>${t("leaving_do")}</button><//></div>`}</section>`;
}
