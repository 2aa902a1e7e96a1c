/**
 * Writing: the form under the thread and the one that opens below a comment.
 *
 * A form posts to its own address and asks for JSON: 201 {id, parent, state, message, html, url,
 * count}, 422 {message, html: the form with its errors}, any other status {message}. Whatever
 * goes wrong, the form keeps its text, and so does this browser until the text is posted.
 */
import {
  counted,
  dropDraft,
  load,
  loadDraft,
  make,
  newKey,
  parse,
  post,
  putDraft,
  save,
} from "./site.js";

const PATIENCE = 20_000;

/** Ids and what points to them, made unique for a second form on the page. */
function suffixIds(root, suffix) {
  for (const name of ["id", "for", "aria-describedby", "aria-labelledby", "href"]) {
    for (const found of root.querySelectorAll(`[${name}]`)) {
      const value = found.getAttribute(name);
      if (name === "href" && !value.startsWith("#")) continue;
      found.setAttribute(
        name,
        value
          .split(" ")
          .map((id) => id + suffix)
          .join(" "),
      );
    }
  }
}

/**
 * Makes the forms of the conversation work in place.
 *
 * `page` has `place` (the section), `article` (its id), `words`, `say(text, failed)` and
 * `posted(answer)`, which shows a stored comment and tells whether it could. Gives the function
 * that opens a form below the comment of a reply link, or null where nobody can write.
 */
