// The queue without new pages: a decision is sent, the cards that changed come back, and the next
// one has the focus. Without this script every form here works by itself.
import { post } from "../js/site.js";
import { ask, say as sayFault, taken } from "./drafts.js";

const queue = document.querySelector("#queue");
const list = queue.querySelector("#queue-cards");
const status = queue.querySelector("#queue-status");
const help = queue.querySelector("#queue-help");
const KEYS = "weerwoord.desk.keys";

const cards = () => [...list.querySelectorAll(".queue-card")];
let current = null;

function mark(card) {
  if (card === current) return;
  current?.classList.remove("queue-current");
  current = card ?? null;
  current?.classList.add("queue-current");
}

function go(card) {
  if (!card) return;
  mark(card);
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
  if (card.getBoundingClientRect().top < 0) card.scrollIntoView({ block: "start" });
}

function say(words, kind = "") {
  status.dataset.kind = kind;
  // Emptied first, or the same words twice are read once.
  status.textContent = "";
  requestAnimationFrame(() => {
    status.textContent = words;
  });
}

list.addEventListener("focusin", (event) => mark(event.target.closest(".queue-card")));
mark(cards()[0]);

// Where a card stood that has left, so that taking the decision back puts it there again.
const places = new Map();

function change(number, html) {
  const old = list.querySelector(`[data-card="${number}"]`);
  const made = html
    ? document.createRange().createContextualFragment(html).firstElementChild
    : null;
  if (old && made) {
    old.replaceWith(made);
    return made;
  }
  if (old) {
    places.set(number, cards().indexOf(old));
    old.remove();
  } else if (made) {
    const before = cards()[places.get(number) ?? 0];
    if (before) before.before(made);
    else list.append(made);
  }
  return made;
}

let busy = false;

async function send(form, submitter) {
  if (busy) return;
  busy = true;
  const fromCard = form.closest(".queue-card");
  const at = fromCard ? cards().indexOf(fromCard) : 0;
  let answer;
  try {
    answer = await post(form.action, new FormData(form, submitter));
  } catch {
    say(queue.dataset.lost, "wrong");
    if ((await ask()) === "out") sayFault("out", submitter?.closest("p, form") ?? form);
    return;
  } finally {
    busy = false;
  }
  const { data } = answer;
  if (answer.ok) taken(form);
  const made = Object.entries(data.cards)
    .map(([number, html]) => change(number, html))
    .filter(Boolean);
  if (answer.ok || Object.keys(data.cards).length)
    queue.querySelector("#queue-undo").innerHTML = data.undo;
  for (const [tab, number] of Object.entries(data.counts)) {
    for (const place of queue.querySelectorAll(`[data-count="${tab}"]`)) place.textContent = number;
  }
  counted();
  showKeys();
  if (answer.status === 422) {
    say(data.told, "wrong");
    return;
  }
  const left = cards();
  const empty = queue.querySelector("#queue-empty");
  if (empty) empty.hidden = left.length > 0;
  if (left.length) {
    say(data.told, answer.ok ? "" : "wrong");
    go(made[0] ?? left[Math.min(Math.max(at, 0), left.length - 1)]);
    return;
  }
  const more = queue.querySelector("#queue-next");
  if (more) {
    location.assign(more.href);
    return;
  }
  say(`${data.told} ${queue.dataset.done}`);
  mark(null);
  empty?.focus();
}

queue.addEventListener("submit", (event) => {
  const form = event.target;
  // A comment's own page comes anew, with its log.
  if (form.method !== "post" || queue.dataset.back === "one=1") return;
  event.preventDefault();
  send(form, event.submitter);
});

// Several at once.
const chosen = queue.querySelector("#queue-chosen");
const tick = chosen?.textContent;
function counted() {
  if (!chosen) return;
  const number = list.querySelectorAll("[name=chosen]:checked").length;
  chosen.textContent = number ? `${chosen.dataset.words} ${number}` : tick;
}
list.addEventListener("change", counted);
counted();

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

function step(by) {
  const all = cards();
  const at = all.indexOf(current);
  const next = all[at + by];
  const isHere = document.activeElement?.closest?.(".queue-card") === current;
  if (!isHere && current) go(current);
  else if (next) go(next);
  else if (by > 0) queue.querySelector("#queue-next")?.focus();
}

function use(place) {
  if (place.matches("summary")) {
    const panel = place.parentElement;
    panel.open = !panel.open;
    if (!panel.open) return;
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

addEventListener("keydown", (event) => {
  if (help.open || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && current) {
    const panel =
      document.activeElement?.closest("details[open]") ??
      current.querySelector(".queue-panel[open]");
    if (panel) panel.open = false;
    go(current);
    return;
  }
  if (!keysOn || event.repeat || isTyping(event.target)) return;
  const key = event.key.toLowerCase();
  let place = null;
  if (key === "n" || key === "j") step(1);
  else if (key === "p" || key === "k") step(-1);
  else if (key === "?") help.showModal();
  else if (key === "u") place = queue.querySelector("#queue-undo [data-key=u]");
  else if (/^[1-9]$/.test(key))
    place = current?.querySelector(`.queue-panel[open] [data-digit="${key}"]`);
  else if (/^[a-z]$/.test(key)) place = current?.querySelector(`[data-key="${key}"]`);
  else return;
  if (place) use(place);
  if (place || "njpk?".includes(key)) event.preventDefault();
});
