// A card that leads to a video, post or page elsewhere: an address and a title, nothing more.
import { Node } from "django-prose-editor/editor";
import { make } from "../js/site.js";
import { addressOf, dialogOf, field, words } from "./dialog.js";
import { viewOf } from "./figure.js";

/** Asks for address and title; gives {url, title}, or null. */
export function askCard({ url = "", title = "" } = {}) {
  const status = make("p", { role: "status", className: "picker-status" });
  const address = make("input", { type: "url", value: url, inputMode: "url" });
  const name = make("input", { type: "text", value: title, maxLength: 200 });
  const cancel = make("button", { type: "button", className: "button", textContent: words.cancel });
  const form = make(
    "form",
    { noValidate: true },
    field(words.cardUrl, address),
    field(words.cardTitle, name),
    make("p", { className: "picker-help" }, words.cardHelp),
    make("button", { type: "submit", className: "button", textContent: words.save }),
  );
  const box = dialogOf(words.card, form, status, cancel);
  cancel.addEventListener("click", () => box.close(null));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = addressOf(address.value);
    if (!/^https?:\/\/[^\s]+$/i.test(value) || !name.value.trim()) {
      status.textContent = words.cardNeeds;
      (name.value.trim() ? address : name).focus();
      return;
    }
    box.close({ url: value, title: name.value.trim() });
  });
  const asked = box.ask();
  if (url) name.focus();
  return asked;
}

export async function insertCard(editor, start) {
  const card = await askCard(start);
  const chain = editor.chain().focus();
  if (card) chain.insertContent({ type: "LinkCard", attrs: card });
  chain.run();
}

export const LinkCard = Node.create({
  name: "LinkCard",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes() {
    return { url: { default: "", rendered: false }, title: { default: "", rendered: false } };
  },
  parseHTML() {
    return [
      {
        tag: "figure[data-card]",
        priority: 60,
        getAttrs: (element) => {
          const link = element.querySelector("a[href]");
          return link ? { url: link.getAttribute("href"), title: link.textContent.trim() } : false;
        },
      },
    ];
  },
  renderHTML({ node }) {
    return [
      "figure",
      { "data-card": "" },
      ["a", { href: node.attrs.url }, node.attrs.title || node.attrs.url],
    ];
  },
  addNodeView() {
    return ({ node, editor, getPos }) => {
      const edit = make("button", {
        type: "button",
        className: "desk-edit",
        tabIndex: -1,
        textContent: words.editPicture,
      });
      edit.addEventListener("click", async () => {
        const card = await askCard(node.attrs);
        if (card) editor.view.dispatch(editor.state.tr.setNodeMarkup(getPos(), null, card));
        editor.commands.focus();
      });
      const dom = make(
        "figure",
        { className: "desk-card" },
        make("strong", {}, node.attrs.title),
        make("span", {}, node.attrs.url),
        edit,
      );
      return viewOf(dom);
    };
  },
  addMenuItems({ buttons, menu }) {
    menu.defineItem({
      name: "LinkCard",
      groups: "nodes",
      priority: 200,
      button: buttons.material("smart_display", words.card),
      command: (editor) => {
        insertCard(editor);
      },
    });
  },
});
