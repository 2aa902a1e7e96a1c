/**
 * What a reader does with comments, and what is new to her.
 *
 * Fold branches, change and delete her own; new since her last visit, and while she reads. Visits are kept in this browser, a pair [begin, end] of seconds each; two within
 * twenty minutes are one. Nobody is told of them, except that a logged-in author's follow her to
 * other devices.
 */
import { counted, load, make, save } from "./site.js";

export const numberOf = (comment) => comment.id.replace("comment-", "");
const SAME_VISIT = 20 * 60;
const KEPT = 20;
const KEPT_NEW = 200;
const POLL = 30_000;

const seconds = () => Math.floor(Date.now() / 1000);
const writtenAt = (comment) =>
  Math.floor(Date.parse(comment.querySelector(".when time")?.dateTime) / 1000);
const byId = (id) => document.getElementById(`comment-${id}`);

/** A button at every comment with replies that hides them; remembered for this article. */
export function folding(page) {
  const { place, article, words } = page;
  const key = `folded.${article}`;
  const folded = new Set(load(key) ?? []);

  function show(item, button, closed) {
    const list = item.querySelector(":scope > .replies");
    const replies = list.querySelectorAll(".comment:not(.tombstone)");
    const fresh = list.querySelectorAll(".comment.new").length;
    list.hidden = closed;
    button.setAttribute("aria-expanded", String(!closed));
    const all = (replies.length === 1 ? words.oneReply : words.manyReplies).replace(
      "{n}",
      counted(replies.length),
    );
    const new_ = fresh ? `, ${words.someNew.replace("{n}", counted(fresh))}` : "";
    // On a phone a sign stands for the words, which stay the button's name.
    button.replaceChildren(closed ? `+ ${all}${new_}` : make("span", {}, words.fold));
  }

  function each(visit) {
    for (const list of place.querySelectorAll("[data-thread] li > .replies")) {
      const item = list.parentElement;
      const comment = item.querySelector(":scope > .comment");
      if (comment) visit(item, comment);
    }
  }

  function dress() {
    each((item, comment) => {
      let button = comment.querySelector(":scope > .fold, .actions > .fold");
      if (!button) {
        button = make("button", { type: "button", className: "fold" });
        button.addEventListener("click", () => {
          const id = numberOf(comment);
          if (!folded.delete(id)) folded.add(id);
          save(key, folded.size ? [...folded].slice(-200) : null);
          show(item, button, folded.has(id));
        });
        (comment.querySelector(".actions") ?? comment).append(button);
      }
      show(item, button, folded.has(numberOf(comment)));
    });
  }

  /** Opens what hides `comment`; the reader's choice for later visits stays. */
  function reveal(comment) {
    for (
      let list = comment.closest(".replies");
      list;
      list = list.parentElement.closest(".replies")
    ) {
      const above = list.parentElement.querySelector(":scope > .comment");
      if (list.hidden && above) show(list.parentElement, above.querySelector(".fold"), false);
    }
  }

  dress();
  return { dress, reveal };
}

/** Links to change and delete, at the comments that were written in this browser. */
export function owning(page) {
  const { place, thread, words } = page;
  const minutes = Number(thread.dataset.editMinutes);

  function dress() {
    const own = load("own") ?? {};
    for (const comment of place.querySelectorAll("[data-thread] .comment:not(.tombstone)")) {
      const mine = own[numberOf(comment)];
      const shown = place.querySelector(`[data-own="${numberOf(comment)}"]`);
      if (!mine || shown || comment.querySelector(".own")) continue;
      const address = new URL(comment.querySelector(".when").href);
      const link = (part, text) =>
        make(
          "a",
          { className: "own", href: `${address.pathname}${part}/?own=${mine.token}` },
          text,
        );
      const home =
        comment.querySelector(".menu-items") ??
        comment.appendChild(make("p", { className: "actions" }));
      if (Date.now() - mine.at < minutes * 60_000) home.append(" ", link("edit", words.change));
      home.append(" ", link("delete", words.remove));
    }
  }

  function remember(answer) {
    const all = Object.entries({
      ...load("own"),
      [answer.id]: { token: answer.own, at: Date.now() },
    });
    save("own", Object.fromEntries(all.slice(-100)));
  }

  dress();
  return { dress, remember };
}

/** The visits with this one in it; a reload within twenty minutes goes on with the last. */
export function visit(visits, now) {
  const last = visits.at(-1);
  if (last && now - last[1] < SAME_VISIT) return [...visits.slice(0, -1), [last[0], now]];
  return [...visits, [now, now]].slice(-KEPT);
}

