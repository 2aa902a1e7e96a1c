// Links: an address, or an article of this site by its number, which follows wherever it moves.
import { Link } from "django-prose-editor/editor";
import { make } from "../js/site.js";
import { addressOf, desk, dialogOf, finder, words } from "./dialog.js";

/** Asks where a link leads; gives {href, title}, {remove: true}, or null. */
function askLink(href) {
  const status = make("p", { role: "status", className: "picker-status" });
  const cancel = make("button", { type: "button", className: "button", textContent: words.cancel });
  const remove = make("button", {
    type: "button",
    className: "button",
    textContent: words.linkRemove,
    hidden: !href,
  });
  const { field, input, list } = finder({
    label: words.linkField,
    value: href,
    status,
    async find(text) {
      if (addressOf(text) || text.trim().length < 2) return null;
      const url = new URL(desk.urls.links, location.href);
      url.searchParams.set("q", text);
      const { items } = await (await fetch(url)).json();
      return items.map(({ number, title, status: note }) => ({ number, label: title, note }));
    },
    use: (item) => box.close({ href: `article:${item.number}`, title: item.label }),
  });
  const form = make(
    "form",
    { noValidate: true },
    field,
    list,
    make(
      "div",
      { className: "picker-buttons" },
      make("button", { type: "submit", className: "button", textContent: words.save }),
      remove,
      cancel,
    ),
  );
  const box = dialogOf(words.link, form, status);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = addressOf(input.value);
    if (value) box.close({ href: value });
    else status.textContent = words.linkNeeds;
  });
  remove.addEventListener("click", () => box.close({ remove: true }));
  cancel.addEventListener("click", () => box.close(null));
  const answer = box.ask();
  input.focus();
  return answer;
}

async function editLink(editor) {
  const link = await askLink(editor.getAttributes("link").href || "");
  const chain = editor.chain().focus();
  if (link?.remove) chain.extendMarkRange("link").unsetLink();
  else if (link && editor.isActive("link"))
    chain.extendMarkRange("link").updateAttributes("link", { href: link.href });
  else if (link && !editor.state.selection.empty) chain.setMark("link", { href: link.href });
  else if (link) {
    const text = link.title || link.href.replace(/^(https?:\/\/|mailto:)/, "");
    chain.insertContent({
      type: "text",
      text,
      marks: [{ type: "link", attrs: { href: link.href } }],
    });
  }
  chain.run();
}

export const ArticleLink = Link.extend({
  addOptions() {
    return {
      ...this.parent?.(),
      protocols: ["article"],
      enableTarget: false,
      autolink: false,
      markdownLinks: true,
    };
  },
  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "link",
      groups: "link",
      button: buttons.material("insert_link", words.link),
      command: (editor) => {
        editLink(editor);
      },
      active: (editor) => editor.isActive("link"),
    });
  },
  addKeyboardShortcuts() {
    return {
      "Mod-k": ({ editor }) => {
        editLink(editor);
        return true;
      },
    };
  },
});
