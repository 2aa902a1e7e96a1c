// Shows how far a move is, every other second, until it is over.
const again = async () => {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("#move");
  const shown = document.querySelector("#move");
  if (!fresh || !shown) return;
  if (!fresh.querySelector("progress")) {
    location.reload();
    return;
  }
  // The buttons stay as they are: somebody may be about to press one.
  shown.querySelector("[role=status]").textContent =
    fresh.querySelector("[role=status]").textContent;
  shown.querySelector("progress").value = fresh.querySelector("progress").value;
  setTimeout(again, 2000);
};
setTimeout(again, 2000);
