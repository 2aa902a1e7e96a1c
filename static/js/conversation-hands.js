/**
 * What a reader does with comments: fold branches, value them, change and delete her own.
 */
import { element } from "./conversation-form.js";
import { load, save } from "./conversation-store.js";

const numberOf = (comment) => comment.id.replace("comment-", "");

/** A button at every comment with replies that hides them; remembered for this article. */
export function folding(page) {
  const { place, article, words } = page;
  const key = `folded.${article}`;
  const folded = new Set(load(key) ?? []);

  function show(item, button, closed) {
    const list = item.querySelector(":scope > .replies");
    const replies = list.querySelectorAll(".comment:not(.tombstone)");
    const fresh = list.querySelectorAll(".comment.new").length;
    list.hidden = closed;
    button.setAttribute("aria-expanded", String(!closed));
    const all = (replies.length === 1 ? words.oneReply : words.manyReplies).replace("{n}", replies.length);
    const new_ = fresh ? `, ${words.someNew.replace("{n}", fresh)}` : "";
    button.textContent = closed ? `+ ${all}${new_}` : words.fold;
  }

  function each(visit) {
    for (const list of place.querySelectorAll("[data-thread] li > .replies")) {
      const item = list.parentElement;
      const comment = item.querySelector(":scope > .comment");
      if (comment) visit(item, comment);
    }
  }

  function dress() {
    each((item, comment) => {
      let button = comment.querySelector(":scope > .fold, .actions > .fold");
      if (!button) {
        button = element("button", { type: "button", className: "fold" });
        button.addEventListener("click", () => {
          const id = numberOf(comment);
          if (!folded.delete(id)) folded.add(id);
          save(key, folded.size ? [...folded].slice(-200) : null);
          show(item, button, folded.has(id));
        });
        (comment.querySelector(".actions") ?? comment).append(button);
      }
      show(item, button, folded.has(numberOf(comment)));
    });
  }

  /** Opens what hides `comment`; the reader's choice for later visits stays. */
  function reveal(comment) {
    for (let list = comment.closest(".replies"); list; list = list.parentElement.closest(".replies")) {
      const above = list.parentElement.querySelector(":scope > .comment");
      if (list.hidden && above) show(list.parentElement, above.querySelector(".fold"), false);
    }
  }

  dress();
  return { dress, reveal };
}

/** "Valuable" becomes a button that remembers. */
export function valuing(page) {
  const { place, words, say } = page;
  const valued = new Set(load("valued") ?? []);

  function dress() {
    for (const link of place.querySelectorAll("[data-thread] a.value")) {
      const id = numberOf(link.closest(".comment"));
      const button = element("button", { type: "button", className: "value" }, ...link.childNodes);
      button.dataset.url = link.href;
      button.setAttribute("aria-pressed", String(valued.has(id)));
      button.addEventListener("click", () => toggle(button, id));
      link.replaceWith(button);
    }
  }

  async function toggle(button, id) {
    if (button.dataset.busy) return;
    button.dataset.busy = "1";
    const on = !valued.has(id);
    try {
      const response = await fetch(button.dataset.url, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams({ reader: load("reader") ?? "", valued: on ? "1" : "0" }),
      });
      const answer = await response.json();
      if (answer.reader) save("reader", answer.reader);
      if (response.ok) {
        if (on) valued.add(id);
        else valued.delete(id);
        save("valued", [...valued].slice(-500));
        button.setAttribute("aria-pressed", String(on));
        button.querySelector(".count")?.remove();
        if (answer.count) button.append(" ", element("span", { className: "count" }, answer.count));
      } else say(answer.message, true);
    } catch {
      say(navigator.onLine ? words.failed : words.offline, true);
    }
    delete button.dataset.busy;
  }

  dress();
  return { dress };
}

/** Links to change and delete, at the comments that were written in this browser. */
export function owning(page) {
  const { place, words } = page;
  const minutes = Number(place.dataset.editMinutes);

  function dress() {
    const own = load("own") ?? {};
    for (const comment of place.querySelectorAll("[data-thread] .comment:not(.tombstone)")) {
      const mine = own[numberOf(comment)];
      if (!mine || comment.querySelector(".own")) continue;
      const address = new URL(comment.querySelector(".when").href);
      const link = (part, text) =>
        element("a", { className: "own", href: `${address.pathname}${part}/?own=${mine.token}` }, text);
      const home = comment.querySelector(".actions")
        ?? comment.appendChild(element("p", { className: "actions" }));
      if (Date.now() - mine.at < minutes * 60_000) home.append(" ", link("edit", words.change));
      home.append(" ", link("delete", words.remove));
    }
  }

  function remember(answer) {
    const all = Object.entries({ ...load("own"), [answer.id]: { token: answer.own, at: Date.now() } });
    save("own", Object.fromEntries(all.slice(-100)));
  }

  dress();
  return { dress, remember };
}
