"""After posting and following: what comes next is in view, and every page goes on saying it."""

import pytest
from playwright.sync_api import expect

from blog.models import Hold, SiteSettings
from comments.models import Comment
from comments.moderation.states import comment_reject
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_confirming import confirm, write
from tests.browser.test_rights import link, mailed, press
from tests.browser.test_since import say
from tests.browser.test_states import look
from tests.factories import make_article, make_user

ASKED = "Wij mailden g…@lezer.example: bevestig, dan staat uw reactie er meteen."
# Whether the first line of the element is in view and nothing lies over it.
IN_VIEW = """(element) => {
  const { left, top, bottom } = element.getBoundingClientRect();
  const at = document.elementFromPoint(left + 20, top + 8);
  return top >= 0 && bottom <= innerHeight && (element === at || element.contains(at));
}"""


@pytest.fixture
def article(roles):
    SiteSettings.objects.create(pk=1, hold=Hold.NOBODY, posts_per_hour=0, flood_limit=0)
    return make_article("Vergaderen op dinsdag")


@pytest.mark.parametrize(("width", "scripts"), [(PHONE, False), (PHONE, True), (DESK, True)])
def test_the_message_is_in_view_and_goes_on_being_true(visitor, article, width, scripts):
    at = None
    for number in range(4):
        at = say(article, f"Lange gedachte {number}. " + "Nog een zin. " * 40, at)
    SiteSettings.objects.update(hold=Hold.UNKNOWN)
    path = article.get_absolute_url()
    page = visitor.page(width, scripts=scripts)
    write(page, f"{path}reply/?to={at.pk}", "Mijn antwoord.")
    note = page.locator(".comment .waiting")
    expect(note).to_contain_text(ASKED)
    assert note.evaluate(IN_VIEW)
    held = Comment.objects.get(source="Mijn antwoord.")
    if scripts:
        assert look(page) == []
    note.get_by_role("link").click()
    page.get_by_label("Een ander e-mailadres").wait_for()
    if scripts:
        assert look(page) == []
    page.get_by_role("button", name="Stuur opnieuw naar g…@lezer.example").click()
    expect(page.get_by_role("status").first).to_contain_text("onderweg")
    if not scripts:
        return
    page.goto(path)
    write(page, path, "Een tweede.")
    expect(page.locator("#conversation-status")).to_have_text(ASKED)
    page.reload()
    expect(page.locator(".waiting").filter(has_text=ASKED)).to_have_count(2)
    comment_reject(
        comment=Comment.objects.get(source="Een tweede."), actor=make_user("anil"), reason="Grof"
    )
    page.reload()
    line = page.locator(".waiting").filter(has_text="De reden: Grof")
    expect(line).to_contain_text("Uw reactie is niet geplaatst.")
    confirm(page, "Mijn antwoord.")
    page.goto(path)
    expect(page.locator(f"#comment-{held.pk}")).to_contain_text("Mijn antwoord.")
    expect(page.locator(".waiting")).to_have_count(0)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_button_says_that_one_follows_for_as_long_as_it_is_so(visitor, article, width):
    say(article, "Een gedachte.")
    path = article.get_absolute_url()
    page = visitor.page(width)
    page.goto(path)
    page.get_by_role("link", name="Volg", exact=True).click()
    expect(page.get_by_role("link", name="Atom-feed van de reacties")).to_be_visible()
    page.get_by_label("eens per dag").check()
    assert look(page) == []
    page.get_by_label("E-mailadres").fill("gijs@lezer.example")
    press(page, page.get_by_role("button", name="Volg"))
    expect(page.get_by_role("status").first).to_contain_text(
        "Wij hebben een mail naar dat adres gestuurd"
    )
    page.goto(link(mailed("gijs@lezer.example", "Volg"), "/mail/follow/"))
    press(page, page.get_by_role("button", name="Ja"))
    expect(page.get_by_role("heading", level=1)).to_have_text("U volgt het gesprek")
    assert page.context.cookies() == []
    assert look(page) == []
    page.goto(path)
    page.get_by_role("link", name="U volgt dit").click()
    page.get_by_role("button", name="Deze mail stoppen").click()
    expect(page.get_by_role("status").first).to_contain_text("U volgt")
    page.goto(path)
    expect(page.get_by_role("link", name="Volg", exact=True)).to_be_visible()
