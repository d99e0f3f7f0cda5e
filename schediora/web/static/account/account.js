// The account: how one signs in, where one is signed in, what there is of one here, and leaving.
import { html, useEffect } from "../vendor/ui.js";
import { t } from "../i18n/words.js";
import { Icon } from "../shell/icon.js";
import { NeedsServer } from "../shell/states.js";
import { loadStudent, student } from "../shell/student.js";
import { Devices } from "./devices.js";
import { ChangeEmail } from "./email.js";
import { Export } from "./export.js";
import { Leaving } from "./leaving.js";
import { ChangePassword } from "./password.js";

export function Account() {
  const me = student.state.value.data;
  // The address may have been confirmed elsewhere meanwhile.
  useEffect(() => { loadStudent(); }, []);
  return html`<div class="head"><h1>${t("account")}</h1><a class="button plain" href="#/settings"><${Icon} name="back" />${t("settings")}</a></div><${NeedsServer} />
    ${me && html`<div class="settings account"><${ChangeEmail} me=${me} /><${ChangePassword} email=${me.email} /><${Devices} /><${Export} /><${Leaving} email=${me.email} /></div>`}`;
}
