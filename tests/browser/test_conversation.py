"""Reading and answering in a real browser, with and without its scripts."""

import re

import pytest
from playwright.sync_api import expect

from authors.roles import Role
from blog.models import Hold, SiteSettings
from blog.publishing.articles import article_save
from comments.models import Comment, State
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from tests.browser.conftest import DESK, PHONE, log_in_by_the_form
from tests.factories import make_article, make_author, make_user

# Everything that the status line says, from now on.
HEARD = """
window.heard = [];
const line = document.getElementById("conversation-status");
new MutationObserver(() => line.textContent && window.heard.push(line.textContent))
    .observe(line, { childList: true });
"""
ANNA = {"name": "Anna de Wit", "email": "anna@lezer.example"}


def let_everybody_speak(hold=Hold.NOBODY):
    SiteSettings.objects.update_or_create(pk=1, defaults={"hold": hold})


def say(article, text, parent=None, writer=ANNA):
    site = SiteSettings(hold=Hold.NOBODY, posts_per_person=0, flood_limit=0)
    return comment_post(
        submission=Submission(article=article, parent=parent, text=text, **writer), site=site
    )[0]


@pytest.fixture
def article(roles):
    return make_article("Vergaderen op dinsdag")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_reader_walks_from_the_front_page_to_a_comment_and_back(visitor, article, width):
    first = say(article, "Wij zijn ermee gestopt.")
    say(article, "Wat kwam ervoor in de plaats?", first, {"name": "Bram"})
    page = visitor.page(width)
    page.goto("/")
    page.get_by_role("link", name="Vergaderen op dinsdag").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vergaderen op dinsdag")
    expect(page.locator("#comments-title")).to_have_text("2 reacties")
    page.locator(f"#comment-{first.pk} a.when").click()
    expect(page).to_have_url(re.compile(rf"/comment/{first.pk}/#comment-{first.pk}$"))
    expect(page.get_by_text("Wat kwam ervoor in de plaats?")).to_be_visible()
    page.get_by_role("link", name="Het hele gesprek").click()
    expect(page).to_have_url(re.compile(rf"\?at={first.pk}#comment-{first.pk}$"))
    expect(page.locator(f"#comment-{first.pk}")).to_be_focused()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_an_answer_in_place(visitor, article, width):
    let_everybody_speak()
    first = say(article, "Wij zijn ermee gestopt.")
    page = visitor.page(width)
    page.goto(article.get_absolute_url())
    link = page.locator(f"#comment-{first.pk} a.reply")
    link.click()
    text = page.locator(f"#comment-{first.pk} + .respond-inline textarea")
    expect(text).to_be_focused()
    page.get_by_role("button", name="Annuleren").click()
    expect(link).to_be_focused()
    link.click()
    form = page.locator(".respond-inline form")
    form.get_by_label("Uw reactie").fill("Waarmee precies?")
    form.get_by_label("Naam").fill("Chantal")
    form.get_by_role("button", name="Reactie plaatsen").click()
    expect(page.locator("#conversation-status")).to_have_text("Uw reactie is geplaatst.")
    answer = Comment.objects.get(source="Waarmee precies?")
    assert (answer.parent_id, answer.name) == (first.pk, "Chantal")
    expect(page.locator(f"#comment-{answer.pk}")).to_be_focused()
    expect(page.locator(".respond-inline")).to_have_count(0)
    page.reload()
    expect(page.locator(f"li:has(> #comment-{first.pk}) ol #comment-{answer.pk}")).to_be_visible()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_an_answer_by_keyboard_alone(visitor, article, width):
    let_everybody_speak()
    first = say(article, "Wij zijn ermee gestopt.")
    page = visitor.page(width)
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    page.goto(article.get_absolute_url())
    page.evaluate(HEARD)
    page.locator(f"#comment-{first.pk} a.when").focus()
    page.keyboard.press("Tab")
    expect(page.locator(f"#comment-{first.pk} a.reply")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("Met de hand getypt.")
    page.keyboard.press("Tab")
    page.keyboard.type("Dirk")
    # Who presses twice sends once.
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#conversation-status")).to_have_text("Uw reactie is geplaatst.")
    expect(page.locator(":focus")).to_contain_text("Met de hand getypt.")
    assert Comment.objects.get(name="Dirk").parent_id == first.pk
    assert len(sent) == 1
    # What a screen reader is told: once what happened, and nothing besides.
    said = page.evaluate("window.heard")
    assert said.count("Uw reactie is geplaatst.") == 1
    assert set(said) <= {"Uw reactie is geplaatst.", "Uw reactie wordt verstuurd …"}


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_drafts_survive_a_reload_and_a_refusal(visitor, article, width):
    let_everybody_speak()
    visitor.expect("422")
    first = say(article, "Wij zijn ermee gestopt.")
    page = visitor.page(width)
    page.goto(article.get_absolute_url())
    page.locator("#respond textarea").fill("Half af")
    reply = page.locator(f"#comment-{first.pk} a.reply")
    reply.click()
    page.locator(".respond-inline textarea").fill("Aan Anna, half af")
    page.reload()
    expect(page.locator("#respond textarea")).to_have_value("Half af")
    # Each keeps to its place: the draft of an answer is offered where it was begun.
    expect(reply).to_contain_text("verder met uw concept")
    reply.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".respond-inline textarea")).to_have_value("Aan Anna, half af")
    page.get_by_role("button", name="Annuleren").focus()
    page.keyboard.press("Enter")
    expect(reply).to_be_focused()
    expect(page.locator(".respond-inline")).to_have_count(0)
    page.get_by_role("button", name="Reactie plaatsen").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator("#respond textarea")).to_have_value("Half af")
    page.locator("#respond").get_by_label("Naam").fill("Els")
    page.get_by_role("button", name="Reactie plaatsen").click()
    expect(page.locator("#conversation-status")).to_have_text("Uw reactie is geplaatst.")
    page.reload()
    expect(page.locator("#respond textarea")).to_have_value("")
    expect(reply).to_contain_text("verder met uw concept")
    assert Comment.objects.get(name="Els").source == "Half af"


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_offline_keeps_the_text_until_it_can_go(visitor, article, width):
    let_everybody_speak()
    visitor.expect("ERR_INTERNET_DISCONNECTED")
    page = visitor.page(width)
    page.goto(article.get_absolute_url())
    page.locator("#respond textarea").fill("In de trein")
    page.locator("#respond").get_by_label("Naam").fill("Fleur")
    page.context.set_offline(True)
    page.get_by_role("button", name="Reactie plaatsen").click()
    expect(page.locator("#conversation-status")).to_contain_text("U bent offline")
    expect(page.locator("#respond textarea")).to_have_value("In de trein")
    assert not Comment.objects.exists()
    page.context.set_offline(False)
    page.get_by_role("button", name="Reactie plaatsen").click()
    expect(page.locator("#conversation-status")).to_have_text("Uw reactie is geplaatst.")
    assert Comment.objects.get().source == "In de trein"


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_an_answer_without_scripts_waits_and_is_shown_to_its_writer(visitor, article, width):
    let_everybody_speak(Hold.UNKNOWN)
    visitor.expect("422")
    first = say(article, "Wij zijn ermee gestopt.")
    page = visitor.page(width, scripts=False)
    page.goto(article.get_absolute_url())
    page.locator(f"#comment-{first.pk} a.reply").click()
    expect(page.get_by_text("Wij zijn ermee gestopt.")).to_be_visible()
    page.get_by_role("button", name="Reactie plaatsen").click()
    expect(page.locator(".error-summary")).to_be_visible()
    page.get_by_label("Uw reactie").fill("Dat is *moedig*.")
    page.get_by_label("Naam").fill("Gijs")
    page.get_by_label("E-mailadres").fill("gijs@lezer.example")
    page.get_by_role("button", name="Reactie plaatsen").click()
    expect(page.locator(".waiting")).to_contain_text("bevestig, dan staat uw reactie er meteen")
    expect(page.locator("em", has_text="moedig")).to_be_visible()
    held = Comment.objects.get(name="Gijs")
    assert (held.state, held.parent_id) == (State.PENDING, first.pk)
    other = visitor.page(PHONE)
    other.goto(article.get_absolute_url())
    expect(other.get_by_text("moedig")).to_have_count(0)


