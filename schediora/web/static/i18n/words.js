// The app's own sentences, in the language of the student; what the API says comes in the language of the plan.
import { signal } from "../vendor/ui.js";
import { recall, remember } from "../storage.js";

export const LANGUAGES = /** @type {const} */ ({ en: "English", id: "Bahasa Indonesia" });
/** @typedef {keyof typeof LANGUAGES} Language */

/** @type {import("../vendor/ui.js").Signal<Language>} */
export const language = signal("en");
/** @type {import("../vendor/ui.js").Signal<Record<string, string>>} */
const words = signal({});

/** The one chosen here, else the browser's. @returns {Language} */
export function wanted() {
  const chosen = recall("language");
  if (chosen in LANGUAGES) return chosen;
  return navigator.languages?.some((one) => /^(id|ms|jv|su)\b/.test(one)) ? "id" : "en";
}

/** Fetch the words of a language and show everything in it. @param {Language} [chosen] remembered when given */
export async function speak(chosen) {
  if (chosen) remember("language", chosen); // before it is fetched, as the page may be left at once
  const next = chosen ?? wanted();
  const answer = await fetch(new URL(`./${next}.json`, import.meta.url));
  words.value = await answer.json();
  language.value = next;
  document.documentElement.lang = next;
}

/**
 * The sentence under `key`, its `{names}` filled in; with a `count`, the one of that plural form (`key.one`) if there is one.
 * @param {string} key @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  const form = "count" in values && `${key}.${new Intl.PluralRules(language.value).select(Number(values.count))}`;
  const sentence = (form && words.value[form]) || words.value[key] || key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => apart(String(values[name] ?? whole)));
}

/** Letters that run from right to left, and marks that turn what comes after them. */
const TURNS = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff]/;

/** What a student wrote never turns the rest of the sentence around. @param {string} value */
const apart = (value) => (TURNS.test(value) ? `\u2068${value}\u2069` : value);