async function otherDevices(page, visits) {
  if (!load("staff")) return visits;
  try {
    const answer = await fetch(`${page.words.me}visits/${page.article}/`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ times: visits.slice(0, -1).map(([, end]) => end) }),
    });
    const { times } = await answer.json();
    const own = visits.at(-1);
    const earlier = times.filter((at) => at < own[0] - SAME_VISIT);
    const known = new Set(visits.map(([, end]) => end));
    const added = earlier.filter((at) => !known.has(at)).map((at) => [at, at]);
    return [...added, ...visits].sort((a, b) => a[1] - b[1]);
  } catch {
    return visits;
  }
}

/**
 * What is new to this reader, here and on other pages of the conversation.
 *
 * That is what came since the end of a visit, what came in while she reads, and what was new last
 * time and stood on no page that she opened. A visit ends with the last news that its page got.
 */
export function newSince(page) {
  const { place, thread, article, words } = page;
  const key = `visits.${article}`;
  let visits = visit(load(key) ?? [], seconds());
  const begin = visits.at(-1)[0];
  const last = load(`news.${article}`) ?? {};
  const isSame = last.begin === begin;
  const carried = new Set(isSame ? last.carried : last.left);
  const shown = new Set(isSame ? last.shown : []);
  const arrived = new Set();
  let earlier = [];
  let since = 0;
  let index;
  let isCut = false;
  let isReady = false;
  let offered = [];

  const bar = make("div", { className: "since" });
  const line = make("p", { className: "since-count" });
  const choice = make("select", { id: "since", onchange: () => mark(Number(choice.value)) });
  const label = make("label", { htmlFor: choice.id }, words.since);
  const visitsLine = make("span", { hidden: true }, label, " ", choice);
  const stepper = (text, name) => {
    const sign = make("kbd", { "aria-hidden": "true" }, name);
    return make("button", { type: "button", ariaKeyShortcuts: name }, text, " ", sign);
  };
  const previous = stepper(words.previousNew, "p");
  const next = stepper(words.nextNew, "n");
  // Keys that work everywhere on a page can be switched off (WCAG 2.1.4).
  const keys = make("input", { type: "checkbox", checked: load("keys") !== false });
  bar.append(
    line,
    visitsLine,
    make("span", { className: "since-steps" }, previous, next),
    make("label", { className: "since-keys" }, keys, ` ${words.keys}`),
  );
  keys.addEventListener("change", () => {
    save("keys", keys.checked ? null : false);
    bar.classList.toggle("no-keys", !keys.checked);
  });
  bar.classList.toggle("no-keys", !keys.checked);

  /** The numbers of what is new, in reading order. */
  function fresh() {
    const own = load("own") ?? {};
    const isNew = ([id, at]) =>
      !own[id] && (arrived.has(id) || carried.has(id) || (since && at > since));
    const list = (index ?? []).filter(isNew).map(([id]) => id);
    // Here and not in that list: with an order of its own, or come in since.
    const comments = [...thread.querySelectorAll(".comment:not(.tombstone)")];
    const here = comments.map((comment) => [numberOf(comment), writtenAt(comment)]).filter(isNew);
    here.forEach(([id], at) => {
      if (list.includes(id)) return;
      list.splice(at ? list.indexOf(here[at - 1][0]) + 1 : 0, 0, id);
    });
    return [...list, ...[...arrived].filter((id) => !own[id] && !list.includes(id))];
  }

  /** What of this visit the next one must know. */
  function keep() {
    if (!isReady || (earlier.length && since !== earlier[0])) return;
    const list = fresh();
    for (const id of list) if (byId(id)) shown.add(id);
    const left = [...new Set([...list, ...offered])].filter((id) => !shown.has(id));
    const known = { begin, carried: [...carried], shown: [...shown], left };
    for (const name of ["shown", "left"]) known[name] = known[name].slice(-KEPT_NEW);
    save(`news.${article}`, left.length || shown.size || carried.size ? known : null);
    save(`seen.${article}`, Number(thread.dataset.total) - list.filter((id) => !byId(id)).length);
  }

  /** The visit goes on until now, when the page got word of `ids` that came in. */
  function heard(ids = []) {
    visits.at(-1)[1] = seconds();
    save(key, visits.slice(-KEPT));
    offered = ids;
    keep();
  }

  function mark(moment) {
    since = moment;
    const list = fresh();
    for (const comment of thread.querySelectorAll(".comment:not(.tombstone)")) {
      const isNew = list.includes(numberOf(comment));
      comment.classList.toggle("new", isNew);
      const word = comment.querySelector(".new-word");
      if (isNew && !word) {
        comment.querySelector(".when").before(make("span", { className: "new-word" }, words.isNew));
      } else if (!isNew) word?.remove();
    }
    const away = list.filter((id) => !byId(id));
    const here = list.length - away.length;
    const text = here === 1 ? words.oneNew : here ? words.manyNew : words.noneNew;
    line.textContent = text.replace("{n}", counted(here));
    if (away.length) {
      const rest = words.elsewhere.replace("{n}", `${counted(away.length)}${isCut ? "+" : ""}`);
      line.append(" · ", make("a", { href: page.inThread(away[0]) }, rest));
    }
    previous.disabled = next.disabled = !list.length;
    if (!bar.isConnected) {
      const header = place.querySelector(".conversation-header");
      if (header) header.append(bar);
      else thread.before(bar);
    }
    page.folded();
  }

  function step(by) {
    const list = fresh();
    if (!list.length) return;
    const focus = document.activeElement.closest("[data-thread] .comment");
    let at = focus ? list.indexOf(numberOf(focus)) : -1;
    if (at < 0) {
      // From where the focus is among comments, else from what is in view.
      const isPast = (comment) =>
        focus
          ? comment.compareDocumentPosition(focus) & Node.DOCUMENT_POSITION_FOLLOWING
          : comment.getBoundingClientRect().top < 0;
      const here = list.filter(byId);
      const past = here.filter((id) => isPast(byId(id)));
      if (past.length) at = list.indexOf(past.at(-1));
      else at = here.length ? list.indexOf(here[0]) - 1 : -1;
      if (by < 0) at += 1;
    }
    const id = list[(at + by + list.length) % list.length];
    if (byId(id)) page.land(byId(id));
    else location.assign(page.inThread(id));
  }

  next.addEventListener("click", () => step(1));
  previous.addEventListener("click", () => step(-1));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (!keys.checked || !bar.isConnected) return;
    if (
      event.target.closest(
        "input:not([type=checkbox]), textarea, select, [contenteditable], dialog",
      )
    )
      return;
    if (event.key === "n") step(1);
    if (event.key === "p") step(-1);
  });

  async function start() {
    visits = await otherDevices(page, visits);
    earlier = visits.filter(([, end]) => end < begin).map(([, end]) => end);
    earlier.reverse();
    if ((earlier.length || carried.size) && !("whole" in thread.dataset)) {
      const known = await page.index();
      index = known?.latest.map(([id, at]) => [String(id), at]);
      isCut = known?.more && index.every(([, at]) => at > earlier[0]);
      isReady = Boolean(known);
    } else isReady = true;
    const format = new Intl.DateTimeFormat(document.documentElement.lang, {
      day: "numeric",
      month: "long",
      hour: "2-digit",
      minute: "2-digit",
    });
    for (const at of earlier) choice.append(new Option(format.format(at * 1000), at));
    visitsLine.hidden = !earlier.length;
    if (earlier.length || carried.size) mark(earlier[0] ?? 0);
    keep();
  }
  heard();
  start();
  return {
    keep,
    heard,
    /** Counts comments that came in while the page was open, here or elsewhere. */
    arrive(ids) {
      for (const id of ids) arrived.add(String(id));
      mark(since);
      keep();
    },
  };
}

