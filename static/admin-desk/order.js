// Rows to tick in an order of their own: authors of an article, parts of a series, links of a menu.
import { make } from "../js/site.js";
import { chooseRow } from "./choice.js";
import { sortable } from "./sortable.js";

const box = (row) => row.querySelector("input");
const name = (row) => row.querySelector("span").textContent;

function ticked(list) {
  const words = list.dataset;
  const all = () => [...list.children];
  const chosen = () => all().filter((row) => box(row).checked);
  const { add, show } = sortable({ list, rows: chosen, name, words });
  function listen(row) {
    box(row).addEventListener("change", () => {
      const others = chosen().filter((other) => other !== row);
      const last = others[others.length - 1];
      if (last) last.after(row);
      else list.prepend(row);
      show();
      box(row).focus();
    });
  }
  for (const row of all()) {
    if (!box(row).checked) add(row);
    listen(row);
  }
  if (words.filter) {
    const find = make("input", {
      type: "search",
      placeholder: words.filter,
      "aria-label": words.filter,
    });
    find.addEventListener("input", () => {
      const typed = find.value.toLowerCase();
      for (const row of all())
        row.hidden = !box(row).checked && !name(row).toLowerCase().includes(typed);
    });
    list.before(find);
  }
  if (!words.more) return;
  function include(item) {
    const known = all().find((row) => box(row).value === String(item.id));
    if (known) {
      box(known).checked = true;
      show();
      return;
    }
    const ticked = { type: "checkbox", name: words.name, value: item.id, checked: true };
    const label = make("label", {}, make("input", ticked), " ", make("span", {}, item.label));
    const row = make("li", {}, label);
    const last = chosen().at(-1);
    if (last) last.after(row);
    else list.prepend(row);
    add(row);
    listen(row);
    list.dispatchEvent(new Event("change", { bubbles: true }));
  }
  // A text that is put back brings rows that this page does not hold.
  list.addEventListener("desk:include", (event) => include(event.detail));
  const quiet = { type: "button", className: "button button-quiet" };
  const more = make("button", quiet, words.moreLabel);
  more.addEventListener("click", async () => {
    const item = await chooseRow(words.more, words.moreLabel);
    more.focus();
    if (item) include(item);
  });
  list.after(more);
}

/** Links of a menu: their places are numbers in the form, which nobody has to type. */
function menu(box_) {
  const list = box_.querySelector(".inline-related").parentElement;
  const rows = () => [...list.querySelectorAll(":scope > .inline-related:not(.empty-form)")];
  const title = (row) =>
    row.querySelector("[name$=-label]").value ||
    [...row.querySelectorAll("select")]
      .map((one) => one.value && one.selectedOptions[0].text)
      .find(Boolean) ||
    row.querySelector("[name$=-url]").value ||
    row.querySelector(".inline_label").textContent.trim();
  const number = () =>
    rows().forEach((row, index) => {
      row.querySelector("[name$=-position]").value = index + 1;
    });
  const { add, show } = sortable({
    list,
    rows,
    name: title,
    words: box_.dataset,
    home: (row) => row.querySelector("h3"),
    handle: true,
    moved: number,
  });
  box_.addEventListener("formset:added", (event) => {
    add(event.target);
    number();
    event.target.querySelector("[name$=-label]").focus();
  });
  document.addEventListener("formset:removed", show);
  box_.addEventListener("change", show);
}

for (const list of document.querySelectorAll(".desk-order")) ticked(list);
for (const one of document.querySelectorAll(".desk-menu-order")) menu(one);
