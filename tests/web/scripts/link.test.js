import assert from "node:assert/strict";
import test from "node:test";

/** @type {string[]} */
const replaced = [];
Object.assign(globalThis, {
  location: { hash: "#reset=AbC-_9.x" },
  history: { replaceState: (/** @type {unknown} */ _state, /** @type {string} */ _title, /** @type {string} */ where) => { replaced.push(where); location.hash = where; } },
});
const link = await import("../../../schediora/web/static/shell/link.js");

test("a link's token leaves the address as the page starts, and is good for its own purpose alone", () => {
  assert.deepEqual(replaced, ["#/reset"]);
  assert.deepEqual([link.tokenFor("reset"), link.tokenFor("confirm")], ["AbC-_9.x", ""]);
  link.dropToken();
  assert.equal(link.tokenFor("reset"), "");
});

test("a link that is opened later is taken as well, and every other address is left alone", () => {
  for (const hash of ["", "#/reset", "#/week/2026-11-23", "#/board", "#other=1"]) {
    location.hash = hash;
    link.takeLink();
    assert.equal(location.hash, hash);
  }
  location.hash = "#/confirm=second";
  link.takeLink();
  assert.deepEqual([location.hash, link.tokenFor("confirm")], ["#/confirm", "second"]);
});
