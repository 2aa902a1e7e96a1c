"""A text that is larger than the site takes comes back, whatever its size."""

import pytest
from playwright.sync_api import expect

from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments.models import Comment
from comments.views import oversized
from tests.browser.conftest import DESK, PHONE, log_in
from tests.factories import make_article, make_author, make_user

LONG = "<p>Een zin die niet weg mag.</p>\n" * 20
# The site takes less here: a browser needs minutes for a text as large as that usually is.
TAKEN = 100_000
LARGE = "Een heel boek. " * 10_000


@pytest.fixture
def article(roles):
    SiteSettings.objects.create(pk=1, hold=Hold.NOBODY, flood_limit=0)
    return make_article("Vergaderen op dinsdag")


def test_a_text_larger_than_the_site_takes(visitor, article, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = TAKEN
    visitor.expect("413")
    page = visitor.page(DESK)
    page.goto(article.get_absolute_url())
    text = page.locator("#respond textarea")
    text.fill(LARGE)
    page.locator("#respond").get_by_label("Naam").fill("Anna")
    page.get_by_role("button", name="Reactie plaatsen").click()
    expect(page.locator("#conversation-status")).to_contain_text("groter dan de site aanneemt")
    assert text.input_value() == LARGE
    page.reload()
    assert text.input_value() == LARGE


def test_a_text_larger_than_the_site_takes_without_scripts(visitor, article, monkeypatch, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = TAKEN
    visitor.expect("413")
    page = visitor.page(PHONE, scripts=False)
    page.goto(f"{article.get_absolute_url()}reply/")
    page.get_by_label("Uw reactie").fill(LARGE)
    page.get_by_label("Naam").fill("Anna")
    with monkeypatch.context() as smaller:
        # Larger than is read at all: the page says to go back, and there the text still is.
        smaller.setattr(oversized, "MOST", 1024)
        page.get_by_role("button", name="Reactie plaatsen").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Dit is te groot")
        page.go_back()
        assert page.get_by_label("Uw reactie").input_value() == LARGE
    page.get_by_role("button", name="Reactie plaatsen").click()
    expect(page.locator(".error-summary")).to_contain_text("er passen er hooguit 10000")
    assert page.get_by_label("Uw reactie").input_value() == LARGE
    page.get_by_label("Uw reactie").fill("Korter.")
    page.get_by_role("button", name="Reactie plaatsen").click()
    expect(page.get_by_text("Korter.")).to_be_visible()
    assert Comment.objects.get().source == "Korter."


@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_a_text_of_the_desk_after_the_session_ended_without_scripts(visitor, roles, width, scheme):
    visitor.expect("403")
    make_author("Femke", user=make_user("femke", role=Role.AUTHOR))
    page = visitor.page(width, scheme=scheme, scripts=False)
    log_in(page, "femke")
    page.goto("/admin/blog/article/add/")
    page.get_by_label("Titel").fill("Vergaderen </textarea> of werken")
    page.locator("[name=body_source]").evaluate("(node, text) => { node.value = text }", LONG)
    page.context.clear_cookies()
    page.locator("[name=_save]").click()
    expect(page.locator(".errornote")).to_contain_text("U bent niet meer aangemeld")
    assert page.get_by_label("Titel").input_value() == "Vergaderen </textarea> of werken"
    assert page.get_by_label("Tekst").input_value() == LONG
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Aanmelden").click()
    tab = opened.value
    tab.fill("[name=username]", "femke")
    tab.fill("[name=password]", "geheim-woord")
    tab.click("[type=submit]")
    tab.wait_for_url("**/admin/blog/article/add/")
    assert page.get_by_label("Tekst").input_value() == LONG
