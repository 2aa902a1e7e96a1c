// What is typed in a form of the admin stays in this browser until the site says that it has it: a
// cookie on the page after a save names it (config/drafts.py). Before a form is sent the site is
// asked whether it answers and who is logged in, so that nobody leaves her text for an error page.
// The forms of articles and pages keep themselves (keep.js); they are only asked for here.
import { keysOf, load, make, newKey, save } from "../js/site.js";

const says = document.getElementById("desk-drafts")?.dataset;
const DAYS = 60;
const LONG = 10_000;
const STORE = `form.${says?.user}.`;
const TYPED =
  "textarea, input:not([type]), input:is([type=text], [type=email], [type=url], [type=number], [type=search])";
const OWN = "#article_form, #page_form";

/** A random UUID, as the server stores with what it saves. */
export const newUuid = () => newKey().replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");

/** Forgets what is stored under a key, whichever form it belongs to. */
function forget(key) {
  for (const name of keysOf("")) if (name.endsWith(`.${key}`)) save(name, null);
}

const isPost = (form) => form.getAttribute("method")?.toLowerCase() === "post";
const hasText = (form) => isPost(form) && form.id !== "logout-form" && form.querySelector(TYPED);
const isDrafted = (form) =>
  says &&
  hasText(form) &&
  !form.matches(OWN) &&
  !form.querySelector("[type=password], [autocomplete=one-time-code]");

/** One form on one address, in the queue one decision about one comment. */
const nameOf = (form) =>
  new URL(form.getAttribute("action") || location.href, location.href).pathname +
  (form.querySelector("[type=hidden][name=decision]")?.value ?? "");

function collect(form) {
  const found = {};
  for (const control of form.elements) {
    const { name, type } = control;
    if (!name || /^(hidden|file|password|submit|button|fieldset)$/.test(type)) continue;
    if (/^(checkbox|radio)$/.test(type)) {
      if (control.checked) found[name] = [...(found[name] ?? []), control.value];
    } else if (control.selectedOptions) {
      found[name] = [...control.selectedOptions].map(({ value }) => value);
    } else found[name] = [...(found[name] ?? []), control.value];
  }
  return JSON.stringify(found);
}

