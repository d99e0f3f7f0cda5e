// Calls as they are sent, and as a line for a terminal.

/** @typedef {import("./schema.js").Operation} Operation */
/** @typedef {{url: string, method: string, type: string, body: string | undefined, secret: boolean}} Call */

/**
 * What a form asks for; parameters without a value are left out.
 * @param {string} base @param {Operation} operation @param {Record<string, string>} values @param {string} type @param {string} body
 * @returns {Call}
 */
export function callOf(base, operation, values, type, body) {
  const query = new URLSearchParams();
  let path = operation.path;
  for (const { name, in: place } of operation.about.parameters ?? []) {
    const value = values[name] ?? "";
    if (place === "path") path = path.replace(`{${name}}`, value ? encodeURIComponent(value) : `{${name}}`);
    else if (place === "query" && value) query.set(name, value);
  }
  const url = base + path + (query.size ? `?${query}` : "");
  return { url, method: operation.verb.toUpperCase(), type, body: type ? body : undefined, secret: !operation.open };
}

/** @param {Call} call @param {string} token @returns {Promise<{line: string, status: number, head: string, body: string, data: any}>} */
export async function send(call, token) {
  const began = performance.now();
  const response = await fetch(call.url, {
    method: call.method,
    headers: { ...(call.type && { "Content-Type": call.type }), ...(call.secret && token && { Authorization: `Bearer ${token}` }) },
    ...(call.body !== undefined && { body: call.body }),
    cache: "no-store",
  });
  const body = await response.text();
  const line = `${response.status} ${response.statusText}, ${Math.round(performance.now() - began)} ms`;
  const head = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  try {
    const data = JSON.parse(body);
    return { line, status: response.status, head, body: JSON.stringify(data, null, 2), data };
  } catch {
    return { line, status: response.status, head, body, data: null };
  }
}

/** The call as a command; the token stays a variable. @param {Call} call */
export function curl(call) {
  const parts = [`curl ${call.method === "GET" ? "" : `-X ${call.method} `}${quoted(call.url)}`];
  if (call.secret) parts.push('-H "Authorization: Bearer $TOKEN"');
  if (call.type) parts.push(`-H ${quoted(`Content-Type: ${call.type}`)}`);
  if (call.body !== undefined) parts.push(`--data-raw ${quoted(compact(call.body))}`);
  return parts.join(" \\\n  ");
}

/** @param {string} text */
function compact(text) {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

/** As a shell takes it, whatever is in it. @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * The ids that an answer of `path` shows, by the names under which `paths` take them, so that the next form is filled in.
 * @param {string} path @param {any} data @param {string[]} paths @returns {Record<string, string>}
 */
export function idsIn(path, data, paths) {
  const first = Array.isArray(data) ? data[0] : data;
  if (!first || typeof first !== "object") return {};
  const taken = paths.map((one) => one.startsWith(`${path}/`) && one.slice(path.length).match(/^\/\{(\w+)\}$/)?.[1]).find(Boolean);
  const of = path.split("/").filter((part) => part && !part.startsWith("{")).at(-1)?.replace(/s$/, "");
  const own = typeof first.id === "string" ? { [taken || `${of}_id`]: first.id } : {};
  const named = Object.entries(first).filter(([name, value]) => name.endsWith("_id") && name !== "request_id" && typeof value === "string");
  return { ...Object.fromEntries(named), ...own };
}
