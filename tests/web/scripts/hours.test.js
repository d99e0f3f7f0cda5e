import assert from "node:assert/strict";
import test from "node:test";
import { aimOf, changeOf } from "../../../schediora/web/static/first/aim.js";
import { paint, painted, pastMidnight, sent, untold, unused, weekMinutes } from "../../../schediora/web/static/hours/windows.js";
import { chapters, entries, knownUpTo, marked } from "../../../schediora/web/static/syllabus/units.js";

/** @param {number} weekday @param {string} start @param {string} end */
const window = (weekday, start, end) => ({ weekday, start, end });
/** @param {ReturnType<typeof window>[]} windows */
const plain = (windows) => sent(windows).map(({ weekday, start, end }) => `${weekday} ${start}-${end}`);

test("what is painted is one window, and joins what it touches", () => {
  const day = paint([], [1, 2], 960, 1080, true);
  assert.deepEqual(day, [window(1, "16:00", "18:00"), window(2, "16:00", "18:00")]);
  assert.deepEqual(paint(day, [1], 1080, 1140, true), [window(1, "16:00", "19:00"), window(2, "16:00", "18:00")]);
  assert.deepEqual(paint([], [7], 1410, 1440, true), [window(7, "23:30", "24:00")]);
});

test("wiping cuts a window in two, and leaves no piece that is too short for a session", () => {
  assert.deepEqual(paint([window(3, "16:00", "20:00")], [3], 1020, 1080, false), [window(3, "16:00", "17:00"), window(3, "18:00", "20:00")]);
  assert.deepEqual(paint([window(3, "16:00", "16:40")], [3], 960, 990, false), []);
  assert.deepEqual(paint([window(3, "16:00", "16:45")], [3], 960, 990, false), [window(3, "16:30", "16:45")]);
});

test("painting one day leaves what is written for the others, and what is not filled in yet", () => {
  const others = [window(2, "16:10", "16:50"), window(2, "16:50", "18:00"), window(4, "", "18:00")];
  assert.deepEqual(paint(others, [1], 600, 660, true), [window(1, "10:00", "11:00"), ...others]);
});

test("a half hour says how much of it is free", () => {
  const monday = painted([window(1, "16:15", "17:45"), window(1, "16:20", "17:00")])[0];
  assert.deepEqual(monday.slice(32, 36), [15, 30, 30, 15]);
  assert.equal(weekMinutes([window(1, "16:15", "17:45"), window(1, "16:20", "17:00")]), 90);
});

test("a window past midnight is cut there, and Sunday goes on into Monday", () => {
  const late = window(7, "22:00", "01:00");
  assert.ok(pastMidnight(late) && !pastMidnight(window(1, "22:00", "24:00")));
  assert.deepEqual(sent([late]), [{ ...window(1, "00:00", "01:00"), at: 0 }, { ...window(7, "22:00", "24:00"), at: 0 }]);
  assert.deepEqual(plain([window(1, "23:55", "02:00")]), ["2 00:00-02:00"]);
  assert.deepEqual(plain([window(1, "00:00", "00:00")]), ["1 00:00-24:00"]);
});

test("windows that overlap are sent as one, those that touch stay two, and what is wrong is sent as it is", () => {
  const windows = [window(1, "18:00", "20:00"), window(1, "16:00", "18:30"), window(2, "10:00", "11:00"), window(2, "11:00", "12:00"), window(3, "16:00", "16:10"), window(4, "", "18:00")];
  assert.deepEqual(plain(windows), ["1 16:00-20:00", "2 10:00-11:00", "2 11:00-12:00", "3 16:00-16:10", "4 -18:00"]);
  assert.deepEqual(sent(windows).map(({ at }) => at), [1, 2, 3, 4, 5]);
});

