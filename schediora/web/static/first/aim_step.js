// Step 1: what for, which topics, and when their exams are.
import { html } from "../vendor/ui.js";
import { t } from "../i18n/words.js";
import { useSaving } from "../settings/saving.js";
import { Field, Form, allAtFields } from "../shell/field.js";
import { Icon } from "../shell/icon.js";
import { Banner } from "../shell/states.js";
import { wall } from "../time/zone.js";
import { MOST_TOPICS, aimOf, changeOf } from "./aim.js";
import { drafted, note } from "./draft.js";
import { hoursChange } from "./hours_step.js";

/** @typedef {import("./draft.js").Row} Row */
/** @typedef {{me: import("../api/types.js").Me, onNext: () => void, back: unknown, skip: unknown}} Props */

/** @param {Props} props */
export function AimStep({ me, onNext, skip }) {
  const { error, busy, save } = useSaving(me.preferences, { quiet: true });
  const today = wall(Date.now(), me.timezone).date;
  const aim = drafted(me.id).aim ?? aimOf(me.preferences, today);
  const { goal, rows } = aim;
  /** @param {Partial<typeof aim>} change */
  const enter = (change) => note(me.id, { aim: { ...aim, ...change } });
  /** @param {number} at @param {Partial<Row>} change */
  const enterRow = (at, change) => enter({ rows: rows.map((row, index) => (index === at ? { ...row, ...change } : row)) });
  /** @param {number} at */
  const remove = (at) => {
    enter({ rows: rows.filter((_, index) => index !== at) });
    requestAnimationFrame(() => document.getElementById("add-topic")?.focus());
  };
  const add = () => {
    enter({ rows: [...rows, { topic: "", date: "" }] });
    requestAnimationFrame(() => /** @type {HTMLElement | null} */ (document.querySelector(`[name="topic-${rows.length}"]`))?.focus());
  };
  const send = async () => {
    const { change, fieldOf } = changeOf(aim, me.preferences, today);
    // Hours that were entered before there was a goal had to wait for it.
    const time = me.preferences ? undefined : drafted(me.id).time;
    if (await save({ ...change, ...(time && hoursChange(time)) }, fieldOf)) onNext();
  };
  const names = ["goal", ...rows.flatMap((_, at) => [`topic-${at}`, `date-${at}`])];
  return html`<div class="card">${error && !allAtFields(error, names) ? html`<${Banner} error=${error} />` : null}
    <${Form} onSend=${send} error=${error}>
      <${Field} label=${t("goal")} name="goal" required maxlength="180" value=${goal} onInput=${(/** @type {any} */ event) => enter({ goal: event.target.value })} error=${error} hint=${t("goal_hint")} />
      <ul class="topics">${rows.map((row, at) => html`<li key=${at}><${Field} label=${t("first_topic", { number: at + 1 })} name=${`topic-${at}`} maxlength="120" value=${row.topic} onInput=${(/** @type {any} */ event) => enterRow(at, { topic: event.target.value })} error=${error} />
        <${Field} label=${t("first_exam")} name=${`date-${at}`} type="date" min=${today} value=${row.date} onInput=${(/** @type {any} */ event) => enterRow(at, { date: event.target.value })} error=${error} />
        ${rows.length > 1 && html`<button type="button" class="quiet" onClick=${() => remove(at)}><${Icon} name="delete" /><span class="hidden">${t("remove")}: ${row.topic || t("first_topic", { number: at + 1 })}</span></button>`}</li>`)}</ul>
      <button type="button" class="quiet" id="add-topic" hidden=${rows.length >= MOST_TOPICS} onClick=${add}><${Icon} name="add" />${t("first_add_topic")}</button>
      <div class="actions ways-on"><button class="primary" aria-disabled=${busy}>${t(busy ? "one_moment" : "first_next")}</button>${skip}</div><//></div>`;
}
