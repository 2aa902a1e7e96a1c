// The picture library in a dialog: search, choose, or add one with its alternative text.
const dutch = document.documentElement.lang.startsWith("nl")
const words = dutch
  ? {
      title: "Kies een afbeelding", search: "Zoek in de bibliotheek", none: "Niets gevonden.",
      more: "Meer tonen", add: "Nieuwe afbeelding toevoegen", file: "Bestand",
      alt: "Alternatieve tekst: wat is er te zien?", caption: "Bijschrift", credit: "Maker of bron",
      upload: "Toevoegen en kiezen", busy: "Bezig met toevoegen …", cancel: "Annuleren",
      failed: "De site antwoordde niet. Probeer het nog eens.",
    }
  : {
      title: "Choose a picture", search: "Search the library", none: "Nothing found.",
      more: "Show more", add: "Add a new picture", file: "File",
      alt: "Alternative text: what is to be seen?", caption: "Caption", credit: "Maker or source",
      upload: "Add and choose", busy: "Adding …", cancel: "Cancel",
      failed: "The site did not answer. Please try again.",
    }

const address = new URL("/admin/blog/image/choose/", location.href)

function make(tag, attributes = {}, ...children) {
  const made = Object.assign(document.createElement(tag), attributes)
  made.append(...children)
  return made
}

function field(label, input) {
  return make("label", { className: "picker-field" }, label, input)
}

/** Opens the library; gives {id, label, thumb}, or null when nothing was chosen. */
export function choosePicture() {
  return new Promise((resolve) => {
    const search = make("input", { type: "search", name: "q" })
    const list = make("ul", { className: "picker-list" })
    const status = make("p", { role: "status", className: "picker-status" })
    const more = make("button", { type: "button", textContent: words.more, hidden: true })
    const file = make("input", { type: "file", name: "file", accept: "image/*", required: true })
    const alt = make("input", { type: "text", name: "alt", maxLength: 300 })
    const caption = make("input", { type: "text", name: "caption", maxLength: 300 })
    const credit = make("input", { type: "text", name: "credit", maxLength: 120 })
    const upload = make("button", { type: "submit", textContent: words.upload })
    const form = make("form", { className: "picker-upload" },
      field(words.file, file), field(words.alt, alt), field(words.caption, caption),
      field(words.credit, credit), upload)
    const cancel = make("button", { type: "button", textContent: words.cancel })
    const title = make("h2", { id: "picker-title", textContent: words.title })
    const dialog = make("dialog", { className: "picker" },
      title, field(words.search, search), list, more, status,
      make("details", {}, make("summary", { textContent: words.add }), form), cancel)
    dialog.setAttribute("aria-labelledby", title.id)
    let chosen = null
    let asked = 0

    function choose(item) {
      chosen = item
      dialog.close()
    }

    async function show(before) {
      const turn = ++asked
      const url = new URL(address)
      url.searchParams.set("q", search.value)
      if (before) url.searchParams.set("before", before)
      let found
      try {
        found = await (await fetch(url)).json()
      } catch {
        status.textContent = words.failed
        return
      }
      if (turn !== asked) return
      if (!before) list.replaceChildren()
      for (const item of found.items) {
        const picture = make("img", { src: item.thumb, alt: "", loading: "lazy" })
        const button = make("button", { type: "button", onclick: () => choose(item) },
          picture, make("span", { textContent: item.label }))
        list.append(make("li", {}, button))
      }
      status.textContent = list.children.length ? "" : words.none
      more.hidden = !found.more
      more.onclick = () => show(found.more)
    }

    let waiting
    search.addEventListener("input", () => {
      clearTimeout(waiting)
      waiting = setTimeout(show, 250)
    })
    form.addEventListener("submit", async (event) => {
      event.preventDefault()
      upload.disabled = true
      status.textContent = words.busy
      const token = document.querySelector("[name=csrfmiddlewaretoken]").value
      let message = words.failed
      try {
        const answer = await fetch(address, {
          method: "POST", body: new FormData(form), headers: { "X-CSRFToken": token },
        })
        const item = await answer.json()
        if (answer.status === 201) return choose(item)
        message = item.message || message
      } catch {
        // The message says it.
      }
      upload.disabled = false
      status.textContent = message
    })
    cancel.addEventListener("click", () => dialog.close())
    dialog.addEventListener("close", () => {
      dialog.remove()
      resolve(chosen)
    })
    document.body.append(dialog)
    dialog.showModal()
    show()
  })
}
