// Around whatever is open to who is not signed in.
import { html, useEffect } from "../vendor/ui.js";
import { LANGUAGES, language, speak, t } from "../i18n/words.js";

/** @param {{title: string, why?: string, children: unknown}} props */
export function Door({ title, why, children }) {
  useEffect(() => { document.title = `${title} · Schediora`; });
  return html`<div class="door"><header><img src="./icon.svg" alt="" width="48" height="48" /><p>Schediora</p></header>
    <main id="main" tabindex="-1"><h1>${title}</h1>${why && html`<p class="muted">${why}</p>`}${children}
    <p class="languages">${Object.entries(LANGUAGES).map(([code, name]) => html`<button class="quiet" lang=${code} aria-pressed=${language.value === code}
      onClick=${() => speak(/** @type {keyof typeof LANGUAGES} */ (code))}>${name}</button>`)}</p></main></div>`;
}

/** The way on from where a link leads to. @param {{inside: boolean}} props whether somebody is signed in */
export const WayOn = ({ inside }) => html`<p class="other"><a href=${inside ? "#/week" : "#/sign-in"}>${t(inside ? "to_the_week" : "sign_in")}</a></p>`;
