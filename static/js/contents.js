/** The table of contents says which section is being read. */
const contents = [...document.querySelectorAll(".toc a")];
const headings = contents.map((link) =>
  document.getElementById(decodeURIComponent(link.hash.slice(1))),
);
const observer = new IntersectionObserver(
  () => {
    const line = innerHeight * 0.3;
    const at = headings.findLastIndex((one) => one?.getBoundingClientRect().top < line);
    for (const [place, link] of contents.entries()) {
      if (place === at) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  },
  // All that lies above the line counts as seen, so that a jump past it is noticed too.
  { rootMargin: "1000000px 0px -70% 0px" },
);
for (const one of headings) if (one) observer.observe(one);
