// One tab at a time. Without `navigator.locks` (a page over plain http) a row in the database is the lock.
import { change } from "./store.js";

/** Longer than one call may take, with the renewal of a token in it. */
const CLAIM_MS = 90_000;
const ASK_AGAIN_MS = 400;
const TAB = String(Math.random());
/** @type {Promise<unknown>} */
let last = Promise.resolve();

/** Do `act` when nobody else does it for this user; it says `still` before each step that takes time. @param {string} user @param {(still: () => Promise<unknown>) => Promise<void>} act @returns {Promise<void>} */
export function alone(user, act) {
  if (globalThis.navigator?.locks) return navigator.locks.request(`schediora.waiting.${user}`, () => act(async () => undefined));
  const next = last.then(() => claimed(user, act));
  last = next.catch(() => undefined);
  return next;
}

/** @param {string} user @param {(still: () => Promise<unknown>) => Promise<void>} act */
async function claimed(user, act) {
  const claim = () => change("claims", user, "sending", (row) => (row && row.by !== TAB && row.until > Date.now() ? row : { user, name: "sending", by: TAB, until: Date.now() + CLAIM_MS }));
  const until = Date.now() + CLAIM_MS;
  while ((await claim()).by !== TAB) {
    if (Date.now() > until) return;
    await new Promise((done) => setTimeout(done, ASK_AGAIN_MS));
  }
  try {
    await act(claim);
  } finally {
    await change("claims", user, "sending", (row) => (row?.by === TAB ? null : row));
  }
}
