// A demonstration has a student whom anybody may sign in as; the server names them.
import { signal } from "../vendor/ui.js";
import { call } from "../api/client.js";

/** @type {import("../vendor/ui.js").Signal<{email: string, password: string} | null>} */
export const offered = signal(null);

export async function askForOffer() {
  offered.value = await call("GET", "").then(({ demo }) => demo ?? null, () => null);
}
