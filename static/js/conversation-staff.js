/**
 * For who is logged in: writing under her own name, and deciding about comments where they stand.
 *
 * Loaded only in a browser that has seen the admin. The site says whether its reader moderates here
 * and gives every comment finished, with its forms (comments.views.moderating).
 */
import { byId, numberOf } from "./conversation-reading.js";
import { counted, make, parse, post, save } from "./site.js";

const JSON_ONLY = { headers: { Accept: "application/json" } };
const panelOf = (comment) => comment.querySelector(":scope > .moderating");

/** Makes a form that of who is logged in; null, and not asked again, where nobody is. */
export async function speaker(words) {
  try {
    const response = await fetch(words.me, JSON_ONLY);
    const me = response.ok ? await response.json() : {};
    if (me.name) return (form, remember) => speakAs(form, remember, me);
    save("staff", null);
  } catch {
    // Without an answer the form stays what it is for any reader.
  }
  return null;
}

/** The form of a logged-in author: the site knows the name, so it is not asked. */
function speakAs(form, remember, me) {
  const line = make("p", { className: "speaking" }, me.speaking);
  line.append(make("a", { href: me.moderate_url }, me.moderate));
  remember.before(line);
  remember.hidden = true;
  for (const name of ["name", "email", "website"]) {
    const field = form.elements[name];
    if (!field) continue;
    field.disabled = true;
    field.closest(".field").hidden = true;
  }
}

