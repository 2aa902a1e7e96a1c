"""Every public page: accessible in both colour schemes, valid, for itself, and unharmed."""

import pytest
from django.db import OperationalError
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from blog.models import Hold, Redirect, SiteSettings
from comments.models import Comment
from comments.moderation.states import comment_delete, comment_remove
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.views.outcomes import Posted
from tests.browser.accessible import SITE, faults
from tests.browser.conftest import DESK, PHONE
from tests.browser.structure import structure_faults
from tests.factories import make_article, make_author, make_image, make_tag

BODY = (
    '<h2 id="s-een">Een kop</h2><p>Tekst met een <a href="/">verwijzing</a>.</p>'
    '<h2 id="s-twee">Nog een kop</h2><blockquote><p>Een citaat.</p></blockquote>'
    '<h2 id="s-drie">Slot</h2><ul><li>Punt</li></ul>'
    '<table><thead><tr><th scope="col">Dag</th></tr></thead>'
    "<tbody><tr><td>Maandag</td></tr></tbody></table>"
)


@pytest.fixture
def site(roles, settings):
    """A site that shows each state once; gives the pages by name."""
    SiteSettings.objects.create(
        pk=1, hold=Hold.NOBODY, invitation="Wat vindt u?", title="De proef", tagline="Over werk"
    )
    author = make_author("Femke Brouwer", website="https://femke.example/")
    tag = make_tag("Vergaderen")
    article = make_article(
        "Vergaderen op dinsdag",
        authors=[author, make_author("Yassin Haddou")],
        tags=[tag],
        body=BODY,
        picture=None,
        lead="Waarom dinsdag?",
        toc=[
            {"level": 2, "id": "s-een", "title": "Een kop"},
            {"level": 2, "id": "s-twee", "title": "Nog een kop"},
            {"level": 2, "id": "s-drie", "title": "Slot"},
        ],
    )
    for number in range(12):
        make_article(f"Ander stuk {number}", authors=[author], tags=[tag])
    quiet = make_article("Zonder reacties", comment_policy="closed")
    open_site = SiteSettings.objects.get()

    def say(text, parent=None, name="Anna de Wit", **more):
        writer = {"name": name, **more}
        return comment_post(
            submission=Submission(article=article, parent=parent, text=text, **writer),
            site=open_site,
        )[0]

    first = say("Een *eerste* gedachte\n\n> citaat\n\n- punt", website="https://anna.example/")
    at = first
    for number in range(9):
        at = say(f"Antwoord {number}", at, "Bram" if number % 2 else "Anna de Wit")
    comment_delete(comment=say("Weg", first))
    comment_remove(comment=say("Ook weg", first), actor=None, reason="Scheldwoorden.")
    strict = SiteSettings(hold=Hold.EVERYONE)
    held, _new = comment_post(
        submission=Submission(article=article, parent=first, name="Chris", text="Wacht"),
        site=strict,
    )
    Redirect.objects.create(old_path="/oud/")
    return addresses_of(article, quiet, first, held, tag, author)


def addresses_of(article, quiet, first, held, tag, author):
    now = timezone.localtime()
    reply = article.get_absolute_url() + "reply/"
    held_url = Posted(held).answer(RequestFactory().post("/"))["Location"]
    return {
        "front": "/",
        "front, next page": "/?page=2",
        "article": article.get_absolute_url(),
        "closed": quiet.get_absolute_url(),
        "reply": f"{reply}?to={first.pk}",
        "permalink": first.get_absolute_url(),
        "waiting": held_url,
        "tag": tag.get_absolute_url(),
        "author": author.get_absolute_url(),
        "year": reverse("blog:year", args=[now.year]),
        "month": reverse("blog:month", args=[now.year, now.month]),
        "search": "/search/",
        "search in comments": f"/search/comments/?q=gedachte&year={now.year}",
        "found": "/search/?q=vergaderen",
        "not found": "/search/?q=vergadren",
        "404": "/bestaat-niet/",
        "410": "/oud/",
    }


def report(wrong: dict[str, list[str]]) -> str:
    return "\n".join(f"{name}: {fault}" for name, found in wrong.items() for fault in found)