function fill(form, data) {
  // Rows that were added to a table of related things are added again.
  for (const name of Object.keys(data)) {
    const [, prefix, number] = /^(.+)-(\d+)-/.exec(name) ?? [];
    const add = prefix && document.querySelector(`#${CSS.escape(prefix)}-group .add-row a`);
    for (
      let turn = 0;
      add && turn <= number && !form.querySelector(`[name="${CSS.escape(name)}"]`);
      turn += 1
    )
      add.click();
  }
  const used = {};
  for (const control of form.elements) {
    const { name, type } = control;
    if (!name || /^(hidden|file|password|submit|button|fieldset)$/.test(type)) continue;
    const values = data[name];
    if (/^(checkbox|radio)$/.test(type)) control.checked = Boolean(values?.includes(control.value));
    else if (!values) continue;
    else if (control.selectedOptions) {
      for (const value of values) {
        if (![...control.options].some((option) => option.value === value))
          control.add(new Option(value, value));
      }
      for (const option of control.options) option.selected = values.includes(option.value);
    } else {
      control.value = values[used[name] ?? 0] ?? "";
      used[name] = (used[name] ?? 0) + 1;
    }
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

const forms = new Map();

/** What came back with mistakes, or was typed before this script was there, is nowhere else. */
const isUnsaved = (form) =>
  form.querySelector(".errorlist, .errornote") ||
  [...form.querySelectorAll(TYPED)].some(({ value, defaultValue }) => value !== defaultValue);

function known(form) {
  if (!forms.has(form)) {
    forms.set(form, { key: newUuid(), opened: isUnsaved(form) ? "" : collect(form), earlier: "" });
  }
  return forms.get(form);
}

function keep(form) {
  const entry = known(form);
  clearTimeout(entry.timer);
  entry.timer = 0;
  const now = collect(form);
  const name = `${STORE}${nameOf(form)}.${entry.key}`;
  const isOpened = now === entry.opened;
  // Where storage is full or barred, the form itself still holds the text.
  const isSaved = save(name, isOpened ? null : { saved: Date.now(), data: JSON.parse(now) });
  if (isSaved && !isOpened && entry.earlier) forget(entry.earlier);
}

/** The site has the text of this form. */
export function taken(form) {
  const entry = forms.get(form);
  if (!entry) return;
  clearTimeout(entry.timer);
  forget(entry.key);
  forms.delete(form);
}

function stored(form) {
  const start = `${STORE}${nameOf(form)}.`;
  const keys = keysOf(start).map((name) => name.slice(start.length));
  return keys
    .filter((key) => !key.includes("."))
    .map((key) => ({ ...load(start + key), key }))
    .sort((one, other) => other.saved - one.saved);
}

const moment = new Intl.DateTimeFormat(document.documentElement.lang, {
  day: "numeric",
  month: "long",
  hour: "2-digit",
  minute: "2-digit",
});

/** The beginning of a text, on a line of its own: which of several drafts is meant. */
export function excerpt(text) {
  const line = text.replace(/\s+/g, " ").trim();
  return make(
    "p",
    { className: "desk-excerpt" },
    line.length > 90 ? `${line.slice(0, 90)}…` : line,
  );
}

/** What was typed first in a stored form, as far as the form does not say the same now. */
function firstWords(form, data) {
  const fields = [...form.querySelectorAll(TYPED)].filter(({ name }) => name);
  const typed = fields.filter(({ name, value }) => data[name]?.[0] && data[name][0] !== value);
  return typed.length ? data[typed[0].name][0] : "";
}

function offer(form) {
  for (const draft of stored(form)) {
    const now = collect(form);
    if (JSON.stringify(draft.data) === now) {
      // The same text is in the form, as after a refusal: it goes when this form is taken.
      known(form).key = draft.key;
      continue;
    }
    const restore = make("button", {
      type: "button",
      className: "button",
      textContent: says.restore,
    });
    const drop = make("button", { type: "button", className: "button", textContent: says.drop });
    const notice = make(
      "div",
      { className: "desk-notice" },
      make("p", {}, says.offer.replace("{time}", moment.format(draft.saved))),
      excerpt(firstWords(form, draft.data)),
      make("p", { className: "desk-acts" }, restore, drop),
    );
    restore.addEventListener("click", () => {
      const entry = known(form);
      fill(form, draft.data);
      form.closest("details")?.setAttribute("open", "");
      forget(draft.key);
      entry.key = draft.key;
      keep(form);
      notice.replaceChildren(make("p", { role: "status" }, says.restored));
      form.querySelector(TYPED).focus();
    });
    drop.addEventListener("click", () => {
      forget(draft.key);
      notice.remove();
      form.querySelector(TYPED).focus();
    });
    form.before(notice);
    // In the queue a form is behind its button.
    const panel = form.closest("details");
    if (panel) panel.before(notice);
  }
}

// -- before it is sent ----------------------------------------------------------------------------

/** "" when the site answers and the same person is logged in; else "out" or "away". */
export async function ask() {
  try {
    const answer = await fetch(says.session, {
      cache: "no-store",
      signal: AbortSignal.timeout(LONG),
    });
    if (!answer.ok) return "away";
    const { user, token } = await answer.json();
    if (user !== says.user) return "out";
    // Who logged in anew has another token.
    for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]"))
      input.value = token;
    return "";
  } catch {
    return "away";
  }
}

let notice = null;
let told = "";
const AGAIN = 15_000;

/**
 * Says beside what was pressed that nothing is sent, and why; leads to the login, in a new tab. What
 * it says of the text is so by then: it is in this browser.
 */
export function say(fault, place) {
  const form = place.closest("form");
  if (form && isDrafted(form)) keep(form);
  form?.dispatchEvent(new Event("desk:keep"));
  notice?.remove();
  told = fault;
  notice = make(
    "div",
    { className: "desk-notice", role: "alert", tabIndex: -1 },
    make("p", {}, says[fault]),
  );
  if (fault === "out")
    notice.append(
      make(
        "p",
        { className: "desk-acts" },
        make("a", { href: says.login, target: "_blank", className: "button" }, says.again),
      ),
    );
  else setTimeout(back, AGAIN);
  place.before(notice);
  return notice;
}

/** The site has answered: that it does not is taken back. */
export function answered() {
  if (told !== "away") return;
  notice?.remove();
  notice = null;
}

async function back() {
  if (!notice?.isConnected || document.hidden) return;
  if (await ask()) {
    if (told === "away") setTimeout(back, AGAIN);
    return;
  }
  answered();
  notice?.replaceChildren(make("p", {}, says.goOn));
  notice = null;
}
addEventListener("focus", back);
document.addEventListener("visibilitychange", back);

const passed = new WeakSet();
let busy = false;
let gone = false;

// The queue sends by itself, and stays where it is when no answer comes.
const isAsked = (form) => says && hasText(form) && !form.closest("#queue:not([data-back='one=1'])");

document.addEventListener(
  "submit",
  async (event) => {
    const { target: form, submitter } = event;
    if (!isAsked(form) || passed.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (busy || gone) return;
    busy = true;
    const fault = await ask();
    busy = false;
    if (fault) {
      const bar = form.querySelector(".write-bar > .submit-row");
      say(fault, submitter?.closest(".submit-row, p") ?? bar ?? form.lastElementChild).focus();
      return;
    }
    notice?.remove();
    passed.add(form);
    form.requestSubmit(submitter);
  },
  { capture: true },
);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !isAsked(form)) return;
  // Pressed twice, it is sent once.
  gone = true;
  setTimeout(() => {
    gone = false;
  }, 8000);
  const own = form.querySelector("[name=copy_key]");
  let key = own?.value;
  if (!own && isDrafted(form)) {
    keep(form);
    const entry = known(form);
    key = entry.earlier = entry.key;
    entry.key = newUuid();
  }
  if (!key) return;
  let field = form.querySelector("[name=draft_key]");
  if (!field) {
    field = make("input", { type: "hidden", name: "draft_key" });
    form.append(field);
  }
  field.value = key;
});
addEventListener("pageshow", () => {
  gone = busy = false;
});

