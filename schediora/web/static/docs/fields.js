// The fields of what is sent or answered; those of an inner object are folded until somebody wants them.
import { html, useSignal } from "../vendor/ui.js";
import { Line } from "./prose.js";
import { fields, kind, limits } from "./schema.js";

/** @typedef {import("./schema.js").Schema} Schema */

/** @param {{spec: Schema, schema: Schema, sent?: boolean}} props */
export function Fields({ spec, schema, sent = false }) {
  const found = fields(spec, schema);
  return found.length ? html`<dl class="fields-of">${found.map((one) => html`<${Field} key=${one.name} spec=${spec} sent=${sent} ...${one} />`)}</dl>` : null;
}

/** @param {{spec: Schema, name: string, schema: Schema, needed: boolean, sent: boolean}} props */
function Field({ spec, name, schema, needed, sent }) {
  const unfolded = useSignal(false);
  const inner = fields(spec, schema).length > 0;
  return html`<div><dt><code>${name}</code> <${About} spec=${spec} schema=${schema} optional=${sent && !needed} /></dt>
    <dd>${schema.description && html`<p><${Line} text=${schema.description} /></p>`}
      ${inner && html`<details onToggle=${(/** @type {any} */ event) => { unfolded.value = event.target.open; }}>
        <summary>Its fields<span class="hidden"> (${name})</span></summary>
        ${unfolded.value && html`<${Fields} spec=${spec} schema=${schema} sent=${sent} />`}</details>`}</dd></div>`;
}

/** Kind, limits, and whether it may be left out. @param {{spec: Schema, schema: Schema, optional?: boolean}} props */
export function About({ spec, schema, optional = false }) {
  return html`<span class="muted">${[kind(spec, schema), ...limits(spec, schema), ...(optional ? ["optional"] : [])].join(", ")}</span>`;
}
