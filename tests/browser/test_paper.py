"""Outside a page of the site: on paper, and a feed that somebody opens in a browser."""

import datetime
from io import BytesIO

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from blog.models import Hold, SiteSettings
from comments.models import Comment
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from tests import firefox
from tests.browser.conftest import DESK, PHONE
from tests.factories import make_article, make_author, make_tag, make_user

POINTS_PER_CM = 72 / 2.54
SENTENCE = "Een zin die lang genoeg is om op een vel papier van rand tot rand te lopen, en verder. "


def say(article, text, parent=None, **writer):
    who = {"name": "Anna de Wit"} | writer
    comment, _new = comment_post(
        submission=Submission(article=article, parent=parent, text=text, **who),
        site=SiteSettings(hold=Hold.NOBODY, posts_per_person=0),
    )
    return comment


def fill():
    """An article of several sheets with a conversation, and others to read after it."""
    headings = [f"Kop van deel {number}" for number in range(14)]
    body = "".join(
        f"<h2>{heading}</h2>" + f"<p>{SENTENCE * (2 + number % 4)}</p>" * 2
        for number, heading in enumerate(headings)
    )
    tag = make_tag("Werk")
    article = make_article("Op papier", body=body, lead="Wat er van overblijft.", tags=[tag])
    for number in range(3):
        make_article(f"Ander stuk {number}", tags=[tag])
    for number in range(8):
        root = say(article, f"Reactie nummer {number}. {SENTENCE * 4}")
        say(article, f"Antwoord nummer {number}.", root)
    at = timezone.now() - datetime.timedelta(hours=3)
    Comment.objects.update(created_at=at, fragment_release="")
    return article, headings, timezone.localtime(at)


def runs_of(page):
    """(text, left edge in points) of each run of a sheet, from the top."""
    found = []

    def seen(text, _cm, tm, _font, _size):
        if text.strip():
            found.append((text.strip(), tm[4]))

    page.extract_text(visitor_text=seen)
    return found


def look(pdf, width, headings, at):
    """The article and its conversation on sheets of `width` centimetres, and nothing to click."""
    sheets = PdfReader(BytesIO(pdf)).pages
    texts = [sheet.extract_text() for sheet in sheets]
    whole = " ".join(" ".join(texts).split())
    assert 3 <= len(sheets) <= 7
    for words in ("Op papier", "Wat er van overblijft.", "De proef", "16 reacties", *headings,
                  *(f"Reactie nummer {number}." for number in range(8)),
                  *(f"Antwoord nummer {number}." for number in range(8))):  # fmt: skip
        assert words in whole, words
    assert whole.count(f"{at:%H:%M}") >= 16
    for words in ("geleden", "Beantwoord", "Melden", "Waardevol", "Plaats", "E-mail", "Naam",
                  "Ander stuk", "Deel dit", "vindt u?", "Volg", "Zoek", "Oudste"):  # fmt: skip
        assert words not in whole, words
    for sheet, text in zip(sheets, texts, strict=True):
        assert round(float(sheet.mediabox.width) / POINTS_PER_CM, 1) == round(width, 1)
        lines = [line for line in text.splitlines() if line.strip()]
        assert lines[-1].strip() not in (*headings, "16 reacties"), "a heading stands alone"
        # From the one margin, of two centimetres, to the other.
        assert min(left for _text, left in runs_of(sheet)) < 2.2 * POINTS_PER_CM
        assert max(len(line) for line in lines) >= 75


def test_paper_holds_the_article_and_its_conversation_and_nothing_to_click(visitor):
    SiteSettings.objects.create(pk=1, invitation="Wat vindt u?", title="De proef")
    article, headings, at = fill()
    page = visitor.page(DESK, scheme="dark")
    page.goto(article.get_absolute_url())
    expect(page.locator(".comment time").first).to_have_text("3 uur geleden")
    for size, width in (("A4", 21.0), ("Letter", 21.59)):
        look(page.pdf(format=size), width, headings, at)


def test_other_pages_of_a_conversation_hold_nothing_to_click_on_paper(visitor, roles):
    SiteSettings.objects.create(pk=1, invitation="Wat vindt u?", title="De proef")
    femke = make_author("Femke Bos", user=make_user("femke"))
    article = make_article("Op papier", authors=[femke])
    root = say(article, "Reactie van een lezer.")
    say(article, "Antwoord van de auteur.", root, author=femke, user=femke.user)
    page = visitor.page(DESK)
    page.emulate_media(media="print")
    there = article.get_absolute_url()
    for address in (root.get_absolute_url(), f"{there}author/", f"{there}search/?q=reactie"):
        page.goto(address)
        shown = page.locator("body").inner_text()
        assert "lezer" in shown, address
        for words in ("Beantwoord", "Melden", "Waardevol", "Plaats", "Naam", "Lees in", "vindt u?"):
            assert words not in shown, (address, words)
        rule = page.locator(".masthead-inner").bounding_box()
        heading = page.locator("main .eyebrow, main h1").first.bounding_box()
        assert heading["y"] - rule["y"] - rule["height"] >= 16, address


@pytest.mark.firefox
def test_firefox_prints_the_same(live_server, roles):
    SiteSettings.objects.create(pk=1, invitation="Wat vindt u?", title="De proef")
    article, headings, at = fill()
    with firefox.opened() as window:
        for width, height in ((21.0, 29.7), (21.59, 27.94)):
            url = f"{live_server.url}{article.get_absolute_url()}"
            look(window.printed(url, width, height), width, headings, at)


def test_a_feed_in_a_browser_is_a_page(visitor, settings):
    SiteSettings.objects.create(pk=1, title="De proef", accent="7a1f3d", accent_dark="f0a5bd")
    article = make_article("Zo’n <stuk>", lead="Wat ’t zegt & meer.", slug="stuk")
    say(article, "Een **gedachte** met <haken>.")
    said = "Een gedachte met <haken>."
    for path, title, heading, text in (
        ("/feed/", "De proef", "Zo’n <stuk>", "Wat ’t zegt & meer."),
        ("/feed/atom/", "De proef", "Zo’n <stuk>", "Wat ’t zegt & meer."),
        ("/comments/feed/", "De proef", "Anna de Wit", said),
        (f"{article.get_absolute_url()}feed/atom/", "Zo’n <stuk>", "Anna de Wit", said),
    ):
        page = visitor.page(PHONE, scripts=path != "/feed/")
        page.goto(path)
        expect(page.locator("h1")).to_contain_text(title)
        expect(page.locator("header code")).to_have_text(f"{settings.SITE_URL}{path}")
        link = page.locator("article h2 a")
        expect(link).to_contain_text(heading)
        expect(page.locator("article p").first).to_have_text(text)
        for name in ("guid", "id", "pubDate", "description", "content", "link"):
            for node in page.locator(name).all():
                assert not node.is_visible(), name
        assert page.title()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
        background = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert background not in ("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)")
    page.goto("/feed/")
    page.locator("article h2 a").focus()
    assert page.evaluate("document.activeElement.href").endswith("/stuk/")