// -- while it is typed ----------------------------------------------------------------------------

const formOf = (event) => {
  const { form } = event.target;
  return form && isDrafted(form) ? form : null;
};
document.addEventListener("focusin", (event) => {
  const form = formOf(event);
  if (form) known(form);
});
for (const type of ["input", "change"]) {
  document.addEventListener(type, (event) => {
    const form = formOf(event);
    if (!form) return;
    const entry = known(form);
    entry.timer ||= setTimeout(() => keep(form), 400);
  });
}
addEventListener("pagehide", () => {
  for (const [form, { timer }] of forms) if (timer) keep(form);
});

// From a box to tick, Chrome passes a form's disabled first button over (templates/_no_enter.html).
document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (
    key === "Enter" &&
    /^(checkbox|radio)$/.test(target.type) &&
    target.form?.querySelector("[type=submit]")?.disabled
  )
    event.preventDefault();
});

if (says) {
  // What the site took, as its last answers say.
  const took = /(?:^|; )desk-saved=([^;]+)/.exec(document.cookie)?.[1];
  if (took) {
    took.split(".").forEach(forget);
    document.cookie = `desk-saved=; Path=${says.path}; Max-Age=0`;
  }
  for (const name of keysOf("form.")) {
    if (!(load(name)?.saved > Date.now() - DAYS * 86_400_000)) save(name, null);
  }
  for (const form of document.querySelectorAll("form")) {
    if (!isDrafted(form)) continue;
    offer(form);
    if (isUnsaved(form)) keep(form);
  }
}
