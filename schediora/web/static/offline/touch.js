// Staying in touch with the server: what waits goes out as soon as it can be reached again, and the week is had anew.
import { computed, effect } from "../vendor/ui.js";
import { online, whose } from "../api/client.js";
import { dayFor, loadStudent, student } from "../shell/student.js";
import { reload, send, taken } from "../week/state.js";
import { asked, readWaiting, waiting } from "./outbox.js";
import { lasting } from "./store.js";
import { listen } from "./tabs.js";
import { tooOld } from "./waiting.js";

const [FIRST_PAUSE, LONGEST_PAUSE, LONGEST_ASKED] = [2, 60, 900];

let pause = FIRST_PAUSE;
/** Before that the server wants to be left alone, whatever happens here. */
let notBefore = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** Whether there is something to try again: a server that is gone, or a change that it has not taken. */
const open = computed(() => Boolean(whose.value) && (!online.value || waiting.value.some((row) => row.late && !row.refused && !tooOld(row, dayFor()))));

/** Try, then again after a pause that grows, or as long as the server asks for. */
async function tryAgain() {
  clearTimeout(timer);
  if (!whose.peek()) return;
  const gone = !online.peek();
  if (waiting.peek().length) await send();
  if (gone && !online.peek()) await loadStudent();
  if (gone && online.peek()) back();
  if (open.peek()) later();
}

function later() {
  clearTimeout(timer);
  const wanted = Math.min(asked.peek(), LONGEST_ASKED);
  notBefore = Date.now() + wanted * 1000;
  timer = setTimeout(tryAgain, Math.max(pause, wanted) * 1000);
  pause = Math.min(pause * 2, LONGEST_PAUSE);
}

function back() {
  pause = FIRST_PAUSE;
  if (student.state.peek().error) loadStudent();
  reload();
}

/** Begin, once for the page. */
export function stayInTouch() {
  effect(() => {
    pause = FIRST_PAUSE;
    if (open.value) later();
    else clearTimeout(timer);
  });
  const now = () => {
    pause = FIRST_PAUSE;
    if (Date.now() >= notBefore) tryAgain();
  };
  addEventListener("online", now);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible" && open.peek()) now(); });
  // The page is all that keeps them then.
  addEventListener("beforeunload", (event) => { if (!lasting.peek() && waiting.peek().length) event.preventDefault(); });
  listen(({ user, taken: session }) => {
    if (user !== whose.peek()) return;
    if (session) taken(session);
    else readWaiting();
  });
}
