// Pictures of the library inside a text, alone or several together. The text holds their numbers;
// alternative text, caption and credit belong to the library and are filled in when it is shown.
import { Node } from "django-prose-editor/editor";
import { make } from "../js/site.js";
import { desk, words } from "./dialog.js";
import { choosePicture, choosePictures, editPicture, pictureInfo } from "./picker.js";

const numbers = (text) =>
  String(text || "")
    .split(",")
    .filter((one) => /^[1-9]\d*$/.test(one));

function shownPicture(id, wide = "") {
  const thumb = new URL(`../${id}/thumb/${wide}`, new URL(desk.urls.choose, location.href));
  const picture = make("img", {
    src: thumb.pathname + thumb.search,
    alt: `${words.picture} ${id}`,
  });
  const caption = make("span", { className: "desk-caption" });
  const tools = make("span", { className: "desk-figure-words" });
  const box = make("span", { className: "desk-figure-one" }, picture, caption, tools);
  const fill = (item) => {
    picture.alt = item.alt || `${words.picture} ${id}`;
    const edit = make("button", {
      type: "button",
      className: "desk-edit",
      tabIndex: -1,
      textContent: words.editPicture,
    });
    edit.addEventListener("click", async () => {
      const changed = await editPicture(item);
      if (changed) fill(changed);
      box.querySelector("button")?.focus();
    });
    caption.replaceChildren(item.caption);
    if (item.credit) caption.append(" ", make("small", {}, item.credit));
    const alt = item.alt
      ? make("span", {}, words.altIs.replace("{text}", item.alt))
      : make("em", {}, words.noAlt);
    tools.replaceChildren(alt, edit);
  };
  pictureInfo([id]).then(([item]) => item && fill(item));
  return box;
}

const PLACES = ["", "wide", "small", "left", "right"];

/** A select that says where the picture stands; `change` takes the new place. */
function placeSelect(place, change) {
  const select = make("select", {
    className: "desk-place",
    tabIndex: -1,
    "aria-label": words.place,
    onchange: () => change(select.value),
  });
  for (const value of PLACES)
    select.append(new Option(words.places[value], value, false, value === place));
  return select;
}

/**
 * A view of a node that is changed in a dialog. Tab passes its buttons by, until it is selected: a
 * text with many pictures is left with one press.
 */
export function viewOf(dom) {
  const reach = (tabIndex) => {
    dom.classList.toggle("ProseMirror-selectednode", tabIndex === 0);
    for (const part of dom.querySelectorAll("a, button, select")) part.tabIndex = tabIndex;
  };
  return {
    dom,
    selectNode: () => reach(0),
    deselectNode: () => reach(-1),
    ignoreMutation: () => true,
    stopEvent: (event) => Boolean(event.target.closest?.("a, button, select")),
  };
}

export const PictureFigure = Node.create({
  name: "PictureFigure",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes() {
    return {
      image: {
        default: null,
        parseHTML: (element) => element.getAttribute("data-image"),
        renderHTML: (attributes) => ({ "data-image": attributes.image }),
      },
      place: {
        default: "",
        parseHTML: (element) => {
          const place = element.getAttribute("data-place");
          return PLACES.includes(place) ? place : "";
        },
        renderHTML: ({ place }) => (place ? { "data-place": place } : {}),
      },
    };
  },
  parseHTML() {
    return [{ tag: "figure[data-image]" }];
  },
  renderHTML({ HTMLAttributes }) {
    return ["figure", HTMLAttributes];
  },
  addNodeView() {
    return ({ node, editor, getPos }) => {
      const { image, place } = node.attrs;
      const dom = make("figure", { className: "desk-figure", "data-image": image });
      if (place) dom.dataset.place = place;
      dom.append(...numbers(image).map((id) => shownPicture(id, "?wide")));
      const select = placeSelect(place, (chosen) => {
        const at = getPos();
        const attrs = { ...node.attrs, place: chosen };
        const changed = editor.state.tr.setNodeMarkup(at, null, attrs);
        editor.view.dispatch(changed);
        editor.commands.setNodeSelection(at);
        editor.view.nodeDOM(at)?.querySelector("select")?.focus();
      });
      dom.append(select);
      return viewOf(dom);
    };
  },
  addMenuItems({ buttons, menu }) {
    menu.defineItem({
      name: "PictureFigure",
      groups: "nodes",
      priority: 220,
      button: buttons.material("image", words.picture),
      command(editor) {
        choosePicture().then((item) => {
          const chain = editor.chain().focus();
          if (item)
            chain.insertContent({ type: "PictureFigure", attrs: { image: String(item.id) } });
          chain.run();
        });
      },
    });
  },
});

export const PictureGallery = Node.create({
  name: "PictureGallery",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes() {
    return {
      images: {
        default: "",
        parseHTML: (element) => element.getAttribute("data-gallery"),
        renderHTML: (attributes) => ({ "data-gallery": attributes.images }),
      },
    };
  },
  parseHTML() {
    return [{ tag: "figure[data-gallery]" }];
  },
  renderHTML({ HTMLAttributes }) {
    return ["figure", HTMLAttributes];
  },
  addNodeView() {
    return ({ node, editor, getPos }) => {
      const change = make("button", {
        type: "button",
        className: "desk-edit",
        tabIndex: -1,
        textContent: words.editGallery,
      });
      change.addEventListener("click", async () => {
        const items = await choosePictures(numbers(node.attrs.images));
        if (items) {
          const attrs = { images: items.map((item) => item.id).join(",") };
          editor.view.dispatch(editor.state.tr.setNodeMarkup(getPos(), null, attrs));
        }
        editor.commands.focus();
      });
      const dom = make(
        "figure",
        { className: "desk-figure desk-gallery" },
        ...numbers(node.attrs.images).map((id) => shownPicture(id)),
        change,
      );
      return viewOf(dom);
    };
  },
  addMenuItems({ buttons, menu }) {
    menu.defineItem({
      name: "PictureGallery",
      groups: "nodes",
      priority: 210,
      button: buttons.material("photo_library", words.gallery),
      command(editor) {
        choosePictures().then((items) => {
          if (items?.length) insertPictures(editor, items);
          else editor.commands.focus();
        });
      },
    });
  },
});

/** Puts pictures at the cursor, or at `place`: one as a figure, more as a gallery. */
export function insertPictures(editor, items, place = null) {
  const node =
    items.length > 1
      ? { type: "PictureGallery", attrs: { images: items.map((item) => item.id).join(",") } }
      : { type: "PictureFigure", attrs: { image: String(items[0].id) } };
  const chain = editor.chain().focus();
  if (place === null) chain.insertContent(node).run();
  else chain.insertContentAt(place, node).run();
}
