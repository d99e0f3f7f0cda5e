// What this browser remembers between visits. Storage may be switched off or full: then nothing is remembered.

/** @param {string} name @returns {any} */
export function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(`schediora.${name}`) ?? "null");
  } catch {
    return null;
  }
}

/** Remember `value`; null forgets. @param {string} name @param {unknown} value */
export function remember(name, value) {
  try {
    if (value === null) localStorage.removeItem(`schediora.${name}`);
    else localStorage.setItem(`schediora.${name}`, JSON.stringify(value));
  } catch {
    // The visit goes on without.
  }
}
