/**
 * Shows the picture that `link` leads to over the whole page, until a click, Escape or its button;
 * the focus comes back to the link. `make` is that of site.js, which loads this: modules that
 * import each other have no hash of their own.
 */
export function open(link, make) {
  if (document.querySelector(".lightbox")) return; // Pressed twice while this was loaded.
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
