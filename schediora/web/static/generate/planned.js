// When each session of a new plan is, and why then.
import { html, useEffect, useState } from "../vendor/ui.js";
import { list } from "../api/client.js";
import { t } from "../i18n/words.js";
import { hueOf } from "../shell/hues.js";
import { zone } from "../shell/student.js";
import { dayAndDate } from "../time/show.js";
import { clock, shift, wall } from "../time/zone.js";

/** @typedef {import("../api/types.js").Session} Session */
/** @typedef {import("../api/types.js").Job} Job */

/** A plan is for the week in which it was asked for, or for the next one. */
const DAYS = 14;

/** The sessions that a job made; none until they are there. @param {Job} job */
export function usePlanned({ plan_id: plan, created_at }) {
  const [planned, setPlanned] = useState(/** @type {Session[]} */ ([]));
  useEffect(() => {
    let here = true;
    const { date } = wall(created_at, zone.peek());
    // What cannot be had is left out: the week shows it as well.
    if (plan) list(`/sessions?from=${shift(date, -1)}&to=${shift(date, DAYS)}&limit=500`).then((all) => { if (here) setPlanned(all.filter((one) => one.plan_id === plan)); }, () => undefined);
    return () => { here = false; };
  }, [plan]);
  return planned;
}

/** @param {{sessions: Session[]}} props */
export const Planned = ({ sessions }) => html`<section><h3>${t("planned_when")}</h3><ol class="planned">${sessions.map((one) => html`<li class=${`session hue-${hueOf(one.topic)}`}><time>${dayAndDate(one.scheduled_on)}, ${clock(wall(one.scheduled_at, zone.value).minutes)}</time> <b>${one.title}</b>${one.reason && html`<p>${one.reason.text}</p>`}</li>`)}</ol></section>`;
