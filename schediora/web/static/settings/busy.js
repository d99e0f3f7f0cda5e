// What else takes up the student's time: their own calendar, uploaded as a file, which plans keep clear of.
import { html, useEffect, useState } from "../vendor/ui.js";
import { Refused, call } from "../api/client.js";
import { t } from "../i18n/words.js";
import { Field } from "../shell/field.js";
import { loaded } from "../shell/loaded.js";
import { Banner } from "../shell/states.js";
import { emptiedWithStudent, zone } from "../shell/student.js";
import { toast } from "../shell/toasts.js";
import { longDay } from "../time/show.js";
import { shift, wall } from "../time/zone.js";

/** @typedef {import("../api/types.js").BusyUploaded} Uploaded */

const DAYS_AHEAD = 91;
const MOST_BYTES = 1024 * 1024;
/** How many busy times lie ahead. */
const ahead = loaded(async () => {
  const { date } = wall(Date.now(), zone.peek());
  return { count: (await call("GET", `/users/me/busy?from=${date}&to=${shift(date, DAYS_AHEAD)}`)).length };
});
emptiedWithStudent(ahead.clear);

export function BusyTimes() {
  useEffect(() => { ahead.load(); }, []);
  const [made, setMade] = useState(/** @type {Uploaded | null} */ (null));
  const [sure, setSure] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const { data, error: unknown } = ahead.state.value;
  /** @param {() => Promise<Uploaded | null>} act */
  const alone = async (act) => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      setMade(await act());
      setSure(false);
      ahead.load();
    } catch (problem) {
      setError(problem);
    }
    setBusy(false);
  };
  /** @param {Event} event */
  const choose = (event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const file = field.files?.[0];
    if (!file) return;
    alone(async () => {
      // A server that is sent more than it takes hangs up before it can say so.
      if (file.size > MOST_BYTES) throw new Refused(413, { detail: t("busy_file_big") });
      return call("PUT", "/users/me/busy", new Blob([file], { type: "text/calendar" }));
    });
    field.value = ""; // the same file may be chosen again, mended
  };
  const forget = () => alone(async () => {
    await call("DELETE", "/users/me/busy");
    toast(t("busy_forgotten"));
    return null;
  });
  return html`<section class="card"><h2>${t("busy_times")}</h2><p class="hint">${t("busy_times_what")}</p>
    ${error || unknown ? html`<${Banner} error=${error ?? unknown} />` : null}
    <div role="status">${busy ? html`<p class="muted">${t("one_moment")}</p>` : made && html`<p><b>${t("busy_found", { count: made.events, from: longDay(made.from), to: longDay(made.to) })}</b></p>
      <ul class="ways">${made.notes.map((note) => html`<li>${note}</li>`)}</ul>`}</div>
    ${!made && !busy && data && html`<p class="muted">${data.count ? t("busy_ahead", { count: data.count }) : t("busy_none")}</p>`}
    <${Field} label=${t("busy_file")} name="busy" hint=${t("busy_file_hint")}>${(/** @type {object} */ rest) => html`<input ...${rest} type="file" accept=".ics,text/calendar" onChange=${choose} />`}<//>
    ${data && data.count > 0 && html`<button class="plain" aria-expanded=${sure} onClick=${() => setSure(!sure)}>${t("busy_forget")}</button>`}
    ${sure && html`<div class="confirm"><p>${t("busy_forget_sure")}</p><button class="danger" aria-disabled=${busy} onClick=${forget}>${t("busy_forget_do")}</button></div>`}</section>`;
}