test("whatever is painted and wiped, the sheet shows it and the API takes it", () => {
  let seed = 7;
  const next = (/** @type {number} */ below) => (seed = (seed * 16807) % 2147483647) % below;
  for (let round = 0; round < 40; round += 1) {
    let windows = [window(1 + next(7), "09:10", "10:25")];
    const wanted = painted(windows);
    for (let stroke = 0; stroke < 8; stroke += 1) {
      const [first, last] = [next(7), next(7)].sort();
      const [top, rows, free] = [next(47), 1 + next(8), next(2) === 1];
      const end = Math.min(48, top + rows);
      windows = paint(windows, [1, 2, 3, 4, 5, 6, 7].slice(first, last + 1), top * 30, end * 30, free);
      for (let day = first; day <= last; day += 1) for (let cell = top; cell < end; cell += 1) wanted[day][cell] = free ? 30 : 0;
    }
    const shown = painted(windows);
    // A piece below a quarter of an hour goes with what was wiped beside it.
    assert.ok(shown.every((day, at) => day.every((/** @type {number} */ minutes, /** @type {number} */ cell) => minutes === wanted[at][cell] || (minutes === 0 && wanted[at][cell] < 15 && wanted[at][cell] > 0))));
    const all = sent(windows);
    assert.ok(all.every(({ start, end }) => /^\d\d:\d\d$/.test(start) && start < end));
    assert.ok(all.every((one, at) => !at || all[at - 1].weekday < one.weekday || all[at - 1].end <= one.start));
    assert.deepEqual(painted(all), shown);
  }
});

test("hours that nobody told are not taken for the student's own", () => {
  const week = [1, 2, 3, 4, 5, 6, 7].map((weekday) => window(weekday, "08:00", "22:00"));
  assert.ok(untold(week) && !untold(week.slice(1)) && !untold([]));
});

test("hours to begin with lie beside those of the day, while there is room", () => {
  assert.deepEqual(unused([], 1), window(1, "16:00", "18:00"));
  assert.deepEqual(unused([window(1, "16:00", "18:00")], 1), window(1, "18:00", "20:00"));
  assert.equal(unused([window(1, "00:00", "24:00")], 1), undefined);
});

const TODAY = "2026-11-26";
const NONE = /** @type {any} */ ({ goal: "Pass", focus_topics: ["Biology", "Maths"], exams: [] });

test("each topic has a row with its next exam, and exams that no row shows stay", () => {
  const exams = [{ topic: "biology", date: "2026-12-18" }, { topic: "Biology", date: "2027-01-10" }, { topic: "Maths", date: "2026-11-01" }, { topic: "Art", date: "2026-12-01" }];
  const preferences = { ...NONE, exams };
  const aim = aimOf(preferences, TODAY);
  assert.deepEqual(aim, { goal: "Pass", rows: [{ topic: "Biology", date: "2026-12-18" }, { topic: "Maths", date: "" }] });
  assert.deepEqual(changeOf(aim, preferences, TODAY).change, { goal: "Pass", focus_topics: ["Biology", "Maths"], exams: [{ topic: "Biology", date: "2026-12-18" }, ...exams.slice(1)] });
  const moved = { ...aim, rows: [{ topic: "Biology", date: "" }, aim.rows[1]] };
  assert.deepEqual(changeOf(moved, preferences, TODAY).change.exams, exams.slice(1));
});

test("what the server says of a topic or an exam stands in its row", () => {
  const { change, fieldOf } = changeOf({ goal: "", rows: [{ topic: " ", date: "" }, { topic: "A", date: "" }, { topic: "", date: "2026-12-18" }] }, null, TODAY);
  assert.deepEqual(change.focus_topics, ["A", ""]);
  assert.deepEqual(["/focus_topics/1", "/exams/0/topic", "/exams/0/date", "/exams/0"].map(fieldOf), ["topic-2", "topic-2", "date-2", "topic-2"]);
  assert.deepEqual(["/focus_topics", "/goal"].map(fieldOf), ["topic-1", undefined]);
});

/** @param {string} key @param {string} title @param {string} state */
const unit = (key, title, state) => /** @type {any} */ ({ key, title, state });
const UNITS = [unit("a", "Cells", "learning"), unit("b", "Genes", "left_out"), unit("c", "Life", "new")];

test("a mark says one thing of a unit, and is taken back by the same press", () => {
  assert.deepEqual(marked(UNITS, "b", "known").map(({ state }) => state), ["learning", "known", "new"]);
  assert.deepEqual(marked(UNITS, "b", "left_out").map(({ state }) => state), ["learning", "new", "new"]);
  assert.deepEqual(knownUpTo(UNITS, "c").map(({ state }) => state), ["learning", "left_out", "known"]);
  assert.deepEqual(entries(UNITS).map(({ known, left_out: out }) => [known, out]), [[false, false], [false, true], [false, false]]);
});

test("pasted chapters lose their bullets and empty lines, and keep the units that they name", () => {
  assert.deepEqual(chapters("- cells\n\n  • New one \n2-3 Angles\n", UNITS), [
    { key: "a", title: "cells", known: false, left_out: false }, { title: "New one", known: false, left_out: false }, { title: "2-3 Angles", known: false, left_out: false }]);
});
