"""What is new, folding, valuing, previewing, quoting, and a writer's own comments."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from blog.models import Hold, SiteSettings
from comments import fragments, notices
from comments.models import Comment, Commenter, State
from comments.services import Writer, comment_post
from tests.browser.conftest import DESK, PHONE
from tests.factories import make_article

OPEN = SiteSettings(hold=Hold.NOBODY, posts_per_hour=0, flood_limit=0)
# The browser was here yesterday: said once, before the first page of a tab is read.
YESTERDAY = """
if (!sessionStorage.getItem("aged")) {
    sessionStorage.setItem("aged", "1");
    const at = Math.floor(Date.now() / 1000) - 86400;
    localStorage.setItem("weerwoord.visits.ARTICLE", JSON.stringify([[at, at]]));
}
"""


def say(article, text, parent=None, name="Anna de Wit", **more):
    writer = Writer(name=name, **more)
    return comment_post(article=article, parent=parent, writer=writer, source=text, site=OPEN)[0]


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


def test_arrivals_are_offered_and_shown_on_request(visitor, article):
    first = say(article, "Er was al een.")
    page = visitor.page(PHONE)
    page.clock.install()
    page.goto(article.get_absolute_url())
    expect(page.locator(f"#comment-{first.pk}")).to_be_visible()
    reply = say(article, "Net binnen.", first, name="Bram")
    say(article, "Ook net.", name="Chris")
    height = page.evaluate("document.querySelector('[data-thread]').offsetHeight")
    page.clock.run_for(31_000)
    button = page.get_by_role("button", name="2 nieuwe reacties – tonen")
    expect(button).to_be_visible()
    assert page.evaluate("document.querySelector('[data-thread]').offsetHeight") == height
    button.click()
    expect(page.locator(f"#comment-{reply.pk}")).to_be_focused()
    inside = page.locator(f"li:has(> #comment-{first.pk}) #comment-{reply.pk}")
    expect(inside).to_be_visible()
    expect(page.get_by_text("Ook net.")).to_be_visible()
    page.context.set_offline(True)
    page.clock.run_for(61_000)


def test_valuing_by_button_remembers(visitor, article):
    comment = say(article, "Een goed punt.")
    page = visitor.page(PHONE)
    page.goto(article.get_absolute_url())
    button = page.locator(f"#comment-{comment.pk} button.value")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button.locator(".count")).to_have_text("1")
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


@pytest.mark.parametrize("scripts", [True, False])
def test_a_preview_before_posting(visitor, article, scripts):
    page = visitor.page(PHONE, scripts=scripts)
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


def test_selected_words_become_a_quotation(visitor, article):
    comment = say(article, "Eerst dit. Dan dat.")
    page = visitor.page(DESK)
    page.goto(article.get_absolute_url())
    page.locator(f"#comment-{comment.pk} .prose p").select_text()
    page.locator(f"#comment-{comment.pk} a.reply").evaluate("(link) => link.click()")
    expect(page.locator(".respond-inline textarea")).to_have_value("> Eerst dit. Dan dat.\n\n")


def test_the_counter_shows_only_near_the_limit(visitor, article):
    page = visitor.page(PHONE)
    page.goto(article.get_absolute_url())
    text = page.locator("#respond textarea")
    most = int(text.get_attribute("data-limit"))
    text.fill("Kort.")
    expect(page.locator("#respond .limit")).to_have_count(0)
    text.fill("x" * (most - 10))
    expect(page.locator("#respond .limit")).to_have_text("nog 10 tekens")


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
    page.locator(f"#comment-{comment.pk} a.own", has_text="Wijzigen").click()
    page.get_by_label("Uw reactie").fill("Geen tikfout.")
    page.get_by_role("button", name="Wijziging bewaren").click()
    expect(page.locator(f"#comment-{comment.pk}")).to_contain_text("Geen tikfout.")
    expect(page.locator(f"#comment-{comment.pk} .edited")).to_have_text("bewerkt")
    page.get_by_role("link", name="Verwijderen").first.click()
    page.get_by_role("button", name="Verwijder mijn reactie").click()
    expect(page.get_by_role("status").first).to_contain_text("verwijderd")
    comment.refresh_from_db()
    assert comment.state == State.DELETED


def test_a_mailed_link_confirms_by_its_button_without_scripts(visitor, article):
    SiteSettings.objects.update(hold=Hold.UNKNOWN)
    comment, _new = comment_post(
        article=article,
        parent=None,
        writer=Writer(name="Gijs", email="gijs@lezer.example"),
        source="Mijn eerste keer.",
        site=SiteSettings.objects.get(),
    )
    page = visitor.page(PHONE, scripts=False)
    page.goto(re.sub(r"^https?://[^/]+", "", notices.confirm_url(comment.commenter)))
    comment.refresh_from_db()
    assert comment.state == State.PENDING
    page.get_by_role("button", name="Ja, bevestig mijn adres").click()
    page.get_by_role("link", name="Mijn reacties").click()
    expect(page.get_by_text("Mijn eerste keer.")).to_be_visible()
    page.get_by_label("Ja, wis alles").check()
    page.get_by_role("button", name="Alles wissen").click()
    expect(page.get_by_role("status").first).to_contain_text("1 reactie is leeggemaakt")
    assert not Commenter.objects.exists()
