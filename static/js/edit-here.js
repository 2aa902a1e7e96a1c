/** The way to the form of what this page shows, for who is logged in and may change it. */

/**
 * Asks at `address`, which the admin left in this browser; shows the link there is. `make` and `save`
 * are those of site.js, which imports this.
 */
export async function offerEditing(address, { make, save }) {
  const url = `${address}?path=${encodeURIComponent(location.pathname)}`;
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  const here = answer.ok ? await answer.json() : {};
  if (here.known === false) save("staff", null);
  if (!here.url) return;
  const style = make("link", { rel: "stylesheet", href: here.style });
  style.addEventListener("load", () => {
    const link = make("a", { href: here.url, lang: here.language }, here.label);
    const place = make("nav", { className: "edit-here", "aria-label": here.region }, link);
    document.querySelector(".skip-link").after(place);
  });
  document.head.append(style);
}
