"""A known address is believed in the browser that confirmed it, and waits for a mail elsewhere."""

import pytest
from playwright.sync_api import expect

from blog.models import Hold, SiteSettings
from comments.models import Comment, State
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_rights import link, mailed, press
from tests.factories import make_article

ADDRESS = "gijs@lezer.example"


@pytest.fixture
def article(roles):
    SiteSettings.objects.create(pk=1, hold=Hold.UNKNOWN, posts_per_hour=0, flood_limit=0)
    return make_article("Vergaderen op dinsdag")


def write(page, path, text):
    """Fill in and send the form on `path`."""
    page.goto(path)
    page.get_by_label("Uw reactie").fill(text)
    page.get_by_label("Naam").fill("Gijs")
    # As people type it.
    page.locator(".comment-form [name=email]").fill(" Gijs@lezer.example")
    press(page, page.get_by_role("button", name="Reactie plaatsen"))


def state_of(text):
    return Comment.objects.get(source=text).state


def confirm(page, text):
    """Open the mailed page in `page` and press its button."""
    page.goto(link(mailed(ADDRESS, text), "/mine/confirm/"))
    expect(page.locator("main blockquote")).to_have_text(text)
    press(page, page.get_by_role("button", name="Ja, ik schreef deze reactie"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw reactie is bevestigd")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_at_once_from_the_confirmed_browser_and_not_from_another(visitor, article, width):
    path = article.get_absolute_url()
    own = visitor.page(width)
    status = own.locator("#conversation-status")
    write(own, path, "De eerste keer.")
    expect(status).to_contain_text("Wij mailden g…@lezer.example")
    confirm(own, "De eerste keer.")
    expect(own.get_by_text("Voortaan verschijnen uw reacties met dit adres")).to_be_visible()
    assert own.context.cookies() == []

    write(own, path, "Meteen te lezen.")
    expect(status).to_have_text("Uw reactie is geplaatst.")
    assert state_of("Meteen te lezen.") == State.APPROVED
    write(own, f"{path}reply/", "Ook op de pagina die alleen werkt.")
    expect(own.locator(".comment").filter(has_text="die alleen werkt")).to_be_visible()
    assert state_of("Ook op de pagina die alleen werkt.") == State.APPROVED

    other = visitor.page(width)
    write(other, path, "Van elders.")
    expect(other.locator("#conversation-status")).to_contain_text("Wij mailden g…@lezer.example")
    assert state_of("Van elders.") == State.PENDING
    bare = visitor.page(width, scripts=False)
    write(bare, path, "Zonder scripts.")
    expect(bare.get_by_text("Wij mailden g…@lezer.example")).to_be_visible()
    assert state_of("Zonder scripts.") == State.PENDING


def test_a_borrowed_browser_can_forget_it(visitor, article):
    path = article.get_absolute_url()
    page = visitor.page()
    write(page, path, "De eerste keer.")
    expect(page.locator("#conversation-status")).to_contain_text("Wij mailden")
    confirm(page, "De eerste keer.")
    press(page, page.get_by_role("button", name="Niet mijn eigen browser"))
    expect(page.get_by_text("Deze browser is het adres vergeten.")).to_be_visible()
    write(page, path, "Wacht weer.")
    expect(page.locator("#conversation-status")).to_contain_text("Wij mailden")
    assert state_of("Wacht weer.") == State.PENDING


def test_a_script_less_repeat_from_a_kept_page_says_it_was_posted(visitor, article):
    path = article.get_absolute_url()
    first, second = (visitor.page(scripts=False) for _ in "ab")
    write(first, path, "Dezelfde woorden.")
    expect(first.locator(".waiting").first).to_be_visible()
    write(second, path, "Dezelfde woorden.")
    expect(second.get_by_role("heading", level=1)).to_have_text("Al geplaatst")
    expect(second.get_by_role("link", name="Verwijderen")).to_have_count(0)
    assert Comment.objects.count() == 1
