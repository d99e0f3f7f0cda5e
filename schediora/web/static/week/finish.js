// Done: how did it go, how long did it take, and on which day where that is behind.
import { html, useState } from "../vendor/ui.js";
import { t } from "../i18n/words.js";
import { Field, Form } from "../shell/field.js";
import { Icon } from "../shell/icon.js";
import { dayAndDate } from "../time/show.js";
import { shift } from "../time/zone.js";

/** @typedef {import("../api/types.js").Session} Session */

const RATINGS = /** @type {const} */ (["again", "hard", "good", "easy"]);
const DAYS_BACK = 7;

/** @param {{session: Session, today: string, onSend: (change: import("../api/types.js").SessionChange) => void}} props */
export function Finish({ session, today, onSend }) {
  const [rating, setRating] = useState(session.rating);
  const done = session.status === "done";
  const ran = session.started_at && !done ? Math.round((Date.now() - Date.parse(session.started_at)) / 60_000) : 0;
  const guess = session.actual_minutes ?? (ran >= 1 && ran <= 3 * session.duration_minutes ? ran : session.duration_minutes);
  const behind = session.scheduled_on < today && session.scheduled_on >= shift(today, -DAYS_BACK);
  const days = [today, ...(behind ? [session.scheduled_on] : [])];
  /** @param {Record<string, string>} values */
  const send = ({ minutes, day }) => {
    const taken = Math.round(Number(minutes));
    const length = taken >= 1 && taken <= 960 ? { actual_minutes: taken } : {};
    onSend({ status: "done", rating: rating ?? null, ...length, ...(day && day !== today ? { completed_on: day } : {}) });
  };
  return html`<${Form} onSend=${send} class="finish">
    <fieldset><legend>${t("how_did_it_go")}</legend><div class="faces">${RATINGS.map((one) => html`<label class=${`face ${one}`}>
      <input class="hidden" type="radio" name="rating" value=${one} checked=${rating === one} onChange=${() => setRating(one)} /><${Icon} name=${`face-${one}`} /><span>${t(`rating_${one}`)}</span></label>`)}</div></fieldset>
    <div class="fields"><${Field} label=${t("minutes_taken")} name="minutes" type="number" inputmode="numeric" min="1" max="960" defaultValue=${guess} />
    ${behind && !done && html`<${Field} label=${t("done_on")} name="day">${(/** @type {object} */ rest) => html`<select ...${rest}>${days.map((day) => html`<option value=${day} selected=${day === session.scheduled_on}>${day === today ? t("today") : dayAndDate(day)}</option>`)}</select>`}<//>`}</div>
    <button class="primary">${t(done ? "save" : "tick_off")}</button><//>`;
}
