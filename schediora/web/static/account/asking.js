// A part of the account: what the server says against what it is asked, and whether it is being asked. Nothing of it waits for the network.
import { useState } from "../vendor/ui.js";
import { online } from "../api/client.js";
import { placed } from "../shell/field.js";

/** @param {Record<string, string>} [fields] the field that a refusal's code is about */
export function useAsking(fields = {}) {
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  /** Do `act`, and say whether it went well. @param {() => Promise<unknown>} act */
  const ask = async (act) => {
    if (busy || !online.peek()) return false;
    let well = true;
    setBusy(true);
    setError(null);
    try {
      await act();
    } catch (problem) {
      setError(placed(problem, fields));
      well = false;
    }
    setBusy(false);
    return well;
  };
  return { error, busy: busy || !online.value, ask };
}
