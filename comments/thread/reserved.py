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

from comments.thread.looks import looks, skeleton, turned
from core.text import plain

# Who speaks for a site: such a word anywhere in a name claims to do so.
_ROLES = """
auteur auteurs auteure author authors gastauteur redactie redacteur redactrice redacteuren
redactieteam redactielid redactieleden redactiechef redactiemedewerker redactieraad
hoofdredacteur hoofdredactrice hoofdredactie eindredacteur eindredactie webredactie editor editors
moderator moderators moderatoren moderatrice moderatie moderatieteam beheer beheerder beheerders
beheerteam sitebeheer sitebeheerder admin admins administrator administrators webmaster sysop
autor autorin autora autore autrice redaktion redakteur redakteurin administrateur moderateur
webredacteur webredacteuren eigenaar eigenaars owner owners uitgever uitgevers publisher
redaction redaktie editorial systeem system redaktor redakcja redactor redaccion redazione
moderador moderatore administrador amministratore yonetici
модератор администратор админ редактор редакция редакція автор
συντακτης συντονιστης διαχειριστης συγγραφεας المشرف المحرر الادارة 管理员 管理員 版主 编辑 編輯
"""
# Those of them that no name ends with: "Pietauteur".
_ENDINGS = """
auteur auteurs author redactie redacteur redactrice editor moderator moderatie beheerder admin
administrator webmaster redaktie redaktion redakteur eigenaar uitgever
"""
# And those that none begins with: "moderatorpiet".
_BEGINNINGS = "auteur moderator redacteur beheerder administrator webmaster"
# Claim it as well when a name is nothing else, between brackets, or behind a comma.
_SHORT = """
mod mods red staff team crew support helpdesk official officieel blogger columnist columniste
schrijver schrijfster writer blogbeheer yazar
"""
# Of these the ones that are surnames, too.
_SURNAMES = frozenset({"schrijver", "writer", "red", "yazar"})
# What a writer is the writer of.
_THIS = """
dit deze dezes this hier here stuk artikel verhaal blog column tekst site website bericht article
piece story post
"""
# Too common, in names and elsewhere, to claim anything by themselves.
_AROUND = """
site website blog echte real verified geverifieerd
namens from by door bij or of het the de een van dit deze this ons onze our your uw
drs dr ir ing mr mrs ms miss mx prof professor doctor dhr mevr mw mevrouw meneer mijnheer heer
mejuffrouw ds jhr jkvr bc ba ma msc bsc bsn llm llb phd mba jr sr junior senior em emeritus hc
sir lady herr frau mme mlle monsieur madame
"""
# Names of many people that differ in nothing but an i and an l: written as such they are apart.
_TWINS = """
ilse lise ilsa lisa ila lia neil nell marion marlon klara kiara karl kari ellen elien bianca
blanca aiden alden maite malte lian ilan arian arlan lida ilda leila lelia delia della liene
ilene lila illa gaia gala jari jarl lize ilze hailey halley
"""
_KNOWN_TWINS = frozenset(_TWINS.split())
_BRACKETS = re.compile(r"\s[-–—]+\s|[()\[\]{}<>,;:|/]")
_CAPITALS = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])")
# What may stand before a surname.
_PREFIXES = """
de den der des het te ten ter van von vom zu la le les di da do dos du del della el al
"""
# Two names with a hyphen or an apostrophe; more are words that were tied together.
_JOINED = re.compile(r"(?<![\w-])([^\W_]+)[-‐‑'’]([^\W_]+)(?![\w-])")
# Letters that stand apart: "J a n", "J-a-n".
_LETTERS = re.compile(r"(?<![^\W_])([^\W_])[\W_]+(?=[^\W_](?![^\W_]))")
# Of those that are also part of surnames.
_PARTICLES = frozenset({"de", "het", "van", "of"})
_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
# What digits are written for; an i of the one is an l of the other.
_DIGITS = str.maketrans("134567890", "leasbtbgo")
# A mark at the end of a name may be lively or a letter of it: both readings count.
_MARKS = str.maketrans("!¡", "ll")


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


def _readings(name: str) -> set[str]:
    """`name` as it may be meant to be read."""
    forms = {name, name.translate(_MARKS), *_without_signs(name), turned(name)}
    # Between the same letters: "xJanx".
    bare = unicodedata.normalize("NFKC", name)
    ends = bare[:1].casefold()
    if len(bare) > 4 and ends.isalpha() and bare[-1:].casefold() == ends:
        forms.add(bare.strip(ends + ends.upper()).strip("_-. "))
    forms |= {_DIGIT.sub("", form) for form in forms}
    digits = {ch: str(unicodedata.digit(ch)) for ch in name if ch.isdecimal()}
    ascii_digits = "".join(digits.get(ch, ch) for ch in bare)
    return (forms | {ascii_digits, ascii_digits.translate(_DIGITS | _MARKS)}) - {""}


