// What this device keeps, in IndexedDB and under the user's id. Where that is denied or full, it is kept by this page alone.
import { signal } from "../vendor/ui.js";

/** @typedef {"kept" | "waiting" | "claims"} Shelf */
/** @typedef {{user: string, name: string}} Named */

const SHELVES = /** @type {const} */ (["kept", "waiting", "claims"]);

/** Whether what was written last will be here at the next visit. */
export const lasting = signal(true);

/** What could not be written down, by its place. @type {Map<string, {shelf: Shelf, row: Named}>} */
const unwritten = new Map();
/** @param {Shelf} shelf @param {string} user @param {string} name */
const placeOf = (shelf, user, name) => JSON.stringify([shelf, user, name]);

/** @type {Promise<IDBDatabase | null> | null} */
let opened = null;
/** The database, or null where there is none to be had. @returns {Promise<IDBDatabase | null>} */
const open = () => (opened ??= new Promise((done) => {
  try {
    const asked = indexedDB.open("schediora", 1);
    asked.onupgradeneeded = () => { for (const shelf of SHELVES) asked.result.createObjectStore(shelf, { keyPath: ["user", "name"] }); };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => { asked.result.close(); opened = null; };
      asked.result.onclose = () => { opened = null; };
      done(asked.result);
    };
    asked.onerror = () => done(null);
  } catch {
    done(null);
  }
}));

/** One transaction; raises what ended it. @template T @param {Shelf} shelf @param {IDBTransactionMode} mode @param {(rows: IDBObjectStore, found: (value: T) => void) => void} act @returns {Promise<T>} */
async function within(shelf, mode, act) {
  const database = await open();
  if (!database) throw new Error("no database");
  return new Promise((done, fail) => {
    const work = database.transaction(shelf, mode, { durability: "relaxed" });
    /** @type {any} */
    let result = null;
    work.oncomplete = () => done(result);
    work.onabort = () => fail(work.error);
    act(work.objectStore(shelf), (value) => { result = value; });
  });
}

/** Everything on a shelf of this user. @param {Shelf} shelf @param {string} user @returns {Promise<any[]>} */
export async function all(shelf, user) {
  const written = await within(shelf, "readonly", (rows, found) => {
    const asked = rows.getAll(everythingOf(user));
    asked.onsuccess = () => found(asked.result);
  }).catch(() => /** @type {Named[]} */ ([]));
  const own = [...unwritten.values()].filter((one) => one.shelf === shelf && one.row.user === user).map(({ row }) => row);
  return [.../** @type {Named[]} */ (written).filter(({ name }) => !unwritten.has(placeOf(shelf, user, name))), ...own];
}

/** @param {Shelf} shelf @param {string} user @param {string} name @returns {Promise<any>} null where there is nothing */
export async function get(shelf, user, name) {
  const own = unwritten.get(placeOf(shelf, user, name));
  if (own) return own.row;
  return within(shelf, "readonly", (rows, found) => {
    const asked = rows.get([user, name]);
    asked.onsuccess = () => found(asked.result ?? null);
  }).catch(() => null);
}

/**
 * Replace a row by what `next` makes of it, null for none: in one transaction, so that two tabs cannot lose each other's.
 * @param {Shelf} shelf @param {string} user @param {string} name @param {(row: any) => any} next @returns {Promise<any>} what is there now
 */
export async function change(shelf, user, name, next) {
  const place = placeOf(shelf, user, name);
  const own = unwritten.get(place);
  try {
    const made = await within(shelf, "readwrite", (rows, found) => {
      const asked = rows.get([user, name]);
      asked.onsuccess = () => {
        const row = next(own?.row ?? asked.result ?? null);
        found(row);
        // A put that fails at once, or later by the quota, ends the transaction.
        try { row ? rows.put(row) : rows.delete([user, name]); } catch { rows.transaction.abort(); }
      };
    });
    unwritten.delete(place);
    if (shelf === "waiting") lasting.value = true;
    return made;
  } catch {
    const row = next(await get(shelf, user, name));
    if (row) unwritten.set(place, { shelf, row });
    else unwritten.delete(place);
    if (shelf === "waiting") lasting.value = false;
    return row;
  }
}

/** Leave nothing of this user. @param {string} user */
export async function wipe(user) {
  for (const [place, { row }] of unwritten) if (row.user === user) unwritten.delete(place);
  for (const shelf of SHELVES) await within(shelf, "readwrite", (rows) => { rows.delete(everythingOf(user)); }).catch(() => undefined);
}

/** In the order of keys a list comes after every string. @param {string} user */
const everythingOf = (user) => IDBKeyRange.bound([user], [user, []]);
