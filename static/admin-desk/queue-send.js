// Decisions on their way: sent one after the other, in the order in which they were made.
import { post } from "../js/site.js";
import { ask, say as sayFault, taken } from "./drafts.js";
import {
  at,
  cardOf,
  cards,
  change,
  go,
  leave,
  list,
  mark,
  queue,
  say,
  stay,
  sweep,
} from "./queue-list.js";

const IN_EVERY = ["approve", "refuse", "spam", "answer"];
/** What takes a comment out of each part of the queue. */
const LEAVES = {
  held: IN_EVERY,
  suspect: IN_EVERY,
  reported: ["dismiss", "spam", "remove", "approve", "refuse"],
  appeals: ["uphold", "stand"],
  recent: ["spam", "remove"],
  spam: ["approve", "refuse"],
};

/** The card that has to have its answer before anything else happens to it; what waits for that. */
export const waiting = { card: null, forUndo: false };
export const isWaiting = () => waiting.card !== null || waiting.forUndo;

const jobs = [];
let working = false;
let drained = () => {};
/** What to do when the answer that keys wait for has come; told whether it was a good one. */
export const whenFree = (then) => {
  drained = then;
};

const undoForm = () => queue.querySelector("#queue-undo form");
const isLeaving = (decision) => (LEAVES[queue.dataset.tab] ?? []).includes(decision);
const chosenCards = () => cards().filter((card) => card.querySelector("[name=chosen]")?.checked);

export function submit(form, submitter) {
  const body = new FormData(form, submitter);
  const card = form.closest(".queue-card");
  const job = { form, submitter, body, card, number: card?.dataset.card, acts: at.acts };
  job.going = !isLeaving(body.get("decision")) ? [] : card ? [card] : chosenCards();
  if (job.going.length) leave(...job.going);
  else if (card) {
    waiting.card = card;
    card.ariaBusy = "true";
    card.inert = true;
  }
  sweep();
  jobs.push(job);
  work();
}

/** Takes back what was decided last, once that is known; false when there is nothing. */
export function undo() {
  if (!undoForm() && !working) return false;
  waiting.forUndo = true;
  sweep();
  jobs.push({ isUndo: true, going: [] });
  work();
  return true;
}

async function work() {
  if (working) return;
  working = true;
  queue.dataset.sending = "";
  while (jobs.length) {
    const job = jobs.shift();
    // oxlint-disable-next-line no-await-in-loop -- one after the other: each is about what is then
    await carryOut(job);
  }
  working = false;
  delete queue.dataset.sending;
  goOn();
}

async function carryOut(job) {
  const form = job.form ?? undoForm();
  let answer = null;
  try {
    if (form) answer = await post(form.action, job.body ?? new FormData(form));
  } catch {
    // Without a connection, or a page of some proxy: said below.
  }
  const isGood = Boolean(answer?.ok);
  for (const card of job.card ? [job.card] : job.going) {
    card.ariaBusy = null;
    stay(card);
  }
  const made = answer ? show(answer, form) : [];
  if (!answer && form) {
    say(queue.dataset.lost, "wrong");
    if ((await ask()) === "out") sayFault("out", job.submitter?.closest("p, form") ?? form);
  }
  settle(job, isGood, made);
}

/** What the site answers, on the page; gives the cards that are new. */
function show({ ok, status, data }, form) {
  if (ok) taken(form);
  if (status === 422) {
    say(data.told, "wrong");
    return [];
  }
  const made = Object.entries(data.cards ?? {})
    .map(([number, html]) => change(number, html))
    .filter(Boolean);
  if (data.undo !== undefined) queue.querySelector("#queue-undo").innerHTML = data.undo;
  showCounts(data.counts ?? {});
  queue.dispatchEvent(new Event("queue:changed"));
  say(data.told ?? queue.dataset.lost, ok ? "" : "wrong");
  return made;
}

export function showCounts(counts) {
  for (const [tab, number] of Object.entries(counts)) {
    for (const place of queue.querySelectorAll(`[data-count="${tab}"]`)) place.textContent = number;
  }
}

/** The mark goes where the moderator would look next, unless that is elsewhere by now. */
function settle(job, isGood, made) {
  const wasAwaited = job.isUndo || (job.card && waiting.card === job.card);
  if (job.isUndo) waiting.forUndo = jobs.some((one) => one.isUndo);
  if (waiting.card === job.card) waiting.card = null;
  if (wasAwaited) go(made[0] ?? (job.number && cardOf(job.number)) ?? at.card);
  else if (!isGood && job.card && (job.acts === at.acts || !at.card)) go(cardOf(job.number));
  else if (!isGood && !job.card) job.submitter?.focus();
  else if (!job.card && !at.card?.isConnected) mark(cards()[0]);
  if (wasAwaited) drained(isGood);
}

/** After the last card: the next page, or that this was all. */
export function goOn() {
  const empty = queue.querySelector("#queue-empty");
  const isEmpty = cards().length === 0;
  if (isEmpty && !at.card) sweep();
  if (empty) empty.hidden = !isEmpty;
  if (!isEmpty || !empty || list.querySelector(".queue-leaving")) return;
  const more = queue.querySelector("#queue-next");
  if (more) {
    location.assign(more.href);
    return;
  }
  const status = queue.querySelector("#queue-status");
  requestAnimationFrame(() => say(`${status.textContent} ${queue.dataset.done}`.trim()));
  mark(null);
  empty.focus();
}
