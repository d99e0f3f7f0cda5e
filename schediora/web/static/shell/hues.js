// A subject keeps its colour on every screen; the colour never says it alone.
import { student } from "./student.js";

const HUES = 5;

/** 1 to 5: by the place among the focus topics, else by the letters. @param {string} topic */
export function hueOf(topic) {
  const focus = student.state.value.data?.preferences?.focus_topics ?? [];
  const place = focus.findIndex((one) => one.toLowerCase() === topic.toLowerCase());
  if (place >= 0) return (place % HUES) + 1;
  return ([...topic.toLowerCase()].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 0) % HUES) + 1;
}
