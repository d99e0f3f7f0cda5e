import { html } from "../vendor/ui.js";

/** A shape of icons.svg; the words beside it say what it means. @param {{name: string}} props */
export const Icon = ({ name }) => html`<svg class="icon" aria-hidden="true" focusable="false"><use href=${`icons.svg#${name}`} /></svg>`;
