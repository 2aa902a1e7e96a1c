/**
 * The pages on which following begins and ends: this browser keeps which conversations it follows
 * and how that is ended, so that the button under the article can say so (conversation.js).
 */
import { load, save } from "./site.js";

// The latest so many.
const MOST = 200;

const { following, stop } = document.querySelector("[data-following]").dataset;
const others = Object.entries(load("following") ?? {}).filter(([known]) => known !== following);
const all = stop ? [...others, [following, stop]] : others;
save("following", all.length ? Object.fromEntries(all.slice(-MOST)) : null);
