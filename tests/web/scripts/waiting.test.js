import assert from "node:assert/strict";
import test from "node:test";
import { afterTaken, asLeft, bodyOf, countedToday, joined, tooOld, weekAsLeft } from "../../../schediora/web/static/offline/waiting.js";
import { dayOf } from "../../../schediora/web/static/time/zone.js";

/** @type {any} */
const session = { id: "a", title: "Cells", status: "pending", scheduled_at: "2026-11-25T07:00:00Z", scheduled_on: "2026-11-25", pinned: false, rating: null, actual_minutes: null, started_at: null, completed_at: null, completed_on: null };
const when = (/** @type {Partial<{at: number, day: string, late: boolean}>} */ other = {}) => ({ user: "u", at: 1000, day: "2026-11-26", late: true, ...other });
/** Make one change after the other. @param {any[]} changes @param {any} [said] @param {any} [how] @returns {any} */
const after = (changes, said = session, how = {}) => changes.reduce((row, change) => joined(row, said, change, when(how)), null);

test("the newest values win, and what is taken back before it was sent leaves nothing", () => {
  assert.deepEqual(after([{ status: "in_progress" }, { status: "done", rating: "good", actual_minutes: 40 }]).change, { status: "done", rating: "good", actual_minutes: 40 });
  assert.equal(after([{ status: "done", rating: "good", actual_minutes: 40 }, { status: "pending" }]), null);
  assert.equal(after([{ scheduled_at: "2026-11-26T07:00:00.000Z" }, { scheduled_at: "2026-11-25T07:00:00.000Z", pinned: false }]), null);
  assert.deepEqual(after([{ status: "done" }, { scheduled_at: "2026-11-26T07:00:00.000Z" }, { status: "pending" }]).change, { scheduled_at: "2026-11-26T07:00:00.000Z", pinned: true });
  assert.deepEqual(after([{ pinned: true }, { status: "in_progress" }, { status: "pending" }]).change, { pinned: true });
});

test("what may have arrived is sent again when it is taken back", () => {
  const tried = { ...after([{ status: "done", rating: "good" }]), tried: true };
  assert.deepEqual(joined(tried, session, { status: "pending" }, when())?.change, { status: "pending" });
});

test("a tick keeps the day on which it was made, however often it is touched", () => {
  const first = after([{ status: "done" }]);
  const again = joined(first, session, { status: "done", rating: "hard" }, when({ at: 9000, day: "2026-11-29" }));
  assert.ok(again);
  assert.equal(again.day, "2026-11-26");
  assert.deepEqual(bodyOf(again, 9000), { status: "done", rating: "hard", completed_on: "2026-11-26" });
  assert.deepEqual(bodyOf(after([{ status: "done" }], session, { late: false }), 1001), { status: "done" });
  assert.deepEqual(bodyOf(after([{ status: "done" }], session, { late: false }), 90_000), { status: "done", completed_on: "2026-11-26" });
  assert.deepEqual(bodyOf(after([{ status: "done", completed_on: "2026-11-25" }]), 9000), { status: "done", completed_on: "2026-11-25" });
  const done = { ...session, status: "done", completed_on: "2026-11-24" };
  assert.deepEqual(bodyOf(after([{ status: "done", rating: "easy" }], done), 9000), { status: "done", rating: "easy" });
});

test("seven days back is taken, eight is for the student to say", () => {
  const row = after([{ status: "done" }]);
  assert.equal(tooOld(row, "2026-12-03"), false);
  assert.equal(tooOld(row, "2026-12-04"), true);
  assert.equal(tooOld(after([{ status: "done", completed_on: "2026-11-20" }]), "2026-11-28"), true);
  assert.equal(tooOld(after([{ scheduled_at: "2026-11-26T07:00:00.000Z" }]), "2027-12-04"), false);
  assert.deepEqual(bodyOf(countedToday(row, "2026-12-04", 5), 6), { status: "done" });
});

test("what the student does while a change is under way is sent after it", () => {
  const first = after([{ status: "done", rating: "good" }]);
  const now = { ...session, status: "done", rating: "good", completed_on: "2026-11-26" };
  assert.equal(afterTaken(first, first.version, now), null);
  const undone = joined({ ...first, tried: true }, session, { status: "pending" }, when());
  assert.deepEqual(afterTaken(undone, first.version, now)?.change, { status: "pending" });
  const moved = joined({ ...first, tried: true }, session, { scheduled_at: "2026-11-26T07:00:00.000Z" }, when());
  assert.deepEqual(afterTaken(moved, first.version, now)?.change, { scheduled_at: "2026-11-26T07:00:00.000Z", pinned: true });
  assert.equal(afterTaken(null, 1, now), null);
});

test("a change after one that was refused begins anew", () => {
  const refused = { ...after([{ status: "done" }]), refused: { detail: "No.", day: true } };
  const next = joined(refused, session, { pinned: true }, when());
  assert.deepEqual([next?.change, next?.refused], [{ pinned: true }, null]);
  assert.equal(asLeft(session, refused, String), session);
});

test("the week shows sessions as they were left, also those moved into it and out of it", () => {
  const day = (/** @type {string} */ at) => dayOf(at, "Asia/Tokyo", 120);
  const away = { ...session, id: "b" };
  const rows = [after([{ status: "done" }]), after([{ scheduled_at: "2026-12-01T16:30:00.000Z" }], away)];
  const here = weekAsLeft([session, away], rows, { from: "2026-11-23", to: "2026-11-29", dayOf: day });
  assert.deepEqual(here.map(({ id, status, completed_on: on }) => [id, status, on]), [["a", "done", "2026-11-26"]]);
  const next = weekAsLeft([], rows, { from: "2026-11-30", to: "2026-12-06", dayOf: day });
  assert.deepEqual(next.map(({ id, scheduled_on: on, pinned }) => [id, on, pinned]), [["b", "2026-12-01", true]]);
});
