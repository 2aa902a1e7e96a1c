"""The queue in one line each: how many a screen holds, by key, by finger, without scripts."""

import re

import pytest
from playwright.sync_api import expect

from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments.models import Ban, Comment, ReadyReason, State
from comments.moderation import states
from tests.browser.accessible import faults
from tests.browser.conftest import DESK, PHONE, log_in
from tests.browser.test_queue import OPEN, QUEUE, post, ready, report, state_of
from tests.factories import make_article, make_author, make_user

COMPACT = f"{QUEUE}?view=compact"
FREE = SiteSettings(hold=Hold.EVERYONE, posts_per_hour=0, posts_per_person=0)
LONG = "Ik werk al jaren met roosters en vind dat dit stuk de kern mist: het gaat om zeggenschap."


@pytest.fixture
def article(roles):
    SiteSettings.objects.create(pk=1, title="De Werkbank")
    make_user("mo", role=Role.MODERATOR)
    ReadyReason.objects.all().delete()
    ReadyReason.objects.create(language="nl", words="Op de persoon.", position=1)
    return make_article("Roosters", authors=[make_author()])


IN_SIGHT = """[...document.querySelectorAll('.queue-card')]
    .filter((card) => card.getBoundingClientRect().bottom <= innerHeight).length"""


@pytest.mark.parametrize(("width", "least"), [(DESK, 8), (PHONE, 3)])
def test_a_screen_holds_many_and_is_accessible(visitor, article, width, least):
    for number in range(12):
        post(article, f"{LONG} {number}", "Cornelia van der Waals", FREE)
    rude = post(article, "Naar gedaan.", "Piet", OPEN)
    report(rude, "Dit kwetst.")
    page = visitor.page(width, scheme="dark" if width == DESK else "light")
    log_in(page, "mo")
    page.goto(COMPACT)
    ready(page)
    assert page.evaluate(IN_SIGHT) >= least
    visitor.expect("Applying inline style|preload assets")  # By axe itself.
    wrong = faults(page, "#queue")
    # It stays as it was chosen.
    page.goto(f"{QUEUE}?tab=reported")
    ready(page)
    page.keyboard.press("o")
    expect(page.get_by_text("Dit kwetst.")).to_be_visible()
    wrong += faults(page, "#queue")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not wrong, "\n".join(wrong)


def test_one_line_each_by_keyboard(visitor, article):
    rows = [post(article, f"{LONG} {number}", f"N{number:02}", FREE) for number in range(7)]
    page = visitor.page(DESK)
    log_in(page, "mo")
    page.goto(COMPACT)
    ready(page)
    keys, status = page.keyboard, page.locator("#queue-status")
    keys.press("a")
    keys.press("r")
    keys.press("1")
    expect(status).to_have_text("Geweigerd: N01.")
    assert [state_of(row) for row in rows[:2]] == [State.APPROVED, State.REJECTED]
    # The whole of it, and an answer in its place.
    keys.press("w")
    expect(page.locator("textarea:focus")).to_be_visible()
    keys.type("Dank u, aangepast.")
    keys.press("Tab")
    keys.press("Enter")
    expect(status).to_have_text("Beantwoord: N02.")
    answer = Comment.objects.get(parent=rows[2])
    assert (answer.source, answer.state, answer.by_moderator) == (
        "Dank u, aangepast.", State.APPROVED, True,
    )  # fmt: skip
    assert state_of(rows[2]) == State.APPROVED
    # Several: nothing is done to none, all of them at once to all.
    keys.press("Shift+S")
    expect(status).to_have_text("Kies ten minste één reactie.")
    keys.press("Shift+M")
    expect(page.locator("#queue-chosen")).to_have_text("Gekozen: 4")
    expect(page.locator("#queue-every")).to_have_text("Kies niets")
    keys.press("n")
    keys.press("m")
    keys.press("Shift+R")
    expect(page.locator("#queue-bulk-ready")).to_be_focused()
    page.locator("#queue-bulk-ready").select_option(label="Op de persoon.")
    page.locator("#queue-bulk").get_by_role("button", name="Weigeren").click()
    expect(status).to_have_text("3 reacties: Geweigerd.")
    expect(page.locator(".queue-card")).to_have_count(1)
    assert sorted(state_of(row) for row in rows[3:]) == [State.PENDING, *[State.REJECTED] * 3]
    keys.press("u")
    expect(page.locator(".queue-card")).to_have_count(4)


def test_a_ban_clears_what_waits_and_asks_when_others_are_in_it(visitor, article):
    known = post(article, "Ik woon hier ook.", "Buur", FREE)
    states.comment_approve(comment=known, actor=make_user())
    spam = [post(article, f"Koop nu {number}.", "Spammer", FREE) for number in range(3)]
    other = post(article, "Iets anders.", "Anna", FREE)
    page = visitor.page(PHONE)
    visitor.expect("422")
    log_in(page, "mo")
    page.goto(QUEUE)
    ready(page)
    card = page.locator(f"#card-{spam[0].pk}")
    card.locator("summary", has_text="Uitsluiten").click()
    # The address alone is suggested, not all who write from that domain.
    expect(card.get_by_label("Patroon van adressen")).to_have_value("spa@lezer.example")
    card.get_by_label("E-mailadressen als").check()
    card.get_by_label("Patroon van adressen").fill("*@lezer.example")
    card.get_by_label("als spam markeren").check()
    card.locator("details[open] .queue-strong").click()
    expect(page.locator("#queue-status")).to_contain_text("nog 1 ander uit die hier bekend is")
    assert not Ban.objects.exists()
    card.get_by_label("Deze persoon", exact=True).check()
    card.locator("details[open] .queue-strong").click()
    expect(page.locator("#queue-status")).to_have_text(
        "Uitgesloten: Spammer. 3 reacties die wachtten: Als spam gemarkeerd."
    )
    expect(page.locator(".queue-card")).to_have_count(1)
    assert {state_of(row) for row in spam} == {State.SPAM}
    assert state_of(other) == State.PENDING
    page.locator("#queue-undo button").click()
    expect(page.locator(".queue-card")).to_have_count(4)
    assert not Ban.objects.filter(until=None).exists()


def test_everything_of_one_person_without_scripts(visitor, article):
    rows = [post(article, f"Van mij {number}.", "Spammer", FREE) for number in range(3)]
    other = post(article, "Iets anders.", "Anna", FREE)
    page = visitor.page(PHONE, scripts=False)
    log_in(page, "mo")
    page.goto(COMPACT)
    card = page.locator(f"#card-{rows[0].pk}")
    card.locator("summary", has_text="Openen").click()
    card.locator("summary", has_text=re.compile("De schrijver tot nu toe")).click()
    card.get_by_role("link", name="Kies alles van deze persoon dat wacht").click()
    expect(page.locator(".queue-card")).to_have_count(3)
    expect(page.locator("[name=chosen]:checked")).to_have_count(3)
    page.locator("#queue-bulk").get_by_role("button", name="Spam").click()
    assert {state_of(row) for row in rows} == {State.SPAM}
    assert state_of(other) == State.PENDING
