/**
 * What a reader does with comments: fold branches, change and delete her own. What is new to her is in
 * conversation-new.js, what comes in while she reads in conversation-arrivals.js.
 */
import { load, make, numbered, save } from "./site.js";

export const numberOf = (comment) => comment.id.replace("comment-", "");
export const byId = (id) => document.getElementById(`comment-${id}`);

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
    const all = numbered(replies.length, words.oneReply, words.manyReplies);
    const new_ = fresh ? `, ${numbered(fresh, words.someNew, words.someNew)}` : "";
    // On a phone a sign stands for the words, which stay the button's name.
    button.replaceChildren(closed ? `+ ${all}${new_}` : make("span", {}, words.fold));
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
        button = make("button", { type: "button", className: "fold" });
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
    for (
      let list = comment.closest(".replies");
      list;
      list = list.parentElement.closest(".replies")
    ) {
      const above = list.parentElement.querySelector(":scope > .comment");
      if (list.hidden && above) show(list.parentElement, above.querySelector(".fold"), false);
    }
  }

  dress();
  return { dress, reveal };
}

/** Links to change and delete, at the comments that were written in this browser. */
export function owning(page) {
  const { place, thread, words } = page;
  const minutes = Number(thread.dataset.editMinutes);

  function dress() {
    const own = load("own") ?? {};
    for (const comment of place.querySelectorAll("[data-thread] .comment:not(.tombstone)")) {
      const mine = own[numberOf(comment)];
      if (!mine || comment.querySelector(".own")) continue;
      if (place.querySelector(`[data-own="${numberOf(comment)}"]`)) continue;
      const address = new URL(comment.querySelector(".when").href);
      const link = (part, text) =>
        make(
          "a",
          { className: "own", href: `${address.pathname}${part}/?own=${mine.token}` },
          text,
        );
      const home =
        comment.querySelector(".actions") ??
        comment.appendChild(make("p", { className: "actions" }));
      if (Date.now() - mine.at < minutes * 60_000) home.append(" ", link("edit", words.change));
      home.append(" ", link("delete", words.remove));
    }
  }

  function remember(answer) {
    const all = Object.entries({
      ...load("own"),
      [answer.id]: { token: answer.own, at: Date.now() },
    });
    save("own", Object.fromEntries(all.slice(-100)));
  }

  dress();
  return { dress, remember };
}
