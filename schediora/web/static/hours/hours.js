// When the student can study: painted, and the same as from and to for each weekday; and the weekdays that are off.
import { html, useId } from "../vendor/ui.js";
import { t } from "../i18n/words.js";
import { faultOf } from "../shell/field.js";
import { Icon } from "../shell/icon.js";
import { length, weekdayName } from "../time/show.js";
import { Paint } from "./paint.js";
import { WEEK, pastMidnight, sent, unused, weekMinutes } from "./windows.js";

/** @typedef {import("./windows.js").Window} Window */

/** The windows as the API takes them. @param {Window[]} windows */
export const availability = (windows) => sent(windows).map(({ weekday, start, end }) => ({ weekday, start, end }));

/** The name of the field that a fault belongs to, as the windows stand in the list. @param {Window[]} windows */
export const fieldOf = (windows) => (/** @type {string} */ pointer) => {
  const index = /^\/availability\/(\d+)/.exec(pointer)?.[1];
  return index && `window-${sent(windows)[Number(index)]?.at}`;
};

/** `empty` is said below the sheet while nothing is painted: above it, it would move the sheet under the finger. @param {{windows: Window[], rest: number[], likely?: Window[], empty?: unknown, error?: unknown, onWindows: (windows: Window[]) => void, onRest: (weekdays: number[]) => void}} props */
export function Hours({ windows, rest, likely = [], empty = null, error, onWindows, onRest }) {
  const id = useId();
  const fault = faultOf(error, "availability");
  return html`<p class="hint" id=${`${id}-how`}>${t("hours_how")}</p>
    <div class="free-hours"><div class="painted"><${Paint} windows=${windows} rest=${rest} likely=${likely} onPaint=${onWindows} describedby=${`${id}-how`} />
      ${windows.length === 0 ? empty : html`<p class="muted">${t("hours_a_week", { length: length(weekMinutes(windows)) })}</p>`}
      ${fault && html`<p class="fault" tabindex="-1">${fault}</p>`}</div>
    <ul class="weekdays">${WEEK.map((weekday) => html`<li key=${weekday}><${Weekday} weekday=${weekday} windows=${windows} rest=${rest} error=${error} id=${id} onWindows=${onWindows} onRest=${onRest} /></li>`)}</ul></div>`;
}

/** @param {{weekday: number, windows: Window[], rest: number[], error: unknown, id: string, onWindows: (windows: Window[]) => void, onRest: (weekdays: number[]) => void}} props */
function Weekday({ weekday, windows, rest, error, id, onWindows, onRest }) {
  const next = unused(windows, weekday);
  /** @param {number} at @param {Partial<Window>} change */
  const change = (at, change) => onWindows(windows.map((one, index) => (index === at ? { ...one, ...change } : one)));
  /** @param {number} at */
  const remove = (at) => {
    onWindows(windows.filter((_, index) => index !== at));
    document.getElementById(`${id}-${weekday}`)?.focus();
  };
  return html`<fieldset id=${`${id}-${weekday}`} tabindex="-1"><legend>${weekdayName(weekday)}</legend>
    ${windows.map((one, at) => {
      if (one.weekday !== weekday) return null;
      const fault = faultOf(error, `window-${at}`);
      const wrong = fault ? { "aria-invalid": "true", "aria-describedby": `${id}-fault-${at}` } : {};
      return html`<div key=${at}><div class="window">
        <label><span class="hidden">${t("from")}</span><input type="time" step="900" ...${wrong} value=${one.start} onChange=${(/** @type {any} */ event) => change(at, { start: event.target.value })} /></label><span aria-hidden="true">–</span>
        <label><span class="hidden">${t("to")}</span><input type="time" step="900" ...${wrong} value=${one.end === "24:00" ? "00:00" : one.end} onChange=${(/** @type {any} */ event) => change(at, { end: event.target.value === "00:00" ? "24:00" : event.target.value })} /></label>
        <button type="button" class="quiet" onClick=${() => remove(at)}><${Icon} name="delete" /><span class="hidden">${t("remove")}: ${one.start}–${one.end}</span></button></div>
        ${pastMidnight(one) && html`<p class="hint">${t("hours_into", { day: weekdayName((weekday % 7) + 1) })}</p>`}
        ${fault && html`<p class="fault" id=${`${id}-fault-${at}`}>${fault}</p>`}</div>`;
    })}
    <div class="actions">${next && html`<button type="button" class="quiet" onClick=${() => onWindows([...windows, next])}><${Icon} name="add" />${t("add_hours")}</button>`}
    <label class="tick"><input type="checkbox" checked=${rest.includes(weekday)} onChange=${() => onRest(rest.includes(weekday) ? rest.filter((one) => one !== weekday) : [...rest, weekday].sort())} /><span>${t("day_of_rest")}</span></label></div></fieldset>`;
}
