// Around every screen: the way to the others, whether the server is there, and the screen itself.
import { html, useEffect } from "../vendor/ui.js";
import { t } from "../i18n/words.js";
import { Bar } from "../offline/bar.js";
import { SignOut, signOut } from "../offline/sign_out.js";
import { Icon } from "./icon.js";
import { place } from "./place.js";
import { SCREENS } from "./screens.js";
import { Banner, Skeleton } from "./states.js";
import { loadStudent, student } from "./student.js";
import { THEMES, theme, wear } from "./theme.js";

export function Frame() {
  const screen = SCREENS.find(({ at }) => at === place.value.screen) ?? SCREENS[0];
  const { data, error } = student.state.value;
  useEffect(() => { document.title = `${t(screen.name)} · Schediora`; });
  /** The address is the screen's, so a plain link to #main would leave it. @param {Event} event */
  const skip = (event) => { event.preventDefault(); document.getElementById("main")?.focus(); };
  return html`<a class="skip" href="#main" onClick=${skip}>${t("skip")}</a>
    <header class="top"><p class="brand"><img src="./icon.svg" alt="" width="24" height="24" />Schediora</p>
      <nav aria-label=${t("main_menu")}>${SCREENS.filter(({ menu }) => menu).map(({ at, name }) => html`<a href=${`#/${at}`} aria-current=${at === screen.at ? "page" : undefined}><${Icon} name=${at} /><span>${t(name)}</span></a>`)}</nav>
      <button class="quiet look" onClick=${() => wear(THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length])}><${Icon} name="theme" /><span class="hidden">${t("theme")}: ${t(`theme_${theme.value}`)}</span></button>
      <button class="quiet leave" onClick=${signOut}>${t("sign_out")}</button></header>
    <${Bar} />
    <main id="main" tabindex="-1">${data ? html`<${screen.show} key=${screen.at} />` : error ? html`<h1 class="hidden">Schediora</h1><${Banner} error=${error} retry=${loadStudent} />` : html`<h1 class="hidden">Schediora</h1><${Skeleton} />`}</main><${SignOut} />`;
}
