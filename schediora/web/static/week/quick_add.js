// One session by hand: without a time it takes the next free stretch.
import { html, useState } from "../vendor/ui.js";
import { Refused, make, online } from "../api/client.js";
import { t } from "../i18n/words.js";
import { Dialog } from "../shell/dialog.js";
import { Field, Form, allAtFields } from "../shell/field.js";
import { Banner, NeedsServer } from "../shell/states.js";
import { student, zone } from "../shell/student.js";
import { toast } from "../shell/toasts.js";
import { longDay } from "../time/show.js";
import { clock, instant, wall, weekdayOf } from "../time/zone.js";
import { busyTimes } from "./busy.js";
import { busyOn, firstFree, instantOf, minutesOf, openHours, spot } from "./layout.js";
import { dayStart, reload, week } from "./state.js";

/** @typedef {import("../api/types.js").UpNext} UpNext */

/** When a session begins on a day on which the student has no hours. */
const HOUR_WITHOUT_ANY = 16 * 60;
const NAMES = ["title", "topic", "duration_minutes", "scheduled_at", "due_on", "repeat"];

/** @param {{day: string, today: string, ideas: UpNext[], windows: import("./layout.js").Window[], onClose: () => void}} props `day` is what the form begins with, "" for none */
export function QuickAdd({ day, today, ideas, windows, onClose }) {
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [idea, setIdea] = useState(/** @type {UpNext | null} */ (null));
  const [busy, setBusy] = useState(false);
  // Settled once, as what is sent again has to be the same.
  const [planned] = useState(hasPlan);
  const topics = student.state.value.data?.preferences?.focus_topics ?? [];
  /** @param {Record<string, string>} values */
  const send = async ({ title, topic, duration_minutes, date, time, due_on, every, repeat: until }) => {
    if (busy || !online.peek()) return;
    setBusy(true);
    setError(null);
    const starts = time ? instant(date || today, minutesOf(time), zone.value) : date && date !== today ? freeOn(date, windows, Number(duration_minutes)) : null;
    const at = starts ? { scheduled_at: starts } : {};
    const body = {
      title, topic, duration_minutes: Number(duration_minutes), ...at,
      ...(idea?.topic === topic ? { unit: idea.key } : {}), ...(due_on ? { due_on } : {}), ...(every ? { repeat: { every: /** @type {"day" | "week"} */ (every), until } } : {}),
    };
    try {
      const made = await add(body, planned);
      onClose();
      const on = made.scheduled_at && wall(made.scheduled_at, zone.value);
      const said = on ? t("added", { title, day: longDay(on.date), time: clock(on.minutes) }) : t("added_alone", { title });
      toast(made.overlaps.length ? `${said} ${overlap(made.overlaps)}` : said);
      reload();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return html`<${Dialog} title=${t("add_session")} onClose=${onClose} class="sheet">
    ${error && !allAtFields(error, NAMES) ? html`<${Banner} error=${error} />` : null}
    ${ideas.length > 0 && html`<fieldset class="ideas"><legend>${t("up_next")}</legend>${ideas.map((one) => html`<button type="button" class="plain" aria-pressed=${idea === one} onClick=${() => setIdea(idea === one ? null : one)}><span><bdi>${one.title}</bdi> <small class="muted"><bdi>${one.topic}</bdi> · ${t(`unit_${one.state}`)}</small></span></button>`)}</fieldset>`}
    <${Form} onSend=${send} error=${error} key=${idea?.key}>
      <${Field} label=${t("title")} name="title" required maxlength="180" autocomplete="off" error=${error} defaultValue=${idea?.title ?? ""} />
      <${Field} label=${t("topic")} name="topic" required maxlength="120" list="topics" autocomplete="off" error=${error} defaultValue=${idea?.topic ?? topics[0] ?? ""} />
      <datalist id="topics">${topics.map((topic) => html`<option value=${topic}></option>`)}</datalist>
      <div class="fields"><${Field} label=${t("minutes_planned")} name="duration_minutes" type="number" inputmode="numeric" min="15" max="480" step="5" defaultValue="45" error=${error} />
      <${Field} label=${t("day_optional")} name="date" type="date" defaultValue=${day} error=${error} />
      <${Field} label=${t("time_optional")} name="time" type="time" step="300" error=${error} /></div>
      <p class="hint">${t("add_hint")}</p><${NeedsServer} />
      <details class="more"><summary>${t("repeat_and_due")}</summary><div class="fields">
        <${Field} label=${t("repeat")} name="every">${(/** @type {object} */ rest) => html`<select ...${rest}>${["", "day", "week"].map((every) => html`<option value=${every}>${t(every ? `every_${every}` : "every_none")}</option>`)}</select>`}<//>
        <${Field} label=${t("repeat_until")} name="repeat" type="date" min=${today} error=${error} />
        <${Field} label=${t("due")} name="due_on" type="date" min=${today} error=${error} /></div></details>
      <button class="primary wide" aria-disabled=${busy || !online.value}>${t("add")}</button><//><//>`;
}

/** Where a day has room for it, as far as its week is shown; else where the student's hours begin. @param {string} date @param {import("./layout.js").Window[]} windows @param {number} length */
function freeOn(date, windows, length) {
  const [at, from] = [zone.peek(), dayStart.peek()];
  const sessions = (week.state.peek().data?.sessions ?? []).filter(({ status }) => status !== "done").map((one) => ({ ...spot(one.scheduled_at, at, from), length: one.duration_minutes }));
  const taken = sessions.filter((one) => one.date === date).map((one) => ({ from: one.minutes, to: one.minutes + one.length }));
  const open = openHours(windows, weekdayOf(date), from);
  const free = firstFree(open, [...taken, ...busyOn(busyTimes.state.peek().data ?? [], date, at, from)], length);
  return instantOf({ date, minutes: free ?? open[0]?.from ?? HOUR_WITHOUT_ANY }, at);
}

/** Which sessions the new one lies on, by their titles where they are shown. @param {string[]} ids */
function overlap(ids) {
  const titles = (week.state.peek().data?.sessions ?? []).filter(({ id }) => ids.includes(id)).map(({ title }) => `“${title}”`);
  return titles.length ? t("overlaps_titles", { titles: titles.slice(0, 3).join(", ") }) : t("overlaps_some");
}

/** Whether this week may have a plan, as far as it is shown. */
function hasPlan() {
  const shown = week.state.peek().data;
  return !shown || shown.monday !== shown.thisMonday || shown.sessions.length > 0;
}

/** Into this week's plan, or a plan of its own where there is none. @param {import("../api/types.js").SessionCreate} body @param {boolean} planned */
async function add(body, planned) {
  try {
    if (planned) return await make("/plans/current/sessions", body);
  } catch (problem) {
    if (!(problem instanceof Refused) || problem.code !== "no_current_plan") throw problem;
  }
  const plan = await make("/plans", body);
  return { scheduled_at: body.scheduled_at ?? null, overlaps: plan.overlaps };
}
