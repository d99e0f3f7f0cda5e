// One call: what it is for, takes and answers, and a form that sends it.
import { html, signal, useSignal } from "../vendor/ui.js";
import { Copy, access } from "./access.js";
import { callOf, curl, idsIn, send } from "./calls.js";
import { About, Fields } from "./fields.js";
import { Line, Prose } from "./prose.js";
import { afresh, sample, solve } from "./schema.js";

/** @typedef {import("./schema.js").Schema} Schema */
/** @typedef {import("./schema.js").Operation} Operation */

/** Which calls are unfolded, by their ids. */
export const unfolded = signal(/** @type {ReadonlySet<string>} */ (new Set()));
/** Ids out of earlier answers, by the parameter that takes them. */
const ids = signal(/** @type {Record<string, string>} */ ({}));
const HUES = /** @type {Record<string, number>} */ ({ get: 1, post: 2, put: 3, patch: 5, delete: 4 });

/** @param {string} id @param {boolean} open */
export function unfold(id, open) {
  const next = new Set(unfolded.value);
  if (open) next.add(id);
  else next.delete(id);
  unfolded.value = next;
}

/** @param {{spec: Schema, base: string, operation: Operation}} props */
export function OperationCard({ spec, base, operation }) {
  const open = unfolded.value.has(operation.id);
  return html`<details class="card operation" id=${operation.id} open=${open} onToggle=${(/** @type {any} */ event) => { if (event.target.id === operation.id) unfold(operation.id, event.target.open); }}>
    <summary><h3><span class=${`verb hue-${HUES[operation.verb]}`}>${operation.verb.toUpperCase()}</span> <code>${operation.path}</code>
      <span class="says">${operation.about.summary}</span>${!operation.open && html` <span class="lock">needs sign-in</span>`}</h3></summary>
    ${open && html`<${Inside} spec=${spec} base=${base} operation=${operation} />`}</details>`;
}

/** @param {{spec: Schema, base: string, operation: Operation}} props */
function Inside({ spec, base, operation }) {
  const { about } = operation;
  const [type, content] = Object.entries(about.requestBody?.content ?? {})[0] ?? ["", null];
  return html`<div class="inside"><${Prose} text=${about.description ?? ""} />
    <${Form} spec=${spec} base=${base} operation=${operation} type=${type} content=${content} />
    ${content && html`<h4>What is sent</h4>${type !== "application/json" && html`<p><code>${type}</code></p>`}<${Fields} spec=${spec} schema=${content.schema} sent />`}
    <h4>What is answered</h4><${Answers} spec=${spec} operation=${operation} /></div>`;
}

