/**
 * What every page runs: what this browser keeps for its reader, news beside lists, sharing.
 *
 * Kept are drafts, waiting comments, visits, details on request. Where storage is barred or full,
 * nothing is kept and nothing breaks.
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

// With a comment goes what proves that its address was confirmed in this browser (confirmed.js).
// Before any form's own script: on the document, while the event comes down.
document.addEventListener("submit", ({ target }) => {
  const { proof, email } = target.elements;
  if (proof) proof.value = load("proofs")?.[email?.value.trim().toLowerCase()] ?? "";
}, true);

// Beside "12 comments" on lists: how many came since this browser last saw the conversation.
for (const link of document.querySelectorAll("a[data-conversation]")) {
  const seen = load(`seen.${link.dataset.conversation}`);
  const more = Number(link.dataset.count) - seen;
  if (seen === null || more <= 0) continue;
  const word = Object.assign(document.createElement("span"), { className: "new-word" });
  word.textContent = link.dataset.new.replace("{n}", more);
  link.append(" ", word);
}

// Sharing without third parties: the clipboard and the system's own share sheet.
// Both buttons stay hidden where the browser cannot do what they say.

const status = document.querySelector(".share-status");

function offer(button, action) {
  button.closest("li").hidden = false;
  button.addEventListener("click", action);
}

for (const button of document.querySelectorAll("[data-copy]")) {
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

for (const button of document.querySelectorAll("[data-share]")) {
  const sheet = { url: button.dataset.share, title: button.dataset.title };
  if (!navigator.canShare?.(sheet)) continue;
  // Rejects when the reader closes the sheet, which needs no word.
  offer(button, () => navigator.share(sheet).catch(() => {}));
}
