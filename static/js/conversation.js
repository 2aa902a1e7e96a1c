/**
 * The conversation, made comfortable: everything here also works without this script.
 *
 * Reading: relative times, "in answer to" without leaving the page, the reader's own waiting
 * comments. Writing is in conversation-form.js, what the browser keeps in site.js.
 */
import { parse, writing } from "./conversation-form.js";
import { arrivals, folding, newSince, owning, valuing } from "./conversation-reading.js";
import { draftsOf, load, make, save } from "./site.js";

const DAY = 86_400;
const WAITING_DAYS = 30;
// So many are asked after; who has more finds them at "My comments".
const MOST_WAITING = 5;
// From this level on a list keeps the column of the one above it; see article.css.
const CAPPED_PHONE = 5;
const CAPPED = 8;

const byId = (id) => document.getElementById(`comment-${id}`);

/** The age of recent comments in words; the exact time moves to the title. */
function showTimes(place, words) {
  const lang = document.documentElement.lang;
  const always = new Intl.RelativeTimeFormat(lang);
  for (const time of place.querySelectorAll(".comment time")) {
    const age = (Date.now() - Date.parse(time.dateTime)) / 1000;
    if (age >= 30 * DAY) continue;
    const [unit, size] = age < 3600 ? ["minute", 60] : age < DAY ? ["hour", 3600] : ["day", DAY];
    time.title ||= time.textContent;
    time.textContent = age < 60 ? words.justNow : always.format(-Math.floor(age / size), unit);
  }
}

/** Brings a comment into view and gives it the focus. */
function land(comment) {
  comment.tabIndex = -1;
  comment.focus({ preventScroll: true });
  comment.scrollIntoView({ block: "center", behavior: "instant" });
}

/** The list below a comment, or the thread itself; made when it is not there yet. */
function listFor(place, parent) {
  const item = parent && byId(parent)?.closest("li");
  const home = item || place.querySelector("[data-thread]");
  const found = home?.querySelector(`:scope > ${item ? ".replies" : ".thread"}`);
  if (found || !home) return found;
  const list = make("ol", { className: item ? "replies" : "thread" });
  home.append(list);
  let level = 0;
  let above = list.closest(".replies");
  while (above) {
    level += 1;
    above = above.parentElement.closest(".replies");
  }
  list.classList.toggle("capped-phone", level >= CAPPED_PHONE);
  list.classList.toggle("capped", level >= CAPPED);
  return list;
}

/**
 * This reader's comments that wait, where they will stand, as the site says they are now: what
 * waits is shown, what was decided is said once, with the way to its page.
 */
async function showWaiting(page, key, dress) {
  const { place, words } = page;
  let kept = (load(key) ?? []).filter(
    ({ id, at }) => Date.now() - at < WAITING_DAYS * DAY * 1000 && !byId(id),
  );
  await Promise.all(
    kept.slice(-MOST_WAITING).map(async (one) => {
      // At what it answers, and under the article in any case.
      const root = place.id && place.querySelector("[data-thread]");
      if (!root && !(one.parent && byId(one.parent))) return;
      let now = { state: "pending", message: words.waiting };
      try {
        const answer = await fetch(one.url, { headers: { Accept: "application/json" } });
        now = answer.ok ? await answer.json() : { state: answer.status < 500 ? "gone" : "pending" };
      } catch {
        // Without a connection it stands as it was last known.
      }
      if (now.state !== "pending") kept = kept.filter(({ id }) => id !== one.id);
      if (byId(one.id) || !now.message) return;
      const view = make("a", { href: one.url }, words.view);
      const item = parse(`<li>${now.html || '<p class="waiting"></p>'}</li>`);
      const line = item.querySelector(".waiting");
      line.append(...(now.html ? [" · "] : [now.message, " "]), view);
      page.listFor(one.parent).append(item);
    }),
  );
  save(key, kept.length ? kept : null);
  dress();
}

/** Says that this reader follows where the button to do so is, with the way to end it. */
async function showFollowing(place, words) {
  const link = place.querySelector("a.follow");
  const all = load("following") ?? {};
  const stop = all[place.dataset.article];
  if (!link || !stop) return;
  const before = [link.textContent, link.href];
  [link.textContent, link.href] = [words.following, stop];
  try {
    const answer = await fetch(stop, { headers: { Accept: "application/json" } });
    // Ended elsewhere, by a mail or in another browser.
    const ended = answer.ok ? !(await answer.json()).following : answer.status === 404;
    if (!ended) return;
  } catch {
    return; // Without an answer it stands as it was last known.
  }
  [link.textContent, link.href] = before;
  save("following", { ...all, [place.dataset.article]: undefined });
}

function start(place) {
  const words = document.getElementById("conversation-words").dataset;
  const status = document.getElementById("conversation-status");
  const article = place.dataset.article;
  const waitingKey = `waiting.${article}`;

  function say(text, failed = false) {
    status.classList.toggle("failed", failed);
    status.textContent = text;
  }

  function posted(answer) {
    if (answer.state === "pending") {
      const { id, parent, url } = answer;
      save(waitingKey, [...(load(waitingKey) ?? []), { id, parent, url, at: Date.now() }]);
    }
    own.remember(answer);
    const list = place.querySelector("[data-thread]") && listFor(place, answer.parent);
    if (!list) {
      location.assign(answer.url);
      return;
    }
    if (!byId(answer.id)) list.append(parse(answer.html));
    dress();
    const comment = byId(answer.id);
    comment.classList.add("fresh");
    const count = place.querySelector("[data-count]");
    if (answer.count && count) count.textContent = answer.count;
    page.land(comment);
    say(answer.message);
  }

  const page = {
    place,
    article,
    words,
    say,
    posted,
    listFor: (parent) => listFor(place, parent),
    land(comment) {
      folds.reveal(comment);
      land(comment);
    },
    dress,
    folded: () => folds.dress(),
  };

  /** Everything that scripts add to comments, for those that are new on the page. */
  function dress() {
    showTimes(place, words);
    values.dress();
    own.dress();
    folds.dress();
  }

  const folds = folding(page);
  const values = valuing(page);
  const own = owning(page);
  const openReply = writing(page);
  // Closed since: what was typed can still be read and copied.
  for (const text of place.querySelector("[data-closed]") ? draftsOf(article) : []) {
    const area = make("textarea", { readOnly: true, rows: 5, value: text });
    place.append(make("label", { className: "unsent" }, words.unsent, area));
  }

  place.addEventListener("click", (event) => {
    const link = event.target.closest("a.reply, a.answers");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.matches(".reply")) {
      if (!openReply) return;
      event.preventDefault();
      openReply(link);
      return;
    }
    const above = byId(/comment-(\d+)$/.exec(link.hash)?.[1]);
    if (!above) return;
    event.preventDefault();
    history.pushState(null, "", `#${above.id}`);
    page.land(above);
  });

  function follow() {
    const target = /^#comment-\d+$/.test(location.hash) && document.querySelector(location.hash);
    if (target) page.land(target);
  }
  addEventListener("hashchange", follow);

  // Not the folds: they would close what a permalink opened meanwhile.
  showWaiting(page, waitingKey, () => {
    showTimes(place, words);
    own.dress();
  });
  showFollowing(place, words);
  showTimes(place, words);
  follow();
  if (place.id === "comments" && place.querySelector("[data-thread]")) {
    arrivals(page);
    newSince(page);
  }
  setInterval(() => document.hidden || showTimes(place, words), 60_000);
}

const place = document.querySelector(".conversation");
if (place) start(place);
