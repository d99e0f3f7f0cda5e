// The document's prose: paragraphs, headings and `names`, and nothing else of Markdown.
import { html } from "../vendor/ui.js";

/** One line, its `names` as code. @param {{text: string}} props */
export function Line({ text }) {
  return html`${text.split("`").map((part, index) => (index % 2 ? html`<code>${part}</code>` : part))}`;
}

/** @param {{text: string}} props */
export function Prose({ text }) {
  return html`${text.trim().split(/\n{2,}/).map((part) => (part.startsWith("## ")
    ? html`<h3>${part.slice(3)}</h3>`
    : html`<p><${Line} text=${part.replaceAll("\n", " ")} /></p>`))}`;
}
