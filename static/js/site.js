/**
 * What every page of the site runs: drafts, news beside lists, sharing. And the helpers that the
 * other scripts use, those of the admin too, on whose pages nothing of the rest finds its element.
 *
 * Where storage is barred or full, nothing is stored and nothing breaks.
 */
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

/** The parts of a text of HTML, which comes from this site. */
export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

/** A number as the page's language writes it. */
export const counted = (number) => number.toLocaleString(document.documentElement.lang);

/** `one` or `many`, in which "{n}" stands for the number. */
export const numbered = (n, one, many) => (n === 1 ? one : many).replace("{n}", counted(n));

/** Why the site gave no answer that can be read. */
export const unanswered = (words) => (navigator.onLine ? words.failed : words.offline);

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

const DAY = 86_400;

/** The age of recent times in words; the exact time moves to the title. */
export function showTimes(times, justNow) {
  const always = new Intl.RelativeTimeFormat(document.documentElement.lang);
  for (const time of times) {
    const age = (Date.now() - Date.parse(time.dateTime)) / 1000;
    if (age >= 30 * DAY) continue;
    const [unit, size] = age < 3600 ? ["minute", 60] : age < DAY ? ["hour", 3600] : ["day", DAY];
    time.title ||= time.textContent;
    time.textContent = age < 60 ? justNow : always.format(-Math.floor(age / size), unit);
  }
}

/** Sends `body` and gives {ok, status, data}, data being JSON; throws when no such answer comes. */
export async function post(url, body, options = {}) {
  const headers = { Accept: "application/json" };
  const answer = await fetch(url, { method: "POST", body, headers, ...options });
  return { ok: answer.ok, status: answer.status, data: await answer.json() };
}

// Drafts stay until the site says that it has the text. A form's `draft` and `parent` say what it
// is about, so that the text stands wherever that is written.
const draftKey = (form) => `draft.${form.elements.draft.value}.${form.elements.parent?.value || 0}`;
const words = (form) => form.querySelector("textarea");

export const loadDraft = (form) => load(draftKey(form));
export const dropDraft = (form) => save(draftKey(form), null);

function keepDraft(form) {
  const text = words(form).value;
  const { key } = form.elements;
  if (text.trim()) key.value ||= newKey();
  save(draftKey(form), text.trim() ? { text, key: key.value } : null);
}

/** Puts the draft into its form, above what was typed before this script was there. */
export function putDraft(form) {
  const field = words(form);
  const draft = loadDraft(form);
  const typed = field.value === field.defaultValue ? "" : field.value;
  if (draft) {
    field.value = typed.includes(draft.text) ? typed : draft.text;
    if (!field.value.includes(typed)) field.value += `\n\n${typed}`;
    form.elements.key.value = draft.key;
  }
  form.elements.key.value ||= newKey();
  if (typed) keepDraft(form);
  field.addEventListener("input", () => keepDraft(form));
}

export const draftsOf = (article) => keysOf(`draft.${article}.`).map((name) => load(name).text);

// The site has what was sent with this key, says the page after it.
const here = new URL(location);
const stored =
  here.searchParams.get("stored") ?? document.querySelector("[data-stored]")?.dataset.stored;
if (stored) {
  for (const name of keysOf("draft.")) if (load(name)?.key === stored) save(name, null);
  here.searchParams.delete("stored");
  history.replaceState(history.state, "", here);
}
// The conversation's own forms are made ready by its script.
for (const form of document.forms) {
  if (form.elements.draft && !form.closest("[data-form]")) putDraft(form);
}
// With a comment goes what proves that its address was confirmed in this browser (confirmed.js).
// Before any form's own script: on the document, while the event comes down.
document.addEventListener(
  "submit",
  ({ target }) => {
    const { proof, email } = target.elements;
    if (!proof) return;
    const proofs = load("proofs") ?? {};
    // A form about a comment that is there already does not say with which address.
    proof.value = email
      ? (proofs[email.value.trim().toLowerCase()] ?? "")
      : Object.values(proofs).join(" ");
  },
  true,
);
// So what the page offers to who can prove it alone is offered here.
if (load("proofs")) {
  for (const place of document.querySelectorAll("[data-proven], [data-unproven]")) {
    place.hidden = "unproven" in place.dataset;
  }
}

// Beside "12 comments" on lists: how many came since this browser last saw the conversation.
for (const link of document.querySelectorAll("a[data-conversation]")) {
  const seen = load(`seen.${link.dataset.conversation}`);
  const more = Number(link.dataset.count) - seen;
  if (seen === null || more <= 0) continue;
  link.append(
    " ",
    make("span", { className: "new-word" }, link.dataset.new.replace("{n}", counted(more))),
  );
}

// A picture opens large over the page; without scripts its link leads to the file.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a.enlarge");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  import("./lightbox.js").then(
    ({ open }) => open(link, make),
    () => location.assign(link.href),
  );
});

if (document.querySelector(".toc")) import("./contents.js");

// Who has seen the admin in this browser may be able to change what the page shows.
const admin = load("staff");
if (typeof admin === "string" && document.querySelector(".masthead"))
  import("./edit-here.js")
    .then(({ offerEditing }) => offerEditing(admin, { make, save }))
    .catch(() => {});

// Menus made of <details> close by Escape, by a click elsewhere, and when the focus leaves.
const openMenus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const menu of openMenus()) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
});
document.addEventListener("click", ({ target }) => {
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;
});
document.addEventListener("focusout", ({ relatedTarget }) => {
  if (!relatedTarget) return; // The window lost it, or a click that is seen above.
  for (const menu of openMenus()) if (!menu.contains(relatedTarget)) menu.open = false;
});

// Sharing without third parties: the clipboard and the system's own share sheet.
// Both buttons stay hidden where the browser cannot do what they say.

const status = document.querySelector(".share-status");

function offer(button, action) {
  button.closest("li").hidden = false;
  button.addEventListener("click", action);
}

for (const button of document.querySelectorAll(".share [data-copy]")) {
  if (!navigator.clipboard) continue;
  offer(button, async () => {
    const { copy, done, failed } = button.dataset;
    status.textContent = "";
    try {
      await navigator.clipboard.writeText(copy);
      status.textContent = done;
    } catch {
      status.textContent = `${failed} ${copy}`;
    }
  });
}

for (const button of document.querySelectorAll(".share [data-share]")) {
  const sheet = { url: button.dataset.share, title: button.dataset.title };
  if (!navigator.canShare?.(sheet)) continue;
  // Rejects when the reader closes the sheet, which needs no word.
  offer(button, () => navigator.share(sheet).catch(() => {}));
}
