// The one change of preferences that would make room, as a button that makes it.
import { html, useState } from "../vendor/ui.js";
import { call, online } from "../api/client.js";
import { t } from "../i18n/words.js";
import { sentence } from "../shell/states.js";
import { loadStudent, student } from "../shell/student.js";
import { toast } from "../shell/toasts.js";
import { changed } from "./changes.js";

/** @typedef {import("../api/types.js").Suggestion} Suggestion */

/** @param {{suggestion: Suggestion, then?: () => void}} props */
export function Offer({ suggestion, then }) {
  const [state, setState] = useState(/** @type {"" | "busy" | "done"} */ (""));
  const preferences = student.state.value.data?.preferences;
  const apply = async () => {
    if (state || !preferences || !online.peek()) return;
    setState("busy");
    try {
      await call("PUT", "/users/preferences", changed(preferences, suggestion));
      await loadStudent();
      setState("done");
      then?.();
    } catch (error) {
      setState("");
      toast(sentence(error));
    }
  };
  return html`<div class="why offer"><p>${suggestion.text}</p>${state === "done" ? html`<p role="status">${t("change_applied")}</p>` : preferences && html`<button class="plain" aria-disabled=${state === "busy" || !online.value} onClick=${apply}>${t("apply_change")}</button>`}</div>`;
}
