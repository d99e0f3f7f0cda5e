// How far each topic is: units learned, planned and left, towards its exam where there is one; and what memory says is due.
import { html } from "../vendor/ui.js";
import { call, list } from "../api/client.js";
import { t } from "../i18n/words.js";
import { hueOf } from "../shell/hues.js";
import { dayAndDate, longDay } from "../time/show.js";
import { shift } from "../time/zone.js";

/** @typedef {import("../api/types.js").Syllabus} Syllabus */
/** @typedef {import("../api/types.js").Session} Session */
/** @typedef {import("../api/types.js").Summary["exams"][number]} Exam */
/** @typedef {{syllabus: Syllabus, planned: number, left: number}} Stand */
/** @typedef {{title: string, topic: string, on: string}} Due */

/** How far ahead sessions count as planned, and a unit as soon due, in days. */
const [PLANNED_DAYS, SOON_DAYS] = [14, 7];
const MOST_DUE = 8;

/** Where each topic stands; one that nobody knows the units of is left out. @param {string[]} topics @param {string} today */
export async function standing(topics, today) {
  const known = [...new Map(topics.map((topic) => [topic.toLowerCase(), topic])).values()];
  const [sessions, ...lists] = await Promise.all([
    list(`/sessions?from=${today}&to=${shift(today, PLANNED_DAYS)}&limit=500`),
    ...known.map((topic) => call("GET", `/syllabus?topic=${encodeURIComponent(topic)}`)),
  ]);
  const different = lists.filter(({ units }, at) => !units.length || lists.findIndex((other) => other.units[0]?.key === units[0].key) === at);
  return { stands: stands(different, sessions), due: dueIn(lists, today) };
}

/** @param {Syllabus[]} lists @param {Session[]} sessions @returns {Stand[]} */
export function stands(lists, sessions) {
  const ahead = new Set(sessions.filter(({ status }) => status !== "done").flatMap(({ units }) => units.map(({ key }) => key)));
  return lists.flatMap((syllabus) => {
    if (!syllabus.coverage) return [];
    const planned = syllabus.units.filter(({ key, state }) => state === "new" && ahead.has(key)).length;
    return [{ syllabus, planned, left: Math.max(0, syllabus.coverage.units - syllabus.coverage.learned - planned) }];
  });
}

/** What is due or will be within a week, the longest due first; spellings of one topic have the same units. @param {Syllabus[]} lists @param {string} today @returns {Due[]} */
export function dueIn(lists, today) {
  /** @type {Map<string, Due>} */
  const due = new Map();
  for (const { topic, units } of lists)
    for (const { key, title, state, due_on } of units)
      if (due_on && due_on <= shift(today, SOON_DAYS) && state !== "left_out" && !due.has(key)) due.set(key, { title, topic, on: due_on });
  return [...due.values()].sort((a, b) => (a.on < b.on ? -1 : 1)).slice(0, MOST_DUE);
}

/** @param {{stands: Stand[], exams: Exam[]}} props */
export const Topics = ({ stands, exams }) => html`<section class="card wide"><h2>${t("coverage")}</h2>
  <ul class="stands">${stands.map((one) => html`<${Topic} ...${one} exam=${exams.find((exam) => isOf(exam, one))} />`)}
  ${exams.filter((exam) => !stands.some((one) => isOf(exam, one))).map((exam) => html`<li><h3>${exam.topic}</h3><${Ahead} exam=${exam} /></li>`)}</ul>
  ${!stands.length && !exams.length && html`<p class="muted">${t("no_coverage")}</p>`}</section>`;

/** @param {Exam} exam @param {Stand} stand */
const isOf = ({ topic, date }, { syllabus: { exam } }) => topic === exam?.topic && date === exam.date;

/** @param {{exam: Exam}} props */
const Ahead = ({ exam }) => html`<p class="muted">${t("exam_on", { day: longDay(exam.date) })} <b>${t("in_days", { count: exam.days_left })}</b></p>`;

/** @param {Stand & {exam: Exam | undefined}} props */
function Topic({ syllabus, planned, left, exam }) {
  const { coverage, topic } = syllabus;
  if (!coverage) return null;
  const parts = [["learned", coverage.learned], ["planned", planned], ["left", left]];
  return html`<li class=${`hue-${hueOf(topic)}`}><h3>${topic}</h3>
    ${exam && html`<${Ahead} exam=${exam} />`}
    <div class="parts" aria-hidden="true">${parts.map(([name, count]) => html`<i class=${name} style=${{ flexGrow: count }}></i>`)}</div>
    <p>${parts.map(([name, count]) => t(`units_${name}`, { count })).join(" · ")}</p><p class="muted">${coverage.text}</p></li>`;
}

/** @param {{due: Due[], today: string}} props */
export const DueSoon = ({ due, today }) => html`<section class="card"><h2>${t("due_soon")}</h2>${due.length ? html`<ul class="lines">${due.map(({ title, topic, on }) => html`<li><b>${title}</b> <span class="muted"><bdi>${topic}</bdi> · ${on < today ? t("due_since", { day: dayAndDate(on) }) : on === today ? t("due_today") : t("due_on", { day: dayAndDate(on) })}</span></li>`)}</ul>` : html`<p class="muted">${t("nothing_due")}</p>`}</section>`;
