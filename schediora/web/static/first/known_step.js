// Step 3: what of each topic the student knows already, and the plan.
import { html, useState } from "../vendor/ui.js";
import { online } from "../api/client.js";
import { MOST_AT_ONCE, ask, weeks } from "../generate/state.js";
import { t } from "../i18n/words.js";
import { Icon } from "../shell/icon.js";
import { go } from "../shell/place.js";
import { Syllabus, settled } from "../syllabus/syllabus.js";

/** @param {import("./aim_step.js").Props} props */
export function KnownStep({ me, back }) {
  const [busy, setBusy] = useState(false);
  const preferences = me.preferences;
  const make = async () => {
    if (busy || !preferences || !online.peek()) return;
    const [topic, ...also] = preferences.focus_topics;
    setBusy(true);
    await settled();
    await weeks.load();
    const { data } = weeks.state.peek();
    const week = data?.current.can_generate ? "current" : "next";
    // With more topics than one plan takes, or no week free, the student chooses there.
    if (data?.[week].can_generate && also.length < MOST_AT_ONCE) await ask({ goal: preferences.goal, topic, also, week });
    go("generate");
  };
  return html`${preferences ? html`<p class="hint">${t("first_known_why")}</p><div class="syllabuses">${preferences.focus_topics.map((topic) => html`<${Syllabus} key=${topic} topic=${topic} atOnce=${true} />`)}</div>` : html`<p class="card">${t("first_no_topics")}</p>`}
    <div class="actions ways-on">${preferences ? html`<button class="primary" aria-disabled=${busy || !online.value} onClick=${make}><${Icon} name="generate" />${t(busy ? "one_moment" : "make_plan")}</button>` : html`<a class="button primary" href="#/first/1">${t("first_aim")}</a>`}${back}</div>`;
}
