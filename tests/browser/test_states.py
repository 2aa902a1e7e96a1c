"""Every state of a conversation, in both colour schemes, on a phone and on a desk: axe-clean.

A page is read whole in light; dark changes nothing but colours, so only contrasts are read again.
"""

import re

import pytest
from playwright.sync_api import expect

from blog.models import Article, Hold, SiteSettings
from blog.publishing.shared_conversation import article_translates
from comments import tokens
from comments.commenters import own_comments
from comments.models import State
from comments.moderation import marks
from comments.moderation.states import comment_delete, comment_reject, comment_remove
from comments.notifications import confirming, notices
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.thread import fragments, reactions
from tests.browser.accessible import SITE, faults
from tests.browser.conftest import DESK, PHONE
from tests.browser.structure import structure_faults
from tests.browser.test_pages import report, sideways
from tests.browser.test_since import YESTERDAY, age, say
from tests.factories import make_article, make_user

WIDTHS = pytest.mark.parametrize("width", [PHONE, DESK])
CONTRASTS = {"runOnly": ["color-contrast"]}


def look(page) -> list[str]:
    """What is wrong with the page as it stands, in both colour schemes."""
    wrong = faults(page, rules=SITE) + sideways(page) + structure_faults(page.content())
    page.emulate_media(color_scheme="dark")
    # The checker is in the page since it was read in light.
    found = page.evaluate("(options) => axe.run(document, options)", CONTRASTS)["violations"]
    page.emulate_media(color_scheme="light")
    return wrong + [
        f"dark: {node['target']} {node['failureSummary']}"
        for fault in found
        for node in fault["nodes"]
    ]


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
    reactions.reaction_set(comment=first, reader="een", client=None, valued=True)
    own_comments.comment_edit(comment=at, source="Antwoord, beter gezegd.", site=site)
    quoting = say(article, "> Een alinea over werk.\n\nStaat dat er nog?", name="Chris")
    quoting.quote_gone_at = quoting.created_at
    fragments.refresh(quoting)
    quoting.save()
    first.refresh_from_db()
    first.deepest = at
    return first


def pages_of(article, thread, waiting, refused):
    """The pages beside the thread, by name."""
    own = tokens.make(tokens.Purpose.OWN, thread.pk)
    mine = tokens.make(tokens.Purpose.MINE, [thread.commenter.pk, thread.commenter.email])
    kept = tokens.make(tokens.Purpose.OWN, waiting.pk)
    lost = tokens.make(tokens.Purpose.OWN, refused.pk)
    person = thread.commenter
    url, base = thread.get_absolute_url(), article.get_absolute_url()
    return {
        "permalink": url,
        "ancestors": thread.deepest.get_absolute_url(),
        "newest": f"{base}?sort=newest",
        "most discussed": f"{base}?sort=discussed",
        "own": f"{url}?own={own}",
        "answer": f"{base}reply/?to={thread.pk}",
        "waiting": f"{waiting.get_absolute_url()}?own={kept}",
        "refused": f"{refused.get_absolute_url()}?own={lost}",
        "appeal": f"{refused.get_absolute_url()}appeal/?own={lost}",
        "edit": f"{url}edit/?own={own}",
        "delete": f"{url}delete/?own={own}",
        "value": f"{url}value/",
        "report": f"{url}report/",
        "follow": f"{base}follow/",
        "search": f"{base}search/?q=antwoord",
        "search, nothing found": f"{base}search/?q=niets",
        "by author": f"{base}author/",
        "follow, from the mail": path_of(notices.follow_url(person, article, None).made()),
        "stop": path_of(notices.stop_url(person, None).made()),
        "ask for mine": "/mine/",
        "mine": f"/mine/{mine}/",
        "confirm": path_of(confirming.confirm_url(thread, thread.commenter).made()),
    }


def look_at_both(page) -> list[str]:
    """What is wrong with the page on a phone and at a desk, in both colour schemes."""
    wrong = []
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        wrong += [f"{width}: {fault}" for fault in look(page)]
    return wrong


