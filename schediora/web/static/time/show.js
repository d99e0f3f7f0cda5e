// Days, times and lengths as the student's language writes them. Days are calendar days: no zone has a part in them.
import { language, t } from "../i18n/words.js";

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** @param {Intl.DateTimeFormatOptions} options */
function format(options) {
  // British rather than American order and a clock of 24 hours, as everywhere in the app.
  const locale = language.value === "en" ? "en-GB" : language.value;
  const key = locale + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options })));
  return made;
}

/** @param {string} date */
const noon = (date) => Date.parse(`${date}T12:00Z`);

/** "Thu" @param {string} date */
export const shortDay = (date) => format({ weekday: "short" }).format(noon(date));
/** "Thursday 26 November" @param {string} date */
export const longDay = (date) => format({ weekday: "long", day: "numeric", month: "long" }).format(noon(date));
/** "Thu 26 Nov" @param {string} date */
export const dayAndDate = (date) => format({ weekday: "short", day: "numeric", month: "short" }).format(noon(date));
/** "23–29 November" @param {string} first @param {string} last */
export const span = (first, last) => format({ day: "numeric", month: "long" }).formatRange(noon(first), noon(last));
/** "Thursday"; 1 is Monday. @param {number} weekday @param {"long" | "short"} [how] */
export const weekdayName = (weekday, how = "long") => format({ weekday: how }).format(Date.UTC(2024, 0, weekday, 12));

/** "45 min", "1 h 30 min" @param {number} minutes */
export function length(minutes) {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (!hours) return t("minutes", { minutes: rest });
  return rest ? t("hours_and_minutes", { hours, minutes: rest }) : t("hours", { hours });
}
