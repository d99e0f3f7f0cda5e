// Where a student comes to who has signed in: their week, or the first steps until they have taken or skipped them.
import { recall, remember } from "../storage.js";

/** @typedef {import("../api/types.js").Me} Me */

/** @param {Me} me */
export const landing = (me) => (me.preferences || recall("skipped") === me.id ? "week" : "first");
/** Not again on this device. @param {Me} me */
export const skipSteps = (me) => remember("skipped", me.id);
