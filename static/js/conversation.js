/**
 * The conversation, made comfortable: everything here also works without this script.
 *
 * The same on an article, a comment's page and the page to answer on: "in answer to" without
 * leaving the page, where comments that come in stand, the reader's own waiting ones. Writing is in
 * conversation-form.js, what is new in conversation-new.js, what the browser keeps in site.js.
 */
import { writing } from "./conversation-form.js";
import { byId, folding, numberOf, owning } from "./conversation-reading.js";
import { counted, draftsOf, load, make, parse, post, save, showTimes } from "./site.js";

const STATUS_SECONDS = 8;
const POLL = 30_000;
// From this level on a list keeps the column of the one above it; see article.css.
const CAPPED_PHONE = 5;
const CAPPED = 8;

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

const nameOf = (comment) => comment?.querySelector(".name")?.textContent;

/** Sets a comment that came in (or its item) into a list, as the site would: by its number. */
function put(list, html, newestFirst = false) {
  const [content] = parse(html).children;
  const item = content.matches("li") ? content : make("li", {}, content);
  if (!list.children.length && list.parentElement.closest(".replies")) {
    // A run between two people keeps its column.
    const above = list.parentElement.querySelector(":scope > .comment");
    const before = list.parentElement.closest(".replies").parentElement;
    const own = nameOf(item);
    const isRun =
      own === nameOf(before.querySelector(":scope > .comment")) && own !== nameOf(above);
    list.classList.toggle("run", isRun);
  }
  const comment = item.querySelector(".comment");
  const isLater = (other) => {
    const above = other.querySelector(":scope > .comment:not(:has(.waiting))");
    const by = above && numberOf(above) - numberOf(comment);
    return newestFirst ? by < 0 : by > 0;
  };
  list.insertBefore(item, [...list.children].find(isLater) ?? null);
  return comment;
}

