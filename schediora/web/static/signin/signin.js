// Sign in, or make an account. The student's time zone is the browser's until they set another.
import { html, useEffect, useState } from "../vendor/ui.js";
import { ended, enter } from "../api/client.js";
import { t } from "../i18n/words.js";
import { leftBehind } from "../offline/outbox.js";
import { Field, Form, allAtFields } from "../shell/field.js";
import { askForOffer, offered } from "../shell/offer.js";
import { Secret } from "../shell/secret.js";
import { Banner } from "../shell/states.js";
import { Door } from "./door.js";

const NAMES = ["email", "password"];

/** @param {{fresh: boolean}} props whether an account is to be made */
export function SignIn({ fresh }) {
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  useEffect(() => { askForOffer(); }, []);
  /** @param {Record<string, string>} values */
  const send = async (values) => {
    if (busy) return;
    setBusy(true);
    setError(null);
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    try {
      await (fresh ? register(values, zone) : enter("login", values));
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  /** @param {{email: string, password: string} | null} who */
  const enterAs = (who) => enter("login", { ...who }).catch(setError);
  return html`<${Door} title=${t(fresh ? "register" : "sign_in")} why=${t(fresh ? "register_why" : "sign_in_why")}>
    ${ended.value && !error && html`<p class="banner" role="alert">${t("session_ended")}${leftBehind.value > 0 && ` ${t("unsent_kept", { count: leftBehind.value })}`}</p>`}
    ${error && !allAtFields(error, NAMES) ? html`<${Banner} error=${error} />` : null}
    <${Form} onSend=${send} error=${error} key=${fresh}>
      <${Field} label=${t("email")} name="email" type="email" inputmode="email" autocomplete="username" required error=${error} />
      <${Secret} label=${t("password")} name="password" autocomplete=${fresh ? "new-password" : "current-password"} error=${error} hint=${fresh ? t("password_hint") : undefined} />
      <button class="primary wide" aria-disabled=${busy}>${t(busy ? "one_moment" : fresh ? "register" : "sign_in")}</button><//>
    ${offered.value && html`<button class="plain wide" onClick=${() => enterAs(offered.value)}>${t("look_around")}</button>`}
    ${!fresh && html`<p class="other"><a href="#/forgotten">${t("forgotten")}</a></p>`}
    <p class="other">${t(fresh ? "have_account" : "no_account")} <a href=${fresh ? "#/sign-in" : "#/register"}>${t(fresh ? "sign_in" : "register")}</a></p><//>`;
}

/** A zone that the server does not know is left to the settings. @param {Record<string, string>} values @param {string} zone */
async function register(values, zone) {
  try {
    await enter("register", { ...values, timezone: zone });
  } catch (problem) {
    const faults = /** @type {{faults?: {pointer?: string}[]}} */ (problem).faults ?? [];
    if (!faults.length || faults.some(({ pointer }) => pointer !== "/timezone")) throw problem;
    await enter("register", values);
  }
}
