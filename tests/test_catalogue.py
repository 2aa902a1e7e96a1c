"""The Dutch catalogue: nothing untranslated, and compiled as it is written."""

import gettext
import re
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "locale" / "nl" / "LC_MESSAGES"


def test_nothing_is_untranslated_or_guessed():
    source = (FOLDER / "django.po").read_text("utf-8")
    assert "#, fuzzy" not in source
    for entry in source.split("\n\n")[1:]:
        assert not re.search(r'^msgstr(\[\d\])? ""(?!\n")', entry + "\n", re.MULTILINE), entry


def test_the_compiled_catalogue_is_fresh():
    with (FOLDER / "django.mo").open("rb") as stream:
        compiled = gettext.GNUTranslations(stream)
    source = (FOLDER / "django.po").read_text("utf-8")
    pairs = re.findall(r'(?<!")\nmsgid "(.+)"\nmsgstr "(.+)"', source)
    plain = [pair for pair in pairs if "\\" not in pair[0] + pair[1]]
    assert len(plain) > 200
    context = set(re.findall(r'msgctxt ".*"\nmsgid "(.+)"', source))
    for english, dutch in plain:
        if english not in context:
            assert compiled.gettext(english) == dutch


# One thing has one word: what is not said here, and what is said in its place.
DOUBLES = {
    r"\bBewaren\b": "Opslaan: bewaren is what time does",
    r"\binlog|\bingelogd|\bgeïnlogd": "aanmelden",
    r"\buitlog": "afmelden",
    r"\bverzond|\bverzend(?!ing)": "versturen, verstuurd",
    r"\bbeeldpunt|\bplaatje": "pixel; afbeelding",
    r"\bprullenmand|\bvuilnisbak": "prullenbak",
    r"\bde rij\b": "de wachtrij",
    r"\bvoorvertoning|\bvoorbeeldweergave": "voorbeeld",
    r"\bklad\b|\bkladversie": "concept",
    r"\bpost(en|ten|te)?\b": "plaatsen",
    r"\bafwijzen|\bafgewezen": "weigeren, geweigerd",
}


def test_one_thing_has_one_word():
    source = (FOLDER / "django.po").read_text("utf-8")
    found = [
        (dutch, instead)
        for dutch in re.findall(r'^msgstr(?:\[\d\])? "(.+)"', source, re.MULTILINE)
        for double, instead in DOUBLES.items()
        if re.search(double, dutch)
    ]
    assert not found
