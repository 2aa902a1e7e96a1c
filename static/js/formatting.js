import { make } from "./site.js";

/** Buttons over the text, and their keys, that set the marks of Markdown around what is selected. */
export function formatting(text, words) {
  const around = (mark) => (chosen) => {
    const [, before, inner, after] = /^(\s*)(.*?)(\s*)$/s.exec(chosen);
    const isMarked =
      inner.length > 2 * mark.length && inner.startsWith(mark) && inner.endsWith(mark);
    const bare = isMarked ? inner.slice(mark.length, -mark.length) : inner;
    const marked = isMarked ? bare : `${mark}${inner}${mark}`;
    return [before + marked + after, before.length + (isMarked ? 0 : mark.length), bare.length];
  };
  const quote = (chosen) => {
    const made = `${chosen.replaceAll(/^/gm, "> ")}${chosen ? "\n\n" : ""}`;
    return [made, made.length, 0];
  };
  const link = (chosen) =>
    /^https?:\/\/\S+$/.test(chosen)
      ? [`[](${chosen})`, 1, 0]
      : [`[${chosen}](https://)`, chosen ? chosen.length + 3 : 1, chosen ? 8 : 0];
  const kinds = [
    ["bold", "B", "b", around("**")],
    ["italic", "I", "i", around("*")],
    ["quote", "”", "", quote],
    ["link", "link", "k", link],
  ];

  function set(change) {
    let { selectionStart: start } = text;
    const { selectionEnd: end, value } = text;
    if (change === quote) start = value.lastIndexOf("\n", start - 1) + 1;
    const [made, from, length] = change(value.slice(start, end));
    text.focus();
    text.setSelectionRange(start, end);
    // Only this command can be taken back by the browser's own undo.
    if (!document.execCommand("insertText", false, made)) {
      text.setRangeText(made);
      text.dispatchEvent(new Event("input"));
    }
    text.setSelectionRange(start + from, start + from + length);
  }

  const box = make("span", { className: "formatting" });
  for (const [kind, sign, key, change] of kinds) {
    const button = make("button", { type: "button", className: kind, title: words[kind] }, sign);
    button.setAttribute("aria-label", words[kind]);
    if (key) button.title += ` (Ctrl+${key.toUpperCase()})`;
    // The selection stays where a press would take the focus from it.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => set(change));
    box.append(button);
  }
  text.closest(".field").querySelector("label").after(box);
  text.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    const found = kinds.find(([, , key]) => key && key === event.key);
    if (!found) return;
    event.preventDefault();
    set(found[3]);
  });
}
