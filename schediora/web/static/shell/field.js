// A form's field with its label, and what the server found wrong in it.
import { html, useId, useLayoutEffect, useRef } from "../vendor/ui.js";
import { Refused } from "../api/client.js";

/** What an error says of the field that the API calls `name`. @param {unknown} error @param {string} name */
export const faultOf = (error, name) =>
  error instanceof Refused ? error.faults.find(({ pointer }) => pointer === `/${name}` || pointer?.startsWith(`/${name}/`))?.detail : undefined;

/** The same refusal with the form's own names for its fields. @param {unknown} error @param {(pointer: string) => string | undefined} fieldOf */
export const renamed = (error, fieldOf) =>
  error instanceof Refused
    ? new Refused(error.status, { detail: error.message, code: error.code, errors: error.faults.map((fault) => ({ ...fault, pointer: `/${fieldOf(fault.pointer ?? "") ?? fault.pointer?.slice(1)}` })) })
    : error;

/** A refusal for one reason, told at the field that it is about. @param {unknown} error @param {Record<string, string>} fields by code */
export const placed = (error, fields) =>
  error instanceof Refused && error.code in fields
    ? new Refused(error.status, { detail: error.message, code: error.code, errors: [{ pointer: `/${fields[error.code]}`, detail: error.message }] }, error.wait)
    : error;

/** Whether all that is wrong stands at a field of the form. @param {unknown} error @param {string[]} names */
export const allAtFields = (error, names) =>
  error instanceof Refused && error.faults.length > 0 && error.faults.every(({ pointer }) => names.includes(pointer?.split("/")[1] ?? ""));

/**
 * An input, or what `children` holds, which gets the attributes.
 * @param {{label: string, name: string, error?: unknown, hint?: string, children?: (attributes: Record<string, unknown>) => unknown} & Record<string, unknown>} props
 */
export function Field({ label, name, error, hint, children, ...rest }) {
  const id = useId();
  const fault = faultOf(error, name);
  const described = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(" ") || undefined;
  const attributes = { id, name, "aria-describedby": described, "aria-invalid": fault ? "true" : undefined, ...rest };
  return html`<div class="field"><label for=${id}>${label}</label>${children ? children(attributes) : html`<input ...${attributes} />`}
    ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}${fault && html`<p class="fault" id=${`${id}-fault`}>${fault}</p>`}</div>`;
}

/** A form that JavaScript sends; the first field with a fault gets the focus. @param {{onSend: (values: Record<string, string>) => unknown, error?: unknown, children: unknown, class?: string}} props */
export function Form({ onSend, error, children, class: look }) {
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  useLayoutEffect(() => {
    if (error) /** @type {HTMLElement | null | undefined} */ (form.current?.querySelector("[aria-invalid], .fault[tabindex]"))?.focus();
  }, [error]);
  /** @param {SubmitEvent} event */
  const send = (event) => {
    event.preventDefault();
    const values = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    onSend(Object.fromEntries([...values].map(([name, value]) => [name, String(value)])));
  };
  return html`<form ref=${form} class=${look} novalidate onSubmit=${send}>${children}</form>`;
}
