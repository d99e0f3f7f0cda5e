// Asking for the week anew. The server arranges a student's sessions once at a time and turns away who asks meanwhile.
import { Refused, call } from "../api/client.js";
import { emptiedWithStudent } from "../shell/student.js";

/** @typedef {import("../api/types.js").Replan} Replan */

const PATH = "/plans/current/replan";
const [TRIES, LONGEST_PAUSE] = [8, 2];
/** The preview that is on its way: whoever wants one meanwhile waits for the same. @type {Promise<Replan> | null} */
let coming = null;
emptiedWithStudent(() => { coming = null; });

/** What would change. */
export function preview() {
  if (coming) return coming;
  const mine = patiently({ apply: false, include_overdue: true }).finally(() => { if (coming === mine) coming = null; });
  coming = mine;
  return mine;
}

/** Change it, after the preview that may be on its way. @param {string} revision of the preview that was shown */
export async function apply(revision) {
  await coming?.catch(() => undefined);
  return patiently({ apply: true, revision, include_overdue: true });
}

export const undo = () => call("POST", `${PATH}/undo`, {});

/** Another tab or phone may be at it. @param {object} wanted @returns {Promise<Replan>} */
async function patiently(wanted) {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await call("POST", PATH, wanted);
    } catch (error) {
      // Who is to wait for longer has asked for too much: that is told.
      if (!(error instanceof Refused && error.status === 429 && error.wait <= LONGEST_PAUSE && left > 1)) throw error;
      await new Promise((done) => setTimeout(done, Math.max(error.wait, 1) * 1000));
    }
  }
}
