/**
 * Comments that were found: how old they are, which are new to this reader since she last saw
 * their conversation, and where she has begun an answer.
 */
import { load, make, showTimes } from "./site.js";

const list = document.querySelector(".found-comments");
const own = load("own") ?? {};

for (const hit of list?.children ?? []) {
  const { article, comment } = hit.dataset;
  const [time] = hit.getElementsByTagName("time");
  const seen = load(`visits.${article}`)?.at(-1)[1];
  const isLeft = load(`news.${article}`)?.left.includes(comment);
  if ((Date.parse(time.dateTime) / 1000 > seen || isLeft) && !own[comment]) {
    time.after(" ", make("span", { className: "new-word" }, list.dataset.isNew));
  }
  if (load(`draft.${article}.${comment}`)) {
    const line = make("span", { className: "draft" }, `(${list.dataset.draft})`);
    hit.querySelector(".reply")?.append(" ", line);
  }
}
if (list) showTimes(list.querySelectorAll("time"), list.dataset.justNow);
