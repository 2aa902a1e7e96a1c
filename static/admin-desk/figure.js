// A picture of the library inside a text. The text holds its number alone; alternative text,
// caption and credit belong to the library and are filled in when the article is rendered.
import { Node } from "django-prose-editor/editor"
import { choosePicture } from "./picker.js"

const words = document.documentElement.lang.startsWith("nl")
  ? { button: "Afbeelding" }
  : { button: "Picture" }

export const PictureFigure = Node.create({
  name: "PictureFigure",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes() {
    return {
      image: {
        default: null,
        parseHTML: (element) => element.getAttribute("data-image"),
        renderHTML: (attributes) => ({ "data-image": attributes.image }),
      },
    }
  },
  parseHTML() {
    return [{ tag: "figure[data-image]" }]
  },
  renderHTML({ HTMLAttributes }) {
    return ["figure", HTMLAttributes]
  },
  addNodeView() {
    return ({ node }) => {
      const dom = document.createElement("figure")
      dom.className = "desk-figure"
      dom.dataset.image = node.attrs.image
      const picture = document.createElement("img")
      picture.src = `/admin/blog/image/${encodeURIComponent(node.attrs.image)}/thumb/`
      picture.alt = `${words.button} ${node.attrs.image}`
      dom.append(picture)
      return { dom }
    }
  },
  addMenuItems({ buttons, menu }) {
    menu.defineItem({
      name: "PictureFigure",
      groups: "nodes",
      button: buttons.material("image", words.button),
      command(editor) {
        choosePicture().then((item) => {
          const chain = editor.chain().focus()
          if (item) chain.insertContent({ type: "PictureFigure", attrs: { image: String(item.id) } })
          chain.run()
        })
      },
    })
  },
})
