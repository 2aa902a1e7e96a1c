// Nothing is lost: the form is kept by the site while it is written in, in this browser while the
// site does not answer, and a question is asked before leaving only when something is not saved.
import { keysOf, load, make, parse, save } from "../js/site.js";
import { desk, send, words } from "./dialog.js";
import { answered, ask, excerpt, newUuid, say } from "./drafts.js";

const PAUSE = 2500;
const HEARTBEAT = 20_000;
const NOT_KEPT = new Set([
  "csrfmiddlewaretoken",
  "opened_on",
  "copy_key",
  "quality_seen",
  "draft_key",
]);
const STORE = `copy.${desk.kind}.${desk.number ?? "new"}.`;

function collect(form) {
  const found = {};
  for (const [name, value] of new FormData(form)) {
    if (!NOT_KEPT.has(name) && typeof value === "string")
      found[name] = [...(found[name] ?? []), value];
  }
  // A number says nothing to who puts the text back: what it stands for goes along.
  for (const select of form.querySelectorAll(".desk-choice")) {
    if (select.value) found[`${select.name}:label`] = [select.selectedOptions[0].text];
  }
  for (const list of form.querySelectorAll(".desk-order[data-more]")) {
    const rows = [...list.querySelectorAll("label:has(:checked)")];
    if (rows.length)
      found[`${list.dataset.name}:label`] = rows.map((row) => row.textContent.trim());
  }
  return found;
}

const time = (seconds) =>
  new Intl.DateTimeFormat(document.documentElement.lang, {
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
  }).format(seconds * 1000);

/** What this browser kept because the site did not answer, newest first. */
function storedHere() {
  const found = [];
  for (const name of keysOf(STORE)) {
    const entry = load(name);
    if (entry) found.push({ ...entry, key: name.slice(STORE.length), here: true });
    else save(name, null);
  }
  return found.sort((one, other) => other.saved - one.saved);
}

export function keeping(form, editor, below) {
  const notices = document.getElementById("desk-notices");
  const saved = document.querySelector("[data-saved]");
  const status = make("span", { className: "desk-kept", role: "status" });
  // Beside two texts that differ there is no bar.
  if (saved) saved.after(status);
  else below.prepend(status);
  const tell = (text) => {
    status.textContent = text;
    if (saved) saved.hidden = Boolean(text);
  };
  const textarea = form.elements.namedItem("body_source");
  // The editor's own reading of the text: what differs from it was written by somebody.
  if (textarea.value) textarea.value = editor.getHTML().replace(/^<(\w+)><\/\1>$/, "");
  const state = () => JSON.stringify(collect(form));
  let opened = state();
  let kept = opened;
  let saving = false;
  let waiting = null;
  let busy = false;
  // A form that comes back with mistakes or beside another text holds what is nowhere else.
  if (form.querySelector(".errorlist") || document.getElementById("difference")) opened = kept = "";

  async function keep() {
    waiting = null;
    if (saving || busy) return;
    if (state() === kept) {
      if (kept === opened) tell("");
      return;
    }
    busy = true;
    const now = state();
    const copy = { key: desk.key, number: desk.number ?? "", version: desk.version, data: now };
    const { status: code, answer } = await send(desk.urls.keep, copy);
    busy = false;
    if (saving) return;
    if (code === 200) {
      answered();
      kept = now;
      save(STORE + desk.key, null);
      // The same text, further on.
      for (const key of older.splice(0)) {
        save(STORE + key, null);
        send(desk.urls.drop, { key });
      }
      tell(words.kept.replace("{time}", answer.time));
    } else if (code === 409) {
      // Saved before, and written in again after the Back button: another text from here on.
      anew();
      later();
    } else {
      save(STORE + desk.key, {
        saved: Date.now() / 1000,
        version: desk.version,
        data: JSON.parse(now),
      });
      tell(code === 422 ? words.keptTooLarge : words.keptHere);
      later(4 * PAUSE);
      if (code !== 422 && (await ask()) === "out") say("out", status);
    }
    if (state() !== now) later();
  }
  function later(delay = PAUSE) {
    if (waiting === null) waiting = setTimeout(keep, delay);
  }
  const typed = () => {
    if (!status.textContent) tell(words.unsaved);
    later();
  };
  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  const older = [];
  function anew() {
    older.push(desk.key);
    desk.key = form.elements.namedItem("copy_key").value = newUuid();
    saving = false;
  }
  form.addEventListener("submit", () => {
    saving = true;
    // Until the site says that it has the text: drafts.js takes it away then.
    save(STORE + desk.key, {
      saved: Date.now() / 1000,
      version: desk.version,
      data: collect(form),
    });
    // A submission that the browser itself stops leaves the page as it is.
    setTimeout(anew, 8000);
  });
  // The form is refused before it is sent, with the promise that the text is here.
  form.addEventListener("desk:keep", () => {
    if (state() !== opened)
      save(STORE + desk.key, {
        saved: Date.now() / 1000,
        version: desk.version,
        data: collect(form),
      });
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) anew();
  });
  addEventListener("beforeunload", (event) => {
    if (!saving && state() !== opened) event.preventDefault();
  });
  addEventListener("pagehide", () => {
    if (!saving && state() !== kept) {
      save(STORE + desk.key, {
        saved: Date.now() / 1000,
        version: desk.version,
        data: collect(form),
      });
    }
    if (desk.urls.presence) {
      send(desk.urls.presence, { leave: "1" }, { keepalive: true });
    }
  });
  preview(form, keep, () => kept !== opened);
  offers(form, editor, notices, later);
  if (desk.urls.presence) presence(notices);
}