export function writing(page) {
  const { place, article, words, say } = page;
  const root = place.querySelector("[data-form]");
  if (!root) return null;
  const blank = root.cloneNode(true);
  // Who is logged in speaks under a known name; asked only in a browser that has seen the admin.
  let staff = load("staff")
    ? import("./conversation-staff.js").then(
        ({ speaker }) => speaker(words),
        () => null,
      )
    : Promise.resolve(null);
  let current = null;

  function prepare(container, suffix = "", cancel = null) {
    const form = container.querySelector("form");
    const { text } = form.elements;
    putDraft(form);

    const person = load("person");
    for (const name of ["name", "email", "website"]) {
      if (person?.[name] && form.elements[name]) form.elements[name].value ||= person[name];
    }
    const actions = form.querySelector(".form-actions");
    const box = make("input", { type: "checkbox", checked: Boolean(person) });
    const remember = make("label", { className: "choice" }, box, words.remember);
    actions.before(remember);
    if (cancel) {
      const button = { type: "button", className: "button-quiet", onclick: cancel };
      actions.append(make("button", button, words.cancel));
    }
    staff.then((speak) => speak?.(form, remember));

    // A text that was here before (a draft, a form that came back) says nothing about its speed.
    let begun = 0;
    const isFresh = !text.value;
    text.addEventListener("input", () => {
      begun ||= Date.now();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey))
        form.requestSubmit(form.querySelector("[name=post]"));
      // From a box to tick, Chrome passes the disabled first button over.
      if (event.key === "Enter" && event.target.type === "checkbox") event.preventDefault();
      if (event.key === "Escape" && cancel && !text.value.trim()) cancel();
    });
    // Once unfolded it stays so: nothing may move away under a finger. Only who writes needs the
    // buttons; without a connection the form does without.
    text.addEventListener(
      "focus",
      () => {
        container.classList.add("open");
        import("./formatting.js").then(
          ({ formatting }) => formatting(text, words),
          () => {},
        );
      },
      { once: true },
    );
    limit(text, words);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const took = Math.round((Date.now() - begun) / 1000);
      form.elements.seconds.value = begun && isFresh ? took : "";
      if (event.submitter?.name === "preview") preview(container);
      else send(container, suffix, cancel, box);
    });
  }

  /** How the text will look, above its form. */
  async function preview(container) {
    const form = container.querySelector("form");
    const body = new URLSearchParams(new FormData(form));
    body.set("preview", "1");
    try {
      const signal = AbortSignal.timeout(PATIENCE);
      const { ok, data: answer } = await post(form.action, body, { signal });
      container.querySelector(".preview")?.remove();
      if (!ok || !answer.html) {
        say(answer.errors ?? answer.message, true);
        return;
      }
      say("");
      const shown = make(
        "section",
        { className: "preview", tabIndex: -1 },
        make("p", { className: "eyebrow" }, words.preview),
        make(
          "div",
          { className: "prose prose-small", lang: answer.language, dir: "auto" },
          parse(answer.html),
        ),
      );
      form.before(shown);
      shown.focus();
    } catch {
      say(navigator.onLine ? words.failed : words.offline, true);
    }
  }

  async function send(container, suffix, cancel, remember) {
    const form = container.querySelector("form");
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    const button = form.querySelector("[name=post]");
    button.setAttribute("aria-disabled", "true");
    say("");
    const slow = setTimeout(() => say(words.sending), 800);
    let status;
    let answer;
    try {
      const body = new URLSearchParams(new FormData(form));
      const signal = AbortSignal.timeout(PATIENCE);
      ({ status, data: answer } = await post(form.action, body, { signal }));
    } catch {
      // No connection, no answer in time, or a page of some proxy instead of an answer.
      status = 0;
    }
    clearTimeout(slow);
    delete form.dataset.busy;
    button.removeAttribute("aria-disabled");

    if (status === 201) {
      finish(form, remember, answer);
    } else if (status === 422 && answer.html) {
      say("");
      container.replaceChildren(parse(answer.html));
      if (container.querySelector("[name=name]")) {
        // The site asks for a name: whoever was logged in is so no longer.
        save("staff", null);
        staff = Promise.resolve(null);
      }
      suffixIds(container, suffix);
      prepare(container, suffix, cancel);
      container.querySelector(".choice input").checked = remember.checked;
      (container.querySelector(".error-summary") ?? container.querySelector("textarea")).focus();
    } else {
      say(answer?.message ?? (navigator.onLine ? words.failed : words.offline), true);
    }
  }

  function finish(form, remember, answer) {
    const { name, email, website, text, key } = form.elements;
    dropDraft(form);
    if (name && !name.disabled) {
      const details = { name: name.value, email: email?.value, website: website?.value };
      save("person", remember.checked ? details : null);
    }
    text.value = "";
    key.value = newKey();
    form.parentElement.querySelector(".preview")?.remove();
    if (current?.box.contains(form)) close(false);
    page.posted(answer);
  }

  function close(focus) {
    const { box, link, form } = current;
    current = null;
    box.remove();
    markDraft(link, loadDraft(form));
    if (focus) link.focus();
  }

  function markDraft(link, draft) {
    link.querySelector(".draft")?.remove();
    if (draft) link.append(make("span", { className: "draft" }, `(${words.draft})`));
  }

  for (const link of place.querySelectorAll("a.reply")) {
    markDraft(link, load(`draft.${article}.${new URL(link.href).searchParams.get("to")}`));
  }
  prepare(root);

  return function openReply(link) {
    if (current?.link === link) {
      current.form.elements.text.focus();
      return;
    }
    if (current) close(false);
    const comment = link.closest(".comment");
    const id = new URL(link.href).searchParams.get("to");
    const standing = root.querySelector("form").elements;
    if (standing.parent.value === id) {
      // The page has a form for this answer already.
      addQuote(standing.text, comment);
      standing.text.focus();
      return;
    }
    const name = comment.querySelector(".name").textContent;
    const title = make(
      "p",
      { className: "respond-title", id: `respond-title-${id}` },
      words.answer.replace("{name}", name),
    );
    const container = blank.cloneNode(true);
    const form = container.querySelector("form");
    suffixIds(container, `-${id}`);
    form.elements.parent.value = id;
    form.setAttribute("aria-labelledby", title.id);
    const box = make("div", { className: "respond respond-inline" }, title, container);
    current = {
      box,
      link,
      get form() {
        return container.querySelector("form");
      },
    };
    prepare(container, `-${id}`, () => close(true));
    const { text } = form.elements;
    addQuote(text, comment);
    comment.after(box);
    say("");
    form.elements.text.focus();
  };
}

/** Puts what is selected in `comment` below what is typed. */
function addQuote(text, comment) {
  const quote = quoted(comment);
  if (quote) text.value = (text.value.trim() ? `${text.value.trimEnd()}\n\n` : "") + quote;
}

/** What is selected in `comment`, as a quotation to answer. */
function quoted(comment) {
  const selection = getSelection();
  const text = selection?.toString().trim();
  const prose = comment.querySelector(".prose");
  if (!text || !prose?.contains(selection.anchorNode) || !prose.contains(selection.focusNode))
    return "";
  return `${text
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n")}\n\n`;
}

/** What is left to write, said only near the end. */
function limit(text, words) {
  const most = Number(text.dataset.limit);
  if (!most) return;
  const line = make("p", { className: "field-help limit" });
  text.addEventListener("input", () => {
    const left = most - [...text.value].length;
    if (left > most / 10) line.remove();
    else if (!line.isConnected) text.after(line);
    line.classList.toggle("failed", left < 0);
    line.textContent = (left < 0 ? words.tooLong : words.left).replace(
      "{n}",
      counted(Math.abs(left)),
    );
  });
}
