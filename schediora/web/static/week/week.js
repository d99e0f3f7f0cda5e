// The week: calendar by time, what was missed, and the way to more.
import { html, signal, useEffect, useState } from "../vendor/ui.js";
import { t } from "../i18n/words.js";
import { Icon } from "../shell/icon.js";
import { go, place } from "../shell/place.js";
import { Banner, Skeleton } from "../shell/states.js";
import { student, zone } from "../shell/student.js";
import { dayAndDate, span } from "../time/show.js";
import { mondayOf, shift, weekdayOf } from "../time/zone.js";
import { busyTimes } from "./busy.js";
import { DidNotFit, Room, UnderWay } from "./did_not_fit.js";
import { Grid } from "./grid.js";
import { QuickAdd } from "./quick_add.js";
import { Sheet } from "./sheet.js";
import { HOURS_BEFORE_TOLD, dayStart, move, reload, week } from "./state.js";

/** @typedef {import("../api/types.js").Session} Session */
/** @typedef {import("../api/types.js").Preferences} Preferences */

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
/** The id of the session whose sheet is open. */
const open = signal("");

export function Week() {
  const wanted = place.value.rest.find((part) => DATE.test(part) && !Number.isNaN(Date.parse(part)));
  const [adding, setAdding] = useState(false);
  useEffect(() => { week.load(wanted && mondayOf(wanted)); }, [wanted]);
  useEffect(() => {
    // Somebody who comes back to the page sees what is so now.
    const look = () => { if (document.visibilityState === "visible") reload(); };
    document.addEventListener("visibilitychange", look);
    addEventListener("online", look);
    return () => { document.removeEventListener("visibilitychange", look); removeEventListener("online", look); open.value = ""; };
  }, []);
  const { data, error } = week.state.value;
  const shownMonday = data?.monday;
  useEffect(() => { if (shownMonday) busyTimes.load(shownMonday); }, [shownMonday]);
  if (!data) return html`<h1>${t("week")}</h1>${error ? html`<${Banner} error=${error} retry=${reload} />` : html`<${Skeleton} lines=${12} />`}`;

  const preferences = student.state.value.data?.preferences ?? null;
  const { sessions, overdue, today, thisMonday } = data;
  const here = data.monday === thisMonday;
  const asks = here ? data.status.can_generate : data.monday === shift(thisMonday, 7) && sessions.length === 0;
  const done = sessions.filter(({ status }) => status === "done").length;
  const shown = [...sessions, ...overdue].find(({ id }) => id === open.value);
  const windows = preferences?.availability ?? EVERY_DAY.flatMap((weekday) => HOURS_BEFORE_TOLD.map((hours) => ({ weekday, ...hours })));
  return html`<div class="head"><div><h1>${t("week")}</h1><p class="muted">${span(data.monday, shift(data.monday, 6))} · ${t("done_of", { done, all: sessions.length })}</p></div>
      <div class="actions"><${Turn} to=${shift(data.monday, -7)} icon="back" name="week_before" />
        ${!here && html`<button class="quiet" onClick=${() => go("week")}>${t("this_week")}</button>`}
        <${Turn} to=${shift(data.monday, 7)} icon="on" name="week_after" />
        ${asks && html`<a class="button primary" href=${here ? "#/generate" : "#/generate/next"}><${Icon} name="generate" />${t("make_plan")}</a>`}
        <button class=${asks ? "plain" : "primary"} onClick=${() => setAdding(true)}><${Icon} name="add" />${t("add_session")}</button></div></div>
    ${error && html`<${Banner} error=${error} retry=${reload} />`}
    <${UnderWay} id=${data.status.active_job_id} />
    ${here && overdue.length > 0 && html`<${Overdue} sessions=${overdue} />`}
    <${DidNotFit} sessions=${sessions} />
    ${sessions.length === 0 && html`<p class="card empty">${t(data.unseen ? "week_unseen" : here ? "week_empty" : "other_week_empty")} ${here && !preferences && html`<a href="#/first">${t("first_again")}</a>`}</p>`}
    <${Grid} sessions=${sessions} busy=${busyTimes.state.value.data ?? []} zone=${zone.value} dayStart=${dayStart.value} monday=${data.monday} today=${today} windows=${windows} closed=${restsOn(preferences)}
      onMove=${move} onOpen=${(/** @type {Session} */ session) => { open.value = session.id; }} />
    ${shown && html`<${Sheet} key=${shown.id} session=${shown} today=${today} onClose=${() => { open.value = ""; }} />`}
    ${adding && html`<${QuickAdd} day=${here ? "" : data.monday < thisMonday ? today : data.monday} today=${today} ideas=${data.status.up_next} windows=${windows} onClose=${() => setAdding(false)} />`}`;
}

/** @param {{to: string, icon: string, name: string}} props */
const Turn = ({ to, icon, name }) => html`<button class="quiet" onClick=${() => go(`week/${to}`)}><${Icon} name=${icon} /><span class="hidden">${t(name)}</span></button>`;

/** @param {{sessions: Session[]}} props */
function Overdue({ sessions }) {
  const [unfolded, setUnfolded] = useState(false);
  return html`<details class="card overdue" onToggle=${(/** @type {any} */ event) => setUnfolded(event.target.open)}><summary>${t("overdue", { count: sessions.length })}</summary>
  <p class="muted">${t("overdue_why")}</p><ul>${sessions.map((session) => html`<li><button class="plain" onClick=${() => { open.value = session.id; }}><b>${session.title}</b><span><bdi>${session.topic}</bdi> · ${dayAndDate(session.scheduled_on)}</span></button></li>`)}</ul>
  ${unfolded && html`<${Room} />`}<p class="actions"><a class="button plain" href="#/replan">${t("replan")}</a></p></details>`;
}

/** Whether nothing is planned on a day, as the student wants it. @param {Preferences | null} preferences */
const restsOn = (preferences) => (/** @type {string} */ date) =>
  Boolean(preferences && (preferences.rest_days.includes(weekdayOf(date)) || preferences.days_off.some(({ first, last }) => first <= date && date <= last)));
