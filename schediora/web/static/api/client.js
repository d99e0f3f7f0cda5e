// Every call to the API. The browser keeps the ETags: an answer that has not changed comes as 304 and out of its cache.
import { computed, effect, signal } from "../vendor/ui.js";
import { t } from "../i18n/words.js";
import { recall, remember } from "../storage.js";

/** @typedef {{access_token: string, refresh_token: string, expires_in: number, since: number}} Tokens */
/** @typedef {{pointer?: string, parameter?: string, detail: string}} Fault */

const TIMEOUT_MS = 20_000;
/** A file may be large and the network slow. */
const FILE_TIMEOUT_MS = 300_000;
const GONE = [502, 503, 504];
const [KEY, ENDED] = ["tokens", "ended"];

/** The API refused: `message` is one sentence for the student, `faults` says it field by field. */
export class Refused extends Error {
  /** @param {number} status @param {{code?: string, detail?: string, errors?: Fault[], job_id?: string}} body @param {number} [wait] seconds */
  constructor(status, body, wait = 0) {
    super(body.detail || `The server answered ${status}.`);
    this.status = status;
    /** How many seconds the server asks to wait before the next try. */
    this.wait = wait;
    this.code = body.code ?? "";
    this.job = body.job_id ?? null;
    this.faults = body.errors ?? [];
  }
}

/** No answer at all: no network, no server, or none in time. */
export class Unreachable extends Error {}

/** Whether a later try may be answered. @param {unknown} error */
export const passes = (error) => error instanceof Unreachable || (error instanceof Refused && (error.status >= 500 || error.status === 429 || error.status === 408));

/** @type {import("../vendor/ui.js").Signal<Tokens | null>} */
export const tokens = signal(recall(KEY));
/** The id of the user who is signed in, "" for nobody. */
export const whose = computed(() => subjectOf(tokens.value));
/** Whether the last call got through, and when the last one did. */
export const online = signal(true);
export const reachedAt = signal(0);
/** Whether the server ended the sign-in, which is then told once on the page to sign in. */
export const ended = signal(recall(ENDED) === true);

if (typeof addEventListener === "function") {
  // Another tab signed in, out, or refreshed.
  addEventListener("storage", (event) => {
    if (event.key !== null && event.key !== `schediora.${KEY}`) return;
    ended.value = recall(ENDED) === true;
    tokens.value = recall(KEY);
  });
}

/** @param {Omit<Tokens, "since"> | null} pair */
function keep(pair) {
  const kept = pair && { access_token: pair.access_token, refresh_token: pair.refresh_token, expires_in: pair.expires_in, since: Date.now() };
  remember(KEY, kept);
  tokens.value = kept;
}

/** Whose access token it is; the server alone judges whether it holds. @param {Tokens | null} pair @returns {string} */
function subjectOf(pair) {
  if (!pair) return "";
  try {
    return String(JSON.parse(atob(pair.access_token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))).sub);
  } catch {
    return "?";
  }
}

/** Ends what is being read for a student once they leave, here or in another tab, as it would be refused. */
let reading = new AbortController();
effect(() => {
  void whose.value;
  reading.abort();
  reading = new AbortController();
});

/** One after the other, across tabs where the browser can. @template T @param {() => Promise<T>} act @returns {Promise<T>} */
function alone(act) {
  if (globalThis.navigator?.locks) return navigator.locks.request("schediora.refresh", act);
  const next = waiting.then(act, act);
  waiting = next.catch(() => undefined);
  return next;
}
/** @type {Promise<unknown>} */
let waiting = Promise.resolve();

/**
 * @typedef {{saved?: boolean, key?: string}} How `saved`: the answer is a file, which comes as a Blob; `key`: with the same one it is done once
 * @param {string} method @param {string} path @param {unknown} body @param {string | null} access @param {How} [how]
 */
async function send(method, path, body, access, { saved, key } = {}) {
  /** @type {Record<string, string>} */
  const headers = {};
  const file = body instanceof Blob;
  if (body !== undefined) headers["Content-Type"] = file ? body.type : "application/json";
  if (access) headers.Authorization = `Bearer ${access}`;
  if (key) headers["Idempotency-Key"] = key;
  const late = AbortSignal.timeout(saved ? FILE_TIMEOUT_MS : TIMEOUT_MS);
  const { signal: left } = reading;
  const signal = access && method === "GET" && AbortSignal.any ? AbortSignal.any([late, left]) : late;
  const options = { method, headers, body: body === undefined || file ? body : JSON.stringify(body), signal };
  try {
    const answer = await fetch(new URL(`./api/v1${path}`, document.baseURI), options);
    const data = saved && answer.ok ? await answer.blob() : parsed(await answer.text());
    // A proxy answers for a server that is gone.
    if (GONE.includes(answer.status) && !data?.code) throw new Error(`The proxy answered ${answer.status}.`);
    online.value = true;
    reachedAt.value = Date.now();
    return { answer, data };
  } catch (error) {
    if (!signal.aborted || late.aborted) online.value = false;
    throw new Unreachable(String(error));
  }
}

/** @param {Response} answer @param {any} data */
const refusal = (answer, data) => new Refused(answer.status, data ?? {}, Number(answer.headers.get("Retry-After")) || 0);

/** @param {string} text */
function parsed(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null; // a proxy's own page
  }
}

