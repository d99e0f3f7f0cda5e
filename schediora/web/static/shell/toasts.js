// Short messages at the foot of the page, spoken by screen readers; some with a way back.
import { html, signal } from "../vendor/ui.js";
import { t } from "../i18n/words.js";

/** @typedef {{id: number, text: string, action?: string, act?: () => void}} Toast */

const SECONDS = 8;
/** @type {import("../vendor/ui.js").Signal<Toast | null>} */
const shown = signal(null);
let number = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** Say `text`; with `action`, offer a button that does `act`. @param {string} text @param {string} [action] @param {() => void} [act] */
export function toast(text, action, act) {
  shown.value = { id: ++number, text, action, act };
  wait();
}

export const dismiss = () => { shown.value = null; };
const stay = () => clearTimeout(timer);

function wait() {
  clearTimeout(timer);
  timer = setTimeout(dismiss, SECONDS * 1000);
}

/** It stays while the pointer or the focus is on it. */
export function Toasts() {
  const now = shown.value;
  const act = () => { dismiss(); now?.act?.(); };
  return html`<div class="toasts"><p role="status" class="hidden" key="said">${now?.text ?? ""}</p>
    ${now && html`<div class="toast" key=${now.id} onMouseEnter=${stay} onMouseLeave=${wait} onFocusIn=${stay} onFocusOut=${wait}>
      <span aria-hidden="true">${now.text}</span>${now.action && html`<button onClick=${act}>${now.action}</button>`}
      <button class="quiet" onClick=${dismiss}>${t("dismiss")}</button></div>`}</div>`;
}
