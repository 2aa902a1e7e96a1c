/**
 * Comments that come in while the page is open: said, and shown when the reader asks.
 *
 * Loaded when it is first time to ask, and at once on a page of a longer thread.
 */
import { byId } from "./conversation-reading.js";
import { counted, make } from "./site.js";

/** Gives what asks for news, once the page knows from which comment on. */
export async function arrivals(page) {
  const { thread, words, opened } = page;
  const taken = new Set();
  let after = Number(thread.dataset.newest);
  let waiting = [];
  let overflow = false;
  let count = 0;
  const button = make("button", { type: "button", className: "button-quiet arrivals" });
  const box = make("p", { className: "arrivals-line", role: "status" });

  async function ask() {
    try {
      const answer = await page.answerFrom(`?after=${after}`);
      if (!answer) return;
      // Approved late they have lower numbers: those since the page was opened have come in.
      waiting = answer.items.filter(
        ({ id, shown }) => !byId(id) && !taken.has(id) && !(shown < opened),
      );
      overflow = answer.more;
      count = answer.count;
      (await page.news())?.heard(waiting.map(({ id }) => String(id)));
    } catch {
      return; // Offline, or the site is away for a moment: the next turn tells.
    }
    const number = `${counted(waiting.length)}${overflow ? "+" : ""}`;
    const text = (waiting.length === 1 ? words.oneArrived : words.manyArrived).replace(
      "{n}",
      number,
    );
    if (!waiting.length) button.remove();
    else if (button.textContent !== text || !button.isConnected) {
      button.textContent = text;
      box.append(button);
    }
  }

  button.addEventListener("click", () => {
    const came = waiting;
    waiting = [];
    button.remove();
    let first = null;
    for (const item of came) {
      after = Math.max(after, item.id);
      taken.add(item.id);
      const comment = byId(item.id) ?? page.add(item);
      first ??= comment;
    }
    page.dress();
    page.count(count);
    page.news().then((news) => news?.arrive(came.map(({ id }) => id)));
    if (first) page.land(first);
    else location.assign(page.inThread(came[0].id));
  });

  // On a page of a longer thread only what comes from now on has arrived.
  if (!("whole" in thread.dataset)) {
    const found = await page.index();
    if (!found) throw new Error("not known from where on"); // Tried again at the next turn.
    after = Math.max(after, found.newest);
  }
  thread.before(box);
  return ask;
}
