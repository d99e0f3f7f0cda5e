// What there is to learn in a topic: the student ticks what they know and what is not in their exam, or pastes their own chapters.
import { html, useEffect, useRef, useState } from "../vendor/ui.js";
import { call } from "../api/client.js";
import { t } from "../i18n/words.js";
import { Field, Form, allAtFields } from "../shell/field.js";
import { Icon } from "../shell/icon.js";
import { Banner, Skeleton, sentence } from "../shell/states.js";
import { toast } from "../shell/toasts.js";
import { chapters, entries, knownUpTo, marked } from "./units.js";

/** @typedef {import("../api/types.js").Syllabus} View */

/** Ticks that are on their way. @type {Set<Promise<void>>} */
const underway = new Set();
/** Wait for them: a plan is made of what the student knows. */
export const settled = () => Promise.all(underway);

/** Folded; it is asked for when it is opened, or `atOnce`. @param {{topic: string, atOnce?: boolean}} props */
export function Syllabus({ topic, atOnce = false }) {
  const [view, setView] = useState(/** @type {View | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const sending = useRef(/** @type {{next: View | null, kept: View | null, busy: boolean}} */ ({ next: null, kept: null, busy: false }));
  const box = useRef(/** @type {HTMLDetailsElement | null} */ (null));
  /** What the server keeps, which is shown again when a tick does not arrive. @param {View} kept */
  const take = (kept) => {
    sending.current.kept = kept;
    setView(kept);
  };
  /** Another list: what had the focus may be gone with the one before. @param {View} kept */
  const exchange = (kept) => {
    take(kept);
    box.current?.querySelector("summary")?.focus();
  };
  const load = async () => {
    setError(null);
    try {
      take(await call("GET", `/syllabus?topic=${encodeURIComponent(topic)}`));
    } catch (problem) {
      setError(problem);
    }
  };
  useEffect(() => { if (atOnce) load(); }, [topic]);

  /** Ticks are kept as they are made, one call at a time; the last one says how it stands. @param {View} next */
  const keep = (next) => {
    setView(next);
    sending.current.next = next;
    if (sending.current.busy) return;
    const sent = send().finally(() => underway.delete(sent));
    underway.add(sent);
  };
  const send = async () => {
    const mine = sending.current;
    mine.busy = true;
    setError(null);
    try {
      while (mine.next) {
        const wanted = /** @type {View} */ (mine.next);
        mine.next = null;
        mine.kept = await call("PUT", "/syllabus", { topic, units: entries(wanted.units) });
        if (!mine.next) setView(mine.kept);
      }
    } catch (problem) {
      mine.next = null;
      setView(mine.kept);
      setError(problem);
    }
    mine.busy = false;
  };
  /** Our list again; the student's own can be had back. @param {View} own */
  const restore = async (own) => {
    try {
      exchange(await call("PUT", "/syllabus", { topic, units: null }));
      toast(t("syllabus_restored"), t("undo"), () => keep(own));
    } catch (problem) {
      setError(problem);
    }
  };

  const known = view?.units.filter(({ state }) => state === "known").length ?? 0;
  return html`<details class="topic" ref=${box} onToggle=${(/** @type {any} */ event) => { if (event.target === event.currentTarget && event.currentTarget.open && !view) load(); }}><summary><b>${topic}</b> <span class="muted">${view ? (view.units.length ? t("syllabus_known", { known, units: view.units.length }) : t("syllabus_none")) : error ? sentence(error) : ""}</span></summary>
    ${error ? html`<${Banner} error=${error} retry=${view ? undefined : load} />` : null}
    ${!view ? !error && html`<${Skeleton} lines=${3} />` : html`${view.units.length > 0 && html`<${Units} view=${view} onChange=${keep} />`}
      <${Chapters} key=${view.units.map(({ key }) => key).join()} view=${view} onList=${exchange} />
      ${view.source === "student" && html`<button type="button" class="quiet" onClick=${() => restore(view)}>${t("syllabus_ours")}</button>`}`}</details>`;
}

/** @param {{view: View, onChange: (view: View) => void}} props */
function Units({ view, onChange }) {
  const [upTo, setUpTo] = useState("");
  const mark = () => { if (upTo) onChange({ ...view, units: knownUpTo(view.units, upTo) }); };
  /** @param {string} key @param {"known" | "left_out"} what */
  const toggle = (key, what) => onChange({ ...view, units: marked(view.units, key, what) });
  return html`<div class="up-to"><${Field} label=${t("syllabus_up_to")} name="up-to">${(/** @type {object} */ rest) => html`<select ...${rest} value=${upTo} onChange=${(/** @type {any} */ event) => setUpTo(event.target.value)}>
      <option value="">${t("syllabus_choose")}</option>${view.units.map(({ key, title }) => html`<option value=${key}>${title}</option>`)}</select>`}<//>
      <button type="button" class="plain" aria-disabled=${!upTo} onClick=${mark}>${t("syllabus_mark")}</button></div>
    <ol class="units">${view.units.map(({ key, title, state }) => html`<li key=${key}><span class=${state === "left_out" ? "out" : ""}>${title}</span>
      <span class="unit-marks"><button type="button" class="plain" aria-pressed=${state === "known"} onClick=${() => toggle(key, "known")}>${state === "known" && html`<${Icon} name="check" />`}${t("syllabus_i_know")} <span class="hidden">${title}</span></button>
      <button type="button" class="plain" aria-pressed=${state === "left_out"} onClick=${() => toggle(key, "left_out")}>${state === "left_out" && html`<${Icon} name="check" />`}${t("syllabus_not_asked")} <span class="hidden">${title}</span></button></span></li>`)}</ol>`;
}

/** The student's own chapters, one a line; those that stay keep what is known of them. @param {{view: View, onList: (view: View) => void}} props */
function Chapters({ view, onList }) {
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  /** @param {Record<string, string>} values */
  const send = async ({ units }) => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      onList(await call("PUT", "/syllabus", { topic: view.topic, units: chapters(units, view.units) }));
      toast(t("saved"));
    } catch (problem) {
      setError(problem);
    }
    setBusy(false);
  };
  const form = html`<${Form} onSend=${send} error=${error}>${error && !allAtFields(error, ["units"]) ? html`<${Banner} error=${error} />` : null}
    <${Field} label=${t("chapters")} name="units" error=${error} hint=${t("chapters_hint")}>${(/** @type {object} */ rest) => html`<textarea ...${rest} rows="6" defaultValue=${view.units.map(({ title }) => title).join("\n")}></textarea>`}<//>
    <button class="plain" aria-disabled=${busy}>${t("chapters_keep")}</button><//>`;
  return view.units.length ? html`<details class="own"><summary>${t("chapters_own")}</summary>${form}</details>` : html`<p class="hint">${t("chapters_why")}</p>${form}`;
}
