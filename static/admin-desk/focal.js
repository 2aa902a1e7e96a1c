// A picture on which a click sets the focal point; the sliders do the same from the keyboard.
import { make } from "../js/site.js";
import { words } from "./dialog.js";

export function onPicture(source, across, down) {
  const picture = make("img", { src: source, alt: "" });
  const mark = make("span", { className: "focal-mark" });
  const box = make("span", { className: "focal", "aria-hidden": "true" }, picture, mark);
  const show = () => {
    mark.style.insetInlineStart = `${across.value}%`;
    mark.style.insetBlockStart = `${down.value}%`;
  };
  box.addEventListener("click", (event) => {
    event.preventDefault();
    const place = picture.getBoundingClientRect();
    across.value = Math.round(((event.clientX - place.left) / place.width) * 20) * 5;
    down.value = Math.round(((event.clientY - place.top) / place.height) * 20) * 5;
    across.dispatchEvent(new Event("input", { bubbles: true }));
  });
  for (const input of [across, down]) input.addEventListener("input", show);
  show();
  return box;
}

/** The whole field: the picture and two sliders named focal_x and focal_y. */
export function focalField(source, x = 50, y = 50) {
  const slider = (name, value) =>
    make("input", { type: "range", name, min: 0, max: 100, step: 5, value });
  const across = slider("focal_x", x);
  const down = slider("focal_y", y);
  return make(
    "fieldset",
    { className: "focal-field" },
    make("legend", {}, words.focus),
    onPicture(source, across, down),
    make("p", { className: "picker-help" }, words.focusHelp),
    make("label", {}, words.across, across),
    make("label", {}, words.down, down),
  );
}
