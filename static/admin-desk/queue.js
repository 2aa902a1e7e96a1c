// The queue without new pages: a decision is sent, the cards that changed come back, and the next
// one has the focus. Without this script every form here works by itself.
import { at, cards, go, list, mark, isClaimed, queue, say, step, sweep } from "./queue-list.js";
import "./queue-live.js";
import { goOn, isWaiting, submit, undo, whenFree } from "./queue-send.js";

const help = queue.querySelector("#queue-help");
const isOne = queue.dataset.back === "one=1";
const KEYS = "weerwoord.desk.keys";

list.addEventListener("focusin", (event) => mark(event.target.closest(".queue-card")));
mark(cards().find((card) => !isClaimed(card)) ?? cards()[0]);

queue.addEventListener("submit", (event) => {
  const form = event.target;
  // A comment's own page comes anew, with its log.
  if (form.method !== "post" || isOne) return;
  event.preventDefault();
  if (form.closest("#queue-undo")) undo();
  else submit(form, event.submitter);
});

// Several at once.
const every = queue.querySelector("#queue-every");
const chosen = queue.querySelector("#queue-chosen");
const tick = chosen?.textContent;
function counted() {
  if (!chosen) return;
  const number = list.querySelectorAll("[name=chosen]:checked").length;
  chosen.textContent = number ? `${chosen.dataset.words} ${number}` : tick;
  const isAll = number > 0 && number === cards().filter((card) => !isClaimed(card)).length;
  every.textContent = isAll ? every.dataset.none : every.dataset.all;
}
list.addEventListener("change", counted);

/** Chooses all of the page that no colleague is at, or none. */
function chooseEvery() {
  const boxes = cards()
    .filter((card) => !isClaimed(card))
    .map((card) => card.querySelector("[name=chosen]"));
  const isAll = boxes.every((box) => box.checked);
  for (const box of boxes) box.checked = !isAll;
  counted();
}
every?.addEventListener("click", (event) => {
  event.preventDefault();
  chooseEvery();
});

/** One decision about all that are chosen; one that takes a reason goes to where that is said. */
function bulk(key) {
  const button = queue.querySelector(`[data-bulk="${key}"]`);
  if (key === "m" && every) chooseEvery();
  else if (!button) return false;
  else if (!list.querySelector("[name=chosen]:checked")) say(queue.dataset.choose, "wrong");
  else if (key === "r" || key === "x") queue.querySelector("#queue-bulk-ready").focus();
  else button.click();
  return true;
}
counted();
queue.addEventListener("queue:changed", () => {
  counted();
  showKeys();
});

// Keys: letters alone, so they can be switched off (WCAG 2.1.4), and rest while somebody types.
let keysOn = localStorage.getItem(KEYS) !== "off";
const box = help.querySelector("#queue-keys");
function showKeys() {
  box.checked = keysOn;
  document.documentElement.classList.toggle("queue-keys-off", !keysOn);
  for (const place of queue.querySelectorAll("[data-key]")) {
    if (keysOn) place.setAttribute("aria-keyshortcuts", place.dataset.key);
    else place.removeAttribute("aria-keyshortcuts");
  }
}
box.addEventListener("change", () => {
  keysOn = box.checked;
  localStorage.setItem(KEYS, keysOn ? "on" : "off");
  showKeys();
});
showKeys();
const opener = queue.querySelector("#queue-help-open");
opener.hidden = false;
opener.addEventListener("click", () => help.showModal());

const TYPES = /^(?:checkbox|radio|button|submit)$/;
const isTyping = (node) =>
  node.isContentEditable ||
  node.matches("textarea, select") ||
  (node.matches("input") && !TYPES.test(node.type));

function use(place) {
  const more = place.closest(".queue-more");
  if (more && !more.open && place.parentElement !== more) {
    more.open = true;
    // What decides at once does so when it can be seen what about.
    if (place.matches("button")) return;
  }
  if (place.matches("summary")) {
    const panel = place.parentElement;
    panel.open = !panel.open;
    if (panel === more) go(at.card);
    if (!panel.open || panel === more) return;
    panel.scrollIntoView({ block: "nearest" });
    const digit = panel.querySelector("[data-digit]");
    (
      digit ??
      panel.querySelector("textarea, input:checked, input:not([type=hidden])") ??
      place
    ).focus();
  } else if (place.matches("input:not([type=checkbox])")) {
    place.focus();
  } else {
    place.click();
  }
}

/** To another card; what colleagues decided about goes now that nobody is at it. */
function walk(by) {
  step(by);
  if (at.card?.matches(".queue-done") && !cards().length) mark(null);
  sweep();
  if (!at.card && !isOne) goOn();
}

function pressUndo() {
  const button = queue.querySelector("#queue-undo button");
  button?.click();
  return Boolean(button);
}

/** Does what a key stands for; false for one that stands for nothing. */
function press(key) {
  at.acts += 1;
  if (/^[A-Z]$/.test(key)) return bulk(key.toLowerCase());
  let place = null;
  if (key === "n" || key === "j") walk(1);
  else if (key === "p" || key === "k") walk(-1);
  else if (key === "?") help.showModal();
  else if (key === "u") return isOne ? pressUndo() : undo();
  else if (at.card?.matches(".queue-done"))
    say(at.card.querySelector(".queue-claim").textContent, "wrong");
  else if (/^[1-9]$/.test(key))
    place = at.card?.querySelector(`.queue-panel[open] [data-digit="${key}"]`);
  else if (/^[a-z]$/.test(key)) place = at.card?.querySelector(`[data-key="${key}"]`);
  if (place) use(place);
  return Boolean(place) || /^[njpk?]$/.test(key);
}

// Pressed while the card has yet to get its answer: each is about what is marked by then.
const early = [];
whenFree((isGood) => {
  // They were meant for a comment that the decision was carried out about.
  if (!isGood) early.length = 0;
  while (early.length && !isWaiting()) press(early.shift());
});

addEventListener("keydown", (event) => {
  if (help.open || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && at.card) {
    const panel =
      document.activeElement?.closest("details[open]") ??
      at.card.querySelector(".queue-panel[open]");
    if (panel) panel.open = false;
    go(at.card);
    return;
  }
  if (!keysOn || event.repeat || isTyping(event.target)) return;
  // Capitals alone are the lock's.
  const key = event.shiftKey ? event.key : event.key.toLowerCase();
  if (isWaiting() && /^[a-z1-9]$/i.test(key)) early.push(key);
  else if (!press(key)) return;
  event.preventDefault();
});

// The second click of a double one would be about the comment that has come in the place.
list.addEventListener(
  "click",
  (event) => {
    at.acts += 1;
    if (event.detail > 1 && event.target.closest("button")) event.preventDefault();
  },
  { capture: true },
);
