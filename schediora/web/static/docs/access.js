// Signing in, for the calls that this page sends. The token is kept in this page alone and gone when it is closed.
import { html, signal, useSignal } from "../vendor/ui.js";

/** The tokens, and whose they are. */
export const access = signal({ token: "", refresh: "", who: "" });
/** The demonstration's student, where this is one. */
export const demo = signal(/** @type {{email: string, password: string} | null} */ (null));

/** @param {{base: string}} props */
export function Access({ base }) {
  const email = useSignal("");
  const password = useSignal("");
  const said = useSignal("");
  const signIn = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const who = demo.value && !email.value ? demo.value : { email: email.value, password: password.value };
    said.value = "";
    try {
      const answer = await fetch(`${base}/auth/login`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(who), credentials: "omit" });
      const body = await answer.json();
      if (answer.ok) access.value = { token: body.access_token, refresh: body.refresh_token, who: who.email };
      else said.value = body.detail;
    } catch {
      said.value = "The server could not be reached; try again.";
    }
    password.value = "";
  };
  const signOut = () => { access.value = { token: "", refresh: "", who: "" }; };
  const { token, who } = access.value;
  return html`<section class="card access" aria-labelledby="access"><h2 id="access">Sign in</h2>
    ${token
      ? html`<p>Calls are sent as ${who || "whoever the token belongs to"}.</p>
        <p class="muted">For the lines below, in a terminal:</p><pre role="group" tabindex="0" aria-label="The token for a terminal">export TOKEN=${token}</pre>
        <div class="actions"><${Copy} text=${`export TOKEN=${token}`} /><button class="plain" onClick=${signOut}>Sign out</button></div>`
      : html`<form onSubmit=${signIn}><p class="muted">Calls with a lock need a student. The token stays in this page.</p>
        <div class="fields"><div class="field"><label for="email">Email</label><input id="email" type="email" autocomplete="username" required=${!demo.value} placeholder=${demo.value?.email ?? ""} value=${email.value} onInput=${(/** @type {any} */ event) => { email.value = event.target.value; }} /></div>
        <div class="field"><label for="password">Password</label><input id="password" type="password" autocomplete="current-password" required=${!demo.value} value=${password.value} onInput=${(/** @type {any} */ event) => { password.value = event.target.value; }} /></div></div>
        <div class="actions"><button class="primary">${demo.value && !email.value ? "Sign in as the demonstration's student" : "Sign in"}</button></div></form>
        <details><summary>I have a token</summary><div class="field"><label for="token">Access token</label><input id="token" type="password" autocomplete="off" onChange=${(/** @type {any} */ event) => { access.value = { token: event.target.value.trim(), refresh: "", who: "" }; }} /></div></details>`}
    <p role="status" class="fault">${said.value}</p></section>`;
}

/** Only a page that came over https or from this machine may copy. @param {{text: string}} props */
export function Copy({ text }) {
  const done = useSignal(false);
  if (!globalThis.navigator?.clipboard) return null;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      done.value = true;
      setTimeout(() => { done.value = false; }, 2000);
    } catch {
      // Not allowed: it can still be marked by hand.
    }
  };
  return html`<button class="plain" type="button" onClick=${copy}>${done.value ? "Copied" : "Copy"}</button>`;
}
