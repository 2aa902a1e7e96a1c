// The distance to UTC of the date that is typed, as the browser knows it for the site's zone.
for (const box of document.querySelectorAll(".desk-schedule")) {
  const shown = box.querySelector("[data-offset]");
  const [day] = box.querySelectorAll("input");
  if (!shown) continue;
  const show = () => {
    const [d, m, y] = day.value.split("-").map(Number);
    const noon = d > 31 ? new Date(Date.UTC(d, m - 1, y, 12)) : new Date(Date.UTC(y, m - 1, d, 12));
    if (Number.isNaN(noon.getTime())) return;
    const part = new Intl.DateTimeFormat("en", {
      timeZone: box.dataset.zone,
      timeZoneName: "shortOffset",
    })
      .formatToParts(noon)
      .find(({ type }) => type === "timeZoneName");
    shown.textContent = part.value.replace("GMT", "UTC").replace("-", "−");
  };
  box.addEventListener("input", show);
  // What was typed before this was there.
  if (day.value !== day.defaultValue) show();
  // Django's calendar writes into the field without an event that is heard here.
  box.addEventListener("focusout", show);
  box.addEventListener("focusin", show);
}
