// The one change of preferences that the server suggests, as the call that makes it.
import { withWindow } from "../hours/windows.js";

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
