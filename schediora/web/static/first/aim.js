// Goal, topics and exams as the first step shows them: a row for each topic, with its next exam.

/** @typedef {import("../api/types.js").Preferences} Preferences */
/** @typedef {import("./draft.js").Aim} Aim */
/** @typedef {Preferences["exams"][number]} Exam */

export const MOST_TOPICS = 10;

/** @param {string} text */
const same = (text) => text.trim().toLocaleLowerCase();

/** The exam of each topic that the rows show: the first that is not over. @param {Preferences} preferences @param {string} today @returns {Map<string, Exam>} */
function nextExams({ exams, focus_topics: topics }, today) {
  const ahead = exams.filter(({ date }) => date >= today).sort((a, b) => (a.date < b.date ? -1 : 1));
  /** @type {Map<string, Exam>} */
  const next = new Map();
  for (const topic of topics) {
    const exam = ahead.find((one) => same(one.topic) === same(topic));
    if (exam) next.set(topic, exam);
  }
  return next;
}

/** @param {Preferences | null} preferences @param {string} today @returns {Aim} */
export function aimOf(preferences, today) {
  if (!preferences) return { goal: "", rows: [{ topic: "", date: "" }] };
  const next = nextExams(preferences, today);
  return { goal: preferences.goal, rows: preferences.focus_topics.map((topic) => ({ topic, date: next.get(topic)?.date ?? "" })) };
}

/**
 * The change of preferences that the rows stand for; exams that no row shows stay. `fieldOf` names the row's field that
 * a pointer of the API means.
 * @param {Aim} aim @param {Preferences | null} preferences @param {string} today
 */
export function changeOf({ goal, rows }, preferences, today) {
  const filled = rows.map((row, at) => ({ ...row, at })).filter(({ topic, date }) => topic.trim() || date);
  const dated = filled.filter(({ date }) => date);
  const shown = preferences ? new Set(nextExams(preferences, today).values()) : new Set();
  const others = (preferences?.exams ?? []).filter((exam) => !shown.has(exam));
  /** @param {string} pointer */
  const fieldOf = (pointer) => {
    const [, list, index, part] = pointer.split("/");
    if (list === "focus_topics") return `topic-${filled[Number(index ?? 0)]?.at ?? 0}`;
    const exam = list === "exams" ? dated[Number(index)] : undefined;
    return exam && `${part === "date" ? "date" : "topic"}-${exam.at}`;
  };
  return { change: { goal, focus_topics: filled.map(({ topic }) => topic), exams: [...dated.map(({ topic, date }) => ({ topic, date })), ...others] }, fieldOf };
}
