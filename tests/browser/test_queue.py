"""A moderator at the desk: by keyboard alone, without scripts, on a phone; two at once."""

import re

import pytest
from playwright.sync_api import expect

from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments.models import Ban, Comment, Complaint, ModerationEvent, ReadyReason, State
from comments.moderation import reports, states
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.screening import bans
from tests.browser.accessible import faults
from tests.browser.conftest import DESK, PHONE, log_in
from tests.browser.test_hostile import BREAKOUTS
from tests.factories import make_article, make_author, make_user

QUEUE = "/admin/comments/comment/"
HOLD = SiteSettings(hold=Hold.EVERYONE, spam_filter=False, posts_per_hour=0)
OPEN = SiteSettings(hold=Hold.NOBODY, spam_filter=False, posts_per_hour=0, report_threshold=0)


def post(article, words, name, site=HOLD, parent=None):
    writer = {"name": name, "email": f"{name.lower()[:3]}@lezer.example", "client": b"n" * 16}
    return comment_post(
        submission=Submission(article=article, parent=parent, text=words, **writer), site=site
    )[0]


def report(comment, note):
    reports.report_make(
        comment=comment, complaint=Complaint.INSULT, note=note, email="", language="nl",
        client=b"r" * 16, site=OPEN,
    )  # fmt: skip


@pytest.fixture
def article(roles):
    SiteSettings.objects.create(pk=1, title="De Werkbank")
    make_user("mo", role=Role.MODERATOR)
    ReadyReason.objects.all().delete()  # Those of a migration are there before the first flush.
    ReadyReason.objects.create(language="nl", words="Op de persoon.", position=1)
    ReadyReason.objects.create(language="nl", words="Al gezegd.", position=2)
    return make_article("Roosters", authors=[make_author()])


def ready(page):
    """The script has the page: from now on keys count."""
    expect(page.locator("#queue-help-open")).to_be_visible()


def state_of(comment):
    comment.refresh_from_db()
    return comment.state


def test_a_moderator_works_through_the_queue_by_keyboard_alone(visitor, article):
    names = ("Anna", "Bram", "Cor", "Dina", "Els")
    anna, bram, cor, dina, els = [post(article, f"Woorden van {name}.", name) for name in names]
    page = visitor.page(DESK)
    log_in(page, "mo")
    page.goto(QUEUE)
    ready(page)
    keys, status = page.keyboard, page.locator("#queue-status")
    focused = page.locator(".queue-card:focus")

    expect(page.locator(".queue-current")).to_contain_text("Anna")
    keys.press("a")
    expect(status).to_have_text("Goedgekeurd: Anna.")
    expect(focused).to_contain_text("Bram")
    assert state_of(anna) == State.APPROVED

    keys.press("r")  # The first ready-made reason has the focus: 2 takes the second.
    keys.press("2")
    expect(status).to_have_text("Geweigerd: Bram.")
    expect(focused).to_contain_text("Cor")
    assert (state_of(bram), bram.reason) == (State.REJECTED, "Al gezegd.")

    keys.press("u")
    expect(status).to_have_text("1 besluit teruggenomen.")
    expect(focused).to_contain_text("Bram")
    assert state_of(bram) == State.PENDING
    keys.press("s")
    expect(status).to_have_text("Als spam gemarkeerd: Bram.")
    expect(focused).to_contain_text("Cor")

    keys.press("e")
    expect(page.locator("textarea:focus")).to_have_value("Woorden van Cor.")
    keys.press("Control+a")
    keys.type("Nette woorden, met sra erin.")  # Letters that are keys, too.
    keys.press("Tab")
    keys.type("Zonder de naam.")
    keys.press("Enter")  # In a field it decides nothing: the button does.
    keys.press("Tab")
    keys.press("Enter")
    expect(status).to_have_text("Tekst aangepast: Cor.")
    expect(focused).to_contain_text("Nette woorden, met sra erin.")
    assert (state_of(cor), cor.source) == (State.PENDING, "Nette woorden, met sra erin.")
    keys.press("a")
    expect(focused).to_contain_text("Dina")
    ban_and_refuse_the_last(page, dina, els)


