import assert from "node:assert/strict";
import test from "node:test";

/** @type {Map<string, string>} */
const stored = new Map();
Object.assign(globalThis, {
  document: { baseURI: "https://planner.test/prefix/" },
  localStorage: { getItem: (/** @type {string} */ key) => stored.get(key) ?? null, setItem: (/** @type {string} */ key, /** @type {string} */ value) => stored.set(key, value), removeItem: (/** @type {string} */ key) => stored.delete(key) },
});
const { Refused, Unreachable, call, download, ended, enter, exchangeTokens, list, make, online, tokens } = await import("../../../schediora/web/static/api/client.js");

/** Answer each call as `answer` says. @param {(url: string, options: any) => [number, unknown, Record<string, string>?] | null} answer */
function served(answer) {
  /** @type {string[]} */
  const asked = [];
  globalThis.fetch = /** @type {any} */ (async (/** @type {URL} */ url, /** @type {any} */ options) => {
    asked.push(`${options.method} ${url.pathname}`);
    const said = answer(url.href, options);
    if (!said) throw new TypeError("no network");
    const [status, body, headers = {}] = said;
    const made = new Response(status === 204 ? null : JSON.stringify(body), { status, headers });
    Object.defineProperty(made, "url", { value: url.href });
    return made;
  });
  return asked;
}
const pair = (/** @type {number} */ number) => ({ access_token: `access${number}`, refresh_token: `refresh${number}`, token_type: "bearer", expires_in: 100 });
/** Sign in. @param {number} number */
async function enterAs(number) {
  served(() => [200, pair(number)]);
  await enter("login", { email: "a@example.com", password: "correct horse" });
}

test("calls that are refused together renew the token once, below any prefix", async () => {
  await enterAs(1);
  const asked = served((url, { headers }) => {
    if (url.endsWith("/auth/refresh")) return [200, pair(2)];
    return headers.Authorization === "Bearer access2" ? [200, { ok: true }] : [401, { code: "unauthenticated", detail: "Open the app again." }];
  });
  assert.deepEqual(await Promise.all([call("GET", "/plans"), call("GET", "/users/me")]), [{ ok: true }, { ok: true }]);
  assert.equal(asked.filter((one) => one === "POST /prefix/api/v1/auth/refresh").length, 1);
  assert.equal(JSON.parse(stored.get("schediora.tokens") ?? "").access_token, "access2");
});

test("a server that is gone or busy signs nobody out", async () => {
  served((url) => (url.endsWith("/auth/refresh") ? [503, { code: "overloaded", detail: "Busy." }] : [401, { detail: "No." }]));
  await assert.rejects(call("GET", "/plans"), (error) => error instanceof Refused && error.status === 503);
  assert.equal(tokens.value?.access_token, "access2");
  served(() => null);
  await assert.rejects(call("GET", "/plans"), Unreachable);
  assert.equal(online.value, false);
  assert.equal(tokens.value?.access_token, "access2");
});

test("all pages of a list are had", async () => {
  served((url) => (url.includes("cursor=2") ? [200, [3]] : [200, [1, 2], { Link: '<?cursor=2>; rel="next"' }]));
  assert.deepEqual(await list("/sessions?limit=2"), [1, 2, 3]);
  assert.equal(online.value, true);
});

test("what is asked while the password is changed goes on with the new tokens", async () => {
  await enterAs(3);
  const asked = served((url, { headers }) => {
    if (url.endsWith("/users/password")) return [200, pair(4)];
    if (url.endsWith("/auth/refresh")) return [401, { code: "invalid_refresh_token", detail: "Sign in again." }];
    return headers.Authorization === "Bearer access4" ? [200, { ok: true }] : [401, { code: "unauthenticated", detail: "No." }];
  });
  const change = exchangeTokens("PUT", "/users/password", { old_password: "correct horse", new_password: "a better horse" });
  assert.deepEqual(await Promise.all([change, call("GET", "/plans"), call("GET", "/users/me")]), [undefined, { ok: true }, { ok: true }]);
  assert.deepEqual(asked.filter((one) => one.includes("refresh")), []);
  assert.deepEqual([tokens.value?.access_token, ended.value], ["access4", false]);
});

test("a password that was not changed leaves the tokens as they are", async () => {
  served(() => [403, { code: "wrong_password", detail: "Wrong." }]);
  await assert.rejects(exchangeTokens("PUT", "/users/password", {}), (error) => error instanceof Refused && error.code === "wrong_password");
  assert.equal(tokens.value?.access_token, "access4");
});

test("a file comes as it is, with its name, and a refusal of it as a sentence", async () => {
  served(() => [200, { a: 1 }, { "Content-Disposition": 'attachment; filename="mine.json"' }]);
  const { file, name } = await download("/users/me/export");
  assert.deepEqual([await file.text(), name], ['{"a":1}', "mine.json"]);
  served(() => [429, { detail: "Three a day." }, { "Retry-After": "60" }]);
  await assert.rejects(download("/users/me/export"), (error) => error instanceof Refused && error.message === "Three a day." && error.wait === 60);
});

test("what is asked for again after its answer was lost has the same key, and everything else another", async () => {
  /** @type {string[]} */
  const keys = [];
  /** @param {[number, unknown] | null} answer */
  const answered = (answer) => served((_, { headers }) => { keys.push(headers["Idempotency-Key"]); return answer; });
  const body = { title: "Cells" };
  answered(null);
  await assert.rejects(make("/plans", body), Unreachable);
  answered([409, { code: "request_in_progress", detail: "Wait." }]);
  await assert.rejects(make("/plans", body), Refused);
  answered([422, { code: "validation_failed", detail: "No." }]);
  await assert.rejects(make("/plans", { title: "" }), Refused);
  answered([201, { id: 1 }]);
  await make("/plans", body);
  await make("/plans", body);
  assert.equal(new Set(keys.slice(0, 2).concat(keys[3])).size, 1);
  assert.equal(new Set(keys).size, 3);
  assert.ok(keys.every((key) => /^[0-9a-f]{32}$/.test(key)));
});

test("a sign-in that the server ended is forgotten", async () => {
  served(() => [401, { code: "invalid_refresh_token", detail: "Sign in again." }]);
  await assert.rejects(call("GET", "/plans"), (error) => error instanceof Refused && error.message === "Sign in again.");
  assert.equal(tokens.value, null);
  assert.equal(stored.has("schediora.tokens"), false);
  assert.deepEqual([ended.value, stored.get("schediora.ended")], [true, "true"]);
  await enterAs(5);
  assert.deepEqual([ended.value, stored.has("schediora.ended")], [false, false]);
});

test("who has signed out sends no call that needs a sign-in", async () => {
  tokens.value = null;
  const asked = served(() => [200, { name: "Schediora" }]);
  await assert.rejects(call("GET", "/sessions"), (error) => error instanceof Refused && error.status === 401);
  assert.deepEqual(await call("GET", ""), { name: "Schediora" });
  assert.deepEqual(asked, ["GET /prefix/api/v1"]);
});
