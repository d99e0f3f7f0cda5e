// Another password by the link of a mail, which signs in here and out everywhere else.
import { html, useState } from "../vendor/ui.js";
import { enter, tokens } from "../api/client.js";
import { t } from "../i18n/words.js";
import { Form, allAtFields } from "../shell/field.js";
import { dropToken, tokenFor } from "../shell/link.js";
import { go } from "../shell/place.js";
import { Secret } from "../shell/secret.js";
import { Banner } from "../shell/states.js";
import { loadStudent, student } from "../shell/student.js";
import { toast } from "../shell/toasts.js";
import { Door, WayOn } from "./door.js";

/** @param {{token: string}} props */
function NewPassword({ token }) {
  const [error, setError] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  /** @param {Record<string, string>} values */
  const send = async ({ new_password }) => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await enter("password/reset", { token, new_password });
    } catch (problem) {
      setError(problem);
      setBusy(false);
      return;
    }
    dropToken();
    toast(t("password_changed"));
    go("", { replace: true });
    if (student.state.peek().data) await loadStudent(); // the address of who was signed in is confirmed now
  };
  const dead = error?.code === "invalid_link";
  return html`${error && !allAtFields(error, ["new_password"]) ? html`<${Banner} error=${error} />` : null}
    ${dead ? null : html`<${Form} onSend=${send} error=${error}><${Secret} label=${t("new_password")} name="new_password" autocomplete="new-password" error=${error} hint=${t("password_hint")} />
      <button class="primary wide" aria-disabled=${busy}>${t(busy ? "one_moment" : "password_change")}</button><//>`}
    ${dead ? html`<${Another} />` : null}`;
}

const Another = () => html`<a class="button primary wide" href="#/forgotten">${t("link_another")}</a>`;

export function Reset() {
  const token = tokenFor("reset");
  return html`<${Door} title=${t("reset_title")} why=${token ? t("reset_why") : undefined}>
    ${token ? html`<${NewPassword} key=${token} token=${token} />` : html`<p class="banner" role="alert">${t("link_missing")}</p><${Another} />`}
    <${WayOn} inside=${tokens.value !== null} /><//>`;
}
