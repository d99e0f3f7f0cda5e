// How it is going: today, the streak, the week, subjects, exams ahead, what comes next, and habits.
import { html, useEffect, useState } from "../vendor/ui.js";
import { call } from "../api/client.js";
import { t } from "../i18n/words.js";
import { loaded } from "../shell/loaded.js";
import { Banner, Skeleton } from "../shell/states.js";
import { emptiedWithStudent, student } from "../shell/student.js";
import { length, weekdayName } from "../time/show.js";
import { weekdayOf } from "../time/zone.js";
import { Bars, Donut, Line } from "./charts.js";
import { DueSoon, Topics, standing } from "./topics.js";

/** @typedef {import("../api/types.js").Summary} Summary */
/** @typedef {import("../api/types.js").Habits} Habits */

const progress = loaded(async (/** @type {string} */ range) => {
  const [summary, habits] = await Promise.all([call("GET", `/dashboard/summary?range=${range}`), call("GET", "/users/me/habits")]);
  const focus = student.state.peek().data?.preferences?.focus_topics ?? [];
  const found = await standing([.../** @type {Summary} */ (summary).exams.map(({ topic }) => topic), ...focus], summary.today);
  return /** @type {{summary: Summary, habits: Habits} & typeof found} */ ({ summary, habits, ...found });
});
emptiedWithStudent(progress.clear);

export function Progress() {
  const [range, setRange] = useState("7d");
  useEffect(() => { progress.load(range); }, [range]);
  const { data, error } = progress.state.value;
  const retry = () => progress.load(range);
  return html`<div class="head"><h1>${t("progress")}</h1><div class="actions">${["7d", "30d"].map((one) => html`<button class="plain" aria-pressed=${range === one} onClick=${() => setRange(one)}>${t(`range_${one}`)}</button>`)}</div></div>
    ${error ? html`<${Banner} error=${error} retry=${retry} />` : null}${data ? html`<${Shown} ...${data} />` : !error && html`<${Skeleton} lines=${10} />`}`;
}

/** @param {{summary: Summary, habits: Habits, stands: import("./topics.js").Stand[], due: import("./topics.js").Due[]}} props */
function Shown({ summary, habits, stands, due }) {
  const head = t(summary.range === "7d" ? "day" : "week");
  const label = (/** @type {number} */ index, /** @type {string} */ given) => (summary.range === "7d" ? weekdayName(index + 1).slice(0, 3) : given);
  const minutes = summary.focus_minutes_trend.map((one, index) => ({ label: label(index, one.label), value: one.minutes }));
  const counts = summary.weekly_progress.map((value, index) => ({ label: minutes[index]?.label ?? "", value }));
  const ahead = summary.range === "7d" ? 7 - weekdayOf(summary.today) : 0;
  const weekdays = summary.by_weekday.map((value, index) => ({ label: weekdayName(index + 1).slice(0, 3), value }));
  const facts = [
    [t("today"), t("done_of", { done: summary.today_completed, all: summary.today_total })],
    [t("streak"), t("days", { count: summary.streak_days }), t("streak_rests")],
    [t("best_streak"), t("days", { count: summary.best_streak_days })],
    [t("done_minutes"), t("of_planned", { done: length(summary.done_minutes), planned: length(summary.planned_minutes) })],
  ];
  return html`<dl class="facts">${facts.map(([name, value, more]) => html`<div class="card"><dt>${name}</dt><dd>${value}</dd>${more && html`<dd class="hint">${more}</dd>`}</div>`)}</dl>
    <div class="cards"><${Bars} title=${t("sessions_done")} points=${counts} head=${head} unit="count" /><${Line} title=${t("focus_minutes")} points=${minutes} head=${head} unit="minutes" ahead=${ahead} />
    <${Donut} title=${t("by_subject")} points=${summary.subject_distribution.map(({ subject, minutes }) => ({ label: subject, value: minutes }))} head=${t("topic")} />
    <${Topics} stands=${stands} exams=${summary.exams} />
    ${summary.range === "30d" && html`<${Bars} title=${t("by_weekday")} points=${weekdays} head=${t("day")} unit="minutes" />`}
    <${DueSoon} due=${due} today=${summary.today} />
    <section class="card"><h2>${t("up_next")}</h2>${summary.up_next.length ? html`<ul class="lines">${summary.up_next.map((unit) => html`<li><b>${unit.title}</b> <span class="muted"><bdi>${unit.topic}</bdi> · ${t(`unit_${unit.state}`)}</span></li>`)}</ul>` : html`<p class="muted">${t("nothing_next")}</p>`}</section>
    <${HabitsCard} habits=${habits} /></div>`;
}

/** @param {{habits: Habits}} props */
function HabitsCard({ habits }) {
  const starts = habits.median_start_by_weekday.flatMap((time, index) => (time ? [[weekdayName(index + 1), time]] : []));
  const nothing = !starts.length && habits.finish_rate === null && habits.actual_over_planned === null;
  return html`<section class="card"><h2>${t("habits")}</h2>${nothing && html`<p class="muted">${t("no_habits")}</p>`}
    <ul class="lines">${habits.finish_rate !== null && html`<li>${t("finish_rate", { percent: Math.round(habits.finish_rate * 100) })}</li>`}
    ${habits.actual_over_planned !== null && html`<li>${t("actual_over_planned", { percent: Math.round(habits.actual_over_planned * 100) })}</li>`}
    ${starts.length > 0 && html`<li>${t("usual_start")} ${starts.map(([day, time]) => `${day} ${time}`).join(", ")}</li>`}</ul></section>`;
}