@pytest.mark.parametrize(("scheme", "width"), [("light", PHONE), ("dark", DESK)])
def test_pages_are_accessible_and_fit(visitor, site, scheme, width, monkeypatch):
    visitor.expect("404|410|500|503")
    page = visitor.page(width, scheme=scheme)
    wrong = {}
    for name, url in site.items():
        page.goto(url)
        wrong[name] = faults(page, rules=SITE) + sideways(page)
    for status in (500, 503):
        fail_with(monkeypatch, status)
        assert page.goto("/search/?q=x").status == status
        wrong[str(status)] = faults(page, rules=SITE) + sideways(page)
    assert page.context.cookies() == []
    assert not any(wrong.values()), report(wrong)


def sideways(page) -> list[str]:
    """Whether one must scroll sideways at this width, and at the narrowest of all."""
    faults = []
    before = page.viewport_size
    for width in (before["width"], 320):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            faults.append(f"scrolls {wide} px sideways at {width}")
    page.set_viewport_size(before)
    return faults


def fail_with(monkeypatch, status: int) -> None:
    """Let the search page meet the fault that answers `status`."""

    def fail(*args, **kwargs):
        raise OperationalError("away") if status == 503 else RuntimeError("a mistake")

    monkeypatch.setattr("blog.views.search.finding.search", fail)


def test_a_refused_form_is_accessible(visitor, site):
    visitor.expect("422")
    page = visitor.page(PHONE)
    wrong = {}
    for name in ("article", "reply"):
        page.goto(site[name])
        page.locator("#respond textarea").focus()
        page.locator("#respond [name=post]").click()
        page.locator(".error-summary").wait_for()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            wrong[f"{name}, {scheme}"] = faults(page, rules=SITE)
        wrong[f"{name}, structure"] = structure_faults(page.content())
    assert not any(wrong.values()), report(wrong)


def test_an_opened_answer_is_accessible(visitor, site):
    page = visitor.page(DESK, scheme="dark")
    page.goto(site["article"])
    page.locator("a.reply").nth(1).click()
    page.locator(".respond-inline textarea").wait_for()
    wrong = faults(page, rules=SITE) + structure_faults(page.content())
    assert not wrong, report({"": wrong})


def test_pages_are_valid_and_set_no_cookie(client, site, monkeypatch):
    client.raise_request_exception = False
    wrong = {}
    for name, url in site.items():
        response = client.get(url)
        wrong[name] = structure_faults(response.content.decode())
        if response.cookies:
            wrong[name].append(f"cookies {list(response.cookies)}")
        # The writing page looks who is logged in; no cache keeps it.
        if name != "reply" and "Cookie" in response.get("Vary", ""):
            wrong[name].append("varies on cookies")
    for status in (400, 403, 413, 500, 503):
        wrong[str(status)] = structure_faults(render_to_string(f"{status}.html"))
    assert not any(wrong.values()), report(wrong)


def test_a_text_that_cannot_be_stored_stays_on_the_page(visitor, site, monkeypatch):
    visitor.expect("503")
    page = visitor.page(PHONE, scripts=False)
    page.goto(site["reply"])
    page.get_by_label("Uw reactie").fill("Bewaar dit.")
    page.get_by_label("Naam").fill("Karel")

    def fail(*args, **kwargs):
        raise OperationalError("away")

    with monkeypatch.context() as broken:
        broken.setattr("comments.views.conversation.comment_post", fail)
        page.get_by_role("button", name="Reactie plaatsen").click()
        expect(page.get_by_label("Uw tekst")).to_have_value("Bewaar dit.")
        assert structure_faults(page.content()) == []
    page.get_by_role("button", name="Opnieuw versturen").click()
    expect(page.get_by_text("Bewaar dit.")).to_be_visible()
    assert Comment.objects.get(source="Bewaar dit.").name == "Karel"


def test_pictures_have_a_size_and_words(client, roles):
    article = make_article("Met beeld", picture=make_image("Een brug"))
    for url in ("/", article.get_absolute_url()):
        text = client.get(url).content.decode()
        assert "<img" in text
        assert structure_faults(text) == []