def ban_and_refuse_the_last(page, dina, els):
    keys, status = page.keyboard, page.locator("#queue-status")
    focused = page.locator(".queue-card:focus")

    keys.press("b")
    expect(page.locator("input:focus")).to_have_value("person")
    keys.press("Tab")  # Past the pattern, to how long.
    keys.press("Tab")
    keys.press("ArrowRight")
    for _field in ("what waits", "others too", "the reason"):
        keys.press("Tab")
    keys.type("Reclame.")
    keys.press("Tab")
    keys.press("Enter")
    expect(status).to_have_text("Uitgesloten: Dina.")
    ban = Ban.objects.get()
    assert (ban.commenter, ban.reason, (ban.until - ban.created_at).days) == (
        dina.commenter, "Reclame.", 29,
    )  # fmt: skip
    expect(focused).to_contain_text("uitgesloten")
    keys.press("s")
    expect(focused).to_contain_text("Els")
    keys.press("r")
    keys.press("Shift+Tab")
    keys.press("Shift+Tab")
    keys.type("Eigen woorden.")
    keys.press("Tab")
    keys.press("Enter")
    expect(status).to_contain_text("Dat was de laatste hier.")
    expect(page.locator("#queue-empty:focus")).to_have_text("Hier wacht niets op u.")
    expect(page.locator("[data-count=held]")).to_have_text("0")
    assert (state_of(els), els.reason) == (State.REJECTED, "Eigen woorden.")
    assert ModerationEvent.objects.filter(actor__username="mo").count() == 9


def test_keys_rest_while_typing_and_can_be_switched_off(visitor, article):
    comment = post(article, "Woorden.", "Anna")
    page = visitor.page(DESK)
    log_in(page, "mo")
    page.goto(QUEUE)
    ready(page)
    page.keyboard.press("n")
    page.keyboard.press("e")
    page.keyboard.type("assa")
    page.keyboard.press("Escape")
    expect(page.locator(".queue-card:focus")).to_have_count(1)
    page.keyboard.press("Control+s")
    page.keyboard.press("?")
    box = page.get_by_label("Toetsen staan aan in deze browser")
    expect(box).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.reload()
    ready(page)
    page.keyboard.press("n")
    page.keyboard.press("a")
    expect(page.locator(".queue-card:focus")).to_have_count(0)
    expect(page.locator("kbd >> visible=true")).to_have_count(0)
    assert state_of(comment) == State.PENDING


def test_reports_appeals_and_several_at_once(visitor, article):
    rude = post(article, "Naar gedaan.", "Anna", OPEN)
    report(rude, "Dit kwetst.")
    refused = post(article, "Geweigerd gezegd.", "Bram")
    states.comment_reject(comment=refused, actor=make_user(), reason="Nee.")
    refused.refresh_from_db()
    appeal = reports.appeal_make(comment=refused, text="Kijk nog eens.")
    several = [post(article, f"Reclame {number}.", f"Cor{number}") for number in range(3)]
    page = visitor.page(PHONE)
    log_in(page, "mo")
    page.goto(QUEUE)
    ready(page)
    page.get_by_role("link", name=re.compile("Gemeld")).click()
    expect(page.get_by_text("Dit kwetst.")).to_be_visible()
    ready(page)
    page.keyboard.press("d")
    expect(page.locator("#queue-status")).to_contain_text("Meldingen onterecht bevonden: Anna.")
    page.get_by_role("link", name=re.compile("Bezwaren")).click()
    expect(page.get_by_text("Kijk nog eens.")).to_be_visible()
    ready(page)
    page.get_by_label("Antwoord aan de schrijver").fill("U heeft gelijk.")
    page.get_by_role("button", name="De schrijver heeft gelijk").click()
    expect(page.locator("#queue-status")).to_contain_text("Bezwaar gegrond bevonden: Bram.")
    appeal.refresh_from_db()
    assert (state_of(refused), appeal.answer) == (State.APPROVED, "U heeft gelijk.")
    page.get_by_role("link", name=re.compile("Wachtend")).click()
    expect(page.locator(".queue-card")).to_have_count(3)
    ready(page)
    for number in range(2):
        page.get_by_label("Kiezen", exact=True).nth(number).check()
    expect(page.locator("#queue-chosen")).to_have_text("Gekozen: 2")
    page.locator("#queue-bulk").get_by_role("button", name="Spam").click()
    expect(page.locator("#queue-status")).to_have_text("2 reacties: Als spam gemarkeerd.")
    expect(page.locator(".queue-card")).to_have_count(1)
    page.locator("#queue-undo button").click()
    expect(page.locator(".queue-card")).to_have_count(3)
    assert {state_of(comment) for comment in several} == {State.PENDING}


