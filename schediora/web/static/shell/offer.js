// What the service offers to who stands at its door: whether it sends mail, and the student of a demonstration, whom anybody may sign in as.
import { signal } from "../vendor/ui.js";
import { call } from "../api/client.js";

/** @type {import("../vendor/ui.js").Signal<{email: string, password: string} | null>} */
export const offered = signal(null);

/** Whether it sends mail, which is taken for granted until it has said so. */
export const mails = signal(true);

export async function askForOffer() {
  const { demo = null, mail = true } = await call("GET", "").catch(() => ({}));
  offered.value = demo;
  mails.value = mail;
}