/** A pair that is newer than `stale`, or null when the sign-in is over. @param {Tokens} stale */
const renewed = (stale) => alone(() => renew(stale));

/** @param {Tokens} stale */
async function renew(stale) {
  const now = /** @type {Tokens | null} */ (recall(KEY) ?? tokens.value);
  if (!now) return null;
  if (now.access_token !== stale.access_token) {
    tokens.value = now; // another tab was faster
    return subjectOf(now) === subjectOf(stale) ? now : null; // or somebody else signed in there, whose call this is not
  }
  const { answer, data } = await send("POST", "/auth/refresh", { refresh_token: now.refresh_token }, null);
  if (answer.status === 401) {
    say(true);
    keep(null);
    return null;
  }
  if (!answer.ok) throw refusal(answer, data);
  keep(data);
  return tokens.value;
}

/** Tell every tab whether the server ended the sign-in, before it is gone. @param {boolean} over */
function say(over) {
  remember(ENDED, over || null);
  ended.value = over;
}

/**
 * What the API answers; 204 is null. A token that has run out is renewed once.
 * Raises Refused when the server says no, Unreachable when it says nothing.
 * @param {string} method @param {string} path below the prefix @param {unknown} [body] JSON, or a Blob that is sent as it is @returns {Promise<any>}
 */
export async function call(method, path, body) {
  return (await exchange(method, path, body)).data;
}

/** A file that the API answers, and the name that it gives it, if any. @param {string} path @returns {Promise<{file: Blob, name: string | undefined}>} */
export async function download(path) {
  const { answer, data } = await exchange("GET", path, undefined, { saved: true });
  return { file: data, name: /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] };
}

/**
 * A call after which only the tokens that it answers are good. Nobody renews meanwhile, as what it ends would look like the end of the sign-in.
 * @param {string} method @param {string} path @param {unknown} body
 */
export const exchangeTokens = (method, path, body) => alone(async () => { keep((await exchange(method, path, body, { renews: renew })).data); });

/** The keys of what was asked for and may have been done, by what it was. @type {Map<string, string>} */
const unanswered = new Map();

/**
 * A POST that makes something, which it makes once: asked for again after its answer was lost, it answers what it answered first.
 * @param {string} path @param {unknown} body @returns {Promise<any>}
 */
export async function make(path, body) {
  const what = JSON.stringify([whose.peek(), path, body]);
  const key = unanswered.get(what) ?? [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  unanswered.set(what, key);
  try {
    const { data } = await exchange("POST", path, body, { key });
    unanswered.delete(what);
    return data;
  } catch (error) {
    if (!passes(error) && !(error instanceof Refused && error.code === "request_in_progress")) unanswered.delete(what);
    throw error;
  }
}

/** @param {string} method @param {string} path @param {unknown} [body] @param {How & {renews?: typeof renew}} [how] @returns {Promise<{answer: Response, data: any}>} */
async function exchange(method, path, body, { renews = renewed, ...how } = {}) {
  const held = tokens.value;
  // Who has signed out while one call of a row was under way sends no other; the service's own page alone is open to all.
  if (!held && path) throw new Refused(401, { code: "unauthenticated", detail: t("session_ended") });
  let { answer, data } = await send(method, path, body, held?.access_token ?? null, how);
  if (answer.status === 401 && held) {
    const fresh = await renews(held);
    if (fresh) ({ answer, data } = await send(method, path, body, fresh.access_token, how));
  }
  if (!answer.ok) throw refusal(answer, data);
  return { answer, data };
}

/** Every page of a list. @param {string} path @returns {Promise<any[]>} */
export async function list(path) {
  const all = [];
  /** @type {string | undefined} */
  let next = path;
  while (next) {
    const { answer, data } = /** @type {{answer: Response, data: any[]}} */ (await exchange("GET", next));
    all.push(...data);
    const link = /<([^>]*)>;\s*rel="next"/.exec(answer.headers.get("Link") ?? "")?.[1];
    next = link && path.split("?")[0] + new URL(link, answer.url).search;
  }
  return all;
}

/** A call for which nobody has to be signed in. @param {string} path @param {Record<string, string>} body @returns {Promise<any>} */
export async function callAsAnyone(path, body) {
  const { answer, data } = await send("POST", path, body, null);
  if (!answer.ok) throw refusal(answer, data);
  return data;
}

/** Sign in, make an account, or set another password by a link. @param {"login" | "register" | "password/reset"} how @param {Record<string, string>} body */
export const enter = (how, body) => alone(async () => {
  const pair = await callAsAnyone(`/auth/${how}`, body);
  say(false);
  keep(pair);
});

/** Forget the sign-in here; the server has no such account any more. */
export function forgetSignIn() {
  say(false);
  keep(null);
}

/** Forget the sign-in here at once, and on the server when it can be reached. */
export async function leave() {
  const held = tokens.value;
  keep(null);
  if (held) await send("POST", "/auth/logout", { refresh_token: held.refresh_token }, null).catch(() => undefined);
}

/** At the start: renew what has lived half its life, so that a student who comes by now and then stays signed in. */
export async function stayIn() {
  const held = tokens.value;
  if (held && Date.now() - held.since > held.expires_in * 500) await renewed(held).catch(() => undefined);
}