def test_without_scripts(visitor, article):
    comments = [post(article, f"Woorden {number}.", f"Bo{number}") for number in range(3)]
    page = visitor.page(PHONE, scripts=False)
    log_in(page, "mo")
    page.goto(QUEUE)
    expect(page.locator("#queue-help-open")).to_be_hidden()
    card = page.locator(".queue-card").first
    card.locator("summary", has_text="Weigeren").click()
    card.locator("details[open]").get_by_label("Reden").fill("Dubbel.")
    card.locator("details[open] .queue-strong").click()
    expect(page.locator(".messagelist")).to_have_text("Geweigerd: Bo0.")
    assert (state_of(comments[0]), comments[0].reason) == (State.REJECTED, "Dubbel.")
    page.get_by_role("button", name="Terugnemen").click()
    expect(page.locator(".messagelist")).to_have_text("1 besluit teruggenomen.")
    assert state_of(comments[0]) == State.PENDING
    card.locator("summary", has_text="Uitsluiten").click()
    card.locator("details[open] .queue-strong").click()
    assert Ban.objects.get().commenter == comments[0].commenter
    for box in page.get_by_label("Kiezen", exact=True).all():
        box.check()
    page.locator("#queue-bulk").get_by_role("button", name="Goedkeuren").click()
    expect(page.get_by_text("Hier wacht niets op u.")).to_be_visible()
    assert {state_of(comment) for comment in comments} == {State.APPROVED}


def test_nothing_typed_is_lost_when_the_server_is_away(visitor, article):
    comment = post(article, "Woorden.", "Anna")
    page = visitor.page(DESK)
    visitor.expect("Failed to load resource")
    log_in(page, "mo")
    page.goto(QUEUE)
    ready(page)
    page.keyboard.press("n")
    page.keyboard.press("e")
    page.keyboard.type(" Erbij.")
    page.context.route("**/decide/", lambda route: route.abort())
    page.locator("details[open] .queue-strong").click()
    expect(page.locator("#queue-status")).to_contain_text("Er kwam geen antwoord")
    expect(page.locator("textarea >> visible=true")).to_have_value(re.compile("Erbij"))
    assert state_of(comment) == State.PENDING


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_and_fits(visitor, article, width, scheme):
    parent = post(article, "Begin " + "x" * 80, "Anna", OPEN)
    rude = post(article, "Antwoord met https://x.example/" + "y" * 90, "Bram", OPEN, parent)
    report(rude, "Dit kwetst.")
    bans.ban_add(actor=None, commenter=rude.commenter, reason="Reclame", comment=rude)
    post(article, "> aangehaald\n\n1. een\n2. twee\n\n`code`", "Cor")
    page = visitor.page(width, scheme=scheme)
    log_in(page, "mo")
    visitor.expect("Applying inline style|preload assets")  # By axe itself.
    wrong = []
    for url in (QUEUE, f"{QUEUE}?tab=reported", f"{QUEUE}{rude.pk}/change/"):
        page.goto(url)
        page.locator("summary[data-key=h]").first.click()
        for panel in page.locator(".queue-card >> nth=0 >> .queue-panel").all():
            panel.evaluate("(node) => { node.removeAttribute('name'); node.open = true }")
        wrong += faults(page, "#queue")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = page.evaluate(
            """() => [...document.querySelectorAll('#queue :is(button, summary, select, input)')]
            .filter((node) => node.checkVisibility() && node.type !== 'hidden')
            .map((node) => [node.outerHTML.slice(0, 80), node.closest('label') ?? node])
            .map(([name, node]) => [name, node.getBoundingClientRect()])
            .filter(([, box]) => box.height < 24 || box.width < 24).map(([name]) => name)"""
        )
        assert small == []
    page.keyboard.press("?")
    wrong += faults(page, "#queue-help")
    assert not wrong, "\n".join(wrong)


def test_hostile_words_fire_nothing(visitor, article):
    for number, words in enumerate(BREAKOUTS):
        comment = post(article, words, f"Bo{number}", OPEN)
        Comment.objects.filter(pk=comment.pk).update(name=words[:80], website=words)
        comment.commenter.name = words[:60]
        comment.commenter.save()
        report(comment, words)
        ReadyReason.objects.create(language="nl", words=words)
        bans.ban_add(actor=None, commenter=comment.commenter, reason=words, comment=comment)
    page = visitor.page(DESK, bypass_csp=True)
    page.on("dialog", lambda dialog: (visitor.faults.append("fired"), dialog.dismiss()))
    log_in(page, "mo")
    for url in (f"{QUEUE}?tab=reported", "/admin/comments/moderationevent/",
                "/admin/comments/report/", "/admin/comments/ban/"):  # fmt: skip
        page.goto(url)
        for summary in page.locator("#queue summary").all():
            summary.click()
    page.goto(f"{QUEUE}?tab=reported")
    ready(page)
    page.keyboard.press("n")
    page.keyboard.press("d")
    expect(page.locator("#queue-status")).to_contain_text("Meldingen onterecht")
    page.keyboard.press("u")
    expect(page.locator(".queue-card")).to_have_count(len(BREAKOUTS))
