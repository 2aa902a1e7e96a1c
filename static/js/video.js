// A video is loaded when its reader asks for it; until then its card is a link, and no request
// leaves the site. Without this script it stays a link.

import { make } from "./site.js";

const words = document.querySelector("script[data-load]").dataset;
const SERVICES = {
  youtube: {
    name: "YouTube",
    pattern: /^youtube:([\w-]{11})(?::(\d{1,6}))?$/,
    address: ([, id, start]) =>
      `https://www.youtube-nocookie.com/embed/${id}?autoplay=1${start ? `&start=${start}` : ""}`,
  },
  vimeo: {
    name: "Vimeo",
    pattern: /^vimeo:(\d{1,12})(?::([0-9a-f]{6,20}))?$/,
    address: ([, id, key]) =>
      `https://player.vimeo.com/video/${id}?autoplay=1&dnt=1${key ? `&h=${key}` : ""}`,
  },
};

function offer(card) {
  const service = SERVICES[card.dataset.video.split(":")[0]];
  const match = service?.pattern.exec(card.dataset.video);
  if (!match) return;
  const title = card.querySelector("strong").textContent;
  const id = `video-${document.querySelectorAll(".video-ask").length + 1}`;
  const warning = make("p", { id }, words.warning.replace("{service}", service.name));
  const button = make(
    "button",
    { className: "button", type: "button", "aria-describedby": id },
    words.load,
  );
  const ask = make("div", { className: "video-ask" }, button, warning);
  button.addEventListener("click", () => {
    const frame = make("iframe", {
      title: words.title.replace("{title}", title),
      allow: "autoplay; encrypted-media; fullscreen; picture-in-picture",
      // YouTube plays nothing for who does not say from which site.
      referrerPolicy: "strict-origin-when-cross-origin",
      src: service.address(match),
    });
    ask.replaceWith(frame);
    frame.focus();
  });
  card.append(ask);
}

for (const card of document.querySelectorAll(".link-card[data-video]")) offer(card);