/** @param {{spec: Schema, base: string, operation: Operation, type: string, content: Schema | null}} props */
function Form({ spec, base, operation, type, content }) {
  const parameters = (operation.about.parameters ?? []).map((/** @type {Schema} */ one) => solve(spec, one));
  const values = useSignal(/** @type {Record<string, string>} */ (Object.fromEntries(parameters.filter((/** @type {Schema} */ one) => one.required && one.in === "query").map((/** @type {Schema} */ one) => [one.name, String(sample(spec, one.schema))]))));
  const body = useSignal(content ? written(withRefresh(content.example ?? sample(spec, content.schema))) : "");
  const answer = useSignal(/** @type {{line: string, head: string, body: string} | null} */ (null));
  const busy = useSignal(false);
  const filled = { ...ids.value, ...values.value };
  const call = callOf(base, operation, filled, type, body.value);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    try {
      const got = await send(call, access.value.token);
      answer.value = got;
      if (got.status < 300) {
        ids.value = { ...ids.value, ...idsIn(operation.path, got.data, Object.keys(spec.paths)) };
        if (got.data?.access_token) keep(got.data, body);
      }
    } catch {
      answer.value = { line: "The server could not be reached; try again.", head: "", body: "" };
    }
    busy.value = false;
  };
  return html`<form onSubmit=${submit} aria-label=${operation.about.summary}>
    ${parameters.length > 0 && html`<h4>Parameters</h4>`}
    ${parameters.map((/** @type {Schema} */ one) => html`<div class="field" key=${one.name}><label for=${`${operation.id}-${one.name}`}><code>${one.name}</code> <${About} spec=${spec} schema=${one.schema} optional=${!one.required} /></label>
      ${one.description && html`<p class="muted" id=${`${operation.id}-${one.name}-about`}><${Line} text=${one.description} /></p>`}
      <input id=${`${operation.id}-${one.name}`} aria-describedby=${one.description ? `${operation.id}-${one.name}-about` : undefined} required=${one.required} autocomplete="off" value=${filled[one.name] ?? ""} onInput=${(/** @type {any} */ event) => { values.value = { ...values.value, [one.name]: event.target.value }; }} /></div>`)}
    ${content && html`<div class="field"><label for=${`${operation.id}-body`}>Body</label><textarea id=${`${operation.id}-body`} class="code" spellcheck=${false} rows=${Math.min(20, body.value.split("\n").length + 1)} value=${body.value} onInput=${(/** @type {any} */ event) => { body.value = event.target.value; }}></textarea></div>`}
    <div class="actions"><button class="primary" aria-disabled=${busy.value}>Send</button></div>
    <p role="status">${busy.value ? "Sending" : answer.value?.line ?? ""}${!operation.open && !access.value.token && html`<span class="muted"> It needs a student: sign in above first.</span>`}</p>
    ${answer.value?.body && html`<pre role="group" tabindex="0" aria-label="The answer">${answer.value.body}</pre>`}
    ${answer.value?.head && html`<details><summary>The answer's headers</summary><pre role="group" tabindex="0" aria-label="The answer's headers">${answer.value.head}</pre></details>`}
    <h4>In a terminal</h4><pre role="group" tabindex="0" aria-label="As a curl command">${curl(call)}</pre><div class="actions"><${Copy} text=${curl(call)} /></div></form>`;
}

/** Go on with a pair of tokens; a refresh token is good for one exchange, so the form has the next one. @param {any} pair @param {import("../vendor/ui.js").Signal<string>} body */
function keep(pair, body) {
  const sent = JSON.parse(body.value);
  access.value = { token: pair.access_token, refresh: pair.refresh_token, who: sent.email ?? access.value.who };
  if (sent.refresh_token) body.value = written(withRefresh(sent));
}

/** @param {any} example */
const withRefresh = (example) => (example?.refresh_token && access.value.refresh ? { ...example, refresh_token: access.value.refresh } : example);

/** @param {any} example */
const written = (example) => (typeof example === "string" ? example : JSON.stringify(afresh(example, Date.now()), null, 2));

/** @param {{spec: Schema, operation: Operation}} props */
function Answers({ spec, operation }) {
  const answers = Object.entries(operation.about.responses).map(([status, given]) => ({ status, ...solve(spec, given) }));
  const [type, content] = Object.entries(answers.find(({ status }) => status.startsWith("2"))?.content ?? {})[0] ?? ["", null];
  const example = content && (content.example ?? sample(spec, content.schema));
  return html`<table><caption class="hidden">Statuses of ${operation.about.summary}</caption><thead><tr><th scope="col">Status</th><th scope="col">When</th></tr></thead>
    <tbody>${answers.map(({ status, description }) => html`<tr><th scope="row">${status}</th><td><${Line} text=${description} /></td></tr>`)}</tbody></table>
    ${content && html`${!type.includes("json") && html`<p><code>${type}</code></p>`}<${Fields} spec=${spec} schema=${content.schema} />
      <h4>For example</h4><pre role="group" tabindex="0" aria-label="An example of the answer">${typeof example === "string" ? example : JSON.stringify(example, null, 2)}</pre>`}`;
}
