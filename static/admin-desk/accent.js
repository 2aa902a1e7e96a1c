// The accent of the site while it is chosen: a colour field beside each text, and how both look.
import { make } from "../js/site.js";

const PAUSE = 150;

function panelOf(scheme, words) {
  const says = make("p", { className: "accent-words", role: "status" });
  const take = make("button", { type: "button", className: "button button-quiet", hidden: true });
  const panel = make(
    "div",
    { className: `accent-panel accent-${scheme}`, role: "group", "aria-label": words[scheme] },
    make("p", { className: "accent-scheme" }, words[scheme]),
    make("p", { className: "accent-heading" }, words.heading),
    make("p", {}, make("span", { className: "accent-link" }, words.link)),
    make("p", {}, make("span", { className: "accent-button" }, words.button)),
    says,
    take,
  );
  return { panel, says, take };
}

/** Shows both schemes under the fields of the accent, and follows what is typed. */
export function accent(field) {
  const words = field.dataset;
  const fields = { light: field, dark: document.querySelector("#id_accent_dark") };
  const panels = { light: panelOf("light", words), dark: panelOf("dark", words) };
  const pickers = {};
  const nearest = document.querySelector(".field-take_nearest");
  // Here a button does it, before the form is sent.
  if (nearest) nearest.hidden = true;

  function put(scheme, value) {
    fields[scheme].value = value;
    fields[scheme].dispatchEvent(new Event("input", { bubbles: true }));
  }
  for (const [scheme, input] of Object.entries(fields)) {
    const label = `${input.labels[0].textContent.replace(/:\s*$/, "")}: ${words.pick}`;
    pickers[scheme] = make("input", {
      type: "color",
      className: "accent-pick",
      "aria-label": label,
    });
    pickers[scheme].addEventListener("input", () => put(scheme, pickers[scheme].value));
    const both = make("span", { className: "accent-field" });
    input.replaceWith(both);
    both.append(input, pickers[scheme]);
    input.addEventListener("input", later);
    panels[scheme].take.addEventListener("click", () => {
      put(scheme, `#${panels[scheme].take.value}`);
      input.focus();
    });
  }

  let asked = 0;
  let waiting;
  function later() {
    clearTimeout(waiting);
    waiting = setTimeout(show, PAUSE);
  }
  async function show() {
    const turn = ++asked;
    const url = new URL(words.preview, location.href);
    url.searchParams.set("accent", fields.light.value);
    url.searchParams.set("accent_dark", fields.dark.value);
    let found = { light: { words: words.failed }, dark: { words: "" } };
    try {
      const answer = await fetch(url, { redirect: "error" });
      if (answer.ok) found = await answer.json();
    } catch {
      // Said in the first panel.
    }
    if (turn !== asked) return;
    for (const [scheme, { panel, says, take }] of Object.entries(panels)) {
      const one = found[scheme];
      if (says.textContent !== one.words) says.textContent = one.words;
      panel.classList.toggle("accent-poor", Boolean(one.nearest));
      take.hidden = !one.nearest;
      if (one.nearest) {
        take.value = one.nearest;
        take.textContent = words.take.replace("{colour}", `#${one.nearest}`);
      }
      if (!one.colour) continue;
      pickers[scheme].value = `#${one.colour}`;
      panel.style.setProperty("--accent", `#${one.colour}`);
      panel.style.setProperty("--on-accent", `#${one.on}`);
    }
  }
  const place = fields.dark.closest(".form-row");
  place.after(make("div", { className: "accent-preview" }, panels.light.panel, panels.dark.panel));
  show();
}
