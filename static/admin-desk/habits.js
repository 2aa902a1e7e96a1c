// What people type and paste who know Markdown: "# " begins a heading, "1. " a list. The editor itself
// knows "## ", "- ", "> ", "**bold**", "*italic*", "`code`", "```", and (link.js) "[words](address)".
import { Extension, textblockTypeInputRule, wrappingInputRule } from "django-prose-editor/editor";

const SIGNS =
  /^ {0,3}(#{1,6} \S|[-*+] \S|\d{1,3}[.)] \S|> ?\S|```|\|.+\|\s*$)|\*\*[^*\s][^*\n]*\*\*|\[[^\]\n]+\]\([^)\s]+\)/m;

/** Whether a text without layout looks like Markdown. */
export const isMarkdown = (text) => SIGNS.test(text);

export const MarkdownHabits = Extension.create({
  name: "MarkdownHabits",
  addInputRules() {
    const { heading, orderedList } = this.editor.schema.nodes;
    return [
      textblockTypeInputRule({ find: /^#\s$/, type: heading, getAttributes: { level: 2 } }),
      wrappingInputRule({
        find: /^(\d{1,3})[.)]\s$/,
        type: orderedList,
        getAttributes: ([, number]) => ({ start: Number(number) }),
        joinPredicate: ([, number], list) => list.childCount + list.attrs.start === Number(number),
      }),
    ];
  },
});
