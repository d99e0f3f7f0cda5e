// The week in the student's own calendar: a secret address, made, copied and taken back here.
import { html, useRef, useState } from "../vendor/ui.js";
import { call } from "../api/client.js";
import { t } from "../i18n/words.js";
import { Field } from "../shell/field.js";
import { Icon } from "../shell/icon.js";
import { Banner } from "../shell/states.js";
import { toast } from "../shell/toasts.js";

const ALARMS = [0, 5, 10, 15, 30, 60];
const PROGRAMS = ["google", "apple", "outlook"];

/** A path is taken from where the app lies, which may be below a proxy's prefix. @param {string} url */
const whole = (url) => (url.startsWith("/") ? new URL(`.${url}`, document.baseURI).href : url);

export function CalendarLink() {
  // The server keeps no more than a hash of it, so it can be shown only now.
  const [url, setUrl] = useState("");
  const [alarm, setAlarm] = useState(0);
  const [sure, setSure] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  /** @param {() => Promise<void>} act */
  const alone = async (act) => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await act();
    } catch (problem) {
      setError(problem);
    }
    setBusy(false);
  };
  const make = () => alone(async () => { setUrl(whole((await call("POST", "/users/me/calendar")).url)); setSure(false); });
  const revoke = () => alone(async () => {
    await call("DELETE", "/users/me/calendar");
    setUrl("");
    setSure(false);
    toast(t("calendar_revoked"));
  });
  const address = alarm ? `${url}?alarm=${alarm}` : url;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      toast(t("copied"));
    } catch {
      // Over plain http there is no clipboard: what is chosen can be copied by hand.
      field.current?.focus();
      field.current?.select();
      toast(t("copy_by_hand"));
    }
  };
  return html`<section class="card"><h2>${t("calendar_link")}</h2><p class="hint">${t("calendar_link_what")} ${t("calendar_link_secret")}</p>
    ${error ? html`<${Banner} error=${error} />` : null}
    ${url && html`<${Field} label=${t("calendar_remind")} name="alarm">${(/** @type {object} */ rest) => html`<select ...${rest} onChange=${(/** @type {any} */ event) => setAlarm(Number(event.target.value))}>${ALARMS.map((minutes) => html`<option value=${minutes}>${minutes ? t("calendar_before", { minutes }) : t("calendar_no_alarm")}</option>`)}</select>`}<//>
      <${Field} label=${t("calendar_address")} name="address" hint=${t("calendar_once")}>${(/** @type {object} */ rest) => html`<input ...${rest} ref=${field} readonly value=${address} />`}<//>
      <div class="actions"><button class="primary" onClick=${copy}>${t("copy")}</button><a class="button plain" href=${address.replace(/^https?:/, "webcal:")}>${t("calendar_open")}</a></div>
      <ul class="ways">${PROGRAMS.map((one) => html`<li>${t(`calendar_in_${one}`)}</li>`)}</ul>`}
    <div class="actions"><button class=${url ? "plain" : "primary"} aria-disabled=${busy} onClick=${make}><${Icon} name="week" />${t(url ? "calendar_make_new" : "calendar_make")}</button>
      <button class="plain" aria-expanded=${sure} onClick=${() => setSure(!sure)}>${t("calendar_revoke")}</button></div>
    ${sure && html`<div class="confirm"><p>${t("calendar_revoke_sure")}</p><button class="danger" aria-disabled=${busy} onClick=${revoke}>${t("calendar_revoke_do")}</button></div>`}</section>`;
}
