// Saving a part of the preferences; what is left out keeps its value.
import { useState } from "../vendor/ui.js";
import { call, online } from "../api/client.js";
import { outdate } from "../first/draft.js";
import { t } from "../i18n/words.js";
import { renamed } from "../shell/field.js";
import { loadStudent } from "../shell/student.js";
import { toast } from "../shell/toasts.js";

/** @typedef {import("../api/types.js").Preferences} Preferences */
/** @typedef {Partial<import("../api/types.js").PreferencesChange>} Change */

/** What the API takes with every change. @param {Preferences | null} preferences */
const always = (preferences) => ({ goal: preferences?.goal ?? "", daily_hours: preferences?.daily_hours ?? 2, focus_topics: preferences?.focus_topics ?? [] });

/** A form's own error and way to save; `quiet` where the way on says it. @param {Preferences | null} preferences @param {{quiet?: boolean}} [how] */
export function useSaving(preferences, { quiet = false } = {}) {
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  /** Save, and say whether it went well; `fieldOf` names the form's own field for a pointer of the API. @param {Change} change @param {(pointer: string) => string | undefined} [fieldOf] */
  const save = async (change, fieldOf) => {
    if (busy || !online.peek()) return false;
    let kept = false;
    setBusy(true);
    setError(null);
    try {
      await call("PUT", "/users/preferences", { ...always(preferences), ...change });
      await loadStudent();
      outdate(change);
      if (!quiet) toast(t("saved"));
      kept = true;
    } catch (problem) {
      setError(fieldOf ? renamed(problem, fieldOf) : problem);
    }
    setBusy(false);
    return kept;
  };
  return { error, busy: busy || !online.value, save };
}
