/**
 * What is new to a reader since her last visit, and while she reads.
 *
 * Loaded for who was here before, and once the first news was asked for. Visits are kept in this
 * browser, a pair [begin, end] of seconds each; two within twenty minutes are one. Nobody is told
 * of them, except that a logged-in author's follow her to other devices.
 */
import { byId, numberOf } from "./conversation-reading.js";
import { counted, load, make, numbered, save } from "./site.js";

const SAME_VISIT = 20 * 60;
const KEPT = 20;
const KEPT_NEW = 200;

const seconds = () => Math.floor(Date.now() / 1000);
/** Since when a comment is shown: since it was approved, or since it was written. */
const shownAt = (comment) =>
  Number(comment.dataset.shown) ||
  Math.floor(Date.parse(comment.querySelector(".when time")?.dateTime) / 1000);

/** The visits with this one in it; a reload within twenty minutes goes on with the last. */
function visit(visits, now) {
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
    const comments = [...thread.querySelectorAll(".comment:not(.tombstone, :has(.waiting))")];
    const here = comments.map((comment) => [numberOf(comment), shownAt(comment)]).filter(isNew);
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
    line.textContent = here ? numbered(here, words.oneNew, words.manyNew) : words.noneNew;
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