def test_the_pages_beside_a_thread(visitor, article, thread):
    visitor.expect("410|422")

    def post(name, text):
        return comment_post(
            submission=Submission(article=article, parent=thread, name=name, text=text),
            site=SiteSettings(hold=Hold.EVERYONE),
        )[0]

    waiting, refused = post("Dirk", "Wacht."), post("Els", "Geweigerd.")
    comment_reject(comment=refused, actor=make_user("anil"), reason="Gaat over iets anders.")
    page, wrong = visitor.page(PHONE), {}
    for name, url in pages_of(article, thread, waiting, refused).items():
        assert page.goto(url).status == 200, name
        wrong[name] = look_at_both(page)
    page.goto(f"{article.get_absolute_url()}reply/?to={thread.pk}")
    page.evaluate("document.querySelector('form.comment-form').submit()")
    expect(page.locator(".error-summary")).to_be_visible()
    wrong["answer, refused"] = look_at_both(page)
    page.goto(f"{thread.get_absolute_url()}report/")
    page.get_by_role("button", name="Deze reactie melden").click()
    expect(page.locator(".error-summary a")).to_have_attribute("href", "#id_complaint")
    wrong["report, refused"] = look_at_both(page)
    gone = thread.replies.filter(state=State.DELETED).first()
    assert page.goto(gone.get_absolute_url()).status in (200, 410)
    wrong["gone"] = look_at_both(page)
    page.goto(path_of(confirming.confirm_url(thread, thread.commenter).made()))
    page.get_by_role("button", name="Ja, ik schreef deze reactie").click()
    expect(page.get_by_role("link", name="Mijn reacties")).to_be_visible()
    wrong["confirmed"] = look_at_both(page)
    assert not any(wrong.values()), report(wrong)


@WIDTHS
def test_the_thread_as_its_scripts_leave_it(visitor, article, thread, width):
    age(thread, days=3)
    page, wrong = visitor.page(width), {}
    page.add_init_script(YESTERDAY.replace("ARTICLE", str(article.pk)))
    page.clock.install()
    page.goto(article.get_absolute_url())

    expect(page.locator(".since")).to_be_visible()
    wrong["new since yesterday, tombstones, marks"] = look(page)
    page.locator(f"#comment-{thread.pk} .fold").click()
    wrong["folded"] = look(page)
    page.locator(f"#comment-{thread.pk} button.value").click()
    expect(page.locator(f"#comment-{thread.pk} button.value")).to_have_attribute(
        "aria-pressed", "true"
    )
    wrong["valued"] = look(page)
    say(article, "Net binnen.", name="Els")
    page.clock.run_for(31_000)
    expect(page.locator(".arrivals")).to_be_visible()
    wrong["arrivals"] = look(page)
    page.locator(".arrivals").click()
    wrong["arrived"] = look(page)
    form = page.locator("#respond form")
    form.locator("textarea").fill("Een *proef*.")
    form.get_by_label("Naam").fill("Gijs")
    form.get_by_role("button", name="Voorbeeld").click()
    expect(page.locator(".preview")).to_be_focused()
    wrong["preview"] = look(page)
    form.get_by_role("button", name="Reactie plaatsen").click()
    expect(page.locator("#conversation-status")).to_have_text("Uw reactie is geplaatst.")
    wrong["posted"] = look(page)
    assert not any(wrong.values()), report(wrong)


@WIDTHS
def test_a_thread_in_two_languages(visitor, article, thread, width):
    other = make_article("Meeting on Tuesday", language="en")
    article_translates(article=other, original=article)
    other = Article.objects.get(pk=other.pk)
    english = say(other, "An English thought.", name="Emma")
    page, wrong = visitor.page(width), {}
    for name, url in (
        ("English", other.get_absolute_url()),
        ("Dutch", article.get_absolute_url()),
    ):
        page.goto(url)
        expect(page.locator(f"#comment-{english.pk}")).to_contain_text("An English thought.")
        expect(page.locator(f"#comment-{thread.pk}")).to_be_visible()
        wrong[name] = look(page)
    page.locator(".sorts a", has_text="English").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#comment-{thread.pk}")).to_have_count(0)
    expect(page.locator(".sorts [aria-current]").last).to_have_text("English")
    expect(page.locator(f"#comment-{english.pk}")).to_be_visible()
    wrong["one language"] = look(page)
    assert page.locator(f"#comment-{english.pk} .prose").get_attribute("lang") == "en"
    assert not any(wrong.values()), report(wrong)
