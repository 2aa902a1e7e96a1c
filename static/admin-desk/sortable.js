// Rows that are moved with buttons, or dragged. What is sent follows the page.
import { make } from "../js/site.js";

/**
 * `rows` gives those that have an order, in it; `name` says what a row is called; `words` are
 * {up, down, place}. The buttons go to the end of `home(row)`. With `handle` a row is dragged by a
 * sign of its own, so that text in its fields can still be selected. `moved` is told of each move.
 * Gives {add, show}: for a row that comes later, and for when the order changed by itself.
 */
export function sortable({
  list,
  rows,
  name,
  words,
  home = (row) => row,
  handle = false,
  moved = () => {},
}) {
  const status = make("p", { role: "status", className: "desk-order-status" });
  list.after(status);
  let dragged = null;

  function told(row) {
    const all = rows();
    status.textContent = words.place
      .replace("{name}", name(row))
      .replace("{n}", all.indexOf(row) + 1)
      .replace("{all}", all.length);
    moved();
  }
  function show() {
    const all = rows();
    for (const button of list.querySelectorAll("button[data-by]")) {
      const row = all.find((one) => one.contains(button));
      const place = all.indexOf(row);
      button.hidden = !row || all.length < 2;
      button.disabled = place === (button.dataset.by === "-1" ? 0 : all.length - 1);
      if (row)
        button.setAttribute(
          "aria-label",
          words[button.dataset.by === "-1" ? "up" : "down"].replace("{name}", name(row)),
        );
    }
    if (!handle)
      for (const row of list.children) row.draggable = all.length > 1 && all.includes(row);
  }
  function button(row, by, sign) {
    const made = make("button", { type: "button", "data-by": by }, sign);
    made.addEventListener("click", () => {
      const all = rows();
      const other = all[all.indexOf(row) + by];
      if (!other) return;
      if (by < 0) other.before(row);
      else other.after(row);
      show();
      told(row);
      // At the end of the way the other button takes over.
      if (made.disabled) row.querySelector("button[data-by]:not(:disabled)").focus();
      else made.focus();
    });
    return made;
  }
  function add(row) {
    if (handle) {
      const sign = make("span", { className: "desk-handle", "aria-hidden": "true" }, "⠿");
      sign.addEventListener("pointerdown", () => {
        row.draggable = true;
      });
      sign.addEventListener("pointerup", () => {
        row.draggable = false;
      });
      home(row).prepend(sign);
    }
    home(row).append(button(row, -1, "↑"), button(row, 1, "↓"));
    row.addEventListener("dragstart", (event) => {
      dragged = row;
      event.dataTransfer.effectAllowed = "move";
    });
    row.addEventListener("dragover", (event) => {
      if (!dragged || dragged === row || !rows().includes(row)) return;
      event.preventDefault();
      const { top, height } = row.getBoundingClientRect();
      if (event.clientY < top + height / 2) row.before(dragged);
      else row.after(dragged);
    });
    row.addEventListener("dragend", () => {
      if (handle) row.draggable = false;
      show();
      if (dragged) told(dragged);
      dragged = null;
    });
    show();
  }
  list.addEventListener("drop", (event) => event.preventDefault());
  for (const row of rows()) add(row);
  return { add, show };
}
