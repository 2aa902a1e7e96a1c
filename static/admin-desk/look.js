// A menu closes when one looks elsewhere; lists say on a phone what each value is.
const opened = () => document.querySelector(".desk-menu[open]");
const close = (target) => {
  const menu = opened();
  if (menu && !menu.contains(target)) menu.open = false;
};
document.addEventListener("click", (event) => close(event.target));
document.addEventListener("focusin", (event) => close(event.target));
document.addEventListener("keydown", (event) => {
  const menu = opened();
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// A browser cannot show what is wrong in a group that is folded.
document.addEventListener(
  "invalid",
  ({ target }) => target.closest("details")?.setAttribute("open", ""),
  {
    capture: true,
  },
);

// On a phone rows become cards (look.css), where the head of the column is out of sight. Such
// a table would lose its meaning for a screen reader, so that the roles are said.
const table = document.querySelector("#result_list");
if (table) {
  const heads = [...table.querySelectorAll("thead th")];
  const labels = heads.map((head) => head.querySelector(".text")?.textContent.trim() ?? "");
  table.setAttribute("role", "table");
  for (const part of table.querySelectorAll("thead, tbody")) part.setAttribute("role", "rowgroup");
  for (const head of heads) head.setAttribute("role", "columnheader");
  for (const row of table.querySelectorAll("tr")) row.setAttribute("role", "row");
  for (const row of table.querySelectorAll("tbody tr")) {
    [...row.cells].forEach((cell, index) => {
      cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
      if (labels[index]) cell.dataset.label = labels[index];
    });
  }
}

// Django names the field of a list's search in English; its button is translated.
const search = document.querySelector("#changelist-search [for=searchbar] img");
if (search) search.alt = document.querySelector("#changelist-search [type=submit]").value;

// Django writes "Date:" and "Time:" beside their fields, but not as their labels.
for (const input of document.querySelectorAll(".datetime input:not([aria-label])")) {
  const text = input.previousSibling?.textContent.trim().replace(/:$/, "");
  if (text) input.setAttribute("aria-label", text);
}

// A field in a table of related rows is named by the head of its column alone; say it.
for (const cell of document.querySelectorAll(".tabular tbody td")) {
  const head = cell.closest("table").tHead?.rows[0]?.cells[cell.cellIndex]?.textContent.trim();
  for (const input of head ? cell.querySelectorAll("input, select, textarea") : []) {
    if (input.type !== "hidden" && !input.labels?.length && !input.hasAttribute("aria-label")) {
      input.setAttribute("aria-label", head);
    }
  }
}
