// Pastes from elsewhere go through the site's own cleaner; picture files go to the library.
import { Extension, Plugin } from "django-prose-editor/editor";
import { insertCard } from "./card.js";
import { desk, send, words } from "./dialog.js";
import { insertPictures } from "./figure.js";
import { isMarkdown } from "./habits.js";
import { withoutBytes } from "./leftout.js";
import { addPicture } from "./picker.js";

const VIDEO =
  /^https:\/\/(www\.|m\.)?(youtube\.com\/(watch|shorts|live)|youtu\.be\/|vimeo\.com\/\d)\S*$/;

/** Whether it is written in a type for code alone, as an editor of programs copies it. */
const isSource = (html) =>
  /^\s*(<meta[^>]*>\s*)?<(div|pre)[^>]*(monospace|white-space: ?pre)/i.test(html);

function say(text) {
  document.dispatchEvent(new CustomEvent("desk:say", { detail: text }));
}

async function addFiles(editor, files, place) {
  const added = [];
  for (const file of files) {
    const item = await addPicture(file);
    if (item) added.push(item);
  }
  if (added.length) insertPictures(editor, added, place);
  else editor.commands.focus();
}

async function cleaned(editor, source, text) {
  say(words.pasting);
  const asked = source.html ? { html: withoutBytes(source.html) } : source;
  const { status, answer } = await send(desk.urls.paste, asked);
  if (status === 422) {
    say(answer.message);
    return;
  }
  // Without an answer the words alone are pasted.
  const content =
    status === 200
      ? answer.html
      : text.split(/\n+/).map((line) => ({
          type: "paragraph",
          content: line ? [{ type: "text", text: line }] : [],
        }));
  editor.chain().focus().insertContent(content).run();
  say(answer.leftOut ? words.leftOut.replace("{n}", answer.leftOut) : "");
}

export const CleanPaste = Extension.create({
  name: "CleanPaste",
  addProseMirrorPlugins() {
    const { editor } = this;
    const pictures = (transfer) =>
      // Some systems know no type for photos of an iPhone.
      [...(transfer?.files || [])].filter(
        (file) => file.type.startsWith("image/") || /\.hei[cf]$/i.test(file.name),
      );
    return [
      new Plugin({
        props: {
          // Before the editor reads it: what it reads itself keeps looks that the policy forbids.
          handleDOMEvents: {
            paste(view, event) {
              const data = event.clipboardData;
              const html = data?.getData("text/html") || "";
              const text = (data?.getData("text/plain") || "").trim();
              const files = pictures(data);
              const { $from, empty } = view.state.selection;
              const blank =
                empty && $from.parent.type.name === "paragraph" && !$from.parent.content.size;
              if (files.length && !text) addFiles(editor, files, null);
              else if (VIDEO.test(text) && blank) insertCard(editor, { url: text });
              else if ($from.parent.type.spec.code || html.includes("data-pm-slice")) return false;
              // A program for code gives its colours along with the Markdown in it.
              else if ((!html || isSource(html)) && isMarkdown(text))
                cleaned(editor, { markdown: text }, text);
              else if (/<[a-z]/i.test(html)) cleaned(editor, { html }, text);
              else return false;
              event.preventDefault();
              return true;
            },
          },
          handleDrop(view, event) {
            const files = pictures(event.dataTransfer);
            if (!files.length) return false;
            event.preventDefault();
            const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
            addFiles(editor, files, at ? at.pos : null);
            return true;
          },
        },
      }),
    ];
  },
});
