// Links: an address, or an article of this site by its number, which follows wherever it moves.
import { Link } from "django-prose-editor/editor"
import { addressOf, desk, dialogOf, field, make, words } from "./dialog.js"

/** Asks where a link leads; gives {href, title}, {remove: true}, or null. */
function askLink(href) {
  const status = make("p", { role: "status", className: "picker-status" })
  const input = make("input", { type: "text", value: href, autocomplete: "off" })
  const list = make("ul", { className: "link-list", "aria-label": words.linkResults })
  const cancel = make("button", { type: "button", className: "button", textContent: words.cancel })
  const remove = make("button", { type: "button", className: "button", textContent: words.linkRemove, hidden: !href })
  const form = make("form", { noValidate: true }, field(words.linkField, input), list,
    make("div", { className: "picker-buttons" },
      make("button", { type: "submit", className: "button", textContent: words.save }), remove, cancel))
  const box = dialogOf(words.link, form, status)
  let asked = 0
  async function find() {
    const turn = ++asked
    if (addressOf(input.value) || input.value.trim().length < 2) {
      list.replaceChildren()
      return
    }
    const url = new URL(desk.urls.links, location.href)
    url.searchParams.set("q", input.value)
    let items = []
    try {
      items = (await (await fetch(url)).json()).items
    } catch {
      status.textContent = words.failed
    }
    if (turn !== asked) return
    list.replaceChildren(...items.map((item) => make("li", {}, make("button", {
      type: "button", onclick: () => box.close({ href: `article:${item.number}`, title: item.title }),
    }, item.title, item.status ? make("span", { className: "quiet" }, ` ${item.status}`) : ""))))
    status.textContent = items.length ? "" : words.none
  }
  let waiting
  input.addEventListener("input", () => {
    clearTimeout(waiting)
    waiting = setTimeout(find, 250)
  })
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    const value = addressOf(input.value)
    if (value) box.close({ href: value })
    else status.textContent = words.linkNeeds
  })
  remove.addEventListener("click", () => box.close({ remove: true }))
  cancel.addEventListener("click", () => box.close(null))
  const answer = box.ask()
  input.focus()
  return answer
}

async function editLink(editor) {
  const link = await askLink(editor.getAttributes("link").href || "")
  const chain = editor.chain().focus()
  if (link?.remove) chain.extendMarkRange("link").unsetLink()
  else if (link && editor.isActive("link")) chain.extendMarkRange("link").updateAttributes("link", { href: link.href })
  else if (link && !editor.state.selection.empty) chain.setMark("link", { href: link.href })
  else if (link) {
    const text = link.title || link.href.replace(/^(https?:\/\/|mailto:)/, "")
    chain.insertContent({ type: "text", text, marks: [{ type: "link", attrs: { href: link.href } }] })
  }
  chain.run()
}

export const ArticleLink = Link.extend({
  addOptions() {
    return { ...this.parent?.(), protocols: ["article"], enableTarget: false, autolink: false }
  },
  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "link",
      groups: "link",
      button: buttons.material("insert_link", words.link),
      command: (editor) => { editLink(editor) },
      active: (editor) => editor.isActive("link"),
    })
  },
  addKeyboardShortcuts() {
    return {
      "Mod-k": ({ editor }) => {
        editLink(editor)
        return true
      },
    }
  },
})
