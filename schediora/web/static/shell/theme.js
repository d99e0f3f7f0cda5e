// Light, dark, or as the system has it; theme.js at the top puts it on before the first paint.
import { signal } from "../vendor/ui.js";
import { recall, remember } from "../storage.js";

export const THEMES = ["system", "light", "dark"];
export const theme = signal(String(recall("theme") ?? "system"));

/** @param {string} chosen */
export function wear(chosen) {
  theme.value = chosen;
  remember("theme", chosen === "system" ? null : chosen);
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}
