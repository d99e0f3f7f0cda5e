// Where the student is signed in, and signing out there.
import { html, useEffect, useState } from "../vendor/ui.js";
import { Refused, call, online } from "../api/client.js";
import { t } from "../i18n/words.js";
import { loaded } from "../shell/loaded.js";
import { Banner, Skeleton } from "../shell/states.js";
import { dayFor, emptiedWithStudent, zone } from "../shell/student.js";
import { toast } from "../shell/toasts.js";
import { dayAndDate } from "../time/show.js";
import { clock, wall } from "../time/zone.js";
import { useAsking } from "./asking.js";

/** @typedef {import("../api/types.js").Device} Device */

export const devices = loaded(async () => /** @type {Device[]} */ (await call("GET", "/auth/sessions")));
emptiedWithStudent(devices.clear);

export function Devices() {
  const [sure, setSure] = useState(false);
  const { error: refused, busy, ask } = useAsking();
  const { data, error, loading } = devices.state.value;
  const back = online.value;
  useEffect(() => { if (back) devices.load(); }, [back]);
  /** One that has ended meanwhile is what was wanted. @param {Device} device */
  const end = ({ id, client }) => ask(async () => {
    await call("DELETE", `/auth/sessions/${id}`).catch((problem) => { if (!(problem instanceof Refused && problem.status === 404)) throw problem; });
    toast(t("device_ended", { device: named(client) }));
    await devices.load();
  });
  const endOthers = () => ask(async () => {
    await call("DELETE", "/auth/sessions");
    setSure(false);
    toast(t("devices_ended"));
    await devices.load();
  });
  return html`<section class="card"><h2>${t("devices")}</h2><p class="hint">${t("devices_what")}</p>
    ${refused ? html`<${Banner} error=${refused} />` : null}${error ? html`<${Banner} error=${error} retry=${devices.load} />` : null}
    ${!data && loading ? html`<${Skeleton} lines=${2} />` : null}
    <ul class="kept devices">${(data ?? []).map((device) => html`<${Row} key=${device.id} device=${device} busy=${busy} onEnd=${end} />`)}</ul>
    ${data?.some(({ current }) => !current) && html`<div class="actions"><button class="plain" aria-expanded=${sure} onClick=${() => setSure(!sure)}>${t("devices_end")}</button></div>
      ${sure && html`<div class="confirm"><p>${t("devices_sure")}</p><button class="danger" aria-disabled=${busy} onClick=${endOthers}>${t("devices_end_do")}</button></div>`}`}</section>`;
}

/** @param {{device: Device, busy: boolean, onEnd: (device: Device) => void}} props */
const Row = ({ device, busy, onEnd }) => html`<li><div><b>${named(device.client)}</b>
    <p class="muted">${device.current ? t("device_here") : t("device_used", { when: moment(device.last_used_at) })} · ${t("device_since", { day: dayAndDate(wall(device.created_at, zone.value).date) })}</p></div>
  ${!device.current && html`<button class="quiet" aria-disabled=${busy} onClick=${() => onEnd(device)}>${t("sign_out")}<span class="hidden"> ${named(device.client)}</span></button>`}</li>`;

/** What a client is called; the server knows it from what the client says of itself. @param {string} client */
const named = (client) => (client === "Unknown" ? t("device_unknown") : client);

/** "14:00" of today, else its day; it is known to the hour. @param {string} at */
function moment(at) {
  const { date, minutes } = wall(at, zone.value);
  return dayFor(at) === dayFor() ? t("today_at", { time: clock(minutes) }) : dayAndDate(date);
}
