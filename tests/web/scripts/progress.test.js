import assert from "node:assert/strict";
import test from "node:test";
import { dueIn, stands } from "../../../schediora/web/static/progress/topics.js";

/** @param {string} key @param {string} state @param {string | null} due_on */
const unit = (key, state, due_on = null) => ({ key, title: key, needs: [], state, learned_on: null, due_on, sessions_done: 0 });
/** @param {any[]} units @param {any} coverage @returns {any} */
const syllabus = (units, coverage) => ({ topic: "Biology", source: "builtin", language: "en", exam: null, units, coverage });
/** @param {string} status @param {string} key @returns {any} */
const session = (status, key) => ({ status, units: [{ key, title: key }] });

test("units are learned, planned or left, and a unit is planned once", () => {
  const units = [unit("a", "solid"), unit("b", "new"), unit("c", "new"), unit("d", "left_out")];
  const sessions = [session("pending", "b"), session("in_progress", "b"), session("pending", "a"), session("done", "c")];
  const [one] = stands([syllabus(units, { units: 3, learned: 1 })], sessions);
  assert.deepEqual([one.planned, one.left], [1, 1]);
  assert.deepEqual(stands([syllabus([], null)], sessions), []);
});

test("what is due within a week comes with the longest due first, each unit once", () => {
  const units = [unit("a", "solid", "2026-12-20"), unit("b", "learning", "2026-12-01"), unit("c", "due", "2026-11-20"), unit("d", "left_out", "2026-11-20")];
  const found = dueIn([syllabus(units, null), syllabus(units, null)], "2026-11-26");
  assert.deepEqual(found.map(({ title, on }) => [title, on]), [["c", "2026-11-20"], ["b", "2026-12-01"]]);
});