class Reserved:
    """The reserved names of a site, prepared for asking whether another can be taken for one.

    They are compared by what they look like, where i is l, ij is y, and v, vv and w are one.
    """

    def __init__(self, people: Iterable[str], title: str) -> None:
        people = list(people)
        self._people = {" ".join(one.split()).casefold() for one in people}
        self.roles, self.endings = _set(_ROLES), tuple(_set(_ENDINGS))
        self.beginnings = tuple(_set(_BEGINNINGS))
        self.short, self.this = _set(_SHORT), _set(_THIS)
        self.prefixes = _set(_PREFIXES)
        self.surnames = _set(" ".join(_SURNAMES))
        self.around = _set(_AROUND) | self.roles | self.short
        self.same: set[str] = set()
        self.sorted: set[tuple[str, ...]] = set()
        self.sets: dict[str, list[frozenset[str]]] = {}
        self.glued: set[str] = set()
        known: set[str] = set()
        for person in people:
            for found in _both(person):
                known.update(found)
                self._same(found)
                many = sum(len(word) > 1 and word not in self.around for word in found)
                # Initials and a surname are many people's, in other orders or with others between.
                if many > 1 or (len(found) > 1 and len("".join(found)) > 7):
                    self._inside(found, whole=many < 2)
        self.site: set[str] = set()
        self.telling: set[str] = set()
        for found in _both(title):
            self.site.update(found)
            self._same(found)
            telling = [word for word in found if word not in self.around]
            self.telling = self.telling or set(telling)
            # A site that is called as one of its people is: their first name is anybody's.
            if len("".join(telling)) > 3 and not (len(telling) == 1 and telling[0] in known):
                self._inside(found)

    def is_one(self, name: str) -> bool:
        """Whether `name` is a reserved person's own, letter for letter but for case."""
        return " ".join(name.split()).casefold() in self._people

    def holds(self, name: str) -> bool:
        """Whether `name` is, holds or looks like a reserved one. Takes time in the length of
        `name`, which is bounded, and a search in it for each reserved name."""
        return any(self._holds(form) for form in _readings(name))

    def _holds(self, name: str) -> bool:
        if "".join(_words(name)) in self.same or self._claims(name):
            return True
        for form in {name, _CAPITALS.sub(" ", name), _LETTERS.sub(r"\1", name)}:
            # A hyphen makes one word of two: Boer-Visser is another surname than Boer.
            whole = _words(_JOINED.sub(r"\1\2", form))
            split, text = _words(form), "".join(whole)
            if (
                self._is_role(split)
                or self._is_one(split)
                or self._is_inside(whole)
                or any(found in text and self._is_around(whole, found) for found in self.glued)
            ):
                return True
        return False

    def _same(self, words: list[str]) -> None:
        self.same.add("".join(words))
        self.sorted.add(tuple(sorted(words)))

    def _inside(self, words: list[str], *, whole: bool = False) -> None:
        """Reserve the words inside longer names; in any order but for a `whole`."""
        self.glued.add("".join(words))
        if not whole:
            # By the surname: the last word.
            self.sets.setdefault(words[-1], []).append(frozenset(words))

    def _is_one(self, words: list[str]) -> bool:
        """Whether titles, roles and particles around a reserved name are all there is more."""
        titled = [word for word in words if word not in self.around or word in _PARTICLES]
        alone = [word for word in words if word not in self.around]
        return any(tuple(sorted(some)) in self.sorted for some in (titled, alone))

    def _is_role(self, words: list[str]) -> bool:
        """Whether there is a role among the words or at the end of one, or the words name nothing
        but the site, those who run it, or the writer of this."""
        found = set(words)
        if (found | {"".join(words)}) & self.roles or any(
            word.endswith(self.endings) or word.startswith(self.beginnings) for word in words
        ):
            return True
        if found & self.short and found & self.this:
            return True
        return found <= self.around | self.site and bool(
            found & self.short - self.surnames or (self.telling and self.telling <= found)
        )

    def _claims(self, name: str) -> bool:
        """Whether a part between brackets or behind a comma says what one is: "Bo (mod)"."""
        _first, *parts = _BRACKETS.split(name)
        return any(self.short.intersection(_words(part)) for part in parts)

    def _is_inside(self, words: list[str]) -> bool:
        """Whether all words of a reserved name are among the words, in whatever order; but Anna
        van den Berg, with words of their own between the others, is not Anna Berg."""
        there = set(words)
        for last in words:
            for found in self.sets.get(last, ()):
                before = itertools.takewhile(
                    lambda word: word in self.prefixes, reversed(words[: words.index(last)])
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


def _words(name: str, *, twins: bool = True) -> list[str]:
    """The looks of the words of `name`; in capitals those of `twins`, which are no others."""
    own = _KNOWN_TWINS.intersection(_WORD.findall(plain(name))) if twins else ()
    kept = {skeleton(word.title()): word.upper() for word in own}
    return [kept.get(look) or _alike(look) for look in looks(name)]


def _both(name: str) -> list[list[str]]:
    """The words of a reserved name: as they are, and as somebody disguises them."""
    forms = [_words(name), _words(name, twins=False)]
    return [form for form in forms if form][: 1 + (forms[0] != forms[1])]


def _alike(look: str) -> str:
    """A look in which i is l, ij and y are one, and so are v, vv and w."""
    return look.replace("i", "l").replace("lj", "y").replace("w", "v")


def _set(words: str) -> set[str]:
    return {
        "".join(_words(form, twins=False))
        for word in words.split()
        for form in (word, word.title(), word.upper())
    }
