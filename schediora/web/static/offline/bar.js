// Whether the server is there, how old what is shown is, and what has not been sent.
import { html, useState } from "../vendor/ui.js";
import { online, reachedAt } from "../api/client.js";
import { t } from "../i18n/words.js";
import { place } from "../shell/place.js";
import { dayFor, zone } from "../shell/student.js";
import { dayAndDate } from "../time/show.js";
import { clock, wall } from "../time/zone.js";
import { week } from "../week/state.js";
import { waiting } from "./outbox.js";
import { Unsent } from "./unsent.js";
import { tooOld } from "./waiting.js";

/** What shows the week as it was loaded; other screens are as old as the last answer. */
const OF_THE_WEEK = ["", "week", "board"];

export function Bar() {
  const [listed, setListed] = useState(false);
  const shown = week.state.value.data;
  const rows = waiting.value;
  const today = dayFor();
  const open = rows.filter((row) => row.refused || tooOld(row, today));
  const late = rows.filter((row) => row.late && !open.includes(row));
  const at = (OF_THE_WEEK.includes(place.value.screen) && shown?.at) || reachedAt.value || shown?.at;
  const gone = !online.value || shown?.kept;
  const words = [late.length && t("waiting", { count: late.length }), open.length && t("open_changes", { count: open.length })].filter(Boolean).join(" ");
  return html`<p class="offline" role="status">${gone ? (at ? t("offline_since", { time: moment(at) }) : t("offline")) : ""}</p>
    <div class=${`unsent ${open.length ? "open" : ""}`}><p role="status">${words}</p>${words && html`<button class="quiet" onClick=${() => setListed(true)}>${t("show_unsent")}</button>`}</div>
    ${listed && rows.length > 0 && html`<${Unsent} today=${today} onClose=${() => setListed(false)} />`}`;
}

/** "14:03" of today, else with its day; on the student's clock. @param {number} at */
function moment(at) {
  const { date, minutes } = wall(at, zone.value);
  return dayFor(at) === dayFor() ? clock(minutes) : `${dayAndDate(date)}, ${clock(minutes)}`;
}
