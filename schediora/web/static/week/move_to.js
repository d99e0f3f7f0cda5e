// Another day and time for a session, without dragging.
import { html } from "../vendor/ui.js";
import { t } from "../i18n/words.js";
import { Field, Form } from "../shell/field.js";
import { zone } from "../shell/student.js";
import { clock, instant, wall } from "../time/zone.js";
import { minutesOf } from "./layout.js";
import { move } from "./state.js";

/** @typedef {import("../api/types.js").Session} Session */

/** @param {{session: Session, earliest: string, latest: string, onMoved: () => void}} props */
export function MoveTo({ session, earliest, latest, onMoved }) {
  const { date, minutes } = wall(session.scheduled_at, zone.value);
  /** @param {Record<string, string>} values */
  const send = ({ day, time }) => {
    if (!day || !time) return;
    onMoved();
    move(session, instant(day, minutesOf(time), zone.value));
  };
  return html`<${Form} onSend=${send} class="confirm"><div class="fields">
    <${Field} label=${t("day")} name="day" type="date" required min=${earliest} max=${latest} defaultValue=${date < earliest ? earliest : date} />
    <${Field} label=${t("time")} name="time" type="time" required step="300" defaultValue=${clock(minutes)} /></div>
    <button class="primary">${t("move")}</button><//>`;
}
