// The article's form at work: its editor, what is kept of it, and what could be better in it.

import { make } from "../js/site.js";
import { check } from "./check.js";
import { desk, words } from "./dialog.js";
import { keeping } from "./keep.js";
import { leftOutList } from "./leftout.js";
import { fields, folding, placeKept, toolbar } from "./page.js";

export async function start(form, ready) {
  form.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[name=_continue]"));
    }
  });
  // A text with versions of its own is kept by itself while somebody writes, and checked.
  const isText = Boolean(form.elements.namedItem("copy_key"));
  if (isText) {
    fields(form);
    folding();
  }
  const editor = await ready;
  // Its toolbar comes a moment after it.
  if (!editor.storage.menu.dom)
    await new Promise((resolve) => {
      editor.on("create", resolve);
    });
  const language = form.elements.namedItem("language");
  dress(editor, language?.value);
  toolbar(editor);
  language?.addEventListener("change", () => dress(editor, language.value));
  translateDialogs(editor.view.dom.closest(".prose-editor"));
  const below = make("div", { className: "desk-below" });
  editor.view.dom.closest(".prose-editor").after(below);
  below.append(...counting(editor), spoken());
  leftOutList(editor, below);
  if (!isText) return;
  check(form, editor, below);
  keeping(form, editor, below);
  placeKept(form, editor);
}

/** The editor's parts get names in the language of the desk. */
function dress(editor, language) {
  const box = editor.view.dom.closest(".prose-editor");
  const bar = box.querySelector(".prose-menubar");
  editor.setOptions({
    editorProps: {
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": words.editor,
        spellcheck: "true",
        lang: language || document.documentElement.lang,
      },
    },
  });
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", words.toolbar);
  for (const button of bar.querySelectorAll("button")) {
    const name = desk.editorWords[button.title] || button.title;
    button.title = name;
    button.setAttribute("aria-label", name);
    if (button.dataset.level) button.textContent = `H${button.dataset.level - 1}`;
  }
}

/** The editor's own dialogs, as they open, in the language of the desk. */
function translateDialogs(box) {
  new MutationObserver(() => {
    for (const part of box.querySelectorAll("dialog :is(label, h3, button, option)")) {
      const text = desk.editorWords[part.textContent];
      if (!text) continue;
      // Its text is an option's value as long as it has no other.
      if (part.tagName === "OPTION") part.value = part.textContent;
      part.textContent = text;
    }
  }).observe(box, { childList: true, subtree: true });
}

function counting(editor) {
  const line = make("p", { className: "desk-count" });
  const show = () => {
    const { doc } = editor.state;
    const count = (doc.textBetween(0, doc.content.size, " ", " ").match(/\S+/g) || []).length;
    line.textContent = words.count
      .replace("{words}", count)
      .replace("{minutes}", Math.max(1, Math.round(count / 230)));
  };
  editor.on("update", show);
  show();
  return [line];
}

function spoken() {
  const line = make("p", { role: "status", className: "desk-said" });
  document.addEventListener("desk:say", (event) => {
    line.textContent = event.detail;
  });
  return line;
}
