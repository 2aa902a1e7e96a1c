/**
 * The page after a confirmation: this browser keeps what proves that the address was confirmed in
 * it, so that comments with the address need no mail here. `site.js` sends it along.
 */
import { load, save } from "./site.js";

// A browser is shared by a few people at the most.
const MOST = 5;

const place = document.querySelector("[data-proof]");
const { proof, address } = place.dataset;
const others = Object.entries(load("proofs") ?? {}).filter(([known]) => known !== address);
save("proofs", Object.fromEntries([...others, [address, proof]].slice(-MOST)));
// Where storage is barred, nothing is promised.
place.hidden = load("proofs")?.[address] !== proof;

place.querySelector("button").addEventListener("click", ({ target }) => {
  save("proofs", others.length ? Object.fromEntries(others) : null);
  target.parentElement.remove();
  place.querySelector("[data-known]").remove();
  place.querySelector("[data-forgotten]").hidden = false;
});
