// The worked example and the questions of a session, to fold out; many have none.
import { html, useEffect, useState } from "../vendor/ui.js";
import { call } from "../api/client.js";
import { t } from "../i18n/words.js";

/** @param {{id: string}} props */
export function Material({ id }) {
  const [found, setFound] = useState(/** @type {import("../api/types.js").Material | null} */ (null));
  useEffect(() => {
    let here = true;
    // What cannot be had is left out: the session can be studied without.
    call("GET", `/sessions/${id}/material`).then((material) => { if (here) setFound(material); }, () => undefined);
    return () => { here = false; };
  }, [id]);
  if (!found) return null;
  return html`<div class="material">
    ${found.example && html`<details><summary>${t("worked_example")}</summary><p class="text">${found.example}</p></details>`}
    ${found.questions.length > 0 && html`<details><summary>${t("questions", { count: found.questions.length })}</summary><ol>${found.questions.map(({ question, answer }) => html`<li><p>${question}</p><details><summary>${t("show_answer")}</summary><p class="text">${answer}</p></details></li>`)}</ol></details>`}</div>`;
}
