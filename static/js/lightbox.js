/** A picture over the whole page, until a click, Escape or its button. */
import { make } from "./site.js";

/** Shows the picture that `link` leads to; the focus comes back to the link. */
export function open(link) {
  const { alt } = link.querySelector("img");
  const close = make(
    "button",
    { type: "button", className: "button", "aria-label": document.body.dataset.close },
    "×",
  );
  const picture = make("img", { src: link.href, alt });
  const dialog = make("dialog", { className: "lightbox" }, close, picture);
  dialog.setAttribute("aria-label", alt || link.title);
  dialog.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
