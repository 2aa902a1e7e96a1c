// What the desk's dialogs are made of, and what the page says to its scripts.
import { make, post } from "../js/site.js";
import { ask } from "./drafts.js";

const element = document.getElementById("desk-writing");
export const desk = element ? JSON.parse(element.textContent) : { words: {}, urls: {} };
export const words = desk.words;

export function field(label, input, help = "") {
  const row = make("label", { className: "picker-field" }, make("span", {}, label), input);
  if (help) row.append(make("span", { className: "picker-help" }, help));
  return row;
}

/** Why there was no answer that can be used: not allowed, not logged in any more, or away. */
async function why(status) {
  if (status === 403) return words.forbidden;
  return (await ask()) === "out" ? words.loggedOut : words.failed;
}

/** What the site answers as JSON; throws an error whose message says why there is none. */
export async function read(url) {
  let answer;
  try {
    answer = await fetch(url, { headers: { Accept: "application/json" }, redirect: "error" });
    if (answer.ok) return await answer.json();
  } catch {
    // Said below, with the answers that hold nothing.
  }
  throw new Error(await why(answer?.status));
}

/**
 * A field with what it finds below it. `find` gives items {label, note} for a text, or null when
 * there is nothing to look for; `use` takes the one that is chosen.
 */
export function finder({ label, value = "", status, find, use }) {
  const input = make("input", { type: "text", value, autocomplete: "off" });
  const list = make("ul", { className: "link-list", "aria-label": words.found });
  let asked = 0;
  let waiting;
  async function show() {
    const turn = ++asked;
    let items;
    try {
      items = await find(input.value);
    } catch ({ message }) {
      status.textContent = message;
      return;
    }
    if (turn !== asked) return;
    list.replaceChildren(
      ...(items ?? []).map((item) =>
        make(
          "li",
          {},
          make(
            "button",
            { type: "button", onclick: () => use(item) },
            item.label,
            item.note ? make("span", { className: "quiet" }, ` ${item.note}`) : "",
          ),
        ),
      ),
    );
    status.textContent = items?.length === 0 ? words.none : "";
  }
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 250);
  });
  return { field: field(label, input), input, list, show };
}

let dialogs = 0;

/** A dialog with a heading; `ask` gives what it was closed with, null when it was given up. */
export function dialogOf(title, ...content) {
  const heading = make("h2", { id: `desk-dialog-${++dialogs}`, textContent: title });
  const dialog = make(
    "dialog",
    { className: "picker", "aria-labelledby": heading.id },
    heading,
    ...content,
  );
  let result = null;
  return {
    dialog,
    close(value) {
      result = value;
      dialog.close();
    },
    ask() {
      return new Promise((resolve) => {
        dialog.addEventListener("close", () => {
          dialog.remove();
          resolve(result);
        });
        // An editor in a dialog keeps the key for itself.
        dialog.addEventListener(
          "keydown",
          (event) => {
            if (event.key === "Escape") dialog.close();
          },
          { capture: true },
        );
        document.body.append(dialog);
        dialog.showModal();
      });
    },
  };
}

export function token() {
  return document.querySelector("[name=csrfmiddlewaretoken]").value;
}

/**
 * Sends fields to the desk; gives status and answer, or status 0 and a message that says why nothing
 * came back.
 */
export async function send(url, fields, options = {}) {
  const data = fields instanceof FormData ? fields : new FormData();
  if (data !== fields) for (const [name, value] of Object.entries(fields)) data.append(name, value);
  try {
    const headers = { "X-CSRFToken": token() };
    const sent = await post(url, data, { headers, redirect: "error", ...options });
    return { status: sent.status, answer: sent.data };
  } catch {
    return { status: 0, answer: { message: options.keepalive ? "" : await why() } };
  }
}

/** An address on the web, "#part", "/page/" or a mail address, as a link has it; else "". */
export function addressOf(text) {
  const value = text.trim();
  if (/^(https?:\/\/|mailto:|\/|#|article:\d)/i.test(value)) return value;
  if (/^[^\s@/]+@[^\s@/]+\.[a-z]{2,}$/i.test(value)) return `mailto:${value}`;
  if (/^[\w-]+(\.[\w-]+)+([/?#]\S*)?$/.test(value)) return `https://${value}`;
  return "";
}
