// What the OpenAPI document says of values: references followed, kinds and limits in words, examples.

/** @typedef {Record<string, any>} Schema */
/** @typedef {{path: string, verb: string, id: string, tag: string, open: boolean, about: Schema, words: string}} Operation */

const VERBS = ["get", "post", "put", "patch", "delete"];
const DEEPEST = 6;
const DAY = /^\d{4}-\d\d-\d\d/;
const DAY_MS = 86_400_000;

/** Follow references until there is none. @param {Schema} spec @param {Schema | undefined} given @returns {Schema} */
export function solve(spec, given) {
  let schema = given ?? {};
  while (schema.$ref) {
    const { $ref, ...more } = schema;
    const found = $ref.slice(2).split("/").reduce((/** @type {any} */ at, /** @type {string} */ key) => at[key], spec);
    schema = { ...found, ...more };
  }
  return schema;
}

/** What may be there, and whether null may be there instead. @param {Schema} spec @param {Schema | undefined} given */
function choices(spec, given) {
  const schema = solve(spec, given);
  const all = (schema.anyOf ?? schema.oneOf)?.map((/** @type {Schema} */ one) => solve(spec, one)) ?? [schema];
  const some = all.filter((/** @type {Schema} */ one) => one.type !== "null");
  return { some: /** @type {Schema[]} */ (some), nullable: some.length < all.length };
}

/** The kind of a value in words. @param {Schema} spec @param {Schema | undefined} given @returns {string} */
export function kind(spec, given) {
  const { some, nullable } = choices(spec, given);
  return [...some.map((one) => plain(spec, one)), ...(nullable ? ["null"] : [])].join(" or ");
}

/** @param {Schema} spec @param {Schema} schema */
function plain(spec, schema) {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return `one of ${schema.enum.join(", ")}`;
  if (schema.type === "array") return `list of ${kind(spec, schema.items)}`;
  return schema.format ?? schema.type ?? "anything";
}

/** What bounds a value, in words. @param {Schema} spec @param {Schema | undefined} given @returns {string[]} */
export function limits(spec, given) {
  const found = choices(spec, given).some.flatMap((one) => [
    between(one.minimum, one.maximum, ""),
    between(one.minLength || undefined, one.maxLength, " characters"),
    between(one.minItems, one.maxItems, " entries"),
    one.multipleOf && `in steps of ${one.multipleOf}`,
    one.pattern && `like ${one.pattern}`,
  ]);
  const usual = solve(spec, given).default;
  if (usual !== undefined) found.push(`${JSON.stringify(usual)} if left out`);
  return found.filter(Boolean);
}

/** @param {number | undefined} least @param {number | undefined} most @param {string} unit */
function between(least, most, unit) {
  if (least === undefined && most === undefined) return "";
  if (least === undefined) return `at most ${most}${unit}`;
  return most === undefined ? `at least ${least}${unit}` : `${least} to ${most}${unit}`;
}

/**
 * The fields of an object, or of the objects in a list; none of anything else.
 * @param {Schema} spec @param {Schema | undefined} given @returns {{name: string, schema: Schema, needed: boolean}[]}
 */
export function fields(spec, given) {
  for (const one of choices(spec, given).some) {
    if (one.items) return fields(spec, one.items);
    if (!one.properties) continue;
    const needed = new Set(one.required ?? []);
    return Object.entries(one.properties).map(([name, schema]) => ({ name, schema, needed: needed.has(name) }));
  }
  return [];
}

/** An example made from a schema. @param {Schema} spec @param {Schema | undefined} given @returns {any} */
export function sample(spec, given, depth = 0) {
  const said = solve(spec, given);
  for (const example of [said.example, said.examples?.[0], said.default]) if (example !== undefined) return example;
  const schema = choices(spec, given).some[0];
  if (!schema) return null;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.properties && depth < DEEPEST) {
    return Object.fromEntries(fields(spec, schema).map(({ name, schema: inner }) => [name, sample(spec, inner, depth + 1)]));
  }
  if (schema.type === "array") return depth < DEEPEST && schema.items ? [sample(spec, schema.items, depth + 1)] : [];
  if (schema.type === "integer" || schema.type === "number") return schema.minimum ?? 1;
  return schema.type === "boolean" ? true : schema.type === "object" ? {} : "text";
}

/**
 * An example with its days in the week ahead: one that was written down once is past some day, and then refused.
 * All days move by the same whole weeks. @param {any} example @param {number} now @returns {any}
 */
export function afresh(example, now) {
  /** @type {number[]} */
  const days = [];
  const each = (/** @type {any} */ value, /** @type {(day: string) => string} */ move) => /** @type {any} */ (
    typeof value === "string" && DAY.test(value) ? move(value)
      : Array.isArray(value) ? value.map((one) => each(one, move))
        : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, each(one, move)]))
          : value);
  each(example, (text) => { days.push(Date.parse(text.slice(0, 10))); return text; });
  const ahead = now + 2 * DAY_MS - Math.min(...days);
  const weeks = Math.max(0, Math.ceil(ahead / (7 * DAY_MS)));
  return each(example, (text) => new Date(Date.parse(text.slice(0, 10)) + weeks * 7 * DAY_MS).toISOString().slice(0, 10) + text.slice(10));
}

/** Every call, in the document's order. @param {Schema} spec @returns {Operation[]} */
export function operations(spec) {
  return Object.entries(spec.paths).flatMap(([path, item]) => VERBS.filter((verb) => verb in item).map((verb) => {
    const about = item[verb];
    const body = Object.values(about.requestBody?.content ?? {})[0]?.schema;
    const names = [...(about.parameters ?? []).map((/** @type {Schema} */ one) => solve(spec, one).name), ...fields(spec, body).map(({ name }) => name)];
    const words = [verb, path, about.operationId, about.summary, about.description, ...names].join(" ").toLowerCase();
    const open = !(about.security ?? spec.security ?? []).some((/** @type {Schema} */ one) => Object.keys(one).length);
    return { path, verb, id: about.operationId, tag: about.tags?.[0] ?? "other", open, about, words };
  }));
}
