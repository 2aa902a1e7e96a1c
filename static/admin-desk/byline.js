// The order of the authors: dragged, or moved with buttons. What is sent follows the page.
for (const list of document.querySelectorAll(".desk-byline")) {
  const words = list.dataset
  const status = document.createElement("p")
  status.setAttribute("role", "status")
  status.className = "desk-byline-status"
  list.after(status)
  const rows = () => [...list.children]
  const box = (row) => row.querySelector("input")
  const name = (row) => row.querySelector("span").textContent
  const chosen = () => rows().filter((row) => box(row).checked)

  function told(row) {
    const all = chosen()
    status.textContent = words.place.replace("{name}", name(row))
      .replace("{n}", all.indexOf(row) + 1).replace("{all}", all.length)
  }
  function show() {
    const all = chosen()
    for (const row of rows()) {
      const place = all.indexOf(row)
      row.draggable = place >= 0 && all.length > 1
      for (const button of row.querySelectorAll("button")) {
        button.hidden = !row.draggable
        button.disabled = place === (button.dataset.by === "-1" ? 0 : all.length - 1)
      }
    }
  }
  function button(row, by, sign, label) {
    const made = document.createElement("button")
    Object.assign(made, { type: "button", textContent: sign })
    made.dataset.by = by
    made.setAttribute("aria-label", label.replace("{name}", name(row)))
    made.addEventListener("click", () => {
      const all = chosen()
      const other = all[all.indexOf(row) + by]
      if (!other) return
      if (by < 0) other.before(row)
      else other.after(row)
      show()
      told(row)
      // At the end of the way the other button takes over.
      if (made.disabled) row.querySelector("button:not(:disabled)").focus()
      else made.focus()
    })
    return made
  }

  let dragged = null
  for (const row of rows()) {
    row.append(button(row, -1, "↑", words.up), button(row, 1, "↓", words.down))
    row.addEventListener("dragstart", (event) => {
      dragged = row
      event.dataTransfer.effectAllowed = "move"
    })
    row.addEventListener("dragover", (event) => {
      if (!dragged || dragged === row || !box(row).checked) return
      event.preventDefault()
      const { top, height } = row.getBoundingClientRect()
      if (event.clientY < top + height / 2) row.before(dragged)
      else row.after(dragged)
    })
    row.addEventListener("dragend", () => {
      show()
      if (dragged) told(dragged)
      dragged = null
    })
    box(row).addEventListener("change", () => {
      const others = chosen().filter((other) => other !== row)
      const last = others[others.length - 1]
      if (last) last.after(row)
      else list.prepend(row)
      show()
      box(row).focus()
    })
  }
  list.addEventListener("drop", (event) => event.preventDefault())
  if (words.filter) {
    const find = document.createElement("input")
    Object.assign(find, { type: "search", placeholder: words.filter })
    find.setAttribute("aria-label", words.filter)
    find.addEventListener("input", () => {
      const typed = find.value.toLowerCase()
      for (const row of rows()) row.hidden = !box(row).checked && !name(row).toLowerCase().includes(typed)
    })
    list.before(find)
  }
  show()
}
