// The one change of preferences that the server suggests, as the call that makes it.

/** @typedef {import("../api/types.js").Suggestion} Suggestion */
/** @typedef {import("../api/types.js").Preferences} Preferences */

/** The call that makes the suggested change. @param {Pick<Preferences, "goal" | "daily_hours" | "focus_topics" | "availability">} preferences @param {Pick<Suggestion, "daily_hours" | "session_minutes" | "window">} suggestion */
export function changed(preferences, suggestion) {
  const { goal, daily_hours, focus_topics, availability } = preferences;
  const body = { goal, daily_hours: suggestion.daily_hours ?? daily_hours, focus_topics };
  if (suggestion.session_minutes !== null) return { ...body, session_minutes: suggestion.session_minutes };
  if (suggestion.window !== null) return { ...body, availability: withWindow(availability, suggestion.window) };
  return body;
}

/** One more window; those that it touches or covers become one with it. @param {import("../week/layout.js").Window[]} windows @param {import("../week/layout.js").Window} added */
export function withWindow(windows, added) {
  const one = { ...added };
  const apart = windows.filter((other) => {
    if (other.weekday !== one.weekday || other.end < one.start || other.start > one.end) return true;
    if (other.start < one.start) one.start = other.start;
    if (other.end > one.end) one.end = other.end;
    return false;
  });
  return [...apart, one].sort((a, b) => a.weekday - b.weekday || (a.start < b.start ? -1 : 1));
}