def test_a_waiting_comment_stays_visible_to_its_writer_after_a_reload(visitor, article):
    let_everybody_speak(Hold.UNKNOWN)
    page = visitor.page(PHONE)
    page.goto(article.get_absolute_url())
    page.locator("#respond textarea").fill("Mijn eerste keer hier.")
    page.locator("#respond").get_by_label("Naam").fill("Hanna")
    page.get_by_role("button", name="Reactie plaatsen").click()
    expect(page.locator("#conversation-status")).to_contain_text("Uw reactie wacht.")
    page.reload()
    page.get_by_role("link", name="Bekijk uw reactie").click()
    expect(page.get_by_text("Mijn eerste keer hier.")).to_be_visible()


def test_the_author_answers_from_the_page(visitor, roles):
    user = make_user("femke", role=Role.AUTHOR)
    author = make_author("Femke Brouwer", user=user)
    article = make_article("Vergaderen op woensdag", authors=[author])
    first = say(article, "Ik ben het er niet mee eens.")
    page = visitor.page(PHONE)
    log_in_by_the_form(page, "femke")
    page.goto(article.get_absolute_url())
    page.locator(f"#comment-{first.pk} a.reply").click()
    form = page.locator(".respond-inline form")
    expect(form.locator(".speaking")).to_contain_text("Femke Brouwer")
    form.get_by_label("Uw reactie").fill("U hebt een punt.")
    form.get_by_role("button", name="Reactie plaatsen").click()
    answer = page.locator(".comment.by-author")
    expect(answer).to_contain_text("U hebt een punt.")
    expect(answer.locator(".badge")).to_have_text("auteur")
    assert Comment.objects.get(author=author).by_article_author


