"""Names that only their bearers may comment under: authors, the site, and those who run it.

A name is refused when it is one of them, holds one in any order of words, or adds nothing to one
but titles, roles, digits and signs. Sharing a first name or a surname is no reason: beside the
author Marieke de Wit there are readers called Jan de Wit and Marieke Bos.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable

from comments.thread.names import looks, skeleton

# Who speaks for a site; alone, first, last or between brackets such a word claims to do so.
_ROLES = """
auteur auteurs author authors gastauteur redactie redacteur redactrice redacteuren redactieteam
hoofdredacteur hoofdredactrice hoofdredactie eindredacteur eindredactie webredactie editor editors
moderator moderators moderatoren moderatie moderatieteam beheer beheerder beheerders beheerteam
sitebeheer sitebeheerder admin admins administrator administrators webmaster sysop autor autorin
redaktion redakteur redakteurin administrateur
webredacteur webredacteuren eigenaar eigenaars owner owners uitgever uitgevers publisher
redaction redaktie editorial systeem system
"""
# Too common, in names and elsewhere, to claim anything by themselves.
_AROUND = """
mod staff team crew site website blog support helpdesk official officieel officiele echte real
verified geverifieerd schrijver schrijfster writer blogger columnist columniste
namens from by door bij of the het de een van dit deze this ons onze our your uw
drs dr ir ing mr mrs ms miss mx prof professor doctor dhr mevr mw mevrouw meneer mijnheer heer
mejuffrouw ds jhr jkvr bc ba ma msc bsc bsn llm llb phd mba jr sr junior senior em emeritus hc
sir lady herr frau mme mlle monsieur madame
"""
_BETWEEN = re.compile(r"\s[-–—]+\s|[^\w\s.'’&_–—-]")
_CAPITALS = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])")
# What may stand before a surname.
_PREFIXES = frozenset(
    [
        *("de", "den", "der", "des", "het", "te", "ten", "ter", "van", "von", "vom", "zu", "la"),
        *("le", "les", "di", "da", "do", "dos", "du", "del", "della", "el", "al"),
    ]
)
# Two names with a hyphen or an apostrophe; more are words that were tied together.
_JOINED = re.compile(r"(?<![\w-])([^\W_]+)[-‐‑'’]([^\W_]+)(?![\w-])")
# Letters that stand apart: "J a n".
_LETTERS = re.compile(r"\b(\w)[\s.]+(?=\w\b)")
# Of those that are also part of surnames.
_PARTICLES = frozenset({"de", "het", "van", "of"})
_DIGIT = re.compile(r"\d")
# What digits are written for; an i of the one is an l of the other.
_DIGITS = str.maketrans("134567890", "leasbtbgo")


# What is neither a letter of a name nor a digit that all read: signs, marks, raised letters,
# digits of other scripts.
_SIGNS = frozenset({"So", "Sk", "Sm", "Sc", "Me", "Mn", "Lm", "No", "Nl", "Nd"})


def _without_signs(name: str) -> tuple[str, ...]:
    """`name` without its signs, and with each read as the letter that the round ones look like."""
    name = unicodedata.normalize("NFC", name)
    signs = {
        ch for ch in name if not ch.isascii() and (ch in "ªº" or unicodedata.category(ch) in _SIGNS)
    }
    if not signs:
        return ()
    return tuple("".join(put if ch in signs else ch for ch in name) for put in ("", "o"))


class Reserved:
    """The reserved names of a site, prepared for asking whether another can be taken for one."""

    def __init__(self, people: Iterable[str], title: str) -> None:
        people = list(people)
        self._people = {" ".join(one.split()).casefold() for one in people}
        self._strict = _Looks(people, title, loose=False)
        self._loose = _Looks(people, title, loose=True)

    def is_one(self, name: str) -> bool:
        """Whether `name` is a reserved person's own, letter for letter but for case."""
        return " ".join(name.split()).casefold() in self._people

    def holds(self, name: str) -> bool:
        """Whether `name` is, holds or looks like a reserved one. Takes time in the length of
        `name`, which is bounded, and a search in it for each reserved name."""
        if any(self._holds(form) for form in {name, *_without_signs(name)}):
            return True
        digits = {str(ch): str(unicodedata.digit(ch)) for ch in name if ch.isdecimal()}
        plain = "".join(digits.get(ch, ch) for ch in name)
        return plain != name and self._holds(plain)

    def _holds(self, name: str) -> bool:
        if self._strict.hold(name):
            return True
        name = unicodedata.normalize("NFKC", name)
        if not any(ch.isdigit() or ch == "|" for ch in name):
            return False
        return self._strict.hold(_DIGIT.sub("", name)) or self._loose.hold(name.translate(_DIGITS))


