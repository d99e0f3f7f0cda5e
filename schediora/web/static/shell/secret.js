// A password's field, which can be read by who wants to see what they type.
import { html, useState } from "../vendor/ui.js";
import { t } from "../i18n/words.js";
import { Field } from "./field.js";

/** @param {{label: string, name: string, autocomplete: "current-password" | "new-password", error?: unknown, hint?: string}} props */
export function Secret({ label, ...rest }) {
  const [shown, setShown] = useState(false);
  return html`<${Field} label=${label} required autocapitalize="none" autocorrect="off" spellcheck="false" ...${rest}>${(/** @type {object} */ attributes) => html`<div class="secret"><input ...${attributes} type=${shown ? "text" : "password"} />
    <button type="button" class="quiet" onClick=${() => setShown(!shown)}>${t(shown ? "hide" : "show")}<span class="hidden"> ${label}</span></button></div>`}<//>`;
}
