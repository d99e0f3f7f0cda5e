import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import vm from "node:vm";

const SOURCE = readFileSync(new URL("../../../schediora/web/static/sw.js", import.meta.url), "utf8");
const AT = "https://planner.test/below/";

/** A worker of a release, in a browser whose caches are given. @param {string} release @param {Map<string, Map<string, Response>>} stored @param {(path: string) => Response | null} network */
function worker(release, stored, network) {
  /** @type {Record<string, (event: any) => void>} */
  const heard = {};
  const fetched = async (/** @type {any} */ request) => {
    const answer = network(new URL(request.url).pathname);
    if (!answer) throw new TypeError("no network");
    return answer;
  };
  const open = async (/** @type {string} */ name) => {
    const rows = stored.get(name) ?? new Map();
    stored.set(name, rows);
    return {
      addAll: async (/** @type {any[]} */ all) => { for (const one of all) rows.set(new URL(one.url).pathname, await fetched(one)); },
      match: async (/** @type {any} */ one) => rows.get(new URL(one.url).pathname)?.clone(),
    };
  };
  const context = {
    self: { location: { href: `${AT}sw.js` }, addEventListener: (/** @type {string} */ name, /** @type {any} */ act) => { heard[name] = act; }, skipWaiting: async () => undefined, clients: { claim: async () => undefined } },
    caches: { open, keys: async () => [...stored.keys()], delete: async (/** @type {string} */ name) => stored.delete(name) },
    URL, Map, Set, Promise, setTimeout, fetch: fetched, Request: class { constructor(/** @type {URL} */ url) { this.url = url.href; } },
  };
  vm.runInNewContext(`const RELEASE = "${release}"; const FILES = ["./", "./app.js", "./week/week.js"];\n${SOURCE}`, context);
  const say = async (/** @type {string} */ name) => { let work; heard[name]({ waitUntil: (/** @type {any} */ one) => { work = one; } }); await work; };
  const ask = (/** @type {string} */ path, /** @type {string} */ page, mode = "cors") => {
    /** @type {Promise<Response> | null} */
    let answer = null;
    heard.fetch({ request: { method: "GET", mode, url: AT + path }, clientId: page, resultingClientId: page, respondWith: (/** @type {any} */ one) => { answer = one; } });
    return /** @type {any} */ (answer);
  };
  return { say, ask };
}
const served = (/** @type {string} */ release) => (/** @type {string} */ path) => new Response(`${release} ${path}`, { headers: { ETag: release } });
const text = async (/** @type {Promise<Response>} */ answer) => (await answer).text();

test("a page that comes from the device has all its parts from there", async () => {
  let network = /** @type {(path: string) => Response | null} */ (served("one"));
  const { say, ask } = worker("one", new Map(), (path) => network(path));
  await say("install");
  network = () => null;
  assert.equal(await text(ask("", "p", "navigate")), "one /below/");
  network = served("two");
  assert.equal(await text(ask("app.js", "p")), "one /below/app.js");
  assert.equal(await text(ask("app.js", "q")), "two /below/app.js");
});

test("a page of another release gets no part of this one", async () => {
  let network = /** @type {(path: string) => Response | null} */ (served("one"));
  const { say, ask } = worker("one", new Map(), (path) => network(path));
  await say("install");
  network = served("two");
  assert.equal(await text(ask("", "p", "navigate")), "two /below/");
  network = () => null;
  await assert.rejects(ask("app.js", "p"));
});

test("a proxy's error is no page, and a new release takes the place of the old one", async () => {
  const stored = new Map();
  const one = worker("one", stored, served("one"));
  await one.say("install");
  stored.set("schediora-/-elsewhere", new Map());
  const two = worker("two", stored, served("two"));
  await two.say("install");
  await two.say("activate");
  assert.deepEqual([...stored.keys()].sort(), ["schediora-/-elsewhere", "schediora-/below/-two"]);
  const gone = worker("two", stored, () => new Response("", { status: 502 }));
  assert.equal(await text(gone.ask("", "p", "navigate")), "two /below/");
  assert.equal(await text(gone.ask("week/week.js", "p")), "two /below/week/week.js");
});

test("the API, the calendar and what is posted are none of its business", async () => {
  const { ask } = worker("one", new Map(), served("one"));
  for (const path of ["api/v1/sessions", "calendar/token.ics", "docs", "nope.js"]) assert.equal(ask(path, "p"), null, path);
});
