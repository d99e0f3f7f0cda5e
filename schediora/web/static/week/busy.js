// The busy times of the week that is shown, from the calendar that the student uploaded; without one there are none.
import { call } from "../api/client.js";
import { loaded } from "../shell/loaded.js";
import { emptiedWithStudent } from "../shell/student.js";
import { shift } from "../time/zone.js";

/** @typedef {import("../api/types.js").BusyTime} BusyTime */

export const busyTimes = loaded((/** @type {string} */ monday) => /** @type {Promise<BusyTime[]>} */ (call("GET", `/users/me/busy?from=${monday}&to=${shift(monday, 6)}`)));
emptiedWithStudent(busyTimes.clear);
