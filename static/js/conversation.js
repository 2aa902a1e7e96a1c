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
const STATUS_SECONDS = 8;
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

/** Lines for this reader's comments that wait: where they will stand, until they do. */
function showWaiting(place, key, words) {
  const kept = (load(key) ?? []).filter(({ id, at }) => {
    const shown = byId(id);
    return (
      Date.now() - at < WAITING_DAYS * DAY * 1000 && (!shown || shown.querySelector(".waiting"))
    );
  });
  save(key, kept.length ? kept : null);
  for (const { id, parent, url } of kept) {
    const home = (parent && byId(parent)?.closest("li")) || place.querySelector("[data-thread]");
    if (byId(id) || !home) continue;
    const view = make("a", { href: url }, words.view);
    home.append(make("p", { className: "waiting" }, `${words.waiting} `, view));
  }
}

/** Lets a line that was read go; its room closes when that moves nothing that is in view. */
function leave(line) {
  line.classList.add("gone");
  new IntersectionObserver(([{ isIntersecting }], observer) => {
    if (isIntersecting) return;
    observer.disconnect();
    line.remove();
  }).observe(line);
}

function start(place) {
  const words = document.getElementById("conversation-words").dataset;
  const status = document.getElementById("conversation-status");
  const article = place.dataset.article;
  const waitingKey = `waiting.${article}`;

  let shown = null;
  /** For the ear in the page's status line, for the eye in a line of its own where the focus is. */
  function say(text, failed = false) {
    status.textContent = text;
    shown?.remove();
    const { activeElement: focused } = document;
    const comment = focused.closest(".comment");
    if (!text || comment?.querySelector(".waiting, .posted")) return;
    const line = make("p", { className: "said", "aria-hidden": "true" }, text);
    line.classList.toggle("failed", failed);
    const actions = focused.closest("form")?.querySelector(".form-actions");
    if (actions) actions.before(line);
    else if (comment) comment.append(line);
    else status.after(line);
    shown = line;
    if (!failed) setTimeout(leave, STATUS_SECONDS * 1000, line);
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

  showWaiting(place, waitingKey, words);
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
