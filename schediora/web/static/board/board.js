// This week's sessions by how far they are: three lanes, one below the other on a phone.
import { html, signal, useEffect } from "../vendor/ui.js";
import { t } from "../i18n/words.js";
import { hueOf } from "../shell/hues.js";
import { Banner, Skeleton } from "../shell/states.js";
import { zone } from "../shell/student.js";
import { dayAndDate, length } from "../time/show.js";
import { clock, wall } from "../time/zone.js";
import { Sheet } from "../week/sheet.js";
import { alter, reload, week } from "../week/state.js";

/** @typedef {import("../api/types.js").Session} Session */

/** Each status with the one that comes after it. */
const LANES = /** @type {const} */ ([["pending", "in_progress", "start"], ["in_progress", "done", "done"], ["done", "pending", "not_done"]]);
const open = signal("");

export function Board() {
  useEffect(() => { week.load(); return () => { open.value = ""; }; }, []);
  const { data, error } = week.state.value;
  if (!data) return html`<h1>${t("board")}</h1>${error ? html`<${Banner} error=${error} retry=${() => week.load()} />` : html`<${Skeleton} lines=${9} />`}`;
  const shown = data.sessions.find(({ id }) => id === open.value);
  return html`<div class="head"><div><h1>${t("board")}</h1><p class="muted">${t("this_week")}</p></div></div>
    ${error && html`<${Banner} error=${error} retry=${reload} />`}
    <div class="board">${LANES.map(([status, next, word]) => {
      const some = data.sessions.filter((one) => one.status === status);
      return html`<section class="card lane" key=${status} aria-label=${t(`status_${status}`)}><h2>${t(`lane_${status}`)} <span class="muted">${some.length}</span></h2>
        ${some.length === 0 && html`<p class="muted">${t(`lane_${status}_empty`)}</p>`}
        <ul>${some.map((one) => html`<${Card} key=${one.id} session=${one} today=${data.today} next=${next} word=${word} />`)}</ul></section>`;
    })}</div>
    ${shown && html`<${Sheet} key=${shown.id} session=${shown} today=${data.today} onClose=${() => { open.value = ""; }} />`}`;
}

/** @param {{session: Session, today: string, next: import("../api/types.js").Status, word: string}} props */
function Card({ session, today, next, word }) {
  const { minutes } = wall(session.scheduled_at, zone.value);
  const missed = session.status !== "done" && session.scheduled_on < today;
  return html`<li class=${`session hue-${hueOf(session.topic)} ${session.status} ${missed ? "missed" : ""}`}>
    <button class="title" onClick=${() => { open.value = session.id; }}><b>${session.title}</b><small><bdi>${session.topic}</bdi> · ${dayAndDate(session.scheduled_on)}, ${clock(minutes)} · ${length(session.duration_minutes)}${missed ? ` · ${t("missed")}` : ""}</small></button>
    <button class="quiet" onClick=${() => alter(session, { status: next })}>${t(word)} <span class="hidden">${session.title}</span></button></li>`;
}
