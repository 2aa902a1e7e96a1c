"""Deciding about comments where they stand: by keyboard, on a phone and a desk, without scripts."""

import pytest
from playwright.sync_api import expect

from authors.roles import Role
from blog.models import SiteSettings
from comments.models import Ban, ReadyReason, State
from comments.moderation import states
from tests.browser.accessible import faults
from tests.browser.conftest import DESK, PHONE, log_in_by_the_form
from tests.browser.test_queue import OPEN, post, state_of
from tests.factories import make_article, make_author, make_user


@pytest.fixture
def article(roles):
    SiteSettings.objects.create(pk=1, title="De Werkbank")
    make_user("mo", role=Role.MODERATOR)
    ReadyReason.objects.all().delete()
    ReadyReason.objects.create(language="nl", words="Op de persoon.", position=1)
    return make_article("Roosters", authors=[make_author()])


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_moderator_decides_in_the_conversation_by_keyboard(visitor, article, width):
    anna = post(article, "Wij zijn ermee gestopt.", "Anna", OPEN)
    bram = post(article, "Waarmee dan?", "Bram", parent=anna)
    post(article, "Een eigen begin.", "Cor")
    page = visitor.page(width, bypass_csp=True)  # axe brings styles of its own.
    log_in_by_the_form(page, "mo")
    page.goto(article.get_absolute_url())
    line, said = page.locator(".moderating-line"), page.locator("#conversation-status")
    expect(line).to_contain_text("2 reacties wachten op goedkeuring")
    assert faults(page, ".conversation") == []
    keys, focused = page.keyboard, page.locator(":focus")

    # Refused with a reason, taken back, approved: the focus goes to the way back each time.
    at = page.locator(f"#comment-{bram.pk}")
    at.get_by_role("button", name="Goedkeuren").focus()
    keys.press("r")
    keys.type("Te kort, sra.")  # Letters that are keys, too.
    keys.press("Enter")  # In a field it decides nothing: the button does.
    keys.press("Tab")
    keys.press("Enter")
    expect(said).to_have_text("Geweigerd: Bram.")
    expect(at).to_contain_text("Reden: Te kort, sra.")
    expect(focused).to_have_attribute("name", "undo")
    assert (state_of(bram), bram.reason) == (State.REJECTED, "Te kort, sra.")
    keys.press("Enter")
    expect(said).to_have_text("Teruggenomen: geweigerd, Bram.")
    assert state_of(bram) == State.PENDING
    expect(at.get_by_role("button", name="Goedkeuren")).to_be_focused()
    keys.press("a")
    expect(said).to_have_text("Goedgekeurd: Bram.")
    expect(page.locator("#comments-title")).to_have_text("2 reacties")
    expect(at.get_by_role("link", name="Beantwoorden")).to_be_visible()
    assert state_of(bram) == State.APPROVED
    expect(focused).to_have_attribute("name", "undo")

    # A comment that stands there, on its own page too: the forms come when they are asked for.
    page.goto(anna.get_absolute_url())
    at = page.locator(f"#comment-{anna.pk}")
    moderate = at.get_by_role("button", name="Modereren")
    moderate.focus()
    keys.press("Enter")
    expect(at.locator(".moderating button:focus")).to_have_count(1)
    keys.press("f")
    expect(at.locator("header").first).to_contain_text("uitgelicht")
    keys.press("Escape")
    expect(moderate).to_be_focused()
    expect(moderate).to_have_attribute("aria-expanded", "false")
    expect(at.locator(".moderating")).to_be_hidden()
    assert faults(page, ".conversation") == []


def test_nothing_typed_is_lost(visitor, article):
    cor = post(article, "Een eigen begin.", "Cor")
    page = visitor.page(PHONE)
    log_in_by_the_form(page, "mo")
    page.goto(f"{article.get_absolute_url()}#comment-{cor.pk}")
    at = page.locator(f"#comment-{cor.pk}")
    expect(at).to_be_focused()
    cookies = page.context.cookies()
    page.context.clear_cookies()
    at.get_by_text("Uitsluiten").first.click()
    reason = at.get_by_label("Reden; de persoon leest")
    reason.fill("Genoeg.")
    visitor.expect("403")
    at.locator("details[open]").get_by_role("button", name="Uitsluiten").click()
    fault = at.get_by_role("alert")
    expect(fault).to_contain_text("U bent niet meer aangemeld")
    expect(fault).to_be_focused()
    expect(fault.get_by_role("link", name="Aanmelden")).to_be_visible()
    expect(reason).to_have_value("Genoeg.")
    page.context.add_cookies(cookies)
    # A colleague was before: who did what is said, and what was typed stays.
    states.comment_spam(comment=cor, actor=make_user("anja", role=Role.MODERATOR))
    visitor.expect("409")
    at.locator("details[open]").get_by_role("button", name="Uitsluiten").click()
    expect(fault).to_contain_text("door anja")
    expect(reason).to_have_value("Genoeg.")
    # Without a connection as well.
    page.context.set_offline(True)
    visitor.expect("ERR_INTERNET_DISCONNECTED")
    at.locator("details[open]").get_by_role("button", name="Uitsluiten").click()
    expect(fault).to_contain_text("U bent offline")
    page.context.set_offline(False)
    at.locator("details[open]").get_by_role("button", name="Uitsluiten").dblclick()
    expect(page.locator("#conversation-status")).to_have_text("Uitgesloten: Cor.")
    assert Ban.objects.get().reason == "Genoeg."


def test_it_works_without_scripts(visitor, article):
    anna = post(article, "Wij zijn ermee gestopt.", "Anna", OPEN)
    page = visitor.page(PHONE, scripts=False)
    log_in_by_the_form(page, "mo")
    page.goto(article.get_absolute_url())
    at = page.locator(f"#comment-{anna.pk}")
    expect(at.locator(".moderating")).to_have_count(0)
    at.locator(".menu summary").click()
    at.get_by_role("link", name="Melden").click()
    page.get_by_role("link", name="Beslis over deze reactie").click()
    at.get_by_text("Verwijderen").first.click()
    at.get_by_label("Reden; lezers").fill("Doet er niet toe.")
    at.locator("details[open]").get_by_role("button", name="Verwijderen").click()
    expect(at).to_contain_text("Doet er niet toe.")
    assert state_of(anna) == State.REMOVED
    at.get_by_role("button", name="Terugnemen").click()
    expect(at.get_by_role("button", name="Terugnemen")).to_have_count(0)
    assert state_of(anna) == State.APPROVED
    page.get_by_role("link", name="Lees in het gesprek").click()
    expect(at).to_be_visible()
