// Everything that there is of the student, to take along.
import { html } from "../vendor/ui.js";
import { download } from "../api/client.js";
import { t } from "../i18n/words.js";
import { Banner } from "../shell/states.js";
import { dayFor } from "../shell/student.js";
import { toast } from "../shell/toasts.js";
import { useAsking } from "./asking.js";

/** Until then the browser has read what it saves. */
const READ_MS = 60_000;

export function Export() {
  const { error, busy, ask } = useAsking();
  const take = () => ask(async () => {
    const { file, name = `schediora-${dayFor()}.json` } = await download("/users/me/export");
    save(file, name);
    toast(t("export_saved", { name }));
  });
  return html`<section class="card"><h2>${t("export")}</h2><p class="hint">${t("export_what")}</p>
    ${error ? html`<${Banner} error=${error} />` : null}
    <div class="actions"><button class="primary" aria-disabled=${busy} onClick=${take}>${t("export_do")}</button></div></section>`;
}

/** The call carries the token, which a plain link could not: so the file is had first. @param {Blob} file @param {string} name */
function save(file, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), READ_MS);
}
