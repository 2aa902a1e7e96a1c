/**
 * What this browser keeps for its reader: drafts, waiting comments, details on request.
 * Where storage is barred or full, nothing is kept and nothing breaks.
 */
const PREFIX = "weerwoord.";

export function load(key) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key));
  } catch {
    return null;
  }
}

/** Keeps `value` under `key`; null forgets it. */
export function save(key, value) {
  try {
    if (value === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // A full or barred store: the form itself still holds what was typed.
  }
}
