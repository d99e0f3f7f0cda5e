import assert from "node:assert/strict";
import test from "node:test";
import { instant, shift, wall } from "../../../schediora/web/static/time/zone.js";

const ZONES = ["UTC", "Asia/Jakarta", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "America/New_York", "Pacific/Chatham"];

test("each hour of a year comes back from its wall clock, but where the clocks repeat it", () => {
  for (const zone of ZONES) {
    let twice = 0;
    for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 3_600_000) {
      const { date, minutes } = wall(at, zone);
      const back = instant(date, minutes, zone);
      if (Date.parse(back) === at) continue;
      assert.deepEqual(wall(back, zone), { date, minutes }, zone);
      twice += 1;
    }
    assert.ok(twice <= 2, `${zone}: ${twice}`);
  }
});

test("a time that the clocks skip is the one after the gap, one that they repeat the first", () => {
  assert.equal(instant("2026-03-08", 150, "America/New_York"), "2026-03-08T07:30:00.000Z");
  assert.equal(instant("2026-11-01", 90, "America/New_York"), "2026-11-01T05:30:00.000Z");
});

test("midnight is minute 0, and days are counted without a zone", () => {
  assert.deepEqual(wall("2026-11-25T15:00:00Z", "Asia/Tokyo"), { date: "2026-11-26", minutes: 0 });
  assert.equal(shift("2026-03-01", -1), "2026-02-28");
  assert.equal(shift("2026-12-31", 1), "2027-01-01");
});
