// A picture on which a crop is drawn and a click sets the focal point; the sliders do the same from
// the keyboard. All of it in hundredths of the whole picture.
import { make } from "../js/site.js";
import { words } from "./dialog.js";

/** Shapes that a button cuts, as width to height. */
const SHAPES = [
  ["1 : 1", 1],
  ["4 : 3", 4 / 3],
  ["3 : 2", 3 / 2],
  ["16 : 9", 16 / 9],
];
const LEAST = 5;
const STEP = 5;
const within = (value, least, most) => Math.round(Math.max(least, Math.min(most, value)));

/**
 * The picture at `source` with a frame for `crop`, the inputs of left, top, width and height, and a mark
 * for `focus`, those of across and down.
 */
export function onPicture(source, focus, crop) {
  const [across, down] = focus;
  const [left, top, width, height] = crop ?? [];
  const picture = make("img", { src: source, alt: "", draggable: false });
  const mark = make("span", { className: "focal-mark" });
  const frame = make("span", { className: "crop-frame", hidden: !crop });
  const box = make("span", { className: "focal", "aria-hidden": "true" }, picture, frame, mark);
  const set = (input, value) => {
    if (Number(input.value) === value) return;
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const cut = (x, y, wide, high) => {
    const numbers = [within(x, 0, 100 - LEAST), within(y, 0, 100 - LEAST)];
    numbers.push(within(wide, LEAST, 100 - numbers[0]), within(high, LEAST, 100 - numbers[1]));
    crop.forEach((input, at) => set(input, numbers[at]));
  };
  const show = () => {
    mark.style.left = `${across.value}%`;
    mark.style.top = `${down.value}%`;
    if (!crop) return;
    frame.style.left = `${left.value}%`;
    frame.style.top = `${top.value}%`;
    frame.style.width = `${Math.min(width.value, 100 - left.value)}%`;
    frame.style.height = `${Math.min(height.value, 100 - top.value)}%`;
  };
  const placeOf = (event) => {
    const area = picture.getBoundingClientRect();
    return [
      within(((event.clientX - area.left) / area.width) * 100, 0, 100),
      within(((event.clientY - area.top) / area.height) * 100, 0, 100),
    ];
  };
  let from = null;
  let drawn = false;
  box.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    from = placeOf(event);
    drawn = false;
    box.setPointerCapture(event.pointerId);
  });
  box.addEventListener("pointermove", (event) => {
    if (!from || !crop) return;
    const [x, y] = placeOf(event);
    const [wide, high] = [Math.abs(x - from[0]), Math.abs(y - from[1])];
    drawn ||= wide >= LEAST && high >= LEAST;
    if (drawn) cut(Math.min(x, from[0]), Math.min(y, from[1]), wide, high);
  });
  box.addEventListener("pointerup", (event) => {
    if (from && !drawn) {
      const [x, y] = placeOf(event);
      // In steps of the sliders.
      set(across, Math.round(x / STEP) * STEP);
      set(down, Math.round(y / STEP) * STEP);
    }
    from = null;
  });
  box.addEventListener("pointercancel", () => {
    from = null;
  });
  box.addEventListener("click", (event) => event.preventDefault());
  for (const input of [...focus, ...(crop ?? [])]) input.addEventListener("input", show);
  show();
  if (!crop) return box;
  const shape = (ratio) => {
    const own = picture.naturalWidth / picture.naturalHeight || 1;
    const [wide, high] = own > ratio ? [(100 * ratio) / own, 100] : [100, (100 * own) / ratio];
    const x = within(across.value - wide / 2, 0, 100 - wide);
    const y = within(down.value - high / 2, 0, 100 - high);
    cut(x, y, wide, high);
  };
  const button = (textContent, onclick) =>
    make("button", { type: "button", className: "button button-quiet", textContent, onclick });
  const shapes = make(
    "span",
    { className: "crop-shapes", role: "group", "aria-label": words.shape },
    button(words.whole, () => cut(0, 0, 100, 100)),
    ...SHAPES.map(([name, ratio]) => button(name, () => shape(ratio))),
  );
  return make("span", { className: "crop-tool" }, box, shapes);
}

function slider(name, value, { min = 0, max = 100, step = 1 } = {}) {
  return make("input", { type: "range", name, min, max, step, value });
}

/** A field with the picture and its sliders; with `item` of the library, its crop too. */
export function cropField(source, item = null) {
  const focus = [
    slider("focal_x", item?.x ?? 50, { step: STEP }),
    slider("focal_y", item?.y ?? 50, { step: STEP }),
  ];
  const crop = item && [
    slider("crop_left", item.crop[0], { max: 100 - LEAST }),
    slider("crop_top", item.crop[1], { max: 100 - LEAST }),
    slider("crop_width", item.crop[2], { min: LEAST }),
    slider("crop_height", item.crop[3], { min: LEAST }),
  ];
  const names = [words.across, words.down];
  const parts = [words.cropLeft, words.cropTop, words.cropWidth, words.cropHeight];
  const label = (name, input) => make("label", {}, name, input);
  return make(
    "fieldset",
    { className: "focal-field" },
    make("legend", {}, crop ? words.cropAndFocus : words.focus),
    onPicture(source, focus, crop),
    make("p", { className: "picker-help" }, crop ? words.cropHelp : words.focusHelp),
    ...focus.map((input, at) => label(names[at], input)),
    ...(crop
      ? [
          make(
            "details",
            {},
            make("summary", { textContent: words.cropNumbers }),
            ...crop.map((input, at) => label(parts[at], input)),
          ),
        ]
      : []),
  );
}
