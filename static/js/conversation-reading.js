/**
 * What a reader does with comments, and what is new to her.
 *
 * Fold branches, value comments, change and delete her own; new since her last visit, and while
 * she reads. Visits are kept in this browser, a pair [begin, end] of seconds each; two within
 * twenty minutes are one. Nobody is told of them, except that a logged-in author's follow her to
 * other devices.
 */
import { parse } from "./conversation-form.js";
import { counted, load, make, post, save } from "./site.js";

const numberOf = (comment) => comment.id.replace("comment-", "");
const SAME_VISIT = 20 * 60;
const KEPT = 20;
const POLL = 30_000;

const seconds = () => Math.floor(Date.now() / 1000);
const writtenAt = (comment) => Date.parse(comment.querySelector(".when time")?.dateTime) / 1000;

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

/** "Valuable" becomes a button that remembers. */
export function valuing(page) {
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
        if (answer.count) button.append(" ", make("span", { className: "count" }, answer.count));
      } else say(answer.message, true);
    } catch {
      say(navigator.onLine ? words.failed : words.offline, true);
    }
    delete button.dataset.busy;
  }

  dress();
  return { dress };
}

/** Links to change and delete, at the comments that were written in this browser. */
export function owning(page) {
  const { place, words } = page;
  const minutes = Number(place.dataset.editMinutes);

  function dress() {
    const own = load("own") ?? {};
    for (const comment of place.querySelectorAll("[data-thread] .comment:not(.tombstone)")) {
      const mine = own[numberOf(comment)];
      if (!mine || comment.querySelector(".own")) continue;
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

export function newSince(page) {
  const { place, article, words } = page;
  const key = `visits.${article}`;
  let visits = visit(load(key) ?? [], seconds());
  const begin = visits.at(-1)[0];
  const keep = () => {
    visits.at(-1)[1] = seconds();
    save(key, visits.slice(-KEPT));
    save(`seen.${article}`, Number(place.dataset.total));
  };
  keep();
  addEventListener("pagehide", keep);

  const bar = make("div", { className: "since" });
  const line = make("p", { className: "since-count" });
  const choice = make("select", { id: "since", onchange: () => mark(Number(choice.value)) });
  const label = make("label", { htmlFor: choice.id }, words.since);
  const stepper = (text, key) =>
    make("button", { type: "button", textContent: text, title: key, ariaKeyShortcuts: key });
  const previous = stepper(words.previousNew, "p");
  const next = stepper(words.nextNew, "n");
  bar.append(
    line,
    make("span", {}, label, " ", choice),
    make("span", { className: "since-steps" }, previous, next),
  );

  let since = 0;
  let times = null;

  function fresh() {
    return [...place.querySelectorAll("[data-thread] .comment.new")];
  }

  function mark(moment) {
    since = moment;
    const own = load("own") ?? {};
    for (const comment of place.querySelectorAll("[data-thread] .comment:not(.tombstone)")) {
      const isNew = writtenAt(comment) > since && !own[numberOf(comment)];
      comment.classList.toggle("new", isNew);
      const word = comment.querySelector(".new-word");
      if (isNew && !word) {
        comment.querySelector(".when").before(make("span", { className: "new-word" }, words.isNew));
      } else if (!isNew) word?.remove();
    }
    const here = fresh().length;
    const all = times ? times.filter(([id, at]) => at > since && !own[id]).length : here;
    line.textContent = (all === 1 ? words.oneNew : words.manyNew).replace("{n}", counted(all));
    previous.disabled = next.disabled = !here;
    if (!bar.isConnected) place.querySelector(".conversation-header")?.append(bar);
    page.folded?.();
  }

  function step(by) {
    const list = fresh();
    if (!list.length) return;
    const at = list.findIndex((comment) => comment.contains(document.activeElement));
    const from = at < 0 ? (by > 0 ? -1 : 0) : at;
    page.land(list[(from + by + list.length) % list.length]);
  }

  next.addEventListener("click", () => step(1));
  previous.addEventListener("click", () => step(-1));
  // Single letters work only while the focus is in the conversation (WCAG 2.1.4).
  place.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select")) return;
    if (event.key === "n") step(1);
    if (event.key === "p") step(-1);
  });

  async function start() {
    visits = await otherDevices(page, visits);
    const earlier = visits.filter(([, end]) => end < begin).map(([, end]) => end);
    if (!earlier.length) return;
    if (!("whole" in place.dataset)) times = (await page.index())?.latest ?? null;
    const format = new Intl.DateTimeFormat(document.documentElement.lang, {
      day: "numeric",
      month: "long",
      hour: "2-digit",
      minute: "2-digit",
    });
    for (const at of earlier.reverse()) {
      choice.append(new Option(format.format(at * 1000), at));
    }
    mark(Number(choice.value));
  }
  start();
  return { mark: () => since && mark(since) };
}

/** Comments that come in while the page is open: said, and shown when the reader asks. */
export function arrivals(page) {
  const { place, words } = page;
  const url = place.dataset.arrivals;
  if (!url) return;
  let after = Number(place.dataset.newest);
  let waiting = [];
  let overflow = false;
  const button = make("button", { type: "button", className: "button-quiet arrivals" });
  const box = make("p", { className: "arrivals-line", role: "status" });
  place.querySelector("[data-thread]").before(box);

  const answerFrom = async (address) => {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return answer.ok ? answer.json() : null;
  };
  page.index = () => answerFrom(url).catch(() => null);

  async function ask() {
    if (document.hidden || !navigator.onLine) return;
    try {
      const news = await answerFrom(`${url}?after=${after}`);
      if (!news) return;
      waiting = news.items.filter(({ id }) => !document.getElementById(`comment-${id}`));
      overflow = news.more;
    } catch {
      return; // Offline, or the site is away for a moment: the next turn tells.
    }
    const count = `${counted(waiting.length)}${overflow ? "+" : ""}`;
    const text = (waiting.length === 1 ? words.oneArrived : words.manyArrived).replace(
      "{n}",
      count,
    );
    if (!waiting.length) button.remove();
    else if (button.textContent !== text || !button.isConnected) {
      button.textContent = text;
      box.append(button);
    }
  }

  button.addEventListener("click", () => {
    if (overflow) {
      location.assign("?sort=newest#comments");
      return;
    }
    let first = null;
    for (const { id, parent, html } of waiting) {
      const list = page.listFor(
        parent && document.getElementById(`comment-${parent}`) ? parent : null,
      );
      if (!list || document.getElementById(`comment-${id}`)) continue;
      const item = make("li", {}, parse(html));
      list.append(item);
      item.firstElementChild.classList.add("new");
      first ??= item.firstElementChild;
      after = Math.max(after, id);
    }
    button.remove();
    page.dress();
    if (first) page.land(first);
  });

  (async () => {
    // On a page of a longer thread only what comes from now on has arrived.
    if (!("whole" in place.dataset)) {
      const index = await page.index();
      after = Math.max(after, index?.latest[0]?.[0] ?? 0);
    }
    setInterval(ask, POLL);
    document.addEventListener("visibilitychange", ask);
    page.askArrivals = ask;
    place.dispatchEvent(new CustomEvent("weerwoord:listening"));
  })();
}
