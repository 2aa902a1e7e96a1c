// The cards of the queue: which one is marked, where the next is, and how they come and go.
export const queue = document.querySelector("#queue");
export const list = queue.querySelector("#queue-cards");
const status = queue.querySelector("#queue-status");

const all = () => [...list.querySelectorAll(".queue-card")];
const isThere = (card) => !card.matches(".queue-leaving, .queue-done");

/** The cards that can be decided about. */
export const cards = () => all().filter(isThere);
export const cardOf = (number) => list.querySelector(`[data-card="${number}"]`);
export const isClaimed = (card) => !card.querySelector(".queue-claim").hidden;

/** The card that keys are about, and how often somebody chose one, or pressed something. */
export const at = { card: null, acts: 0 };

export function mark(card) {
  if (card === at.card) return;
  at.card?.classList.remove("queue-current");
  at.card = card ?? null;
  at.card?.classList.add("queue-current");
  queue.dispatchEvent(new Event("queue:marked"));
}

export function go(card) {
  if (!card) return;
  mark(card);
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
  if (card.getBoundingClientRect().top < 0) card.scrollIntoView({ block: "start" });
}

export function say(words, kind = "") {
  status.dataset.kind = kind;
  // Emptied first, or the same words twice are read once.
  status.textContent = "";
  requestAnimationFrame(() => {
    status.textContent = words;
  });
}

/** The card to go on with when `card` leaves: the next that no colleague looks at, or one before. */
export function nextOf(card) {
  const known = all();
  const from = known.indexOf(card);
  const order = [...known.slice(from + 1), ...known.slice(0, from).reverse()].filter(isThere);
  return order.find((one) => !isClaimed(one)) ?? order[0] ?? null;
}

export function step(by) {
  const known = all();
  let place = known.indexOf(at.card) + by;
  while (known[place] && !isThere(known[place])) place += by;
  if (known[place]) go(known[place]);
  else if (by > 0) queue.querySelector("#queue-next")?.focus();
  else go(at.card);
}

// Where a card stood that has left, so that taking the decision back puts it there again.
const places = new Map();

/** Puts a card as the site gives it in its place, or takes it away; gives the new one. */
export function change(number, html) {
  const old = cardOf(number);
  const made = html
    ? document.createRange().createContextualFragment(html).firstElementChild
    : null;
  if (old && made) {
    const isChosen = old.querySelector("[name=chosen]")?.checked;
    old.replaceWith(made);
    if (old === at.card) {
      at.card = made;
      made.classList.add("queue-current");
    }
    if (isChosen) made.querySelector("[name=chosen]").checked = true;
    return made;
  }
  if (old) {
    places.set(String(number), all().indexOf(old));
    if (old === at.card) mark(nextOf(old));
    old.remove();
  } else if (made) {
    const before = all()[places.get(String(number)) ?? 0];
    if (before) before.before(made);
    else list.append(made);
  }
  return made;
}

/** Cards that are decided about stay until the answer comes, and nothing more happens to them. */
export function leave(...going) {
  const isMarked = !at.card || going.includes(at.card);
  for (const card of going) {
    card.classList.add("queue-leaving");
    card.inert = true;
  }
  const next = isMarked && nextOf(at.card ?? going.at(-1));
  if (next) go(next);
  else if (isMarked) mark(null);
}

/** Its decision was not carried out. */
export function stay(card) {
  card.classList.remove("queue-leaving");
  card.inert = false;
}

/**
 * A colleague decided: the card says so where it is in sight, or under the hand, and goes when the
 * moderator goes on; else it goes at once. So nothing moves under a finger.
 */
export function decided(card, words) {
  if (!isThere(card) || card.ariaBusy) return;
  const box = card.getBoundingClientRect();
  const isInSight = box.bottom > 0 && box.top < innerHeight;
  if (!isInSight && card !== at.card) {
    const before = document.documentElement.scrollHeight;
    change(card.dataset.card, "");
    if (box.bottom <= 0) scrollBy(0, document.documentElement.scrollHeight - before);
    return;
  }
  const line = card.querySelector(".queue-claim");
  line.hidden = false;
  line.textContent = words || queue.dataset.elsewhere;
  card.classList.add("queue-done");
  for (const part of card.children) part.inert = part !== line;
  const tick = card.querySelector("[name=chosen]");
  if (tick) tick.checked = false;
}

/** Takes away what colleagues decided about, once the moderator is elsewhere. */
export function sweep() {
  for (const card of list.querySelectorAll(".queue-done")) {
    if (card !== at.card) change(card.dataset.card, "");
  }
}
