// A video is loaded when its reader asks for it; until then its card is a link, and no request
// leaves the site. Without this script it stays a link.

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
  const ask = document.createElement("div");
  const button = document.createElement("button");
  const warning = document.createElement("p");
  ask.className = "video-ask";
  button.className = "button";
  button.type = "button";
  button.textContent = words.load;
  warning.id = `video-${document.querySelectorAll(".video-ask").length + 1}`;
  warning.textContent = words.warning.replace("{service}", service.name);
  button.setAttribute("aria-describedby", warning.id);
  button.addEventListener("click", () => {
    const frame = document.createElement("iframe");
    frame.title = words.title.replace("{title}", title);
    frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
    // YouTube plays nothing for who does not say from which site.
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    frame.src = service.address(match);
    ask.replaceWith(frame);
    frame.focus();
  });
  ask.append(button, warning);
  card.append(ask);
}

for (const card of document.querySelectorAll(".link-card[data-video]")) offer(card);
