// A session's sheet: why it is here, what to do, and what the student does with it.
import { html, useEffect, useState } from "../vendor/ui.js";
import { online } from "../api/client.js";
import { t } from "../i18n/words.js";
import { waiting } from "../offline/outbox.js";
import { Dialog } from "../shell/dialog.js";
import { Icon } from "../shell/icon.js";
import { NeedsServer } from "../shell/states.js";
import { zone } from "../shell/student.js";
import { dayAndDate, length, longDay } from "../time/show.js";
import { clock, shift, wall } from "../time/zone.js";
import { Finish } from "./finish.js";
import { Material } from "./material.js";
import { MoveTo } from "./move_to.js";
import { alter, remove } from "./state.js";

/** @typedef {import("../api/types.js").Session} Session */

/** @param {{session: Session, today: string, onClose: () => void}} props */
export function Sheet({ session, today, onClose }) {
  const [part, setPart] = useState(/** @type {"" | "finish" | "move" | "delete"} */ (""));
  const { date, minutes } = wall(session.scheduled_at, zone.value);
  const missed = session.status !== "done" && session.scheduled_on < today;
  /** @param {import("../api/types.js").SessionChange} change @param {boolean} [close] */
  const change = async (change, close = false) => {
    // What the student has unfolded meanwhile stays, and the next change need not wait for this one.
    if ((await alter(session, change)) && close) onClose();
  };
  /** @param {boolean} following */
  const erase = (following) => { if (online.peek()) { onClose(); remove(session, following); } };
  /** @param {typeof part} other */
  const turn = (other) => setPart(part === other ? "" : other);
  return html`<${Dialog} title=${session.title} onClose=${onClose} class="sheet">
    <p class="muted"><bdi>${session.topic}</bdi> · ${longDay(date)}, <time>${clock(minutes)}</time> · ${length(session.duration_minutes)}</p>
    <p class="marks">${[missed ? t("missed") : t(`status_${session.status}`), waiting.value.some((row) => row.name === session.id && row.late && !row.refused) && t("waits_short_mark"), session.kind && t(`kind_${session.kind}`), session.pinned && t("pinned"), session.due_on && t(session.late ? "late_since" : "due_on", { day: dayAndDate(session.due_on) })].filter(Boolean).map((mark) => html`<span>${mark}</span>`)}</p>
    ${session.status === "in_progress" && session.started_at && html`<${Running} since=${session.started_at} />`}
    <div class="actions main">
      ${session.status === "pending" && html`<button class="plain" onClick=${() => change({ status: "in_progress" })}><${Icon} name="start" />${t("start")}</button>`}
      ${session.status !== "done" && html`<button class="primary" aria-expanded=${part === "finish"} onClick=${() => turn("finish")}><${Icon} name="check" />${t("done")}</button>`}
      ${session.status === "done" && html`<button class="plain" aria-expanded=${part === "finish"} onClick=${() => turn("finish")}>${t("how_did_it_go")}</button>`}
      ${session.status !== "pending" && html`<button class="plain" onClick=${() => change({ status: "pending" })}>${t("not_done")}</button>`}
    </div>
    ${part === "finish" && html`<${Finish} session=${session} today=${today} onSend=${(/** @type {any} */ body) => change(body, true)} />`}
    ${session.reason && html`<p class="why"><b>${t("why_here")}</b> ${session.reason.text}</p>`}
    ${session.detail && html`<p class="text">${session.detail}</p>`}
    ${session.units.length > 0 && html`<p class="muted">${t("units")}: ${session.units.map(({ title }, at) => html`${at ? ", " : ""}<bdi>${title}</bdi>`)}</p>`}
    <${Material} id=${session.id} />
    <div class="actions">
      ${session.status !== "done" && html`<button class="plain" aria-expanded=${part === "move"} onClick=${() => turn("move")}>${t("move_to")}</button>`}
      <button class="plain" onClick=${() => change({ pinned: !session.pinned })}><${Icon} name="pin" />${t(session.pinned ? "unpin" : "pin")}</button>
      <button class="plain" aria-expanded=${part === "delete"} onClick=${() => turn("delete")}><${Icon} name="delete" />${t("delete")}</button>
    </div>
    ${part === "move" && html`<${MoveTo} session=${session} earliest=${today} latest=${shift(today, 60)} onMoved=${onClose} />`}
    ${part === "delete" && html`<div class="confirm"><p>${t("delete_sure")}</p><${NeedsServer} /><div class="actions">
      <button class="danger" aria-disabled=${!online.value} onClick=${() => erase(false)}>${t("delete_one")}</button>
      ${session.series_id && html`<button class="danger" aria-disabled=${!online.value} onClick=${() => erase(true)}>${t("delete_following")}</button>`}</div></div>`}<//>`;
}

/** The running clock; it is not read out by itself. @param {{since: string}} props */
function Running({ since }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1000));
  const shown = `${seconds >= 3600 ? `${Math.floor(seconds / 3600)}:` : ""}${String(Math.floor(seconds / 60) % 60).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  return html`<p class="running"><${Icon} name="clock" /><span>${t("running")}</span> <b role="timer">${shown}</b></p>`;
}