def test_a_session_that_ended_leaves_the_text_and_asks_for_a_name(visitor, roles):
    let_everybody_speak()
    visitor.expect("422")
    author = make_author("Femke Brouwer", user=make_user("femke", role=Role.AUTHOR))
    article = make_article("Vergaderen op woensdag", authors=[author])
    page = visitor.page(DESK)
    log_in_by_the_form(page, "femke")
    page.goto(article.get_absolute_url())
    form = page.locator("#respond form")
    expect(form.locator(".speaking")).to_contain_text("Femke Brouwer")
    form.get_by_label("Uw reactie").fill("Dit duurde lang.")
    page.context.clear_cookies()
    form.get_by_role("button", name="Reactie plaatsen").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(form.get_by_label("Uw reactie")).to_have_value("Dit duurde lang.")
    form.get_by_label("Naam").fill("Femke van thuis")
    form.get_by_role("button", name="Reactie plaatsen").click()
    expect(page.locator("#conversation-status")).to_have_text("Uw reactie is geplaatst.")
    assert Comment.objects.get().source == "Dit duurde lang."


def test_whatever_the_server_answers_the_text_stays(visitor, article):
    visitor.expect(r"40[034]|50[023]")
    page = visitor.page(PHONE)
    page.goto(article.get_absolute_url())
    page.locator("#respond textarea").focus()
    page.locator("#respond").get_by_label("Naam").fill("Fleur")
    for status in (400, 403, 404, 500, 502, 503):
        text = f"In de wind van {status}"
        page.route(
            "**/reply/",
            lambda route, _request, code=status: route.fulfill(status=code, body="<h1>Nee</h1>"),
        )
        page.locator("#respond textarea").fill(text)
        page.get_by_role("button", name="Reactie plaatsen").click()
        expect(page.locator("#conversation-status")).to_contain_text(
            "Uw tekst staat nog in het formulier"
        )
        expect(page.locator("#respond textarea")).to_have_value(text)
    page.reload()
    expect(page.locator("#respond textarea")).to_have_value(text)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_two_tabs_post_once(visitor, article, width):
    let_everybody_speak()
    page = visitor.page(width)
    page.goto(article.get_absolute_url())
    page.locator("#respond textarea").fill("Een keer is genoeg.")
    page.locator("#respond").get_by_label("Naam").fill("Ilse")
    second = page.context.new_page()
    second.goto(article.get_absolute_url())
    expect(second.locator("#respond textarea")).to_have_value("Een keer is genoeg.")
    second.locator("#respond").get_by_label("Naam").fill("Ilse")
    for tab in (page, second):
        tab.get_by_role("button", name="Reactie plaatsen").click()
        expect(tab.locator("#conversation-status")).to_have_text("Uw reactie is geplaatst.")
    assert Comment.objects.count() == 1


