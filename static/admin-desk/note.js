// A note, where it is referred to. It is numbered here by the stylesheet, for readers by the site.
import { Bold, Document, Editor, Italic, Node, Paragraph, Text } from "django-prose-editor/editor";
import { make } from "../js/site.js";
import { dialogOf, words } from "./dialog.js";
import { ArticleLink } from "./link.js";

const KEPT = new Set(["EM", "STRONG", "CODE", "A", "S", "SUB"]);

/** The inline markup that a note may hold, built anew: nothing of the given HTML gets in. */
function inline(html) {
  const made = document.createDocumentFragment();
  const copy = (from, to) => {
    for (const child of from.childNodes) {
      if (child.nodeType === 3) to.append(child.data);
      if (child.nodeType !== 1) continue;
      let place = to;
      if (KEPT.has(child.tagName)) {
        place = document.createElement(child.tagName);
        const href = child.getAttribute("href") || "";
        if (/^(https?:|mailto:|article:|\/)/i.test(href)) place.setAttribute("href", href);
        to.append(place);
      }
      copy(child, place);
    }
  };
  copy(new DOMParser().parseFromString(html, "text/html").body, made);
  return made;
}

const textOf = (html) => inline(html).textContent.trim();

/** Asks for the words of a note; gives HTML, "" to remove it, or null. */
function askNote(html) {
  const place = make("div", { className: "note-editor" });
  const save = make("button", { type: "button", className: "button", textContent: words.save });
  const remove = make("button", {
    type: "button",
    className: "button",
    textContent: words.remove,
    hidden: !html,
  });
  const cancel = make("button", { type: "button", className: "button", textContent: words.cancel });
  const box = dialogOf(
    words.note,
    place,
    make("div", { className: "picker-buttons" }, save, remove, cancel),
  );
  const holder = make("p");
  holder.append(inline(html));
  const editor = new Editor({
    element: place,
    injectCSS: false,
    extensions: [
      Document.extend({ content: "paragraph" }),
      Paragraph,
      Text,
      Bold,
      Italic,
      ArticleLink,
    ],
    content: holder.outerHTML,
    editorProps: {
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": words.noteText,
        class: "note-text",
      },
    },
  });
  save.addEventListener("click", () => {
    const found = new DOMParser().parseFromString(editor.getHTML(), "text/html").querySelector("p");
    box.close(found?.textContent.trim() ? found.innerHTML : "");
  });
  remove.addEventListener("click", () => box.close(""));
  cancel.addEventListener("click", () => box.close(null));
  const asked = box.ask();
  editor.commands.focus("end");
  return asked.then((answer) => {
    editor.destroy();
    return answer;
  });
}

async function change(editor, node, position) {
  const html = await askNote(node.attrs.html);
  if (html !== null) {
    const { tr } = editor.state;
    editor.view.dispatch(
      html === ""
        ? tr.delete(position, position + node.nodeSize)
        : tr.setNodeMarkup(position, null, { html }),
    );
  }
  editor.commands.focus();
}

export const Footnote = Node.create({
  name: "Footnote",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes() {
    return { html: { default: "", rendered: false } };
  },
  parseHTML() {
    return [
      {
        tag: "sup[data-note]",
        priority: 80,
        getAttrs: (element) => ({ html: element.innerHTML }),
      },
    ];
  },
  renderHTML({ node }) {
    const dom = make("sup", { "data-note": "" });
    dom.append(inline(node.attrs.html));
    return dom;
  },
  addNodeView() {
    return ({ node, editor, getPos }) => {
      const text = textOf(node.attrs.html);
      const button = make("button", {
        type: "button",
        tabIndex: -1,
        title: text,
        "aria-label": `${words.note}: ${text}`,
      });
      button.addEventListener("click", () => change(editor, node, getPos()));
      const dom = make("sup", { className: "desk-note", contentEditable: "false" }, button);
      return { dom, ignoreMutation: () => true, stopEvent: (event) => event.type !== "dragstart" };
    };
  },
  addMenuItems({ buttons, menu }) {
    menu.defineItem({
      name: "Footnote",
      groups: "link",
      priority: 90,
      button: buttons.text("※", words.note),
      async command(editor) {
        const html = await askNote("");
        const chain = editor.chain().focus();
        if (html) chain.insertContent({ type: "Footnote", attrs: { html } });
        chain.run();
      },
    });
  },
  addKeyboardShortcuts() {
    return {
      Enter: ({ editor }) => {
        const { node, from } = editor.state.selection;
        if (node?.type.name !== "Footnote") return false;
        change(editor, node, from);
        return true;
      },
    };
  },
});