class _Looks:
    """Reserved names by what they look like; `loose` ones have no i, as digits are written for
    both i and l."""

    def __init__(self, people: Iterable[str], title: str, *, loose: bool) -> None:
        self.loose = loose
        self.roles = self._set(_ROLES)
        self.around = self._set(_AROUND) | self.roles
        self.same: set[str] = set()
        self.sorted: set[tuple[str, ...]] = set()
        self.sets: dict[str, list[frozenset[str]]] = {}
        self.glued: list[str] = []
        known: set[str] = set()
        for person in people:
            found = self._words(person)
            if not found:
                continue
            known.update(found)
            self.same.add(self._look(person))
            self.sorted.add(tuple(sorted(found)))
            many = sum(len(word) > 1 and word not in self.around for word in found)
            if many > 1:
                self._inside(found)
            # Initials and a surname are many people's, in other orders or with others between.
            if many > 1 or (len(found) > 1 and len("".join(found)) > 7):
                self.glued.append("".join(found))
        self.title = self._words(title)
        self.site = set(self.title)
        if self.title:
            self.same.add(self._look(title))
            self.sorted.add(tuple(sorted(self.title)))
        telling = [word for word in self.title if word not in self.around]
        self.telling = set(telling)
        self.vocabulary = known | self.site | self.around
        # A site that is called as one of its people is: their first name is anybody's.
        if len("".join(telling)) > 3 and not (len(telling) == 1 and telling[0] in known):
            self._inside(self.title)
            self.glued.append("".join(self.title))

    def hold(self, name: str) -> bool:
        """Whether `name` can be taken for one of these."""
        if self._look(name) in self.same:
            return True
        forms = {name, _CAPITALS.sub(" ", name), _LETTERS.sub(r"\1", name)}
        if len(forms) == 1 and self._shares_nothing(self._words(name)):
            return False
        for form in forms:
            split = self._words(form)
            # A hyphen makes one word of two: Boer-Visser is another surname than Boer.
            whole = self._words(_JOINED.sub(r"\1\2", form))
            text = "".join(whole)
            if (
                self._is_role(split)
                or self._is_one(split)
                or self._is_inside(whole)
                or any(found in text and self._is_around(whole, found) for found in self.glued)
            ):
                return True
        return self._claims(name)

    def _shares_nothing(self, words: list[str]) -> bool:
        """Most names: there is no word of a reserved one in them, nor a role."""
        text = "".join(words)
        return self.vocabulary.isdisjoint(words) and not any(one in text for one in self.glued)

    def _words(self, name: str) -> list[str]:
        return [self._plain(word) for word in looks(name)]

    def _set(self, words: str) -> set[str]:
        return {self._plain(skeleton(form)) for w in words.split() for form in (w, w.title())}

    def _look(self, name: str) -> str:
        return self._plain(skeleton(name))

    def _plain(self, look: str) -> str:
        return look.replace("i", "l") if self.loose else look

    def _inside(self, words: list[str]) -> None:
        # By the surname: the last word.
        self.sets.setdefault(words[-1], []).append(frozenset(words))

    def _is_one(self, words: list[str]) -> bool:
        """Whether titles, roles and particles around a reserved name are all there is more."""
        titled = [word for word in words if word not in self.around or word in _PARTICLES]
        alone = [word for word in words if word not in self.around]
        return any(tuple(sorted(some)) in self.sorted for some in (titled, alone))

    def _is_role(self, words: list[str]) -> bool:
        """Whether the words begin or end with a role, or name nothing but the site and roles."""
        if not words:
            return False
        if words[0] in self.roles or words[-1] in self.roles:
            return True
        found = set(words)
        return found <= self.around | self.site and bool(
            found & self.roles or (self.telling and self.telling <= found)
        )

    def _claims(self, name: str) -> bool:
        """Whether a part between brackets, commas or dashes is a role: "Bo (redactie)"."""
        parts = [self._words(part) for part in _BETWEEN.split(name)]
        allowed = self.around | self.site
        return len(parts) > 1 and any(
            self.roles.intersection(part) and allowed.issuperset(part) for part in parts
        )

    def _is_inside(self, words: list[str]) -> bool:
        """Whether all words of a reserved name are among the words, in whatever order; but Anna
        van den Berg, with words of their own between the others, is not Anna Berg."""
        there = set(words)
        for last in words:
            for found in self.sets.get(last, ()):
                before = itertools.takewhile(
                    lambda word: word in _PREFIXES, reversed(words[: words.index(last)])
                )
                added = [word for word in before if word not in found]
                begins = words.index(last) - len(added) - 1
                other = bool(added) and begins >= 0 and words[begins] in found
                if set(found) <= there and not other:
                    return True
        return False

    def _is_around(self, words: list[str], found: str) -> bool:
        """Whether the words, run together, have `found` between ends of words or titles and
        roles: Jan Smits is not Jan Smit."""
        text = "".join(words)
        start = text.index(found)
        end = start + len(found)
        ends = [0, *itertools.accumulate(len(word) for word in words)]
        before = text[max(one for one in ends if one <= start) : start]
        after = text[end : min(one for one in ends if one >= end)]
        return {before, after} <= self.around | {""}