def test_a_moderator_shows_a_waiting_comment(visitor, article):
    let_everybody_speak(Hold.UNKNOWN)
    site = SiteSettings.objects.get()
    held, _new = comment_post(
        submission=Submission(article=article, text="Mag dit erbij?", **ANNA), site=site
    )
    make_user("anil", role=Role.MODERATOR)
    desk = visitor.page(PHONE)
    log_in_by_the_form(desk, "anil")
    desk.goto("/admin/comments/comment/")
    card = desk.locator(".queue-card", has_text="Mag dit erbij?")
    card.get_by_role("button", name="Goedkeuren").click()
    expect(desk.locator("#queue-status")).to_contain_text("Goedgekeurd")
    held.refresh_from_db()
    assert held.state == State.APPROVED
    reader = visitor.page(PHONE)
    reader.goto(article.get_absolute_url())
    expect(reader.get_by_text("Mag dit erbij?")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_form_that_was_open_posts_after_a_rename(visitor, article, scripts):
    let_everybody_speak()
    page = visitor.page(PHONE, scripts=scripts)
    page.goto(article.get_absolute_url())
    form = page.locator("#respond form")
    form.get_by_label("Uw reactie").fill("Dit typte ik terwijl het artikel werd hernoemd.")
    form.get_by_label("Naam").fill("Chantal")
    old = article.get_absolute_url()
    article.slug = "overleggen-op-dinsdag"
    article.published_at = article.published_at.replace(year=2019)
    article_save(article=article, authors=None, tags=None, editor=None, expected_version=None)
    # Another article has come to live at the old address.
    other = make_article(slug=old.strip("/").rpartition("/")[2])
    assert other.get_absolute_url() == old
    form.get_by_role("button", name="Reactie plaatsen").click()
    words = page.get_by_text("Dit typte ik terwijl het artikel werd hernoemd.")
    expect(words.first).to_be_visible()
    expect(form.locator("textarea")).to_have_value("") if scripts else expect(page).to_have_url(
        re.compile(r"/2019/\d\d/overleggen-op-dinsdag/comment/\d+/")
    )
    comment = Comment.objects.get()
    assert (comment.article_id, comment.name) == (article.pk, "Chantal")
    # Where it says it stands, it stands, and what is written there leads on.
    page.goto(f"{old}comment/{comment.pk}/")
    expect(page).to_have_url(re.compile(r"/2019/\d\d/overleggen-op-dinsdag/comment/\d+/$"))
    page.get_by_role("link", name="Beantwoorden").click()
    if scripts:
        expect(page.locator("#respond textarea")).to_be_focused()
        page.locator("#respond textarea").fill("En nog iets.")
        page.locator("#respond").get_by_label("Naam").fill("Chantal")
        page.locator("#respond").get_by_role("button", name="Reactie plaatsen").click()
        expect(page.locator(".comment.fresh")).to_contain_text("En nog iets.")
    else:
        expect(page).to_have_url(re.compile(r"overleggen-op-dinsdag/reply/\?to=\d+$"))
