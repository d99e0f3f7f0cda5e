// The shell: who is here, where they are, and the screen that belongs to it.
import "./shell/link.js"; // before everything else
import { effect, html, render, useEffect } from "./vendor/ui.js";
import { stayIn, tokens, whose } from "./api/client.js";
import { landing } from "./first/landing.js";
import { speak } from "./i18n/words.js";
import { readWaiting, waiting } from "./offline/outbox.js";
import { stayInTouch } from "./offline/touch.js";
import { Frame } from "./shell/frame.js";
import { clearStudent, loadStudent, student } from "./shell/student.js";
import { go, place } from "./shell/place.js";
import { Toasts, dismiss } from "./shell/toasts.js";
import { Confirm } from "./signin/confirm.js";
import { Forgotten } from "./signin/forgotten.js";
import { Reset } from "./signin/reset.js";
import { SignIn } from "./signin/signin.js";
import { send } from "./week/state.js";

/** What is open to everybody, also to who is signed in. */
const OPEN = /** @type {Record<string, () => unknown>} */ ({ forgotten: Forgotten, reset: Reset, confirm: Confirm });

function App() {
  const here = place.value.screen;
  const signedIn = tokens.value !== null;
  const open = OPEN[here];
  const outside = here === "sign-in" || here === "register";
  const me = student.state.value.data;
  useEffect(() => {
    if (signedIn && me && (outside || here === "")) go(landing(me), { replace: true });
    if (!signedIn && !outside && !open) go("sign-in", { replace: true });
  }, [signedIn, here, me]);
  return html`${open ? html`<${open} key=${here} />` : signedIn ? html`<${Frame} />` : html`<${SignIn} fresh=${here === "register"} />`}<${Toasts} />`;
}

/** Another student's data never stays: not on this page, not after a sign-in in another tab. */
let shown = "";
effect(() => {
  const now = whose.value;
  if (now === shown) return;
  shown = now;
  clearStudent();
  dismiss();
  if (now) begin();
});

/** What they have not sent is had before their week is shown. */
async function begin() {
  await readWaiting();
  await loadStudent();
  if (waiting.peek().length) send();
}

await speak();
const root = /** @type {HTMLElement} */ (document.getElementById("app"));
root.replaceChildren();
render(html`<${App} />`, root);
stayIn();
stayInTouch();

if ("serviceWorker" in navigator) {
  // The one address that is run as code, said so to Trusted Types where the browser has them.
  const rules = { createScriptURL: () => "./sw.js" };
  const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("app", rules) ?? rules;
  navigator.serviceWorker.register(policy.createScriptURL(""), { updateViaCache: "none" }).catch(() => undefined);
}