/** "Valuable" becomes a button that remembers. */
function valuing(page) {
  const { place, words, say } = page;
  const valued = new Set(load("valued") ?? []);

  function dress() {
    for (const link of place.querySelectorAll("[data-thread] a.value")) {
      const id = numberOf(link.closest(".comment"));
      const button = make("button", { type: "button", className: "value" }, ...link.childNodes);
      button.dataset.url = link.href;
      button.setAttribute("aria-pressed", String(valued.has(id)));
      button.addEventListener("click", () => toggle(button, id));
      link.replaceWith(button);
    }
  }

  /** As `comments/fragment.html` has it: a number for the eye, of what for the ear. */
  function countOf(n) {
    const of = make(
      "span",
      { className: "visually-hidden" },
      n === 1 ? words.reader : words.readers,
    );
    return make("span", { className: "count" }, counted(n), " ", of);
  }

  async function toggle(button, id) {
    if (button.dataset.busy) return;
    button.dataset.busy = "1";
    const on = !valued.has(id);
    try {
      const body = new URLSearchParams({ reader: load("reader") ?? "", valued: on ? "1" : "0" });
      const { ok, data: answer } = await post(button.dataset.url, body);
      if (answer.reader) save("reader", answer.reader);
      if (ok) {
        if (on) valued.add(id);
        else valued.delete(id);
        save("valued", [...valued].slice(-500));
        button.setAttribute("aria-pressed", String(on));
        button.querySelector(".count")?.remove();
        if (answer.count) button.append(" ", countOf(answer.count));
      } else say(answer.message, true);
    } catch {
      say(navigator.onLine ? words.failed : words.offline, true);
    }
    delete button.dataset.busy;
  }

  dress();
  return { dress };
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
  const thread = place.querySelector("[data-thread]");
  const { article, address } = thread.dataset;
  const waitingKey = `waiting.${article}`;
  const times = () => showTimes(place.querySelectorAll(".comment time"), words.justNow);
  // The order that this reader chose last, unless the page has one.
  const sort = place.id ? thread.dataset.sort : (load("sort") ?? "");

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
    const home = answer.parent ? byId(answer.parent) : place.id;
    if (!answer.html || !home || "leave" in place.dataset) {
      location.assign(answer.url);
      return;
    }
    if (!byId(answer.id)) {
      const isOnTop = !answer.parent && thread.dataset.sort === "newest";
      put(listFor(place, answer.parent), answer.html, isOnTop);
      if (answer.state !== "pending") page.count(Number(thread.dataset.total) + 1);
    }
    dress();
    const comment = byId(answer.id);
    comment.classList.add("fresh");
    page.land(comment);
    say(answer.message);
  }

  /**
   * Shows a comment that came in where it stands after a reload too, and gives it; null when that
   * is another page.
   */
  function add({ parent, html, shown: late }) {
    const { branch, earlier, later, language, part, sort: order } = thread.dataset;
    if (language !== undefined || part !== undefined) return null;
    // Where its neighbours are, if they are not all here, is not known.
    if (late && !("whole" in thread.dataset) && !parent) return null;
    if (!parent) {
      const isHere = { "": later === undefined, newest: earlier === undefined }[order];
      if (!place.id || !isHere) return null;
      return put(listFor(place, null), html, Boolean(order));
    }
    const item = byId(parent)?.closest("li");
    const top = branch && byId(branch)?.closest("li");
    if (!item || (branch && !top?.contains(item))) return null;
    // What follows the last comment of a page, or of a branch that is cut, is not here.
    const last = [...thread.querySelectorAll(".comment")].at(-1);
    if (!order && later !== undefined && item.contains(last)) return null;
    if (order && item.closest(".thread > li").querySelector(".more")) return null;
    return put(listFor(place, parent), html);
  }

  let news = null;
  let moderate = null;
  let index = null;
  let asking = null;
  /** What comes in (conversation-arrivals.js); undefined without a connection. */
  function arrivals() {
    asking ??= import("./conversation-arrivals.js")
      .then((found) => found.arrivals(page))
      .catch(() => {
        asking = null;
      });
    return asking;
  }
  const ask = async () => document.hidden || !navigator.onLine || (await arrivals())?.();
  const page = {
    opened: Math.floor(Date.now() / 1000),
    place,
    thread,
    article,
    words,
    sort,
    say,
    posted,
    add,
    listFor: (parent) => listFor(place, parent),
    land(comment) {
      folds.reveal(comment);
      land(comment);
    },
    /** Where a comment stands in the conversation under the article. */
    inThread: (id) => `${address}?${sort ? `sort=${sort}&` : ""}at=${id}#comment-${id}`,
    /** What is new to this reader (conversation-new.js); undefined without a connection. */
    news() {
      news ??= import("./conversation-new.js")
        .then(({ newSince }) => newSince(page))
        .catch(() => {
          news = null;
        });
      return news;
    },
    /** What the site says of this conversation's news; null when it cannot. */
    async answerFrom(query) {
      const headers = { Accept: "application/json" };
      const answer = await fetch(thread.dataset.arrivals + query, { headers });
      return answer.ok ? answer.json() : null;
    },
    /** Where the newest comments stand. */
    index() {
      index ??= page.answerFrom(`?sort=${sort}`).catch(() => null);
      return index;
    },
    /** Says how many comments there are now, wherever that stands. */
    count(n) {
      thread.dataset.total = n;
      const text = (n === 1 ? words.oneComment : words.manyComments).replace("{n}", counted(n));
      for (const line of document.querySelectorAll("#comments-title, [data-comment-count]")) {
        line.textContent = text;
      }
      page.news().then((found) => found?.keep());
    },
    dress,
    folded: () => folds.dress(),
  };

  /** Everything that scripts add to comments, for those that are new on the page. */
  function dress() {
    times();
    values.dress();
    own.dress();
    folds.dress();
    moderate?.();
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
    const chosen = event.target.closest("a[data-sort]");
    if (chosen) save("sort", chosen.dataset.sort || null);
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
  for (const link of place.querySelectorAll("a[data-in-thread]")) {
    const at = new URL(link.href).searchParams.get("at");
    if (at) link.href = page.inThread(at);
  }

  if (load(waitingKey) || load("following")) {
    import("./conversation-standing.js")
      .then(({ showFollowing, showWaiting }) => {
        showFollowing(thread, place, words);
        // Not the folds: they would close what a permalink opened meanwhile.
        showWaiting(page, waitingKey, () => {
          times();
          own.dress();
        });
      })
      .catch(() => {}); // Without a connection.
  }
  times();
  follow();
  if (!("whole" in thread.dataset)) arrivals();
  setInterval(ask, POLL);
  document.addEventListener("visibilitychange", ask);
  if (load(`visits.${article}`) || load("staff")) page.news();
  else {
    // The first visit: nothing is new yet, and all that is here will have been seen.
    const now = Math.floor(Date.now() / 1000);
    save(`visits.${article}`, [[now, now]]);
    save(`seen.${article}`, Number(thread.dataset.total));
  }
  if (load("staff")) {
    import("./conversation-staff.js").then(
      async ({ moderating }) => {
        moderate = await moderating(page);
        times();
      },
      () => {},
    );
  }
  setInterval(() => document.hidden || times(), 60_000);
}

const place = document.querySelector(".conversation");
if (place?.querySelector("[data-thread]")) start(place);
