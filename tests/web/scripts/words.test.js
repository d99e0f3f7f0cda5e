import assert from "node:assert/strict";
import test from "node:test";
import { t } from "../../../schediora/web/static/i18n/words.js";

test("what a student wrote is put in as it is, and never turns the sentence around", () => {
  assert.equal(t("Added {title} at {time}.", { title: "$& {time} <b>", time: "16:00" }), "Added $& {time} <b> at 16:00.");
  assert.equal(t("Added {title}.", { title: "\u202eabc" }), "Added \u2068\u202eabc\u2069.");
  assert.equal(t("Added {title}.", { title: "أحياء" }), "Added \u2068أحياء\u2069.");
});
