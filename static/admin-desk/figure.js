// A picture of the library inside a text. The text holds its number alone; alternative text,
// caption and credit belong to the library and are filled in when the article is rendered.
import { Node } from "django-prose-editor/editor"

const words = document.documentElement.lang.startsWith("nl")
  ? { button: "Afbeelding", ask: "Nummer van de afbeelding in de bibliotheek" }
  : { button: "Picture", ask: "Number of the picture in the library" }

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
      dom.textContent = `${words.button} ${node.attrs.image}`
      return { dom }
    }
  },
  addMenuItems({ buttons, menu }) {
    menu.defineItem({
      name: "PictureFigure",
      groups: "nodes",
      button: buttons.material("image", words.button),
      command(editor) {
        const image = window.prompt(words.ask)
        if (image && /^[1-9][0-9]*$/.test(image.trim())) {
          editor
            .chain()
            .focus()
            .insertContent({ type: "PictureFigure", attrs: { image: image.trim() } })
            .run()
        }
      },
    })
  },
})
