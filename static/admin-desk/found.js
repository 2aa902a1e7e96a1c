// What a search engine may show of a text, and how much of it fits.
import { make } from "../js/site.js";

const line = (text) => text.replace(/\s+/g, " ").trim();
const cut = (text, at) => (text.length > at ? `${text.slice(0, at - 1).trimEnd()}…` : text);

export function found(box) {
  const form = box.closest("form");
  const of = (name) => form.elements.namedItem(name);
  const part = (name) => box.querySelector(`.desk-found-${name}`);
  const [title, text] = [of("search_title"), of("search_description")];

  function counter(field) {
    const count = make("p", { className: "desk-found-count" });
    field.after(count);
    return () => {
      const n = line(field.value).length;
      const all = Number(field.dataset.at);
      const words = n > all ? box.dataset.long : box.dataset.count;
      count.textContent = n ? words.replace("{n}", n).replace("{all}", all) : "";
    };
  }
  const counters = [counter(title), counter(text)];

  function show() {
    const own = line(of("title").value);
    const whole = line(title.value) || (own && `${own} – ${box.dataset.site}`);
    part("title").textContent = cut(whole, Number(title.dataset.at));
    const begun = line(of("lead")?.value ?? "") || box.dataset.begun;
    part("text").textContent = cut(line(text.value) || begun, Number(text.dataset.at));
    for (const count of counters) count();
  }
  form.addEventListener("input", show);
  show();
}
