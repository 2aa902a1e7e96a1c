"""Report of an import: what was stored, changed and left out, and why.

The same report is made by a dry run and by the run itself; it is kept as plain data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

EXAMPLES = 5
"""Examples that are kept of one thing."""
NAMED = {"file": 200, "commented page": 200, "comment on a page": 200, "account taken": 200}
"""What an owner has to look after one by one."""

MOST_WORDS = 300
"""Different things that are told apart."""

NEW, RENEWED, SAME, OURS, GONE = "new", "renewed", "same", "ours", "gone"

KINDS = {
    "person": gettext_lazy("authors"),
    "tag": gettext_lazy("tags"),
    "picture": gettext_lazy("pictures"),
    "article": gettext_lazy("articles"),
    "page": gettext_lazy("pages"),
    "comment": gettext_lazy("comments"),
    "redirect": gettext_lazy("redirects"),
    "account": gettext_lazy("accounts"),
    "menu": gettext_lazy("menu items"),
}
CHANGED = {
    "private": gettext_lazy("Private: stored as archived, so that only editors see it"),
    "password": gettext_lazy(
        "Behind a password: stored as archived, as there are no passwords for readers here"
    ),
    "sticky": gettext_lazy("Pinned to the front page: here the newest stands first"),
    "no date": gettext_lazy("Without a date that can be read: the best guess was taken"),
    "unknown status": gettext_lazy("In a state that is not known here: stored as a draft"),
    "unknown state": gettext_lazy("Comment in a state that is not known here: waits for approval"),
    "slug": gettext_lazy("The address was taken or could not be kept: a redirect leads on"),
    "title": gettext_lazy("Without a title, or a longer one than fits: shortened"),
    "lead": gettext_lazy("Longer excerpt than fits: shortened"),
    "byline": gettext_lazy("Named an author who is not in the file: made from the name"),
    "no author": gettext_lazy("Without an author: stored as a draft"),
    "category below another": gettext_lazy("Category below another: tags have no order here"),
    "no category": gettext_lazy("“Uncategorised” is no tag here"),
    "tag": gettext_lazy("Unknown markup: the words stay"),
    "nesting": gettext_lazy("Nested too deeply: the words stay"),
    "iframe": gettext_lazy("Frames (films, maps): a link to what they showed"),
    "embed": gettext_lazy("Embedded players: a link to what they showed"),
    "object": gettext_lazy("Embedded objects: a link to what they showed"),
    "video": gettext_lazy("Films: a link to the file"),
    "audio": gettext_lazy("Sound: a link to the file"),
    "picture elsewhere": gettext_lazy("Picture on another site: a link to it"),
    "moving picture": gettext_lazy("Moving picture: its first frame, since readers cannot stop it"),
    "orphan": gettext_lazy("Answered a comment that is not there: stands by itself"),
    "elsewhere": gettext_lazy("Answered a comment under another article: stands by itself"),
    "circle": gettext_lazy("Answered itself in a circle: stands by itself"),
    "long": gettext_lazy("Comment of more than 100,000 characters: the rest was cut off"),
    "name": gettext_lazy("Comment without a name that can be shown: “Anonymous”"),
    "reserved name": gettext_lazy(
        "Comment under the name of an author or of this site, by nobody known here: it waits for "
        "approval"
    ),
    "website": gettext_lazy("Comment with a website that is no web address: left out"),
    "comment date": gettext_lazy("Comment without a date that can be read: the best guess"),
    "private page": gettext_lazy("Private page: readers do not see it"),
    "page below another": gettext_lazy("Page below another: pages have no order here"),
    "commented page": gettext_lazy("Page with comments: an article here, at a new address"),
    "administrator": gettext_lazy("Administrator there: an editor here, until you make her more"),
    "adopted": gettext_lazy("Author who was here already: kept as she is"),
}
LOST = {
    "words lost": gettext_lazy("Text of which not every word came: compare it with the old one"),
    "no bio": gettext_lazy("Author without a bio: WordPress's export holds none"),
    "picture": gettext_lazy("Picture that was not found in the media: a link to its old address"),
    "bad picture": gettext_lazy("Picture that cannot be read"),
    "file": gettext_lazy("Link to a file that is no picture: it still leads to the old address"),
    "link": gettext_lazy("Link inside the site that leads to nothing that came"),
    "menu": gettext_lazy("Item of a menu that has no place here, or whose place is filled"),
    "menu below another": gettext_lazy("Item of a menu below another: menus have one level here"),
    "menu to nothing": gettext_lazy("Item of a menu that leads to nothing that came"),
    "account without address": gettext_lazy("Author without an e-mail address: no account"),
    "account taken": gettext_lazy(
        "Author whose e-mail address an account here has: not connected, connect them by hand"
    ),
    "machinery": gettext_lazy("WordPress's own machinery (themes, styles, revisions)"),
    "in the bin": gettext_lazy("In the bin there: not taken"),
    "empty draft": gettext_lazy("Draft that WordPress made by itself: not taken"),
    "block": gettext_lazy("Block that WordPress fills at the moment of reading"),
    "reusable block": gettext_lazy("Shared block that is not in the file"),
    "shortcode": gettext_lazy("Shortcode of a plugin, which stays to be seen in the text"),
    "post type": gettext_lazy(
        "Kind of content of a plugin: not among the post types that were named"
    ),
    "taxonomy": gettext_lazy("Order of content of a plugin"),
    "format": gettext_lazy("Post format"),
    "description for search engines": gettext_lazy(
        "Title or description for searches that a plugin fills in itself"
    ),
    "comment type": gettext_lazy("Comment of a plugin's kind: not taken"),
    "editors' note": gettext_lazy("Note of an editor on a block: not taken"),
    "comment without number": gettext_lazy("Comment without a number: not taken"),
    "empty comment": gettext_lazy("Comment that says nothing: not taken"),
    "no article": gettext_lazy("Comment under an article that is not here"),
    "comment on a page": gettext_lazy("Comment under a page that stays a page: left behind"),
    "twice": gettext_lazy("In the file twice: the first was taken"),
    "item": gettext_lazy("Could not be read or stored: not taken, the others are"),
    "unreadable": gettext_lazy("Text that no parser makes anything of: not taken"),
    "too deep": gettext_lazy("Text with far too many elements in each other: its words alone came"),
    "too large": gettext_lazy("Text that is too long or too deeply nested: not taken"),
    "script": gettext_lazy("Script in a text"),
    "style": gettext_lazy("Styles in a text"),
    "form": gettext_lazy("Form in a text"),
    "e-mail": gettext_lazy("E-mail address of a commenter: not kept, as it was not asked for"),
    "client": gettext_lazy("Network address of a commenter: not kept, as it was not asked for"),
    "members only": gettext_lazy("For members only: stored as archived"),
    "front matter": gettext_lazy("Front matter that cannot be read: the file was not taken"),
    "unread": gettext_lazy("Part of the file that could not be read"),
}
FAULTS = {
    "file: encoding": gettext_lazy("Unknown encoding: read as UTF-8"),
    "file: bytes": gettext_lazy("Bytes that are no UTF-8: read as Windows-1252"),
    "file: controls": gettext_lazy("Control characters: left out"),
    "file: cdata": gettext_lazy("A text without an end"),
    "file: tag": gettext_lazy("A stray “<” that begins nothing: read as text"),
    "file: doctype": gettext_lazy("A document type of its own: not followed"),
    "file: unclosed": gettext_lazy("An element without an end: closed by the next"),
    "file: depth": gettext_lazy("Elements nested too deeply"),
    "file: tail": gettext_lazy("The end of the file is missing"),
    "cut off": gettext_lazy("Cut off: taken as far as it goes"),
    "no export": gettext_lazy("This is no export that can be read"),
    "zip": gettext_lazy("A file in the zip that was not read"),
}
GROUPS = {
    "changed": (gettext_lazy("Comes in differently"), CHANGED),
    "lost": (gettext_lazy("Stays behind"), LOST),
    "faults": (gettext_lazy("Wrong with the file"), FAULTS),
}


@dataclass(frozen=True)
class ReportLine:
    """One line of the report: text, count and examples."""

    words: str
    count: int
    examples: list[str]


@dataclass
class RunReport:
    """Counts and examples, by short words; as data it is {"come": …, "told": …}."""

    # {"comment": {"new": 12, "same": 3}}
    come: dict[str, dict[str, int]] = field(default_factory=dict)
    # {"private": {"count": 2, "examples": ["…"]}}
    told: dict[str, dict[str, Any]] = field(default_factory=dict)

    def came(self, kind: str, how: str, count: int = 1) -> None:
        """`count` things of a kind are new, renewed, the same, changed here, or deleted here."""
        numbers = self.come.setdefault(kind, {})
        numbers[how] = numbers.get(how, 0) + count

    def tell(self, word: str, example: str = "", count: int = 1) -> None:
        """Count a line of the report."""
        if len(self.told) >= MOST_WORDS and word not in self.told:
            # A hostile file could name a new plugin in every line.
            word = next((stem for stem in (*CHANGED, *LOST) if word.startswith(stem)), word)
        found = self.told.setdefault(word, {"count": 0, "examples": []})
        found["count"] += count
        example = " ".join(example.split())[:160]
        examples = found["examples"]
        if example and len(examples) < NAMED.get(word, EXAMPLES) and example not in examples:
            examples.append(example)

    def data(self) -> dict[str, Any]:
        """As plain data."""
        return {"come": self.come, "told": self.told}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> RunReport:
        """The report that was kept."""
        return cls(come=dict(data.get("come", {})), told=dict(data.get("told", {})))

    def numbers(self) -> list[tuple[str, str]]:
        """(kind, what came of it) in words."""
        return [
            (str(KINDS[kind]), ", ".join(_how(self.come[kind])))
            for kind in KINDS
            if kind in self.come
        ]

    def groups(self) -> list[tuple[str, list[ReportLine]]]:
        """Lines by group, the most frequent first."""
        found = []
        for heading, words in GROUPS.values():
            lines = list(self._lines(words))
            if lines:
                found.append((str(heading), sorted(lines, key=lambda line: -line.count)))
        return found

    def _lines(self, labels: dict[str, Any]) -> Iterator[ReportLine]:
        for word, found in self.told.items():
            label, name = labels.get(word), ""
            if label is None:
                stem = next((item for item in labels if word.startswith(f"{item} ")), "")
                if not stem:
                    continue
                label, name = labels[stem], f": {word.removeprefix(stem).strip()}"
            yield ReportLine(f"{label}{name}", found["count"], list(found["examples"]))

    def text(self) -> str:
        """The whole report, for a terminal."""
        lines = [f"{kind}: {how}" for kind, how in self.numbers()] or [_("Nothing came.")]
        for heading, told in self.groups():
            lines += ["", heading]
            for line in told:
                lines.append(f"  {line.count} × {line.words}")
                lines += [f"      {example}" for example in line.examples]
        return "\n".join(lines)


_HOW = {
    NEW: gettext_lazy("%s new"),
    RENEWED: gettext_lazy("%s renewed"),
    SAME: gettext_lazy("%s unchanged"),
    OURS: gettext_lazy("%s changed here and left so"),
    GONE: gettext_lazy("%s deleted here and left so"),
}


def _how(numbers: dict[str, int]) -> list[str]:
    return [
        str(words) % number_format(numbers[key]) for key, words in _HOW.items() if numbers.get(key)
    ]
