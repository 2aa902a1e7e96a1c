// What a paste could not bring along: a note where each picture or video stood, and a list of them
// below the text. The notes are saved with it; readers never see them.
import { Node } from "django-prose-editor/editor";
import { make } from "../js/site.js";
import { askCard } from "./card.js";
import { words } from "./dialog.js";
import { viewOf } from "./figure.js";
import { addPicture, choosePicture } from "./picker.js";

const MOST_FILES = 20;
const DATA = /(["'])data:(image\/(?:png|jpe?g|gif|webp|avif));base64,([A-Za-z0-9+/=\s]+)\1/g;

/** Pictures whose bytes were in something that was pasted on this page, by their place in it. */
const files = [];

/** `html` with a number in the place of each picture's own bytes, which stay in this browser. */
export function withoutBytes(html) {
  return html.replace(DATA, (whole, quote, type, base64) => {
    if (files.length >= MOST_FILES) return `${quote}data:,${quote}`;
    try {
      const bytes = Uint8Array.from(atob(base64.replace(/\s/g, "")), (sign) => sign.charCodeAt(0));
      const name = `picture-${files.length + 1}.${type.slice("image/".length)}`;
      files.push(new File([bytes], name, { type }));
    } catch {
      return `${quote}data:,${quote}`;
    }
    return `${quote}clipboard:${files.length - 1}${quote}`;
  });
}

const fileOf = ({ address }) => files[/^clipboard:(\d+)$/.exec(address)?.[1] ?? -1];

const title = ({ kind }) => (kind === "video" ? words.leftOutVideo : words.leftOutPicture);

/** Its name and where it was; what is only in the clipboard is inside the document. */
function facts({ name, address }, tabIndex = 0) {
  const where = address.startsWith("clipboard:") ? words.leftOutInside : address;
  const shown = name || (where ? "" : words.leftOutNoName);
  const link = /^https?:/.test(where)
    ? make("a", {
        href: where,
        target: "_blank",
        rel: "noreferrer noopener",
        tabIndex,
        textContent: where,
      })
    : where;
  return [shown, shown && where ? " · " : "", link].filter(Boolean);
}

/** Asks for what comes in its place; gives the content of the editor, or null. */
async function instead(attrs) {
  if (attrs.kind === "video") {
    const url = /^https?:/.test(attrs.address) ? attrs.address : "";
    const card = await askCard({ url, title: attrs.name });
    return card && { type: "LinkCard", attrs: card };
  }
  const file = fileOf(attrs);
  const item = await (file ? addPicture(file, attrs.name) : choosePicture(attrs.name));
  return item && { type: "PictureFigure", attrs: { image: String(item.id) } };
}

export const LeftOut = Node.create({
  name: "LeftOut",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes() {
    const kept = { default: "", rendered: false };
    return { kind: { default: "picture", rendered: false }, name: kept, address: kept };
  },
  parseHTML() {
    return [
      {
        tag: "figure[data-left-out]",
        priority: 70,
        getAttrs: (element) => ({
          kind: element.dataset.leftOut === "video" ? "video" : "picture",
          name: element.firstChild?.nodeType === 3 ? element.firstChild.data.trim() : "",
          address: element.querySelector("code")?.textContent ?? "",
        }),
      },
    ];
  },
  renderHTML({ node }) {
    const { kind, name, address } = node.attrs;
    const code = address ? [["code", {}, address]] : [];
    return ["figure", { "data-left-out": kind }, ...(name ? [name] : []), ...code];
  },
  addNodeView() {
    return ({ node, editor, getPos }) => {
      const button = (textContent, onclick) =>
        make("button", {
          type: "button",
          className: "desk-edit",
          tabIndex: -1,
          textContent,
          onclick,
        });
      const put = button(
        node.attrs.kind === "video" ? words.leftOutCard : words.leftOutPut,
        async () => {
          const content = await instead(node.attrs);
          const at = getPos();
          const range = { from: at, to: at + node.nodeSize };
          if (content) editor.chain().focus().insertContentAt(range, content).run();
          else put.focus();
        },
      );
      const drop = button(words.leftOutDrop, () => {
        const at = getPos();
        editor
          .chain()
          .focus()
          .deleteRange({ from: at, to: at + node.nodeSize })
          .run();
      });
      const dom = make(
        "figure",
        { className: "desk-left-out", "data-left-out": node.attrs.kind },
        make("strong", {}, title(node.attrs)),
        make("span", {}, ...facts(node.attrs, -1)),
        make("span", { className: "desk-acts" }, put, drop),
      );
      return viewOf(dom);
    };
  },
});

/** The list below the text of what is still to be brought; nothing when all is there. */
export function leftOutList(editor, below) {
  const box = make("div", { className: "desk-left-outs" });
  below.append(box);
  let told = "[]";
  const show = () => {
    const found = [];
    editor.state.doc.descendants((node, at) => {
      if (node.type.name === "LeftOut") found.push({ attrs: node.attrs, at });
    });
    const now = JSON.stringify(found.map(({ attrs }) => attrs));
    if (now === told) return;
    told = now;
    const rows = found.map(({ attrs }, index) =>
      make(
        "li",
        {},
        make("span", {}, `${title(attrs)}: `, ...facts(attrs)),
        " ",
        make("button", {
          type: "button",
          className: "desk-edit",
          textContent: words.checkWhere,
          onclick: () => goTo(editor, index),
        }),
      ),
    );
    const panel = make(
      "div",
      { className: "desk-panel" },
      make("h3", {}, words.leftOutTitle.replace("{n}", found.length)),
      make("p", {}, words.leftOutHelp),
      make("ul", { className: "desk-findings" }, ...rows),
    );
    box.replaceChildren(...(found.length ? [panel] : []));
  };
  editor.on("update", show);
  show();
}

/** Selects the note with this number, with its buttons in reach of Tab. */
function goTo(editor, number) {
  let seen = 0;
  editor.state.doc.descendants((node, at) => {
    if (node.type.name !== "LeftOut" || seen++ !== number) return;
    editor.chain().focus().setNodeSelection(at).run();
    editor.view.nodeDOM(at)?.scrollIntoView({ block: "center" });
  });
}
