import { html } from "../vendor/ui.js";
import { t } from "../i18n/words.js";

export const Week = () => html`<h1>${t("week")}</h1>`;
