// A forgotten password: a link to the address, if there is an account. The server answers everybody the same.
import { html, useEffect, useLayoutEffect, useRef, useState } from "../vendor/ui.js";
import { callAsAnyone, tokens } from "../api/client.js";
import { t } from "../i18n/words.js";
import { Field, Form, allAtFields } from "../shell/field.js";
import { askForOffer, mails } from "../shell/offer.js";
import { Banner } from "../shell/states.js";
import { student } from "../shell/student.js";
import { Door, WayOn } from "./door.js";

export function Forgotten() {
  const [sent, setSent] = useState("");
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  const told = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => { askForOffer(); }, []);
  useLayoutEffect(() => { if (sent) told.current?.focus(); }, [sent]);
  /** @param {Record<string, string>} values */
  const send = async ({ email }) => {
    if (busy) return;
    setBusy(true);
    setError(null);
    await callAsAnyone("/auth/password/forgot", { email }).then(() => setSent(email.trim()), setError);
    setBusy(false);
  };
  if (!mails.value) return html`<${Door} title=${t("forgotten_title")}><p class="banner">${t("forgotten_no_mail")}</p><${WayOn} inside=${tokens.value !== null} /><//>`;
  return html`<${Door} title=${t("forgotten_title")} why=${sent ? undefined : t("forgotten_why")}>
    ${error && !allAtFields(error, ["email"]) ? html`<${Banner} error=${error} />` : null}
    ${sent
      ? html`<p tabindex="-1" ref=${told}>${t("forgotten_sent", { email: sent })}</p><p class="hint">${t("forgotten_nothing")}</p><button class="plain wide" onClick=${() => setSent("")}>${t("forgotten_other")}</button>`
      : html`<${Form} onSend=${send} error=${error}><${Field} label=${t("email")} name="email" type="email" inputmode="email" autocomplete="username" required defaultValue=${student.state.value.data?.email ?? ""} error=${error} />
        <button class="primary wide" aria-disabled=${busy}>${t(busy ? "one_moment" : "forgotten_send")}</button><//>`}
    <${WayOn} inside=${tokens.value !== null} /><//>`;
}
