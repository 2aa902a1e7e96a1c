// The picture library in dialogs: search, choose one or several, add with its words, change them.
import { make } from "../js/site.js";
import { cropField } from "./crop.js";
import { desk, dialogOf, field, read, send, words } from "./dialog.js";

const known = new Map();

function remember(items) {
  for (const item of items) known.set(String(item.id), item);
  return items;
}

/** What the library says of pictures, in the order of `ids`; those that are gone are left out. */
export async function pictureInfo(ids) {
  const wanted = ids.map(String).filter((id) => !known.has(id));
  if (wanted.length) {
    const url = new URL(desk.urls.choose, location.href);
    url.searchParams.set("ids", wanted.join(","));
    try {
      remember((await (await fetch(url)).json()).items);
    } catch {
      // Shown without their words.
    }
  }
  return ids.map((id) => known.get(String(id))).filter(Boolean);
}

/** The fields of a picture's words. `check()` is false, and says so, when the text is missing. */
function wordsFields(item, status) {
  const alt = make("input", { type: "text", name: "alt", maxLength: 300, value: item?.alt ?? "" });
  const mere = make("input", { type: "checkbox", checked: Boolean(item?.id && !item.alt) });
  const caption = make("input", {
    type: "text",
    name: "caption",
    maxLength: 300,
    value: item?.caption ?? "",
  });
  const credit = make("input", {
    type: "text",
    name: "credit",
    maxLength: 120,
    value: item?.credit ?? "",
  });
  const fields = [
    field(words.alt, alt),
    make("label", { className: "picker-check" }, mere, words.decorative),
    field(words.caption, caption),
    field(words.credit, credit),
  ];
  const check = () => {
    if (alt.value.trim() || mere.checked) return true;
    status.textContent = words.altNeeded;
    alt.setAttribute("aria-invalid", "true");
    alt.focus();
    return false;
  };
  return { fields, check };
}

/** Where the library answers about one picture. */
const urlOf = (item, what) =>
  new URL(`../${item.id}/${what}/`, new URL(desk.urls.choose, location.href));

/**
 * The form that adds a picture; calls `done` with it. An upload that is cancelled on its way is taken
 * back when the site has it.
 */
function addForm(file, status, done, alt = "") {
  const accept = "image/*,.heic,.heif";
  const input = make("input", { type: "file", name: "file", accept, required: true });
  const place = make("div");
  const { fields, check } = wordsFields({ alt }, status);
  const upload = make("button", { type: "submit", className: "button", textContent: words.upload });
  const form = make(
    "form",
    { className: "picker-upload" },
    field(words.file, input),
    place,
    ...fields,
    upload,
  );
  const preview = () => {
    if (input.files[0]) place.replaceChildren(cropField(URL.createObjectURL(input.files[0])));
  };
  input.addEventListener("change", preview);
  if (file) {
    const transfer = new DataTransfer();
    transfer.items.add(file);
    input.files = transfer.files;
    preview();
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!check()) return;
    upload.disabled = true;
    status.textContent = words.busy;
    const { status: code, answer } = await send(desk.urls.choose, new FormData(form));
    if (code === 201 && !form.isConnected) {
      send(urlOf(answer, "drop"), {});
      return;
    }
    upload.disabled = false;
    status.textContent = code === 201 ? "" : answer.message || words.failed;
    if (code !== 201) return;
    form.reset();
    place.replaceChildren();
    done(remember([answer])[0]);
  });
  return form;
}

/** Asks for the words of `file` and adds it; gives the picture, or null. */
export function addPicture(file, alt = "") {
  const status = make("p", { role: "status", className: "picker-status" });
  const cancel = make("button", { type: "button", className: "button", textContent: words.cancel });
  const box = dialogOf(words.add);
  box.dialog.append(
    addForm(file, status, (item) => box.close(item), alt),
    status,
    cancel,
  );
  cancel.addEventListener("click", () => box.close(null));
  return box.ask();
}

/** Changes the words and the focal point of a picture; gives it, or null. */
export function editPicture(item) {
  const status = make("p", { role: "status", className: "picker-status" });
  const { fields, check } = wordsFields(item, status);
  const form = make(
    "form",
    {},
    cropField(item.whole, item),
    ...fields,
    make("button", { type: "submit", className: "button", textContent: words.save }),
  );
  const cancel = make("button", { type: "button", className: "button", textContent: words.cancel });
  const box = dialogOf(words.editPicture, form, status, cancel);
  cancel.addEventListener("click", () => box.close(null));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!check()) return;
    const { status: code, answer } = await send(urlOf(item, "words"), new FormData(form));
    if (code === 200) box.close(remember([answer])[0]);
    else status.textContent = answer.message || words.failed;
  });
  return box.ask();
}