/** Comments that come in while the page is open: said, and shown when the reader asks. */
export function arrivals(page, news) {
  const { thread, words } = page;
  const url = thread.dataset.arrivals;
  let after = Number(thread.dataset.newest);
  let waiting = [];
  let overflow = false;
  let count = 0;
  const button = make("button", { type: "button", className: "button-quiet arrivals" });
  const box = make("p", { className: "arrivals-line", role: "status" });
  thread.before(box);

  const answerFrom = async (address) => {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return answer.ok ? answer.json() : null;
  };
  let index = null;
  page.index = () => {
    index ??= answerFrom(`${url}?sort=${page.sort}`).catch(() => null);
    return index;
  };

  async function ask() {
    if (document.hidden || !navigator.onLine) return;
    try {
      const answer = await answerFrom(`${url}?after=${after}`);
      if (!answer) return;
      waiting = answer.items.filter(({ id }) => !byId(id));
      overflow = answer.more;
      count = answer.count;
    } catch {
      return; // Offline, or the site is away for a moment: the next turn tells.
    }
    news.heard(waiting.map(({ id }) => String(id)));
    const text = (waiting.length === 1 ? words.oneArrived : words.manyArrived).replace(
      "{n}",
      `${counted(waiting.length)}${overflow ? "+" : ""}`,
    );
    if (!waiting.length) button.remove();
    else if (button.textContent !== text || !button.isConnected) {
      button.textContent = text;
      box.append(button);
    }
  }

  button.addEventListener("click", () => {
    const came = waiting;
    waiting = [];
    button.remove();
    let first = null;
    for (const item of came) {
      after = Math.max(after, item.id);
      const comment = byId(item.id) ?? page.add(item);
      first ??= comment;
    }
    page.dress();
    page.count(count);
    news.arrive(came.map(({ id }) => id));
    if (first) page.land(first);
    else location.assign(page.inThread(came[0].id));
  });

  (async () => {
    // On a page of a longer thread only what comes from now on has arrived.
    if (!("whole" in thread.dataset)) after = Math.max(after, (await page.index())?.newest ?? 0);
    setInterval(ask, POLL);
    document.addEventListener("visibilitychange", ask);
  })();
}
