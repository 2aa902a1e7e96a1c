"""Texts on the screen: Dutch on Dutch pages, Django's included, and numbers with points."""

from __future__ import annotations

import ast
import gettext
import re
from collections import deque
from pathlib import Path
from urllib.parse import urljoin

import django
import lxml.html
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import translation

from authors.models import User
from blog.models import Article
from tests.interchange.filling import fill_site

DJANGO = Path(django.__file__).parent
OURS = ("authors", "blog", "comments", "config", "core", "demo", "interchange", "newsletter")
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop"}
START = (
    "/",
    "/nope/",
    "/newsletter/",
    "/2025/",
    "/search/?q=werk",
    "/admin/login/",
    "/admin/password_reset/",
    "/admin/password_reset/done/",
    "/admin/reset/done/",
    "/admin/reset/x/y/",
)
# What stood on these pages before, or in Django's Dutch.
ODD = (
    "met succes",
    "hersteld",
    "herinitialisatie",
    "Stafstatus",
    "upergebruiker",
    "1 instellingen",
    " object (",
    "om te wijzigen |",
    "om te bekijken |",
)


def msgids(files):
    """The messages of catalogues that have a translation, without plurals and contexts."""
    found = set()
    for file in files:
        with file.open("rb") as stream:
            catalogue = gettext.GNUTranslations(stream)._catalog
        for key, text in catalogue.items():
            name = key[0] if isinstance(key, tuple) else key
            if name and text:
                found.add(name.rpartition("\x04")[2])
    return found


def english_of_django():
    """What Django can say on a page, as its own English template of a catalogue lists it."""
    found = set()
    for place in ("conf", "contrib/admin", "contrib/auth"):
        text = (DJANGO / place / "locale/en/LC_MESSAGES/django.po").read_text("utf-8")
        for match in re.finditer(r'^msgid ((?:".*"\n)+)', text, re.MULTILINE):
            found.add("".join(ast.literal_eval(one) for one in match[1].splitlines()))
    return found - {""}


def test_django_says_nothing_that_has_no_dutch():
    dutch = msgids(DJANGO.glob("**/locale/nl/LC_MESSAGES/django.mo"))
    dutch |= msgids(Path(root) / "nl/LC_MESSAGES/django.mo" for root in settings.LOCALE_PATHS)
    # Named in an error of the password's length; its plural form has Dutch.
    assert {one for one in english_of_django() - dutch if "%d character" not in one} == set()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_we_say_for_django_is_something_django_says(language):
    root = Path(settings.LOCALE_PATHS[1])
    known = msgids(DJANGO.glob("**/locale/nl/LC_MESSAGES/django.mo")) | english_of_django()
    assert msgids([root / language / "LC_MESSAGES/django.mo"]) - known == set()


def test_every_text_in_the_source_is_in_the_catalogue():
    """`makemessages` does not see a call inside an f-string."""
    known = msgids([Path(settings.LOCALE_PATHS[0]) / "nl/LC_MESSAGES/django.mo"])
    missing = []
    for app in OURS:
        for file in (settings.BASE_DIR / app).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in CALLS
                    and isinstance(node.args[0], ast.Constant)
                    and node.args[0].value not in known
                ):
                    missing.append((file.name, node.args[0].value))
    assert not missing


def kind(url):
    return re.sub(r"\?.*", "", re.sub(r"\d+", "N", url))


def walk(client, start, below):
    """(address, HTML) of one page of each kind that links below `below` lead to."""
    waiting, known = deque(start), {kind(url) for url in start}
    while waiting:
        url = waiting.popleft()
        answer = client.get(url, follow=True)
        if not answer["Content-Type"].startswith("text/html"):
            continue
        html = answer.content.decode()
        yield url, html
        for link in lxml.html.document_fromstring(html).xpath("//a/@href"):
            path = urljoin(url, link.removeprefix(settings.SITE_URL)).partition("#")[0]
            away = path.startswith(("/static/", "/media/", "/admin/r/", "http", "mailto:"))
            if not away and path.startswith(below) and kind(path) not in known:
                known.add(kind(path))
                waiting.append(path)


def texts(html):
    """What a page says: its text and the attributes that are read out or shown."""
    tree = lxml.html.document_fromstring(html)
    for node in tree.iter(lxml.etree.Element):
        if node.tag in ("script", "style", "code"):
            continue
        yield from (" ".join((text or "").split()) for text in (node.text, node.tail))
        yield from filter(None, (node.get(name) for name in ("title", "aria-label", "placeholder")))
        if node.tag == "input" and node.get("type") == "submit":
            yield node.get("value")


@pytest.fixture
def pages(db, media_root):
    """Every kind of page of a reader and of an owner; numbers of rows have five digits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequence_name FROM information_schema.sequences")
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER SEQUENCE "{name}" RESTART WITH 12345')
    article = fill_site()
    Article.objects.filter(pk=article.pk).update(comment_count=3229)
    owner = Client()
    owner.force_login(User.objects.get(username="chef"))
    return [
        *walk(Client(raise_request_exception=False), START, "/"),
        *walk(owner, ["/admin/"], "/admin/"),
    ]


def test_dutch_pages_are_dutch(pages):
    catalogues = [
        *DJANGO.glob("**/locale/nl/LC_MESSAGES/django.mo"),
        *(Path(root) / "nl/LC_MESSAGES/django.mo" for root in settings.LOCALE_PATHS),
    ]
    with translation.override("nl"):
        said = {one: translation.gettext(one) for one in msgids(catalogues) if len(one) > 3}
    # "Series" is Dutch, too, for more than one; languages are called what they call themselves.
    dutch = {text.lower() for text in said.values()} | {"series", "english"}
    english = {one for one in said if one.lower() not in dutch}
    wrong = []
    for url, html in pages:
        wrong += [(url, one) for one in ODD if one in html]
        # A number of a row is no quantity: with a point in it, it finds nothing.
        wrong += [(url, one) for one in re.findall(r'[\w-]+="[^"]*\b12\.[34]\d\d\b[^"]*"', html)]
        for text in texts(html):
            if text in english or "?:" in text or text.startswith("3229"):
                wrong.append((url, text))
    assert not wrong
    assert len(pages) > 90
    everything = {text for _url, html in pages for text in texts(html)}
    for words in (
        "3.229 reacties",
        "Archief",
        "Wachtwoord vergeten | Weer & Woord",
        "Wat is er mis mee?",
        "Nieuwe artikelen per mail",
        "Bij elk artikel",
        "Eén overzicht per week",
        "Auteur uitnodigen",
        "Mail mij alle nieuwe reacties, niet alleen antwoorden aan mij",
        "lees in het gesprek",
        "Nieuwere reacties",
        "Na het opslaan kunt u meer over deze persoon invullen.",
    ):
        assert words in everything, words
