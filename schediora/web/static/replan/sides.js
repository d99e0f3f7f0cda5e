// The plan before and after, day by day, side by side; on a phone one of the two at a time.
import { html, useState } from "../vendor/ui.js";
import { t } from "../i18n/words.js";
import { hueOf } from "../shell/hues.js";
import { zone } from "../shell/student.js";
import { dayAndDate } from "../time/show.js";
import { clock } from "../time/zone.js";
import { spot } from "../week/layout.js";
import { dayStart } from "../week/state.js";

/** @typedef {import("../api/types.js").Replanned} Replanned */
/** @typedef {import("../api/types.js").Replan} Replan */

const SIDES = /** @type {const} */ ([["before", "was_at"], ["after", "scheduled_at"]]);

/** @param {{replan: Replan}} props */
export function Sides({ replan }) {
  const [side, setSide] = useState("after");
  const all = [...replan.moved, ...replan.kept, ...replan.impossible];
  const moved = new Set(replan.moved.map(({ id }) => id));
  return html`<div class="actions turn">${SIDES.map(([name]) => html`<button class="plain" aria-pressed=${side === name} onClick=${() => setSide(name)}>${t(name)}</button>`)}</div>
    <div class="sides">${SIDES.map(([name, at]) => html`<section class=${side === name ? "" : "aside"} key=${name} aria-label=${t(name)}><h3>${t(name)}</h3>
      ${byDay(all, at).map(([date, some]) => html`<div class="one-day"><h4>${dayAndDate(date)}</h4><ol>${some.map(({ one, minutes }) => html`<li class=${moved.has(one.id) ? `session hue-${hueOf(one.topic)}` : "stays"}><time>${clock(minutes % 1440)}</time> <bdi>${one.title}</bdi>${moved.has(one.id) && html` <em>${t(name === "before" ? "moves" : "new_time")}</em>`}</li>`)}</ol></div>`)}</section>`)}</div>`;
}

/** The student's days in order, each with what it holds. @param {Replanned[]} all @param {"was_at" | "scheduled_at"} at */
function byDay(all, at) {
  /** @type {Map<string, {one: Replanned, minutes: number}[]>} */
  const days = new Map();
  for (const one of [...all].sort((a, b) => (a[at] < b[at] ? -1 : 1))) {
    const { date, minutes } = spot(one[at], zone.value, dayStart.value);
    days.set(date, [...(days.get(date) ?? []), { one, minutes }]);
  }
  return [...days];
}
