// Where one is: `#/week/2026-11-23` is the screen `week` with one more word.
import { signal } from "../vendor/ui.js";
import { takeLink } from "./link.js";

/** @param {string} hash */
export function read(hash) {
  const [screen = "", ...rest] = hash.replace(/^#\/?/, "").split("/").map((part) => decoded(part));
  return { screen, rest };
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const place = signal(read(globalThis.location?.hash ?? ""));
if (globalThis.location) addEventListener("hashchange", () => { takeLink(); place.value = read(location.hash); });

/** Go to `#/where`; `replace` leaves no step back. @param {string} where @param {{replace?: boolean}} [how] */
export function go(where, { replace = false } = {}) {
  if (replace) location.replace(`#/${where}`);
  else location.hash = `#/${where}`;
}
