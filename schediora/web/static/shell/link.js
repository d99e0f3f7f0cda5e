// What a link in a mail carries: `#reset=TOKEN` or `#confirm=TOKEN`. It leaves the address before anything else happens, and this page alone holds it.

/** @typedef {"reset" | "confirm"} Purpose */

const CARRIED = /^#\/?(reset|confirm)=(.*)$/;
let held = { purpose: "", token: "" };

/** Take the token out of the address, where there is one; the screen of its purpose is what stays there. */
export function takeLink() {
  const [, purpose, token] = CARRIED.exec(location.hash) ?? [];
  if (!purpose) return;
  history.replaceState(null, "", `#/${purpose}`);
  held = { purpose, token: token.trim() };
}
if (globalThis.location) takeLink();

/** The token for `purpose` that came with this page, "" without one. @param {Purpose} purpose */
export const tokenFor = (purpose) => (held.purpose === purpose ? held.token : "");

/** It has done what it was for, or never will. */
export const dropToken = () => { held = { purpose: "", token: "" }; };
