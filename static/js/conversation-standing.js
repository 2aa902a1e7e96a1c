/**
 * What this reader did here before: her comments that wait, and that she follows. Loaded for who did.
 */
import { byId } from "./conversation-reading.js";
import { load, make, parse, save } from "./site.js";

const DAY = 86_400;
const WAITING_DAYS = 30;
// So many are asked after; who has more finds them at "My comments".
const MOST_WAITING = 5;

/**
 * This reader's comments that wait, where they will stand, as the site says they are now: what
 * waits is shown, what was decided is said once, with the way to its page.
 */
export async function showWaiting(page, key, dress) {
  const { place, words } = page;
  // Its own page shows one that waits to its writer.
  const isPublic = (id) => byId(id) && !byId(id).querySelector(".waiting");
  let kept = (load(key) ?? []).filter(
    ({ id, at }) => Date.now() - at < WAITING_DAYS * DAY * 1000 && !isPublic(id),
  );
  await Promise.all(
    kept.slice(-MOST_WAITING).map(async (one) => {
      // At what it answers, and under the article in any case.
      const root = place.id && place.querySelector("[data-thread]");
      if (!root && !(one.parent && byId(one.parent))) return;
      let now = { state: "pending", message: words.waiting };
      try {
        const answer = await fetch(one.url, { headers: { Accept: "application/json" } });
        now = answer.ok ? await answer.json() : { state: answer.status < 500 ? "gone" : "pending" };
      } catch {
        // Without a connection it stands as it was last known.
      }
      if (now.state !== "pending") kept = kept.filter(({ id }) => id !== one.id);
      if (byId(one.id) || !now.message) return;
      const view = make("a", { href: one.url }, words.view);
      const item = parse(`<li>${now.html || '<p class="waiting"></p>'}</li>`);
      const line = item.querySelector(".waiting");
      line.append(...(now.html ? [" · "] : [now.message, " "]), view);
      page.listFor(one.parent).append(item);
    }),
  );
  save(key, kept.length ? kept : null);
  dress();
}

/** Says that this reader follows where the button to do so is, with the way to end it. */
export async function showFollowing(thread, place, words) {
  const link = place.querySelector("a.follow");
  const all = load("following") ?? {};
  const stop = all[thread.dataset.article];
  if (!link || !stop) return;
  const before = [link.textContent, link.href];
  [link.textContent, link.href] = [words.following, stop];
  try {
    const answer = await fetch(stop, { headers: { Accept: "application/json" } });
    // Ended elsewhere, by a mail or in another browser.
    const ended = answer.ok ? !(await answer.json()).following : answer.status === 404;
    if (!ended) return;
  } catch {
    return; // Without an answer it stands as it was last known.
  }
  [link.textContent, link.href] = before;
  save("following", { ...all, [thread.dataset.article]: undefined });
}
