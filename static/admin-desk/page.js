// The page on which a text is written: its toolbar as one stop of Tab, its panel that folds, its
// title that grows, and the place in the text, which a save keeps.
import { load, save } from "../js/site.js";
import { desk } from "./dialog.js";

const PLACE = "weerwoord.place";
const FRESH = 60_000;

/** One stop for Tab; the arrows go from button to button. */
export function toolbar(editor) {
  const bar = editor.view.dom.closest(".prose-editor").querySelector(".prose-menubar");
  const buttons = [...bar.querySelectorAll("button")];
  const shown = () => buttons.filter((one) => one.offsetParent);
  let current = buttons[0];
  const stop = (button) => {
    current = button;
    for (const one of buttons) one.tabIndex = one === button ? 0 : -1;
  };
  stop(current);
  bar.addEventListener("focusin", ({ target }) => {
    if (buttons.includes(target)) stop(target);
  });
  bar.addEventListener("keydown", (event) => {
    const all = shown();
    const at = all.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    all.at(to % all.length).focus();
  });
  // Those of a table go when the cursor leaves it.
  editor.on("selectionUpdate", () => {
    if (!current.offsetParent) stop(buttons[0]);
  });
}

/** The panel and its groups stay as they were left, in this browser. */
export function folding() {
  const all = document.querySelectorAll(".write-side, .write-side details");
  for (const [index, part] of [...all].entries()) {
    const name = `fold.${desk.kind}.${index}`;
    const left = load(name);
    // What came back with an error is open.
    if (left !== null && !part.querySelector(".errorlist")) part.open = left;
    part.addEventListener("toggle", () => save(name, part.open));
  }
}

/** Title and lead are as high as their text; Enter in the title saves, as in every field. */
export function fields(form) {
  const title = form.elements.namedItem("title");
  title.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[name=_continue]"));
  });
  if (CSS.supports("field-sizing", "content")) return;
  for (const field of [title, form.elements.namedItem("lead")].filter(Boolean)) {
    const grow = () => {
      field.style.blockSize = "auto";
      field.style.blockSize = `${field.scrollHeight + 2}px`;
    };
    field.addEventListener("input", grow);
    grow();
  }
}

/** How far down in the window `field` is, or the cursor in the text. */
const lineOf = (editor, field) =>
  field
    ? field.getBoundingClientRect().top
    : editor.view.coordsAtPos(editor.state.selection.from).top;

/** After a save the page and the cursor are where they were; what happened is said in the bar. */
export function placeKept(form, editor) {
  const named = (name) => form.querySelector(`:is(input, textarea, select)[name="${name}"]`);
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.submitter?.name !== "_continue") return;
    const name = document.activeElement?.name;
    const field = name ? named(name) : null;
    const place = {
      at: Date.now(),
      number: desk.number,
      line: lineOf(editor, field),
      cursor: editor.state.selection.from,
      field: field ? name : "",
      writes: editor.isFocused,
    };
    sessionStorage.setItem(PLACE, JSON.stringify(place));
  });
  const place = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
  sessionStorage.removeItem(PLACE);
  const message = document.querySelector(".messagelist li:last-child");
  if (!place || !message || document.querySelector(".errorlist, .errornote")) return;
  if (Date.now() - place.at > FRESH || (place.number && place.number !== desk.number)) return;
  const said = document.createElement("span");
  said.append(...message.cloneNode(true).childNodes);
  document.querySelector("[data-saved]")?.replaceChildren(said);
  const field = place.field ? named(place.field) : null;
  const { doc, selection, tr } = editor.state;
  const near = doc.resolve(Math.min(place.cursor, doc.content.size));
  editor.view.dispatch(tr.setSelection(selection.constructor.near(near)));
  if (place.writes) editor.view.focus();
  field?.focus({ preventScroll: true });
  const hold = () => scrollBy({ top: lineOf(editor, field) - place.line, behavior: "instant" });
  hold();
  // Pictures above it come later; whoever moves on by hand is not held.
  const dom = editor.view.dom;
  const moved = new AbortController();
  dom.addEventListener("load", hold, { capture: true, signal: moved.signal });
  for (const type of ["wheel", "keydown", "pointerdown", "touchstart"])
    addEventListener(type, () => moved.abort(), { once: true, passive: true });
}
