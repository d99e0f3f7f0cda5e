// The student who is signed in: what the API says of them, and how far their clock is from ours.
import { computed } from "../vendor/ui.js";
import { call } from "../api/client.js";
import { loaded } from "./loaded.js";

/** @typedef {import("../api/types.js").Me} Me */

export const student = loaded(() => /** @type {Promise<Me>} */ (call("GET", "/users/me")));
export const zone = computed(() => student.state.value.data?.timezone ?? "UTC");

export const loadStudent = () => student.load();

/** @type {(() => void)[]} */
const keepers = [student.clear];
/** Name what else has to be emptied when the student goes. @param {() => void} clear */
export const emptiedWithStudent = (clear) => { keepers.push(clear); };
export const clearStudent = () => { for (const clear of keepers) clear(); };
