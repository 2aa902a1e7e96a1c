// Beside "12 comments" on lists: how many came since this browser last saw the conversation.
import { load } from "./conversation-store.js";

for (const link of document.querySelectorAll("a[data-conversation]")) {
  const seen = load(`seen.${link.dataset.conversation}`);
  const more = Number(link.dataset.count) - seen;
  if (seen === null || more <= 0) continue;
  const word = Object.assign(document.createElement("span"), { className: "new-word" });
  word.textContent = link.dataset.new.replace("{n}", more);
  link.append(" ", word);
}
