"""What is new, folding, valuing, previewing, quoting, and a writer's own comments."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments.models import Comment, State
from comments.moderation.states import comment_approve
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.thread import counters, fragments
from tests.browser.conftest import DESK, PHONE, log_in_by_the_form
from tests.factories import make_article, make_user

OPEN = SiteSettings(hold=Hold.NOBODY, posts_per_hour=0, flood_limit=0)
# The browser was here yesterday: said once, before the first page of a tab is read.
YESTERDAY = """
if (!sessionStorage.getItem("aged")) {
    sessionStorage.setItem("aged", "1");
    const at = Math.floor(Date.now() / 1000) - 86400;
    localStorage.setItem("weerwoord.visits.ARTICLE", JSON.stringify([[at, at]]));
}
"""


TWO_VISITS = YESTERDAY.replace("[[at, at]]", "[[at - 864000, at - 864000], [at, at]]")
# A tab that the test hides and shows.
HIDING = """
Object.defineProperty(Document.prototype, "hidden", { get: () => Boolean(window.away) });
window.hide = (away) => {
    window.away = away;
    document.dispatchEvent(new Event("visibilitychange"));
};
"""


def say(article, text, parent=None, name="Anna de Wit", **more):
    writer = {"name": name, **more}
    return comment_post(
        submission=Submission(article=article, parent=parent, text=text, **writer), site=OPEN
    )[0]


def age(*comments, days):
    for comment in comments:
        comment.created_at -= timedelta(days=days)
        fragments.refresh(comment)
        comment.save()


@pytest.fixture
def article(roles):
    SiteSettings.objects.create(pk=1, hold=Hold.NOBODY, posts_per_hour=0, flood_limit=0)
    return make_article("Vergaderen op dinsdag")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_new_since_the_last_visit(visitor, article, width):
    old = say(article, "Van vorige week.")
    age(old, days=7)
    page = visitor.page(width)
    page.goto(article.get_absolute_url())
    expect(page.locator(".since")).to_have_count(0)
    fresh = say(article, "Van vandaag.", old, name="Bram")
    page = visitor.page(width)
    page.add_init_script(YESTERDAY.replace("ARTICLE", str(article.pk)))
    page.goto(article.get_absolute_url())
    expect(page.locator(".since-count")).to_have_text("1 nieuwe reactie")
    expect(page.locator(f"#comment-{fresh.pk} .new-word")).to_have_text("nieuw")
    expect(page.locator(f"#comment-{old.pk} .new-word")).to_have_count(0)
    page.get_by_role("button", name="Volgende nieuwe").click()
    expect(page.locator(f"#comment-{fresh.pk}")).to_be_focused()
    page.reload()
    expect(page.locator(".since-count")).to_have_text("1 nieuwe reactie")
    page.locator(f"#comment-{old.pk}").evaluate("(node) => { node.tabIndex = -1; node.focus() }")
    page.keyboard.press("n")
    expect(page.locator(f"#comment-{fresh.pk}")).to_be_focused()
    say(article, "Nog een.", name="Chris")
    page.goto("/")
    expect(page.locator("a[data-conversation] .new-word")).to_have_text("1 nieuw")
    page.go_back()
    expect(page.locator(f"#comment-{fresh.pk} .new-word")).to_have_text("nieuw")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_an_earlier_visit_is_chosen_and_walked_by_keys(visitor, article, width):
    oldest, older, fresh = (
        say(article, f"Nummer {number}.", name=f"Lezer {number}") for number in range(3)
    )
    age(oldest, days=20)
    age(older, days=5)
    page = visitor.page(width)
    page.add_init_script(TWO_VISITS.replace("ARTICLE", str(article.pk)))
    page.goto(article.get_absolute_url())
    expect(page.locator(".since-count")).to_have_text("1 nieuwe reactie")
    choice = page.get_by_label("sinds")
    expect(choice.locator("option")).to_have_count(2)
    choice.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".since-count")).to_have_text("2 nieuwe reacties")
    expect(page.locator(f"#comment-{oldest.pk} .new-word")).to_have_count(0)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Volgende nieuwe")).to_be_focused()
    page.keyboard.press("Enter")
    for key, expected in (("n", fresh), ("n", older), ("p", fresh)):
        page.keyboard.press(key)
        expect(page.locator(f"#comment-{expected.pk}")).to_be_focused()
    # While one types they are letters.
    page.locator("#respond textarea").focus()
    page.keyboard.type("np")
    expect(page.locator("#respond textarea")).to_have_value("np")


def test_what_was_approved_since_is_new_however_long_ago_it_was_written(visitor, article):
    first, late = say(article, "Van vorige week.", name="Bram"), say(article, "Wachtte.")
    last = say(article, "Ook van vorige week.", name="Chris")
    age(first, late, last, days=7)
    Comment.objects.filter(pk=late.pk).update(state=State.PENDING, shown=False)
    counters.recount()
    page = visitor.page(DESK)
    page.add_init_script(HIDING + YESTERDAY.replace("ARTICLE", str(article.pk)))
    page.goto(article.get_absolute_url())
    expect(page.locator(".since-count")).to_have_text("Niets nieuws op deze bladzijde")
    # It comes in while the page is open, and is shown where it stands: between the others.
    comment_approve(comment=late, actor=None)
    page.evaluate("window.hide(true); window.hide(false)")
    page.get_by_role("button", name="1 nieuwe reactie – tonen").click()
    expect(page.locator(f"#comment-{late.pk}")).to_be_focused()
    for _reloaded in range(2):
        expect(page.locator(".thread > li > .comment")).to_have_count(3)
        ids = page.locator(".thread > li > .comment").evaluate_all("all => all.map((x) => x.id)")
        assert ids == [f"comment-{one.pk}" for one in (first, late, last)]
        expect(page.locator(".comment .new-word")).to_have_count(1)
        expect(page.locator(f"#comment-{late.pk} .new-word")).to_have_text("nieuw")
        page.reload()
    page.goto("/search/comments/?q=wachtte")
    assert page.locator(".found-comments > li").get_attribute("data-shown")


def test_an_author_finds_what_is_new_on_her_other_device(visitor, article):
    make_user("femke", role=Role.AUTHOR)
    desk, phone = visitor.page(DESK), visitor.page(PHONE)
    fresh = say(article, "Van vandaag.", name="Bram")
    desk.add_init_script(YESTERDAY.replace("ARTICLE", str(article.pk)))
    for page in (desk, phone):
        log_in_by_the_form(page, "femke")
        page.goto(article.get_absolute_url())
        expect(page.locator(".since-count")).to_have_text("1 nieuwe reactie")
        expect(page.locator(f"#comment-{fresh.pk} .new-word")).to_have_text("nieuw")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_arrivals_are_offered_and_shown_on_request(visitor, article, width):
    first = say(article, "Er was al een.")
    page, asked = visitor.page(width), []
    page.on("request", lambda request: "/arrivals/" in request.url and asked.append(request.url))
    page.add_init_script(HIDING)
    page.clock.install()
    page.goto(article.get_absolute_url())
    expect(page.locator(f"#comment-{first.pk}")).to_be_visible()
    reply = say(article, "Net binnen.", first, name="Bram")
    say(article, "Ook net.", name="Chris")
    page.locator("#respond").scroll_into_view_if_needed()
    before = page.evaluate("[scrollY, document.querySelector('[data-thread]').offsetHeight]")
    page.clock.run_for(31_000)
    button = page.get_by_role("button", name="2 nieuwe reacties – tonen")
    expect(button).to_be_visible()
    height = "document.querySelector('[data-thread]').offsetHeight"
    assert page.evaluate(height) == before[1]
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#comment-{reply.pk}")).to_be_focused()
    inside = page.locator(f"li:has(> #comment-{first.pk}) #comment-{reply.pk}")
    expect(inside).to_be_visible()
    expect(page.get_by_text("Ook net.")).to_be_visible()
    # A tab that nobody sees asks nothing; nor does a browser without a connection.
    page.evaluate("hide(true)")
    asked.clear()
    page.clock.run_for(120_000)
    page.context.set_offline(True)
    page.evaluate("hide(false)")
    page.clock.run_for(120_000)
    assert asked == []
    say(article, "Weer verbonden.", name="Dirk")
    page.context.set_offline(False)
    page.clock.run_for(31_000)
    expect(page.get_by_role("button", name="1 nieuwe reactie – tonen")).to_be_visible()


def test_valuing_by_button_remembers(visitor, article):
    comment = say(article, "Een goed punt.")
    page = visitor.page(PHONE)
    page.goto(article.get_absolute_url())
    button = page.locator(f"#comment-{comment.pk} button.value")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button.locator(".count")).to_have_text("1 lezer")
    page.reload()
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(button.locator(".count")).to_have_count(0)
    comment.refresh_from_db()
    assert comment.reaction_count == 0


def test_valuing_without_scripts(visitor, article):
    comment = say(article, "Een goed punt.")
    page = visitor.page(PHONE, scripts=False)
    page.goto(article.get_absolute_url())
    page.locator(f"#comment-{comment.pk} a.value").click()
    page.get_by_role("button", name="Waardevol").click()
    expect(page).to_have_url(re.compile(rf"/comment/{comment.pk}/#comment-{comment.pk}$"))
    comment.refresh_from_db()
    assert comment.reaction_count == 1


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("scripts", [True, False])
def test_a_preview_before_posting(visitor, article, scripts, width):
    page = visitor.page(width, scripts=scripts)
    page.goto(article.get_absolute_url())
    page.locator("#respond textarea").fill("Dat is **heel** mooi.")
    page.locator("#respond").get_by_label("Naam").fill("Els")
    page.locator("#respond").get_by_role("button", name="Voorbeeld").click()
    expect(page.locator(".preview strong")).to_have_text("heel")
    assert not Comment.objects.exists()
    page.locator("#respond").get_by_role("button", name="Reactie plaatsen").click()
    expect(page.locator("strong", has_text="heel").first).to_be_visible()
    page.wait_for_function("() => !document.querySelector('.preview')") if scripts else None
    assert Comment.objects.get().name == "Els"


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_quoting_and_counting(visitor, article, width):
    comment = say(article, "Eerst dit. Dan dat.")
    page = visitor.page(width)
    page.goto(article.get_absolute_url())
    page.locator(f"#comment-{comment.pk} .prose p").select_text()
    page.locator(f"#comment-{comment.pk} a.reply").focus()
    page.keyboard.press("Enter")
    answer = page.locator(".respond-inline textarea")
    expect(answer).to_have_value("> Eerst dit. Dan dat.\n\n")
    expect(answer).to_be_focused()
    text = page.locator("#respond textarea")
    # The buttons set what they name around what is selected, and take it away again.
    buttons = page.locator("#respond .formatting")
    text.fill("Goed")
    for name, marked in (
        ("bold", "**Goed**"),
        ("italic", "*Goed*"),
        ("quote", "> Goed\n\n"),
        ("link", "[Goed](https://)"),
    ):
        text.fill("Goed")
        text.select_text()
        buttons.locator(f".{name}").click()
        expect(text).to_have_value(marked)
    # What was marked stays selected; the same key takes the marks away.
    text.fill("Goed")
    text.select_text()
    text.press("Control+b")
    expect(text).to_have_value("**Goed**")
    text.select_text()
    text.press("Control+b")
    expect(text).to_have_value("Goed")
    most = int(text.get_attribute("data-limit"))
    text.fill("Kort.")
    expect(page.locator("#respond .limit")).to_have_count(0)
    text.fill("x" * (most - 10))
    expect(page.locator("#respond .limit")).to_have_text("nog 10 tekens")
    text.fill("x" * (most + 3))
    expect(page.locator("#respond .limit")).to_have_text("3 tekens te veel")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_writer_changes_and_deletes_her_own(visitor, article, width):
    page = visitor.page(width)
    page.goto(article.get_absolute_url())
    page.locator("#respond textarea").fill("Een tikfout.")
    page.locator("#respond").get_by_label("Naam").fill("Els")
    page.locator("#respond").get_by_role("button", name="Reactie plaatsen").click()
    expect(page.locator("#conversation-status")).to_have_text("Uw reactie is geplaatst.")
    comment = Comment.objects.get()
    page.reload()
    page.locator(f"#comment-{comment.pk} summary").click()
    page.locator(f"#comment-{comment.pk} a.own", has_text="Wijzigen").click()
    page.get_by_label("Uw reactie").fill("Geen tikfout.")
    page.get_by_role("button", name="Wijziging opslaan").click()
    expect(page.locator(f"#comment-{comment.pk}")).to_contain_text("Geen tikfout.")
    expect(page.locator(f"#comment-{comment.pk} .edited")).to_have_text("bewerkt")
    page.get_by_role("link", name="Verwijderen").first.click()
    page.get_by_role("button", name="Verwijder mijn reactie").click()
    expect(page.get_by_role("status").first).to_contain_text("verwijderd")
    comment.refresh_from_db()
    assert comment.state == State.DELETED
