import assert from "node:assert/strict";
import test from "node:test";
import { changed } from "../../../schediora/web/static/generate/changes.js";
import { withWindow } from "../../../schediora/web/static/hours/windows.js";
import { ceiling } from "../../../schediora/web/static/progress/charts.js";
import { read } from "../../../schediora/web/static/shell/place.js";
import { busyOn, closedHours, firstFree, hoursOf, inLanes, instantOf, openHours, spot } from "../../../schediora/web/static/week/layout.js";

/** @param {number} minutes @param {number} length */
const item = (minutes, length) => ({ minutes, length });

test("what overlaps shares the width, and what does not has all of it", () => {
  const placed = inLanes([item(600, 60), item(540, 60), item(570, 60), item(900, 30)]);
  assert.deepEqual(placed.map(({ minutes, lane, lanes }) => [minutes, lane, lanes]), [[540, 0, 2], [570, 1, 2], [600, 0, 2], [900, 0, 1]]);
  assert.deepEqual(inLanes([]), []);
});

test("two that overlap are never in one lane", () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const items = Array.from({ length: 12 }, (_, n) => item((seed * 7919 * (n + 3)) % 1380, 15 + ((seed * 31 * (n + 1)) % 120)));
    const placed = inLanes(items);
    assert.equal(placed.length, items.length);
    for (const [at, one] of placed.entries())
      for (const other of placed.slice(at + 1))
        assert.ok(one.lane !== other.lane || one.minutes + one.length <= other.minutes || other.minutes + other.length <= one.minutes);
  }
});

test("the student's day goes on past midnight until theirs starts", () => {
  assert.deepEqual(spot("2026-11-25T17:30:00Z", "Asia/Tokyo", 180), { date: "2026-11-25", minutes: 1590 });
  assert.equal(instantOf({ date: "2026-11-25", minutes: 1590 }, "Asia/Tokyo"), "2026-11-25T17:30:00.000Z");
});

test("the hours shown are the student's own, with an hour around and what lies outside", () => {
  const windows = [{ weekday: 1, start: "16:00", end: "21:00" }];
  assert.deepEqual(hoursOf(windows, [], 0), { from: 900, to: 1320 });
  assert.deepEqual(hoursOf(windows, [item(605, 30)], 0), { from: 540, to: 1320 });
  assert.deepEqual(hoursOf([{ weekday: 1, start: "00:00", end: "24:00" }], [], 0), { from: 0, to: 1440 });
  assert.deepEqual(closedHours(openHours(windows, 1, 0), { from: 900, to: 1320 }), [{ from: 900, to: 960 }, { from: 1260, to: 1320 }]);
});

test("hours before the day starts belong to the day before", () => {
  const windows = [{ weekday: 1, start: "00:00", end: "24:00" }, { weekday: 2, start: "00:00", end: "02:00" }];
  assert.deepEqual(openHours(windows, 1, 240), [{ from: 240, to: 1440 }, { from: 1440, to: 1560 }]);
  assert.deepEqual(openHours(windows, 7, 240), [{ from: 1440, to: 1680 }]);
  assert.deepEqual(openHours(windows, 2, 240), []);
  assert.deepEqual(hoursOf(windows, [], 240), { from: 240, to: 1680 });
});

test("a busy time takes its part of each of the student's days", () => {
  const times = [{ start: "2026-11-25T14:00:00Z", end: "2026-11-26T01:00:00Z" }]; // 23:00 to 10:00 in Tokyo
  assert.deepEqual(busyOn(times, "2026-11-25", "Asia/Tokyo", 0), [{ from: 1380, to: 1440 }]);
  assert.deepEqual(busyOn(times, "2026-11-26", "Asia/Tokyo", 0), [{ from: 0, to: 600 }]);
  assert.deepEqual(busyOn(times, "2026-11-25", "Asia/Tokyo", 180), [{ from: 1380, to: 1620 }]);
  assert.deepEqual(busyOn(times, "2026-11-26", "Asia/Tokyo", 180), [{ from: 180, to: 600 }]);
  assert.deepEqual(busyOn(times, "2026-11-27", "Asia/Tokyo", 0), []);
});

test("the first free stretch lies within the hours and clear of what is taken", () => {
  const open = [{ from: 960, to: 1260 }, { from: 540, to: 600 }];
  assert.equal(firstFree(open, [], 60), 540);
  assert.equal(firstFree(open, [{ from: 550, to: 560 }, { from: 950, to: 1010 }], 60), 1020);
  assert.equal(firstFree(open, [], 301), null);
  assert.equal(firstFree([], [], 30), null);
});

test("a suggested window becomes one with those that it touches", () => {
  const windows = [{ weekday: 1, start: "16:00", end: "18:00" }, { weekday: 2, start: "16:00", end: "18:00" }];
  assert.deepEqual(withWindow(windows, { weekday: 1, start: "17:00", end: "20:00" }), [{ weekday: 1, start: "16:00", end: "20:00" }, windows[1]]);
  assert.deepEqual(withWindow(windows, { weekday: 3, start: "08:00", end: "09:00" }).length, 3);
});

test("a suggestion changes what it names and nothing else", () => {
  const preferences = { goal: "Pass", daily_hours: 2, focus_topics: ["Biology"], availability: [] };
  const none = { daily_hours: null, session_minutes: null, window: null };
  assert.deepEqual(changed(preferences, { ...none, daily_hours: 3 }), { goal: "Pass", daily_hours: 3, focus_topics: ["Biology"] });
  assert.deepEqual(changed(preferences, { ...none, session_minutes: 30 }).session_minutes, 30);
});

test("a chart of nothing has a height", () => {
  assert.equal(ceiling([{ label: "Mon", value: 0 }], "minutes"), 30);
  assert.equal(ceiling([{ label: "Mon", value: 3000 }], "minutes"), 3000);
  assert.equal(ceiling([], "count"), 4);
});

test("an address names a screen and more", () => {
  assert.deepEqual(read("#/week/2026-11-23"), { screen: "week", rest: ["2026-11-23"] });
  assert.deepEqual(read("#/%zz"), { screen: "%zz", rest: [] });
  assert.deepEqual(read(""), { screen: "", rest: [] });
});
