// The API's pages, drawn from the OpenAPI document that the server makes of the schemas it checks with.
import { html, render, signal } from "../vendor/ui.js";
import { Access, demo } from "./access.js";
import { OperationCard, unfold } from "./operation.js";
import { Prose } from "./prose.js";
import { operations } from "./schema.js";

/** @typedef {import("./schema.js").Schema} Schema */

const BASE = new URL("./api/v1", document.baseURI).href;
const spec = signal(/** @type {Schema | null} */ (null));
const failed = signal(false);
const wanted = signal("");

function Docs() {
  const at = spec.value;
  return html`<a class="skip" href="#calls">To the calls</a>
    <header class="top"><a class="brand" href="./"><img src="./icon.svg" alt="" width="28" height="28" /> Schediora</a></header>
    ${at ? html`<${Whole} spec=${at} />` : html`<main><h1>Schediora API</h1>
      ${failed.value
        ? html`<p class="banner" role="alert">The description of the API could not be loaded. <button class="plain" onClick=${load}>Try again</button></p>`
        : html`<p role="status" class="muted">Loading</p>`}</main>`}`;
}

/** @param {{spec: Schema}} props */
function Whole({ spec: at }) {
  const words = wanted.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = operations(at).filter((one) => words.every((word) => one.words.includes(word)));
  const groups = at.tags.map((/** @type {Schema} */ tag) => ({ ...tag, calls: found.filter((one) => one.tag === tag.name) })).filter((/** @type {Schema} */ group) => group.calls.length);
  return html`<div class="pages"><nav class="contents" aria-label="Calls"><details open=${matchMedia("(min-width: 900px)").matches}><summary>Contents</summary>
      <ul><li><a href="#introduction">Introduction</a></li>${groups.map((/** @type {Schema} */ group) => html`<li key=${group.name}><a href=${`#${group.name}`}>${group.name}</a>
        <ul>${group.calls.map((/** @type {import("./schema.js").Operation} */ one) => html`<li key=${one.id}><a href=${`#${one.id}`}>${one.about.summary}</a></li>`)}</ul></li>`)}</ul></details></nav>
    <main><h1>${at.info.title} API <span class="muted">${at.info.version}</span></h1>
      <p>The <a href="./api/v1/openapi.json">OpenAPI document</a> of these pages makes clients for other languages.</p>
      <section class="introduction" id="introduction" aria-labelledby="introduction-title"><h2 id="introduction-title">Introduction</h2><${Prose} text=${at.info.description} /></section>
      <${Access} base=${BASE} />
      <div class="field" id="calls" tabindex="-1"><label for="wanted">Find a call</label><input id="wanted" type="search" autocomplete="off" value=${wanted.value} onInput=${(/** @type {any} */ event) => { wanted.value = event.target.value; }} /></div>
      <p role="status" class="muted">${words.length ? `${found.length} found` : ""}</p>
      ${groups.map((/** @type {Schema} */ group) => html`<section key=${group.name} id=${group.name} aria-labelledby=${`${group.name}-title`}><h2 id=${`${group.name}-title`}>${group.name}</h2><p>${group.description}</p>
        ${group.calls.map((/** @type {import("./schema.js").Operation} */ one) => html`<${OperationCard} key=${one.id} spec=${at} base=${BASE} operation=${one} />`)}</section>`)}</main></div>`;
}

async function load() {
  failed.value = false;
  try {
    const [description, welcome] = await Promise.all([`${BASE}/openapi.json`, BASE].map(async (url) => {
      const answer = await fetch(url, { credentials: "omit" });
      if (!answer.ok) throw new Error(`${answer.status}`);
      return answer.json();
    }));
    demo.value = welcome.demo;
    spec.value = description;
    setTimeout(follow);
  } catch {
    failed.value = true;
  }
}

/** Unfold the call that the address names, and go there. */
function follow() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (spec.value && operations(spec.value).some((one) => one.id === id)) unfold(id, true);
  setTimeout(() => document.getElementById(id)?.scrollIntoView());
}

addEventListener("hashchange", follow);
const root = /** @type {HTMLElement} */ (document.getElementById("docs"));
root.replaceChildren();
render(html`<${Docs} />`, root);
load();
