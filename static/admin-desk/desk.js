import { save } from "../js/site.js";

// Tells the site's own pages, in this browser alone, to ask who is logged in, and where.
save("staff", document.getElementById("desk-drafts")?.dataset.edit ?? 1);

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

const form = document.querySelector("#article_form, #page_form, #edition_form");
if (form) {
  // The editor starts in a module of its own; it is listened for before anything is waited for.
  const ready = new Promise((resolve) => {
    document.addEventListener("prose-editor:ready", (event) => resolve(event.detail.editor), {
      once: true,
    });
  });
  import("./schedule.js");
  import("./writing.js").then(({ start }) => start(form, ready));
}

if (document.querySelector(".desk-choice")) {
  import("./choice.js").then(({ choice }) => {
    all(".desk-choice").forEach(choice);
    document.addEventListener("formset:added", ({ target }) =>
      all(".desk-choice", target).forEach(choice),
    );
  });
}
const shown = document.querySelector(".desk-found");
if (shown) import("./found.js").then(({ found }) => found(shown));
if (document.querySelector(".desk-order, .desk-menu-order")) import("./order.js");
if (document.querySelector("[data-copy]")) {
  import("./copying.js").then(({ copying }) => all("[data-copy]").forEach(copying));
}

const accented = document.querySelector("#id_accent[data-preview]");
if (accented) import("./accent.js").then(({ accent }) => accent(accented));

const cropped = document.querySelector("[data-crop-picture]");
if (cropped) {
  const { onPicture } = await import("./crop.js");
  const inputs = (...names) => names.map((name) => document.getElementById(`id_${name}`));
  const focus = inputs("focal_x", "focal_y");
  const crop = inputs("crop_left", "crop_top", "crop_width", "crop_height");
  if (focus[0]) {
    const tool = onPicture(cropped.dataset.cropPicture, focus, crop[0] ? crop : null);
    focus[0].closest(".form-row").before(tool);
  }
}