/** Shows what waits and offers to decide; gives what does so at new comments, or null. */
export async function moderating(page) {
  const { place, thread, words } = page;
  const { address, sort } = thread.dataset;
  const here = await fetch(`${address}held/`, JSON_ONLY).then(
    (answer) => (answer.ok ? answer.json() : {}),
    () => ({}),
  );
  if (!here.words) return null;
  for (const href of here.styles) {
    if (document.querySelector(`link[href="${href}"]`)) continue;
    document.head.append(make("link", { rel: "stylesheet", href }));
  }
  // Letters alone can be switched off, in the queue's list of keys (admin-desk/queue.js).
  const keysOn = localStorage.getItem("weerwoord.desk.keys") !== "off";
  document.documentElement.classList.toggle("queue-keys-off", !keysOn);
  let busy = false;

  /** Opens or closes the forms at a comment; what was typed in them stays. */
  function toggle(comment, isOpen) {
    const panel = panelOf(comment);
    if (panel) panel.hidden = !isOpen;
    const button = comment.querySelector(".moderate");
    button.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) button.focus();
  }

  function firstOf(panel) {
    return panel.querySelector("[role=alert]") ?? panel.querySelector("button:enabled, summary, a");
  }

  /** A comment as the site gives it, in the place of the one that is here. */
  function replace(comment, data) {
    const made = parse(data.html).querySelector(".comment");
    const word = comment.querySelector(".new-word");
    made.classList.toggle("new", Boolean(word));
    if (word) made.querySelector(".when")?.before(word);
    comment.replaceWith(made);
    page.dress();
    if (Number(thread.dataset.total) !== data.count) page.count(data.count);
    return made;
  }

  /** Says why nothing was done, above the form; the form stays as it is. */
  function refuse(panel, { message, login } = {}) {
    const text = message ?? (navigator.onLine ? words.failed : words.offline);
    if (!panel) {
      page.say(text, true);
      return;
    }
    panel.querySelector(":scope > .queue-fault")?.remove();
    const line = make("p", { className: "queue-fault", role: "alert", tabIndex: -1 }, text);
    if (login) {
      const link = { href: login, target: "_blank" };
      line.append(" ", make("a", link, here.words.login));
    }
    panel.prepend(line);
    line.focus();
  }

  async function open(comment) {
    if (panelOf(comment)) {
      toggle(comment, panelOf(comment).hidden);
      if (!panelOf(comment).hidden) firstOf(panelOf(comment)).focus();
      return;
    }
    if (busy) return;
    busy = true;
    let data;
    try {
      const got = await fetch(`${address}comment/${numberOf(comment)}/moderate/`, JSON_ONLY);
      data = await got.json();
    } catch {
      // Without a connection, or not there any more: said below.
    }
    busy = false;
    if (data?.html) firstOf(panelOf(replace(comment, data))).focus();
    else refuse(null, data);
  }

  async function send(form, submitter, comment) {
    if (busy) return;
    busy = true;
    let got;
    try {
      got = await post(form.action, new FormData(form, submitter));
    } catch {
      // Without a connection, or a page of some proxy: said below.
    }
    busy = false;
    if (!got?.data.html) {
      refuse(panelOf(comment), got?.data);
      return;
    }
    const panel = panelOf(replace(comment, got.data));
    const undo = got.ok && panel.querySelector("[name=undo]");
    (undo || firstOf(panel)).focus();
    page.say(got.data.message, !got.ok);
  }

  function dress() {
    for (const comment of thread.querySelectorAll(".comment")) {
      if (comment.querySelector(".moderate") || /\D/.test(numberOf(comment))) continue;
      const name = comment.querySelector(".name")?.textContent;
      const hidden = make("span", { className: "visually-hidden" }, name ? `: ${name}` : "");
      const button = make(
        "button",
        { type: "button", className: "moderate", "aria-expanded": String(!!panelOf(comment)) },
        here.words.moderate,
        hidden,
      );
      let home = comment.querySelector(":scope > .actions");
      if (!home) {
        home = make("div", { className: "actions" });
        const panel = panelOf(comment);
        if (panel) panel.before(home);
        else comment.append(home);
      }
      home.insertBefore(button, home.querySelector(":scope > .fold"));
    }
  }

  /** Where a pending comment will stand, if that is on this page: its list, and what follows it. */
  function spotFor({ id, parent }) {
    const { earlier, later, branch, language } = thread.dataset;
    const above = parent && byId(parent);
    const top = branch && byId(branch)?.closest("li");
    const isElsewhere = parent
      ? !above || (branch && !top?.contains(above))
      : !place.id || language !== undefined || !["", "newest"].includes(sort);
    if (isElsewhere) return null;
    const list = page.listFor(parent);
    const items = [...list.children];
    const numbers = items.map((item) => Number(/\d+$/.exec(item.querySelector(".comment")?.id)));
    const isNewest = !parent && sort === "newest";
    const at = numbers.findIndex((number) => (isNewest ? number < id : number > id));
    // What comes before the first of a page, or after its last, is on another.
    const isBefore = at === 0 && earlier !== undefined;
    const isAfter = at < 0 && later !== undefined;
    return !parent && (isBefore || isAfter) ? null : { list, next: items[at] };
  }

  let first = null;
  let shown = 0;
  for (const one of here.held) {
    const spot = byId(one.id) ? null : spotFor(one);
    if (spot) {
      const item = make("li", {}, parse(one.html));
      if (spot.next) spot.next.before(item);
      else spot.list.append(item);
      if (location.hash === `#comment-${one.id}`) page.land(byId(one.id));
    }
    const comment = byId(one.id);
    if (!comment) continue;
    first ??= comment;
    shown += 1;
  }
  dress();
  if (here.count) {
    const text = (here.count === 1 ? here.words.one : here.words.many).replace(
      "{n}",
      counted(here.count),
    );
    const line = make("p", { className: "moderating-line" }, text);
    if (first) {
      const link = make("a", { href: `#${first.id}` });
      link.append(here.words.here.replace("{n}", counted(shown)));
      line.append(" · ", link);
    }
    line.append(" · ", make("a", { href: here.queue }, here.words.queue));
    thread.before(line);
  }

  place.addEventListener("click", ({ target }) => {
    const button = target.closest(".moderate");
    if (button) open(button.closest(".comment"));
  });
  place.addEventListener("submit", (event) => {
    const comment = event.target.closest(".moderating")?.closest(".comment");
    if (!comment) return;
    event.preventDefault();
    send(event.target, event.submitter, comment);
  });
  // The keys of the queue, while the focus is in the forms of one comment.
  place.addEventListener("keydown", (event) => {
    const panel = event.target.closest(".moderating");
    if (!panel || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "Escape") {
      const form = event.target.closest("details[open]");
      if (form) {
        form.open = false;
        form.querySelector("summary").focus();
      } else toggle(panel.closest(".comment"), false);
      event.stopPropagation();
      return;
    }
    const isTyping = event.target.matches(
      "textarea, select, input:not([type=radio], [type=checkbox])",
    );
    if (!keysOn || isTyping) return;
    const key = event.key.toLowerCase();
    const control = /^[1-9]$/.test(key)
      ? panel.querySelector(`details[open] [data-digit="${key}"]`)
      : /^[a-z]$/.test(key) && panel.querySelector(`[data-key="${key}"]`);
    if (!control) return;
    event.preventDefault();
    if (control.matches("input")) control.focus();
    else control.click();
    const opened = control.matches("summary") && control.parentElement;
    if (opened?.open) opened.querySelector("textarea, input:not([type=hidden])")?.focus();
  });
  return dress;
}
