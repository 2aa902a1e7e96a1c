// What scripts of the site and scripts of the admin share. Loading it does nothing.

const PREFIX = "weerwoord.";

/** An element. Attributes that are no properties are aria-…, data-… and role. */
export function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (/^(aria-|data-|role$)/.test(name)) made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children);
  return made;
}

/** What this browser stores under `key`; null for nothing, and where storage is barred. */
export function load(key) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key));
  } catch {
    return null;
  }
}

/** Stores `value` under `key`, null removes it; false when storage is full or barred. */
export function save(key, value) {
  try {
    if (value === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** The stored keys that begin with `start`. */
export function keysOf(start) {
  try {
    const all = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX + start));
    return all.map((name) => name.slice(PREFIX.length));
  } catch {
    return [];
  }
}

/** 32 hexadecimal digits that no other call gives. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Sends `body` and gives {ok, status, data}, data being JSON; throws when no such answer comes. */
export async function post(url, body, options = {}) {
  const headers = { Accept: "application/json" };
  const answer = await fetch(url, { method: "POST", body, headers, ...options });
  return { ok: answer.ok, status: answer.status, data: await answer.json() };
}
