// Tells the site's own pages, in this browser alone, to ask who is logged in.
localStorage.setItem("weerwoord.staff", "1")

const form = document.querySelector("#article_form")
if (form) {
  const { choosePicture } = await import("./picker.js")
  await import("./schedule.js")
  await import("./byline.js")

  // A warning before work is lost, and only then: the form is compared with how it was opened.
  const state = () => new URLSearchParams(
    [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken"),
  ).toString()
  let opened = null
  // The editor writes its own reading of the text into the field once it has started.
  setTimeout(() => { opened = state() }, 1000)
  let saving = false
  form.addEventListener("submit", () => { saving = true })
  addEventListener("beforeunload", (event) => {
    if (!saving && opened !== null && state() !== opened) event.preventDefault()
  })
  form.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault()
      form.requestSubmit(form.querySelector("[name=_continue]"))
    }
  })

  const select = form.querySelector("#id_picture")
  if (select) {
    const dutch = document.documentElement.lang.startsWith("nl")
    const button = document.createElement("button")
    Object.assign(button, {
      type: "button", className: "button", textContent: dutch ? "Kies uit de bibliotheek" : "Choose from the library",
    })
    button.addEventListener("click", async () => {
      const item = await choosePicture()
      button.focus()
      if (!item) return
      if (![...select.options].some((option) => option.value === String(item.id))) {
        select.add(new Option(item.label, item.id))
      }
      select.value = item.id
    })
    select.after(button)
  }
}
