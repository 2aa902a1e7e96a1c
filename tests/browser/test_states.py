"""Every state of a conversation, in both colour schemes, on a phone and on a desk: axe-clean."""

import re

import pytest
from playwright.sync_api import expect

from blog.models import Article, Hold, SiteSettings
from blog.services import article_translates
from comments import fragments, marks, notices, rights, tokens
from comments.services import Writer, comment_delete, comment_post, comment_remove
from tests.browser.conftest import DESK, PHONE
from tests.browser.structure import structure_faults
from tests.browser.test_pages import faults_of, report, sideways
from tests.browser.test_since import YESTERDAY, age, say
from tests.factories import make_article, make_user

LOOKS = [("light", PHONE), ("dark", PHONE), ("light", DESK), ("dark", DESK)]


def path_of(url: str) -> str:
    return re.sub(r"^https?://[^/]+", "", url)


@pytest.fixture
def article(roles):
    SiteSettings.objects.create(pk=1, hold=Hold.NOBODY, posts_per_hour=0, flood_limit=0)
    return make_article("Vergaderen op dinsdag")


@pytest.fixture
def thread(article):
    """Featured, credited, edited, quoted, valued, deep, and taken away twice; the first one."""
    editor, site = make_user("redactie"), SiteSettings.objects.get()
    first = say(article, "Een *eerste* gedachte.", email="anna@lezer.example")
    at = first
    for number in range(9):
        at = say(article, f"Antwoord {number}.", at, "Bram" if number % 2 else "Anna de Wit")
    comment_delete(comment=say(article, "Weg.", first))
    comment_remove(comment=say(article, "Ook weg.", first), actor=None, reason="Scheldwoorden.")
    marks.comment_feature(comment=first, actor=editor, featured=True)
    marks.comment_credit(comment=at, actor=editor, credited=True)
    marks.reaction_set(comment=first, reader="een", client=None, valued=True)
    rights.comment_edit(comment=at, source="Antwoord, beter gezegd.", site=site)
    quoting = say(article, "> Een alinea over werk.\n\nStaat dat er nog?", name="Chris")
    quoting.quote_gone_at = quoting.created_at
    fragments.refresh(quoting)
    quoting.save()
    first.refresh_from_db()
    first.deepest = at
    return first


def pages_of(article, thread, waiting):
    """The pages beside the thread, by name."""
    own = tokens.make(tokens.Purpose.OWN, thread.pk)
    mine = tokens.make(tokens.Purpose.MINE, [thread.commenter.pk, thread.commenter.email])
    kept = tokens.make(tokens.Purpose.OWN, waiting.pk)
    url, base = thread.get_absolute_url(), article.get_absolute_url()
    return {
        "permalink": url,
        "ancestors": thread.deepest.get_absolute_url(),
        "newest": f"{base}?sort=newest",
        "most discussed": f"{base}?sort=discussed",
        "own": f"{url}?own={own}",
        "waiting": f"{waiting.get_absolute_url()}?own={kept}",
        "edit": f"{url}edit/?own={own}",
        "delete": f"{url}delete/?own={own}",
        "value": f"{url}value/",
        "report": f"{url}report/",
        "follow": f"{base}follow/",
        "ask for mine": "/mine/",
        "mine": f"/mine/{mine}/",
        "confirm": path_of(notices.confirm_url(thread.commenter)),
    }


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_the_pages_beside_a_thread(visitor, article, thread, scheme, width):
    waiting, _new = comment_post(
        article=article,
        parent=thread,
        writer=Writer(name="Dirk"),
        source="Wacht.",
        site=SiteSettings(hold=Hold.EVERYONE),
    )
    page, wrong = visitor.page(width, scheme=scheme), {}
    for name, url in pages_of(article, thread, waiting).items():
        assert page.goto(url).status == 200, name
        wrong[name] = faults_of(page) + sideways(page)
    assert not any(wrong.values()), report(wrong)


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_the_thread_as_its_scripts_leave_it(visitor, article, thread, scheme, width):
    age(thread, days=3)
    page, wrong = visitor.page(width, scheme=scheme), {}
    page.add_init_script(YESTERDAY.replace("ARTICLE", str(article.pk)))
    page.clock.install()
    page.goto(article.get_absolute_url())

    def look(name):
        wrong[name] = faults_of(page) + sideways(page) + structure_faults(page.content())

    expect(page.locator(".since")).to_be_visible()
    look("new since yesterday, tombstones, marks")
    page.locator(f"#comment-{thread.pk} .fold").click()
    look("folded")
    page.locator(f"#comment-{thread.pk} button.value").click()
    expect(page.locator(f"#comment-{thread.pk} button.value")).to_have_attribute(
        "aria-pressed", "true"
    )
    look("valued")
    say(article, "Net binnen.", name="Els")
    page.clock.run_for(31_000)
    expect(page.locator(".arrivals")).to_be_visible()
    look("arrivals")
    page.locator(".arrivals").click()
    look("arrived")
    form = page.locator("#respond form")
    form.locator("textarea").fill("Een *proef*.")
    form.get_by_label("Naam").fill("Gijs")
    form.get_by_role("button", name="Voorbeeld").click()
    expect(page.locator(".preview")).to_be_focused()
    look("preview")
    form.get_by_role("button", name="Reactie plaatsen").click()
    expect(page.locator("#conversation-status")).to_have_text("Uw reactie is geplaatst.")
    look("posted")
    assert not any(wrong.values()), report(wrong)


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_a_thread_in_two_languages(visitor, article, thread, scheme, width):
    other = make_article("Meeting on Tuesday", language="en")
    article_translates(article=other, original=article)
    other = Article.objects.get(pk=other.pk)
    english = say(other, "An English thought.", name="Emma")
    page, wrong = visitor.page(width, scheme=scheme), {}
    for name, url in {
        "Dutch": article.get_absolute_url(),
        "English": other.get_absolute_url(),
        "one language": f"{article.get_absolute_url()}?lang=en",
    }.items():
        page.goto(url)
        expect(page.locator(f"#comment-{english.pk}")).to_contain_text("An English thought.")
        wrong[name] = faults_of(page) + sideways(page) + structure_faults(page.content())
    assert page.locator(f"#comment-{english.pk} .prose").get_attribute("lang") == "en"
    assert not any(wrong.values()), report(wrong)
