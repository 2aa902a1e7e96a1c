"""What two versions of a text differ in, for people to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html.parser import HTMLParser
from typing import Any

from django.forms import BaseForm, ModelChoiceField, ModelForm
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from blog.admin.desk_words import PLACE_NAMES
from blog.content import sanitiser
from blog.models import Text
from blog.models.version import SavedVersion
from core import html_bounds
from core.text import number_of

_BLOCKS = frozenset(
    ("p", "h2", "h3", "h4", "li", "blockquote", "figure", "pre", "td", "th", "hr", "table")
)
# Comparing takes time with the square of the length.
_MOST_LINES = 4000
_MOST_WORDS = 600
_ALIKE = 0.4
_WORDS = frozenset(("title", "lead", "body_source"))
EMPTY = "–"
"""Stands for a field that nothing was filled in."""
_NOT_COMPARED = _WORDS | {"opened_on", "copy_key"}


@dataclass(frozen=True)
class DifferenceLine:
    """A line of one side or of both: `kind` is "theirs", "yours", "same" or "gap".

    `parts` are its pieces, each with whether the other side lacks it. A gap stands for equal
    lines that are left out; its text says how many.
    """

    kind: str
    text: str
    parts: tuple[tuple[bool, str], ...] = ()


@dataclass(frozen=True)
class FieldDifference:
    """A field beside the text that both sides fill in differently."""

    label: str
    theirs: str
    yours: str


class _Paragraphs(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.notes = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag in _BLOCKS:
            self.lines.append("")
        if tag == "figure" and (numbers := facts.get("data-image") or facts.get("data-gallery")):
            shown = [f"{_('picture')} {numbers.replace(',', ', ')}"]
            if place := facts.get("data-place"):
                shown.append(str(PLACE_NAMES.get(place, place)).lower())
            self.lines[-1] = f"[{' · '.join(shown)}]"
        if tag == "figure" and facts.get("data-left-out"):
            self.lines[-1] = _("left out") + ": "
        if tag == "sup" and "data-note" in facts:
            self.lines[-1] += " [" + pgettext("at the foot of a text", "note") + ": "
            self.notes += 1
        if tag == "a" and facts.get("href"):
            self.lines[-1] += f"<{facts['href']}> "

    def handle_endtag(self, tag: str) -> None:
        if tag == "sup" and self.notes:
            self.lines[-1] += "]"
            self.notes -= 1

    def handle_data(self, data: str) -> None:
        self.lines[-1] += data


def paragraphs(html: str) -> list[str]:
    """The text of `html`, a line for each paragraph; pictures, notes and addresses in words.

    What somebody typed is cleaned before it is parsed, as it would be to be stored; what is too
    large for that is shown as it was typed.
    """
    try:
        html = sanitiser.clean(html)
    except html_bounds.TooLarge:
        return [line for line in (" ".join(line.split()) for line in html.split("\n")) if line]
    parser = _Paragraphs()
    parser.feed(html)
    parser.close()
    return [line for line in (" ".join(line.split()) for line in parser.lines) if line]


def lines_of(version: Text | SavedVersion) -> list[str]:
    """Title, lead where there is one, and text of a stored version, line by line."""
    return [version.title, getattr(version, "lead", ""), *paragraphs(version.body_source)]


def lines_of_version(version: SavedVersion) -> list[str]:
    """With what searches show of it, where that was chosen."""
    chosen = {
        _("Title for searches"): version.search_title,
        _("Description for searches"): version.search_description,
    }
    told = [f"{label}: {text}" for label, text in chosen.items() if text]
    return [*lines_of(version), *told]


def difference(stored: Text, form: BaseForm) -> list[DifferenceLine]:
    """Title, lead and text of what is stored and of a form, unchanged lines too."""
    typed = {name: str(form[name].value() or "") for name in form.fields if name in _WORDS}
    yours = [typed["title"], typed.get("lead", ""), *paragraphs(typed["body_source"])]
    return compare(lines_of(stored), yours)


def compare(
    theirs: Sequence[str], yours: Sequence[str], context: int | None = None
) -> list[DifferenceLine]:
    """Both, line by line; equal lines further than `context` from a change become a gap."""
    theirs, yours = list(theirs[:_MOST_LINES]), list(yours[:_MOST_LINES])
    found: list[DifferenceLine] = []
    steps = SequenceMatcher(None, theirs, yours, autojunk=False).get_opcodes()
    for number, (kind, a, b, c, d) in enumerate(steps):
        if kind == "equal":
            first, last = number == 0, number == len(steps) - 1
            found += _same(theirs[a:b], context, first, last)
        else:
            found += _changed(theirs[a:b], yours[c:d])
    return [line for line in found if line.text]


def _same(lines: list[str], context: int | None, first: bool, last: bool) -> list[DifferenceLine]:
    shown = [DifferenceLine("same", line, ((False, line),)) for line in lines]
    if context is None or len(lines) <= 2 * context + 1:
        return shown
    before = [] if first else shown[:context]
    after = [] if last else shown[len(shown) - context :]
    count = len(lines) - len(before) - len(after)
    gap = _("… %(count)s unchanged paragraphs …") % {"count": count}
    return [*before, DifferenceLine("gap", gap, ((False, gap),)), *after]


def _changed(theirs: list[str], yours: list[str]) -> list[DifferenceLine]:
    """Lines that replace each other stand under each other, with what differs in them."""
    found: list[DifferenceLine] = []
    for number in range(max(len(theirs), len(yours))):
        old = theirs[number] if number < len(theirs) else ""
        new = yours[number] if number < len(yours) else ""
        old_parts, new_parts = _parts(old, new)
        found.append(DifferenceLine("theirs", old, old_parts))
        found.append(DifferenceLine("yours", new, new_parts))
    return found


Parts = tuple[tuple[bool, str], ...]


def _parts(old: str, new: str) -> tuple[Parts, Parts]:
    a, b = old.split(" "), new.split(" ")
    whole: tuple[Parts, Parts] = (((False, old),), ((False, new),))
    if not old or not new or max(len(a), len(b)) > _MOST_WORDS:
        return whole
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return whole
    left: list[tuple[bool, str]] = []
    right: list[tuple[bool, str]] = []
    for kind, i, j, k, m in matcher.get_opcodes():
        differs = kind != "equal"
        if i < j:
            left.append((differs, " ".join(a[i:j])))
        if k < m:
            right.append((differs, " ".join(b[k:m])))
    return tuple(left), tuple(right)


def field_differences(stored: ModelForm[Any], form: ModelForm[Any]) -> list[FieldDifference]:
    """The other fields in which the stored article (an unbound form) and a form differ."""
    found = []
    for name, field in form.fields.items():
        if name in _NOT_COMPARED or name not in stored.fields:
            continue
        before = _shown(stored, name)
        after = _shown(form, name)
        if before != after:
            found.append(FieldDifference(str(field.label or name), before or EMPTY, after or EMPTY))
    return found


def _shown(form: ModelForm[Any], name: str) -> str:
    """The value of a field as people read it."""
    field, value = form.fields[name], form[name].value()
    if isinstance(value, (list, tuple)) and hasattr(field.widget, "widgets"):
        return " ".join(str(part) for part in value if part)
    if hasattr(field.widget, "decompress") and not isinstance(value, (list, tuple)):
        parts = field.widget.decompress(value)
        widgets = zip(field.widget.widgets, parts, strict=True)
        return " ".join(str(one.format_value(part)) for one, part in widgets if part)
    values = value if isinstance(value, (list, tuple)) else [value]
    texts = ["" if one is None else str(one) for one in values]
    if name == "words":
        # Tags have no order of their own.
        return ", ".join(sorted(" ".join(tag.split()) for tag in ",".join(texts).split(",")))
    if isinstance(field, ModelChoiceField) and field.queryset is not None:
        # Not all rows that could be chosen: the library may have thousands.
        keys = [number_of(text) for text in texts]
        rows = field.queryset.filter(pk__in=keys)
        labels = {str(row.pk): field.label_from_instance(row) for row in rows}
        texts = [labels.get(text, text) for text in texts if text]
    elif hasattr(field, "choices"):
        labels = {str(key): str(label) for key, label in field.choices}
        texts = [labels.get(text, text) for text in texts if text]
    elif not isinstance(value, (list, tuple)) and isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(texts)
