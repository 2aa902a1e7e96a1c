/**
 * Comments that were found: how old they are, which are new to this reader since she last saw
 * their conversation, where she has begun an answer; and the way into it in the order she reads in.
 */
import { load, make, showTimes } from "./site.js";

const list = document.querySelector(".found-comments");
const own = load("own") ?? {};
const sort = load("sort");

for (const hit of list?.children ?? []) {
  const { article, comment } = hit.dataset;
  const [time] = hit.getElementsByTagName("time");
  const seen = load(`visits.${article}`)?.at(-1)[1];
  const isLeft = load(`news.${article}`)?.left.includes(comment);
  const at = Number(hit.dataset.shown) || Date.parse(time.dateTime) / 1000;
  if ((at > seen || isLeft) && !own[comment]) {
    time.after(" ", make("span", { className: "new-word" }, list.dataset.isNew));
  }
  if (load(`draft.${article}.${comment}`)) {
    const line = make("span", { className: "draft" }, `(${list.dataset.draft})`);
    hit.querySelector(".reply")?.append(" ", line);
  }
  const link = hit.querySelector("a[data-in-thread]");
  if (sort) link.search += `&sort=${sort}`;
}
if (list) showTimes(list.querySelectorAll("time"), list.dataset.justNow);
