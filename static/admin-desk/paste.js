// Pastes of word processors go through the site's own cleaner; picture files go to the library.
import { Extension, Plugin } from "django-prose-editor/editor"
import { insertCard } from "./card.js"
import { desk, send, words } from "./dialog.js"
import { insertPictures } from "./figure.js"
import { addPicture } from "./picker.js"

const PROCESSOR = /docs-internal-guid|urn:schemas-microsoft-com|class="?Mso|mso-|name="?generator"? content="?(microsoft|libreoffice|openoffice)/i
const VIDEO = /^https:\/\/(www\.|m\.)?(youtube\.com\/(watch|shorts|live)|youtu\.be\/|vimeo\.com\/\d)\S*$/

function say(text) {
  document.dispatchEvent(new CustomEvent("desk:say", { detail: text }))
}

async function addFiles(editor, files, place) {
  const added = []
  for (const file of files) {
    const item = await addPicture(file)
    if (item) added.push(item)
  }
  if (added.length) insertPictures(editor, added, place)
  else editor.commands.focus()
}

async function cleaned(editor, html) {
  say(words.pasting)
  const { status, answer } = await send(desk.urls.paste, { html })
  if (status === 422) {
    say(answer.message)
    return
  }
  // Without an answer the editor keeps what it knows itself.
  editor.chain().focus().insertContent(status === 200 ? answer.html : html).run()
  say(answer.pictures ? words.picturesLeft.replace("{n}", answer.pictures) : "")
}

export const CleanPaste = Extension.create({
  name: "CleanPaste",
  addProseMirrorPlugins() {
    const { editor } = this
    const pictures = (transfer) => [...(transfer?.files || [])].filter((file) => file.type.startsWith("image/"))
    return [new Plugin({
      props: {
        handlePaste(view, event) {
          const data = event.clipboardData
          const html = data?.getData("text/html") || ""
          const text = (data?.getData("text/plain") || "").trim()
          const files = pictures(data)
          if (files.length && !text) {
            addFiles(editor, files, null)
            return true
          }
          if (PROCESSOR.test(html) && !html.includes("data-pm-slice")) {
            cleaned(editor, html)
            return true
          }
          const { $from, empty } = view.state.selection
          if (VIDEO.test(text) && empty && $from.parent.type.name === "paragraph" && !$from.parent.content.size) {
            insertCard(editor, { url: text })
            return true
          }
          return false
        },
        handleDrop(view, event) {
          const files = pictures(event.dataTransfer)
          if (!files.length) return false
          event.preventDefault()
          const at = view.posAtCoords({ left: event.clientX, top: event.clientY })
          addFiles(editor, files, at ? at.pos : null)
          return true
        },
      },
    })]
  },
})
