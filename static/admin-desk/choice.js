// A field that holds one row of the site: it says what is chosen; a dialog searches for another.
import { make } from "../js/site.js";
import { dialogOf, finder, read, words } from "./dialog.js";
import { choosePicture, pictureInfo } from "./picker.js";

/** Searches the rows that `address` gives; gives {id, label}, or null when none was chosen. */
export function chooseRow(address, title) {
  const status = make("p", { role: "status", className: "picker-status" });
  const cancel = make("button", { type: "button", className: "button", textContent: words.cancel });
  const box = dialogOf(title);
  const search = finder({
    label: words.find,
    status,
    async find(text) {
      const url = new URL(address, location.href);
      url.searchParams.set("term", text);
      const { results } = await read(url);
      return results.map(({ id, text: label, note }) => ({ id, label, note }));
    },
    use: (item) => box.close(item),
  });
  box.dialog.append(
    search.field,
    search.list,
    status,
    make("div", { className: "picker-buttons" }, cancel),
  );
  cancel.addEventListener("click", () => box.close(null));
  search.show();
  return box.ask();
}

export function choice(select) {
  if (select.closest(".empty-form") || select.hidden) return;
  const label = select.labels[0];
  const name = label.textContent.replace(/:\s*$/, "").trim();
  const picture = make("img", { alt: "", className: "desk-thumb", hidden: true });
  const chosen = make("span", { className: "desk-chosen", id: `${select.id}_chosen` });
  const pick = make("button", {
    type: "button",
    className: "button button-quiet",
    id: `${select.id}_pick`,
    "aria-describedby": chosen.id,
    textContent: "pictures" in select.dataset ? words.choose : words.chooseRow,
    "aria-label": name,
  });
  pick.setAttribute("aria-label", `${name}: ${pick.textContent}`);
  const clear = make("button", {
    type: "button",
    className: "button button-quiet",
    textContent: words.clear,
    "aria-label": `${name}: ${words.clear}`,
  });
  async function show() {
    const none = select.dataset.nothing ?? words.nothing;
    const text = select.value ? select.selectedOptions[0].text : none;
    chosen.textContent = text;
    chosen.classList.toggle("quiet", !select.value);
    clear.hidden = !select.value;
    picture.hidden = true;
    if (!("pictures" in select.dataset) || !select.value) return;
    const [item] = await pictureInfo([select.value]);
    if (!item || String(item.id) !== select.value) return;
    picture.src = item.thumb;
    picture.hidden = false;
    chosen.textContent = item.label;
  }
  function set(item) {
    if (item && ![...select.options].some((one) => one.value === String(item.id))) {
      select.add(new Option(item.label, item.id));
    }
    select.value = item ? item.id : "";
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }
  pick.addEventListener("click", async () => {
    const item =
      "pictures" in select.dataset
        ? await choosePicture()
        : await chooseRow(select.dataset.find, name);
    pick.focus();
    if (item) set(item);
  });
  clear.addEventListener("click", () => {
    set(null);
    pick.focus();
  });
  // What may not be changed is not offered to be.
  pick.disabled = clear.disabled = select.disabled;
  // One that may not be empty has no option for nothing.
  if (select.required) clear.remove();
  select.addEventListener("change", show);
  select.hidden = true;
  label.htmlFor = pick.id;
  select.after(make("span", { className: "desk-choice-box" }, picture, chosen, pick, clear));
  show();
}