/** The title of a copy, or else the first that it says. */
const titleOf = ({ title, lead, body_source: body }) =>
  [title?.[0], lead?.[0], parse(body?.[0] ?? "").textContent].find((text) => text?.trim()) ??
  words.noTitle;

/** The preview shows what stands here, saved or not. */
function preview(form, keep, isUnsaved) {
  const link = form.querySelector("[data-preview]");
  link?.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    // Opened by the click itself: later the browser would take it for a pop-up.
    const tab = open("", link.target);
    await keep();
    const url = new URL(link.href);
    if (isUnsaved()) url.searchParams.set("copy", desk.key);
    if (tab) tab.location = url;
    else location.assign(url);
  });
}

function offers(form, editor, notices, later) {
  const now = JSON.stringify(collect(form));
  const here = storedHere().filter((copy) => {
    // What is saved by now, though no answer said so.
    const isSame = JSON.stringify(copy.data) === now;
    if (isSame) save(STORE + copy.key, null);
    return !isSame;
  });
  const copies = desk.copies.filter(
    (copy) => !here.some((one) => one.key === copy.key && one.saved > copy.saved),
  );
  for (const copy of [...here, ...copies].sort((one, other) => other.saved - one.saved)) {
    const words_ = copy.here ? words.offerHere : words.offer;
    const text = make("p", {}, words_.replace("{time}", time(copy.saved)));
    if (copy.version < desk.version) text.append(" ", words.offerOld);
    const drop = async () => {
      save(STORE + copy.key, null);
      // Also when the page is left at once.
      await send(desk.urls.drop, { key: copy.key }, { keepalive: true });
    };
    const restore = make("button", {
      type: "button",
      className: "button",
      textContent: words.restore,
    });
    const away = make("button", { type: "button", className: "button", textContent: words.drop });
    const acts = make("p", { className: "desk-acts" }, restore, away);
    if (copy.url)
      acts.append(make("a", { href: copy.url, target: "_blank", textContent: words.compare }));
    const notice = make(
      "div",
      { className: "desk-notice" },
      text,
      excerpt(titleOf(copy.data)),
      acts,
    );
    restore.addEventListener("click", () => {
      fill(form, editor, copy);
      // Saved over what came after it, it would undo that unseen: its own version goes along.
      const version = form.elements.namedItem("opened_on");
      if (version && copy.version && desk.number) version.value = desk.version = copy.version;
      drop();
      notice.replaceChildren(make("p", { role: "status" }, words.restored));
      form.elements.namedItem("title").focus();
      later();
    });
    away.addEventListener("click", () => {
      drop();
      notice.remove();
      form.elements.namedItem("title").focus();
    });
    notices.append(notice);
  }
}

function fill(form, editor, copy) {
  for (const list of form.querySelectorAll(".desk-order[data-more]")) {
    const { name } = list.dataset;
    const labels = copy.data[`${name}:label`] ?? [];
    for (const [place, id] of (copy.data[name] ?? []).entries())
      list.dispatchEvent(
        new CustomEvent("desk:include", { detail: { id, label: labels[place] ?? id } }),
      );
  }
  for (const control of form.elements) {
    if (
      !control.name ||
      NOT_KEPT.has(control.name) ||
      ["submit", "button", "file"].includes(control.type)
    )
      continue;
    const values = copy.data[control.name];
    if (control.type === "checkbox" || control.type === "radio") {
      control.checked = Boolean(values?.includes(control.value));
    } else if (control.name === "body_source") {
      editor.commands.setContent(values?.[0] ?? "", { emitUpdate: true });
    } else if (control.multiple) {
      for (const option of control.options)
        option.selected = Boolean(values?.includes(option.value));
    } else if (values) {
      if (
        control.tagName === "SELECT" &&
        ![...control.options].some((one) => one.value === values[0])
      ) {
        control.add(new Option(copy.data[`${control.name}:label`]?.[0] ?? values[0], values[0]));
      }
      control.value = values[0];
      // What stands beside a field follows it.
      control.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
}

function presence(notices) {
  const line = make("p", { className: "desk-notice", hidden: true });
  const over = make("p", { className: "desk-notice", hidden: true });
  notices.append(line, over);
  const list = new Intl.ListFormat(document.documentElement.lang);
  async function beat() {
    if (document.hidden) return;
    const { status, answer } = await send(desk.urls.presence, {});
    if (status !== 200) return;
    const { others } = answer;
    const sentence = others.length > 1 ? words.presenceMany : words.presence;
    const text = others.length ? sentence.replace("{names}", list.format(others)) : "";
    if (line.textContent !== text) line.textContent = text;
    line.hidden = !others.length;
    const overtaken =
      answer.version > desk.version ? words.overtaken.replace("{name}", answer.by) : "";
    if (over.textContent !== overtaken) over.textContent = overtaken;
    over.hidden = !overtaken;
  }
  beat();
  setInterval(beat, HEARTBEAT);
  document.addEventListener("visibilitychange", beat);
}
