// What has not been sent, one by one, and what the student can do about it.
import { html } from "../vendor/ui.js";
import { online } from "../api/client.js";
import { t } from "../i18n/words.js";
import { Dialog } from "../shell/dialog.js";
import { zone } from "../shell/student.js";
import { dayAndDate } from "../time/show.js";
import { clock, wall } from "../time/zone.js";
import { reload, send } from "../week/state.js";
import { countToday, drop, waiting } from "./outbox.js";
import { lasting } from "./store.js";
import { DAYS_BACK, tooOld } from "./waiting.js";

/** @typedef {import("./waiting.js").Waiting} Waiting */

/** @param {{today: string, onClose: () => void}} props */
export function Unsent({ today, onClose }) {
  return html`<${Dialog} title=${t("unsent")} onClose=${onClose} class="sheet">
    ${!lasting.value && html`<p class="banner">${t("waits_here")}</p>`}
    <ul class="unsent-list">${waiting.value.map((row) => html`<${Row} key=${row.name} row=${row} today=${today} />`)}</ul>
    ${waiting.value.some((row) => !row.refused && !tooOld(row, today)) && html`<div class="actions"><button class="primary" onClick=${send}>${t("send_now")}</button></div>
      ${!online.value && html`<p class="muted">${t("sent_by_itself")}</p>`}`}<//>`;
}

/** @param {{row: Waiting, today: string}} props */
function Row({ row, today }) {
  const old = !row.refused && tooOld(row, today);
  const ticked = row.change.status === "done" && (old || row.refused?.day);
  const give = async () => { await drop(row); reload(); };
  const today_ = async () => { await countToday(row, today); await send(); };
  return html`<li class="card"><b>${row.session.title}</b><p class="muted">${what(row)}</p>
    ${row.refused ? html`<p class="fault">${t("refused_because")} ${row.refused.detail}</p>` : html`<p class=${old ? "fault" : "muted"}>${t(old ? "too_old" : "waits_short", { days: DAYS_BACK })}</p>`}
    <div class="actions">${ticked && html`<button class="plain" onClick=${today_}>${t("count_today")}</button>`}
      <button class="plain" onClick=${give}>${t(row.refused ? "dismiss" : "do_not_send")} <span class="hidden">${row.session.title}</span></button></div></li>`;
}

/** What was done, in words. @param {Waiting} row */
function what({ change, day }) {
  const done = change.completed_on ?? day;
  const at = change.scheduled_at && wall(change.scheduled_at, zone.value);
  const parts = [
    change.status === "done" ? (done ? t("did_on", { day: dayAndDate(done) }) : t("status_done")) : change.status && t(`status_${change.status}`),
    change.rating && t(`rating_${change.rating}`),
    at && t("moved_to", { day: dayAndDate(at.date), time: clock(at.minutes) }),
    change.pinned !== undefined && !at && t(change.pinned ? "pinned" : "unpin"),
  ].filter(Boolean);
  return parts.join(" · ") || t("changed");
}
