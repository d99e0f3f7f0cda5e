// What a screen shows while it has nothing to show: still loading, or what went wrong and the way on.
import { html, useEffect, useState } from "../vendor/ui.js";
import { Unreachable, online } from "../api/client.js";
import { t } from "../i18n/words.js";

/** What an error says to the student. @param {unknown} error */
export function sentence(error) {
  if (error instanceof Unreachable) return t("unreachable");
  return error instanceof Error && error.name !== "TypeError" ? error.message : t("went_wrong");
}

/** Why something cannot be done now; nothing while it can. @param {{id?: string}} props */
export const NeedsServer = ({ id }) => (online.value ? null : html`<p class="muted why-not" id=${id}>${t("needs_server")}</p>`);

/** @param {{error: unknown, retry?: () => void}} props */
export const Banner = ({ error, retry }) => html`<div class="banner" role="alert"><p>${sentence(error)}</p>
  ${retry && html`<button class="plain" onClick=${retry}>${t("retry")}</button>`}</div>`;

/** Grey lines, once it takes longer than one notices. @param {{lines?: number}} props */
export function Skeleton({ lines = 6 }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return html`<div class="skeleton" aria-busy="true"><p class="hidden">${t("loading")}</p>${late && Array.from({ length: lines }, () => html`<i></i>`)}</div>`;
}
