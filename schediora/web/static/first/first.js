// The first steps of a new student: goal and exams, hours, and what they know already; then their plan is made.
import { html, useEffect, useRef } from "../vendor/ui.js";
import { t } from "../i18n/words.js";
import { Icon } from "../shell/icon.js";
import { go, place } from "../shell/place.js";
import { NeedsServer } from "../shell/states.js";
import { student } from "../shell/student.js";
import { AimStep } from "./aim_step.js";
import { HoursStep } from "./hours_step.js";
import { KnownStep } from "./known_step.js";
import { skipSteps } from "./landing.js";

const STEPS = [
  { name: "first_aim", show: AimStep },
  { name: "first_hours", show: HoursStep },
  { name: "first_known", show: KnownStep },
];

export function First() {
  const me = student.state.value.data;
  const at = Math.min(STEPS.length, Math.max(1, Number(place.value.rest[0]) || 1));
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  const before = useRef(at);
  useEffect(() => {
    if (before.current === at) return;
    before.current = at;
    scrollTo(0, 0);
    heading.current?.focus();
  }, [at]);
  if (!me) return null;
  const step = STEPS[at - 1];
  const skip = () => {
    skipSteps(me);
    go("week");
  };
  const next = () => go(`first/${at + 1}`);
  return html`<div class="first"><div class="head"><div><p class="muted">${t("first_step", { step: at, steps: STEPS.length })}</p><h1 ref=${heading} tabindex="-1">${t(step.name)}</h1></div>
      <button class="quiet" onClick=${skip}>${t("first_skip")}</button></div>
    <ol class="way" aria-hidden="true">${STEPS.map((_, index) => html`<li class=${index < at ? "gone" : ""}></li>`)}</ol>
    <${NeedsServer} /><${step.show} key=${at} me=${me} onNext=${next} back=${at > 1 && html`<a class="button plain" href=${`#/first/${at - 1}`}><${Icon} name="back" />${t("go_back")}</a>`}
      skip=${at < STEPS.length && html`<a class="button quiet" href=${`#/first/${at + 1}`}>${t("first_skip_step")}</a>`} /></div>`;
}
