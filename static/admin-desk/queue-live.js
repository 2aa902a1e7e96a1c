// Two at one queue: the marked card is claimed for a minute, what colleagues decide leaves the list.
import { post } from "../js/site.js";
import { at, cardOf, cards, change, decided, queue } from "./queue-list.js";
import { goOn, isWaiting, showCounts } from "./queue-send.js";

const EVERY = 10_000;
/** While colleagues are at it too. */
const OFTEN = 3_000;
/** Who does nothing for so long looks at nothing. */
const IDLE = 60_000;
const SOON = 120;

let acted = Date.now();
let timer = 0;
let busy = false;
let again = false;
let pause = EVERY;

function body() {
  const data = new FormData();
  data.set(
    "csrfmiddlewaretoken",
    document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "",
  );
  data.set("back", queue.dataset.back);
  const isLooking = !document.hidden && Date.now() - acted < IDLE;
  data.set("looking", (isLooking && at.card?.dataset.card) || "");
  for (const { dataset } of cards()) data.append("card", `${dataset.card}:${dataset.seen}`);
  return data;
}

/** Something is typed or chosen in it, or on its way: it stays as it is. */
const isTouched = (card) =>
  card.ariaBusy ||
  card.inert ||
  card.querySelector(".queue-panel[open]") ||
  card.contains(document.activeElement.closest("input, textarea, summary"));

function show({ claims, gone, cards: made, counts, others }) {
  pause = others ? OFTEN : EVERY;
  for (const [number, words] of Object.entries(gone)) {
    const card = cardOf(number);
    if (card) decided(card, words);
  }
  for (const [number, html] of Object.entries(made)) {
    const card = cardOf(number);
    if (!card || isTouched(card)) continue;
    const hadFocus = card === document.activeElement;
    const fresh = change(number, html);
    if (hadFocus) fresh.focus({ preventScroll: true });
  }
  for (const card of cards()) {
    const name = claims[card.dataset.card];
    const line = card.querySelector(".queue-claim");
    line.hidden = !name;
    line.textContent = name ? queue.dataset.looking.replace("{name}", name) : "";
  }
  showCounts(counts);
  if (!at.card && Object.keys(gone).length) goOn();
  queue.dispatchEvent(new Event("queue:changed"));
}

async function look() {
  clearTimeout(timer);
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    const { ok, data } = await post(queue.dataset.live, body());
    // What is on its way was seen by neither side yet.
    if (ok && !isWaiting()) show(data);
  } catch {
    // No answer: the next one says what there is.
  }
  busy = false;
  // A page that nobody sees has said that nobody looks, and asks again when it is seen.
  if (again || !document.hidden) timer = setTimeout(look, again ? SOON : pause);
  again = false;
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(look, SOON);
}

for (const type of ["keydown", "pointerdown", "wheel", "touchstart"]) {
  addEventListener(
    type,
    () => {
      const wasIdle = Date.now() - acted > IDLE;
      acted = Date.now();
      if (wasIdle) soon();
    },
    { passive: true, capture: true },
  );
}
queue.addEventListener("queue:marked", soon);
document.addEventListener("visibilitychange", look);
// Whoever goes away looks at nothing any more.
addEventListener("pagehide", () => {
  const data = body();
  data.set("looking", "");
  navigator.sendBeacon(queue.dataset.live, data);
});
timer = setTimeout(look, EVERY);
