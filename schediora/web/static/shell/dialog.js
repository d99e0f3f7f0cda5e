// A dialog above the page, a sheet from below on phones. The browser keeps the focus inside, and Escape closes it.
import { html, useId, useLayoutEffect, useRef } from "../vendor/ui.js";
import { t } from "../i18n/words.js";
import { Icon } from "./icon.js";

/** @param {{title: string, onClose: () => void, children: unknown, class?: string}} props */
export function Dialog({ title, onClose, children, class: look = "" }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const id = useId();
  useLayoutEffect(() => {
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    box.current?.showModal();
    return () => { if (before?.isConnected) before.focus(); };
  }, []);
  /** A press beside it closes it. @param {MouseEvent} event */
  const press = (event) => { if (event.target === box.current) onClose(); };
  return html`<dialog ref=${box} class=${look} aria-labelledby=${id} onClose=${onClose} onMouseDown=${press}>
    <div class="inside"><header><h2 id=${id}>${title}</h2><button class="quiet" onClick=${onClose}><${Icon} name="close" /><span class="hidden">${t("close")}</span></button></header>
    ${children}</div></dialog>`;
}
