// Tells the site's own pages, in this browser alone, to ask who is logged in.
localStorage.setItem("weerwoord.staff", "1")

const form = document.querySelector("#article_form, #page_form")
if (form) {
  // The editor starts in a module of its own; it is listened for before anything is waited for.
  const ready = new Promise((resolve) => {
    document.addEventListener("prose-editor:ready", (event) => resolve(event.detail.editor), { once: true })
  })
  await import("./schedule.js")
  await import("./byline.js")
  const { start } = await import("./writing.js")
  start(form, ready)
}

const focal = document.querySelector("#id_focal_x[data-picture]")
if (focal) {
  const { onPicture } = await import("./focal.js")
  const across = focal, down = document.querySelector("#id_focal_y")
  across.closest(".form-row, .fieldBox, div").before(onPicture(across.dataset.picture, across, down))
}
