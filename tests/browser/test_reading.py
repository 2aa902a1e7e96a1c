"""Reading a thread: its orders, pages, branches and permalinks, without scripts and by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from bench import threads
from blog.models import Hold, SiteSettings
from comments.models import Comment
from comments.moderation.states import comment_delete
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_since import say
from tests.factories import make_article

WIDTHS = pytest.mark.parametrize("width", [PHONE, DESK])


@pytest.fixture
def article(roles):
    SiteSettings.objects.create(pk=1, hold=Hold.NOBODY, posts_per_hour=0, flood_limit=0)
    return make_article("Vergaderen op dinsdag")


def enter(page, link):
    """Follow a link as one does without a mouse; the page that it leads to has come."""
    link.focus()
    before = page.url
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)


def left(page, comment):
    return page.locator(f"#comment-{comment.pk}").bounding_box()["x"]


@WIDTHS
def test_a_long_thread_is_walked_by_links_without_scripts(visitor, article, width):
    threads.grow(article, 360)
    page = visitor.page(width, scripts=False)
    page.goto(article.get_absolute_url())
    shown = page.locator("[data-thread] .comment")
    expect(shown).to_have_count(100)
    first = shown.first.get_attribute("id")
    enter(page, page.locator("a[rel=next]:visible").first)
    expect(page.locator(f"#{first}")).to_have_count(0)
    # What the page goes on with is under somebody: who is said, and leads there.
    expect(page.locator(".continued a").first).to_be_visible()
    enter(page, page.locator("a[rel=prev]").first)
    expect(page.locator(f"#{first}")).to_be_visible()
    for name, sort in (
        ("Nieuwste eerst", "newest"),
        ("Meest besproken", "discussed"),
        ("Waardevolste", "valued"),
    ):
        enter(page, page.get_by_role("link", name=name))
        expect(page.locator(".sorts [aria-current]")).to_have_text(name)
        enter(page, page.locator("a[rel=next]:visible").first)
        # The pages keep the order.
        assert f"sort={sort}" in page.url
        expect(page.locator(".sorts [aria-current]")).to_have_text(name)
        enter(page, page.locator("a[rel=prev]").first)
    enter(page, page.locator(".more a", has_text=re.compile(r"nog \d+ antwoord")).first)
    expect(page).to_have_url(re.compile(r"/comment/\d+/$"))
    number = int(re.search(r"(\d+)/$", page.url)[1])
    here = Comment.objects.get(pk=number)
    # All that it answers stands above it, all that answers it below.
    for above in Comment.objects.filter(pk__in=[here.parent_id] if here.parent_id else []):
        expect(page.locator(f"#comment-{above.pk}")).to_be_visible()
    expect(page.locator(".comment")).to_have_count(min(100, here.descendant_count + 1) + here.depth)
    deepest = Comment.objects.order_by("-depth", "pk").first()
    reply = say(article, "Nog dieper.", deepest)
    page.goto(reply.get_absolute_url())
    expect(page.locator(".comment")).to_have_count(reply.depth + 1)
    enter(page, page.locator(f"#comment-{reply.pk} .answers"))
    expect(page).to_have_url(re.compile(rf"/comment/{deepest.pk}/#comment-{deepest.pk}$"))
    expect(page.locator(":target")).to_have_id(f"comment-{deepest.pk}")
    enter(page, page.get_by_role("link", name="Het hele gesprek"))
    expect(page.locator(".sorts [aria-current]")).to_have_text("Oudste eerst")


@WIDTHS
def test_depth_and_parent_are_said_and_a_run_of_two_stays_in_its_column(visitor, article, width):
    chain = [say(article, "Begin.", name="Anna")]
    for turn in range(9):
        chain.append(say(article, f"Beurt {turn}.", chain[-1], "Bram" if turn % 2 else "Cas"))
    other = say(article, "Een derde.", chain[1], "Dirk")
    page = visitor.page(width)
    page.goto(article.get_absolute_url())
    # Cas and Bram go on in one column; who comes between them does not.
    assert left(page, chain[0]) < left(page, chain[1])
    assert left(page, chain[3]) == left(page, chain[5]) == left(page, chain[9])
    assert left(page, other) > left(page, chain[1])
    said = page.locator(f"#comment-{chain[2].pk}")
    expect(said).to_contain_text("Niveau 3, antwoord van")
    expect(said.locator(".answers")).to_have_text("antwoord op Cas")
    capped = page.locator(f"#comment-{chain[9].pk} .answers")
    assert capped.bounding_box()["width"] > 50
    capped.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#comment-{chain[8].pk}")).to_be_focused()
    expect(page).to_have_url(re.compile(rf"#comment-{chain[8].pk}$"))


@WIDTHS
def test_the_keyboard_meets_everything_in_its_order(visitor, article, width):
    first = say(article, "Begin.", website="https://anna.example/")
    say(article, "Antwoord.", first, "Bram")
    page = visitor.page(width)
    page.goto(article.get_absolute_url())
    page.locator(".sorts a").last.focus()
    met = []
    while len(met) < 9:
        page.keyboard.press("Tab")
        focus = page.locator(":focus")
        met.append((focus.get_attribute("class") or "menu").split()[0])
        box = focus.bounding_box()
        # A target one can hit, with an outline one can see, in view.
        assert box["height"] >= 24, met
        assert focus.evaluate("(node) => getComputedStyle(node).outlineStyle") != "none", met
        assert 0 <= box["y"] <= 900, met
    assert met == ["name", "when", "reply", "value", "menu", "fold", "answers", "when", "reply"]


@WIDTHS
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_button_that_folds_looks_the_same_below_a_deleted_comment(
    visitor, article, width, scheme
):
    gone, there = say(article, "Weg."), say(article, "Hier.")
    for parent in (gone, there):
        say(article, "Antwoord.", parent, name="Bram")
    comment_delete(comment=gone)
    page = visitor.page(width, scheme=scheme)
    page.goto(article.get_absolute_url())
    looks = """(node) => {
        const style = getComputedStyle(node)
        const names = ["background-color", "border-top-width", "border-top-color", "color",
            "font-size", "font-style", "font-weight", "text-decoration-line"]
        return [...names.map((name) => style.getPropertyValue(name)),
            node.offsetWidth, node.offsetHeight]
    }"""
    folds = [page.locator(f"#comment-{comment.pk} .fold") for comment in (gone, there)]
    assert folds[0].evaluate(looks) == folds[1].evaluate(looks)
    for fold in folds:
        fold.evaluate("(node) => node.click()")
        expect(fold).to_have_attribute("aria-expanded", "false")
    assert folds[0].evaluate(looks) == folds[1].evaluate(looks)


@WIDTHS
def test_a_branch_folds_remembers_and_opens_for_a_permalink(visitor, article, width):
    visitor.expect("410")
    first = say(article, "Begin.")
    reply = say(article, "Antwoord.", first, name="Bram")
    deeper = say(article, "Nog een.", reply, name="Cas")
    page = visitor.page(width)
    page.goto(article.get_absolute_url())
    fold = page.locator(f"#comment-{first.pk} .fold")
    expect(fold).to_have_accessible_name("Antwoorden inklappen")
    fold.focus()
    page.keyboard.press("Enter")
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(fold).to_have_text("+ 2 antwoorden")
    expect(page.locator(f"#comment-{reply.pk}")).to_be_hidden()
    page.reload()
    expect(page.locator(f"#comment-{reply.pk}")).to_be_hidden()
    page.goto("about:blank")
    page.goto(f"{article.get_absolute_url()}#comment-{deeper.pk}")
    expect(page.locator(f"#comment-{deeper.pk}")).to_be_focused()
    # It was opened for this once: what the reader folded stays folded.
    page.goto("about:blank")
    page.goto(article.get_absolute_url())
    expect(page.locator(f"#comment-{deeper.pk}")).to_be_hidden()
    # On its own page a comment is the one that is marked, with what it answers above it.
    page.goto(article.get_absolute_url() + f"#comment-{reply.pk}")
    enter(page, page.locator(f"#comment-{reply.pk} .when"))
    expect(page.locator(":target")).to_have_id(f"comment-{reply.pk}")
    expect(page.locator(f"#comment-{first.pk}")).to_be_visible()
    expect(page.locator(f"#comment-{deeper.pk}")).to_be_visible()
    comment_delete(comment=Comment.objects.get(pk=deeper.pk))
    page.goto(deeper.get_absolute_url())
    expect(page.locator("main")).to_contain_text("verwijderd")
