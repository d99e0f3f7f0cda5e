// Signing out empties this device of the student; what has not been sent is asked about first.
import { html, signal, useState } from "../vendor/ui.js";
import { forgetSignIn, leave, whose } from "../api/client.js";
import { t } from "../i18n/words.js";
import { Dialog } from "../shell/dialog.js";
import { NeedsServer } from "../shell/states.js";
import { remember } from "../storage.js";
import { send } from "../week/state.js";
import { readWaiting, waiting } from "./outbox.js";
import { wipe } from "./store.js";

/** Whether the student is being asked. */
const asking = signal(false);

/** Sign out, or ask first where that would lose something. */
export async function signOut() {
  await readWaiting();
  if (waiting.peek().length) asking.value = true;
  else await go();
}

async function go() {
  const user = whose.peek();
  asking.value = false;
  // The token is forgotten at once, so nothing is written for this student any more.
  const gone = leave();
  await wipe(user);
  await gone;
}

/** Leave nothing here of a student whose account is gone. What stays is the app itself, its look and its language. @param {string} user */
export async function forgetAll(user) {
  forgetSignIn();
  remember("skipped", null);
  await wipe(user);
}

export function SignOut() {
  const [busy, setBusy] = useState(false);
  const count = waiting.value.length;
  if (!asking.value || !whose.value) return null;
  const stay = () => { asking.value = false; };
  const first = async () => {
    if (busy) return;
    setBusy(true);
    await send();
    setBusy(false);
    if (!waiting.peek().length) await go();
  };
  return html`<${Dialog} title=${t("sign_out")} onClose=${stay} class="sheet">
    <p role="status">${t("would_lose", { count })}</p><${NeedsServer} />
    <div class="actions"><button class="primary" aria-disabled=${busy} onClick=${first}>${t(busy ? "one_moment" : "send_and_leave")}</button>
      <button class="danger" onClick=${go}>${t("leave_and_lose", { count })}</button>
      <button class="plain" onClick=${stay}>${t("stay")}</button></div><//>`;
}
