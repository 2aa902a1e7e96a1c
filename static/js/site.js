// Sharing without third parties: the clipboard and the system's own share sheet.
// Both buttons stay hidden where the browser cannot do what they say.

const status = document.querySelector(".share-status");

function offer(button, action) {
  button.closest("li").hidden = false;
  button.addEventListener("click", action);
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  offer(button, async () => {
    const { copy, done, failed } = button.dataset;
    status.textContent = "";
    try {
      await navigator.clipboard.writeText(copy);
      status.textContent = done;
    } catch {
      status.textContent = `${failed} ${copy}`;
    }
  });
}

for (const button of document.querySelectorAll("[data-share]")) {
  const sheet = { url: button.dataset.share, title: button.dataset.title };
  if (!navigator.canShare?.(sheet)) continue;
  // Rejects when the reader closes the sheet, which needs no word.
  offer(button, () => navigator.share(sheet).catch(() => {}));
}
