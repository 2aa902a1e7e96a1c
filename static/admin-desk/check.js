// What could be better in a text: on request, and once more when it is about to go out.
import { make } from "../js/site.js";
import { desk, dialogOf, send, words } from "./dialog.js";

const OUT = ["published", "scheduled"];

function listOf(findings, go) {
  return make(
    "ul",
    { className: "desk-findings" },
    ...findings.map((one) => {
      const row = make("li", {}, make("p", {}, one.message));
      if (one.excerpt) row.append(make("p", { className: "quiet" }, one.excerpt));
      if (one.block !== null) {
        row.append(
          make("button", {
            type: "button",
            className: "desk-edit",
            textContent: words.checkWhere,
            onclick: () => go(one.block),
          }),
        );
      }
      return row;
    }),
  );
}

/** Where the article goes: by a step's button, by the list of states, or nowhere by a plain save. */
function wantedBy(button, listed) {
  if (button?.name === "_move") return button.value;
  return button?.value === "unmoved" ? "" : listed;
}

export function check(form, editor, below) {
  const ask = async () => {
    const fields = {};
    for (const name of ["title", "lead", "body_source", "picture"]) {
      const control = form.elements.namedItem(name);
      if (control) fields[name] = control.value;
    }
    const { status, answer } = await send(desk.urls.check, fields);
    return status === 200 ? answer.findings : null;
  };
  const go = (number) => {
    let place = 0;
    const { doc } = editor.state;
    for (let index = 0; index < Math.min(number, doc.childCount - 1); index += 1)
      place += doc.child(index).nodeSize;
    // Where text can be near it: a table has none of its own.
    const near = editor.state.selection.constructor.near(doc.resolve(place + 1));
    editor.view.dispatch(editor.state.tr.setSelection(near).scrollIntoView());
    editor.view.focus();
  };
  const button = make("button", {
    type: "button",
    className: "button button-quiet",
    textContent: words.check,
  });
  const panel = make("section", {
    className: "desk-panel",
    hidden: true,
    tabIndex: -1,
    "aria-label": words.checkTitle,
  });
  button.addEventListener("click", async () => {
    button.disabled = true;
    panel.hidden = false;
    panel.replaceChildren(make("p", {}, words.checking));
    const findings = await ask();
    button.disabled = false;
    panel.replaceChildren(
      make("h3", {}, words.checkTitle),
      findings === null
        ? make("p", {}, words.failed)
        : findings.length
          ? listOf(findings, go)
          : make("p", {}, words.checkGood),
    );
    panel.focus();
  });
  below.append(button, panel);

  // A form that publishes asks first, and lets go.
  const state = form.querySelector("select[name=status]");
  const before = state?.value;
  const seen = make("input", { type: "hidden", name: "quality_seen", value: "" });
  form.append(seen);
  form.addEventListener(
    "submit",
    async (event) => {
      const wanted = wantedBy(event.submitter, state?.value);
      const publishes = OUT.includes(wanted) && !OUT.includes(before);
      if (!publishes || seen.value) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const { submitter } = event;
      const findings = await ask();
      const goOn = () => {
        seen.value = "1";
        form.requestSubmit(submitter);
      };
      if (!findings?.length) return goOn();
      const back = make("button", {
        type: "button",
        className: "button",
        textContent: words.publishBack,
      });
      const anyway = make("button", {
        type: "button",
        className: "button",
        textContent: words.publishAnyway,
      });
      let target = null;
      const box = dialogOf(
        words.publishTitle,
        make("p", {}, words.publishText),
        listOf(findings, (number) => {
          target = number;
          box.close("back");
        }),
        make("div", { className: "picker-buttons" }, back, anyway),
      );
      back.addEventListener("click", () => box.close("back"));
      anyway.addEventListener("click", () => box.close("go"));
      if ((await box.ask()) === "go") goOn();
      else if (target !== null) go(target);
    },
    { capture: true },
  );
}