/** Opens the library; gives {id, label, thumb}, or null when nothing was chosen. */
export function choosePicture(alt = "") {
  return library({ alt });
}

/** Opens the library for several; gives them in the order in which they were chosen, or null. */
export function choosePictures(chosen = []) {
  return library({ many: true, chosen });
}

async function library({ many = false, chosen = [], alt = "" }) {
  const picked = many ? await pictureInfo(chosen) : [];
  const search = make("input", { type: "search", name: "q" });
  const list = make("ul", { className: "picker-list" });
  const status = make("p", { role: "status", className: "picker-status" });
  const empty = make("p", { role: "status", hidden: true, textContent: words.none });
  const more = make("button", {
    type: "button",
    className: "button",
    textContent: words.more,
    hidden: true,
  });
  const use = make("button", {
    type: "button",
    className: "button",
    textContent: words.useMany,
    hidden: !many,
  });
  const cancel = make("button", { type: "button", className: "button", textContent: words.cancel });
  const tray = make("ol", { className: "picker-tray", hidden: !many });
  const box = dialogOf(many ? words.titleMany : words.title);

  const mark = () => {
    for (const button of list.querySelectorAll("button")) {
      if (many)
        button.setAttribute(
          "aria-pressed",
          String(picked.some((one) => String(one.id) === button.dataset.id)),
        );
    }
    tray.replaceChildren(
      ...picked.map((item, index) =>
        make(
          "li",
          {},
          make("img", { src: item.thumb, alt: "" }),
          make("span", {}, item.label),
          make("button", {
            type: "button",
            textContent: "×",
            "aria-label": `${words.remove}: ${item.label}`,
            onclick: () => {
              picked.splice(index, 1);
              mark();
              use.focus();
            },
          }),
        ),
      ),
    );
    use.disabled = !picked.length;
  };
  const take = (item) => {
    if (!many) return box.close(item);
    const at = picked.findIndex((one) => one.id === item.id);
    if (at < 0) picked.push(item);
    else picked.splice(at, 1);
    mark();
  };

  let asked = 0;
  async function show(before) {
    const turn = ++asked;
    const url = new URL(desk.urls.choose, location.href);
    url.searchParams.set("q", search.value);
    if (before) url.searchParams.set("before", before);
    let found;
    try {
      found = await read(url);
    } catch ({ message }) {
      status.textContent = message;
      return;
    }
    if (turn !== asked) return;
    if (!before) list.replaceChildren();
    for (const item of remember(found.items)) {
      const button = make(
        "button",
        { type: "button", "data-id": String(item.id), onclick: () => take(item) },
        make("img", { src: item.thumb, alt: "", loading: "lazy" }),
        make("span", { textContent: item.label }),
      );
      list.append(make("li", {}, button));
    }
    empty.hidden = list.children.length > 0;
    more.hidden = !found.more;
    more.onclick = () => show(found.more);
    mark();
  }

  let waiting;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 250);
  });
  cancel.addEventListener("click", () => box.close(null));
  use.addEventListener("click", () => box.close(picked));
  const panels = tabs([
    [
      words.tabUpload,
      addForm(
        null,
        status,
        (item) => {
          take(item);
          if (!many) return;
          panels.open(1);
          show();
        },
        alt,
      ),
    ],
    [words.tabLibrary, make("div", {}, field(words.search, search), list, empty, more)],
  ]);
  box.dialog.append(
    panels.list,
    tray,
    ...panels.all,
    status,
    make("div", { className: "picker-buttons" }, use, cancel),
  );
  panels.open(chosen.length ? 1 : 0);
  show();
  return box.ask();
}

/** Tabs, the first one open: {list, all, open(at)}. `parts` are pairs of a name and its content. */
function tabs(parts) {
  const all = parts.map(([, content], at) =>
    make("div", { role: "tabpanel", id: `picker-panel-${at}` }, content),
  );
  const buttons = parts.map(([textContent], at) =>
    make("button", {
      type: "button",
      role: "tab",
      id: `picker-tab-${at}`,
      "aria-controls": `picker-panel-${at}`,
      textContent,
      onclick: () => open(at),
    }),
  );
  for (const [at, panel] of all.entries())
    panel.setAttribute("aria-labelledby", `picker-tab-${at}`);
  function open(at) {
    for (const [number, button] of buttons.entries()) {
      button.setAttribute("aria-selected", String(number === at));
      button.tabIndex = number === at ? 0 : -1;
      all[number].hidden = number !== at;
    }
  }
  const list = make("div", { className: "picker-tabs", role: "tablist" }, ...buttons);
  list.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const next = buttons.at(to % buttons.length);
    open(buttons.indexOf(next));
    next.focus();
  });
  return { list, all, open };
}
