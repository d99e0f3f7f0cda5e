// A topic's units as the student marks them, and as the API takes them.

/** @typedef {import("../api/types.js").Syllabus["units"][number]} Unit */
/** @typedef {{key?: string, title: string, known: boolean, left_out: boolean}} Entry */

/** @param {Unit[]} units @returns {Entry[]} */
export const entries = (units) => units.map(({ key, title, state }) => ({ key, title, known: state === "known", left_out: state === "left_out" }));

/** Say of a unit that it is known or not asked, or take it back. @param {Unit[]} units @param {string} key @param {"known" | "left_out"} what @returns {Unit[]} */
export const marked = (units, key, what) => units.map((unit) => (unit.key === key ? { ...unit, state: unit.state === what ? "new" : what } : unit));

/** Everything up to a unit is known, besides what is not asked; of what was learned here the sessions say more. @param {Unit[]} units @param {string} key @returns {Unit[]} */
export function knownUpTo(units, key) {
  const last = units.findIndex((unit) => unit.key === key);
  return units.map((unit, at) => (at <= last && unit.state === "new" ? { ...unit, state: "known" } : unit));
}

/** What two spellings of a title share. @param {string} title */
const same = (title) => title.trim().toLocaleLowerCase();

/** A list of chapters, one a line, without its bullets; a title that was there keeps its unit. @param {string} text @param {Unit[]} before @returns {Entry[]} */
export function chapters(text, before) {
  const titles = text.split("\n").map((line) => line.replace(/^\s*[-–—•*·▪◦]+\s+/u, "").trim()).filter(Boolean);
  return titles.map((title) => {
    const unit = before.find((one) => same(one.title) === same(title));
    return unit ? { ...entries([unit])[0], title } : { title, known: false, left_out: false };
  });
}
