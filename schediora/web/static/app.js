// The shell: who is here, where they are, and the screen that belongs to it.
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
import { SignIn } from "./signin/signin.js";
import { send } from "./week/state.js";

function App() {
  const here = place.value.screen;
  const signedIn = tokens.value !== null;
  const outside = here === "sign-in" || here === "register";
  const me = student.state.value.data;
  useEffect(() => {
    if (signedIn && me && (outside || here === "")) go(landing(me), { replace: true });
    if (!signedIn && !outside) go("sign-in", { replace: true });
  }, [signedIn, here, me]);
  return html`${signedIn ? html`<${Frame} />` : html`<${SignIn} fresh=${here === "register"} />`}<${Toasts} />`;
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
