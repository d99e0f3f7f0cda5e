// The link that shows that the student reads the address of their account.
import { html, useEffect, useRef, useState } from "../vendor/ui.js";
import { callAsAnyone, tokens } from "../api/client.js";
import { t } from "../i18n/words.js";
import { dropToken, tokenFor } from "../shell/link.js";
import { Banner, Skeleton } from "../shell/states.js";
import { loadStudent } from "../shell/student.js";
import { Door, WayOn } from "./door.js";

/** @param {{token: string}} props */
function Confirming({ token }) {
  const [done, setDone] = useState(false);
  const [error, setError] = useState(/** @type {any} */ (null));
  const send = async () => {
    setError(null);
    try {
      await callAsAnyone("/auth/email/confirm", { token });
    } catch (problem) {
      setError(problem);
      return;
    }
    setDone(true);
    dropToken();
    history.replaceState(null, "", "#/"); // a reload goes on from here
    if (tokens.peek()) await loadStudent();
  };
  useEffect(() => { send(); }, []);
  if (error) return html`<${Banner} error=${error} retry=${error.code === "invalid_link" ? undefined : send} />${error.code === "invalid_link" ? html`<p class="hint">${t("confirm_dead")}</p>` : null}`;
  return done ? html`<p role="status">${t("confirmed")}</p>` : html`<${Skeleton} lines=${1} />`;
}

export function Confirm() {
  // What came of a token is still told when it has done its part.
  const last = useRef("");
  const token = (last.current = tokenFor("confirm") || last.current);
  return html`<${Door} title=${t("confirm_title")}>
    ${token ? html`<${Confirming} key=${token} token=${token} />` : html`<p class="banner" role="alert">${t("link_missing")}</p>`}
    <${WayOn} inside=${tokens.value !== null} /><//>`;
}
