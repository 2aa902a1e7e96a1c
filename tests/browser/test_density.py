"""How much room a page takes, measured: one load for each width."""

import re

import pytest
from playwright.sync_api import expect

from authors.services import author_save
from blog.models import Hold, SiteSettings
from blog.publishing.articles import article_save
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from tests.browser.conftest import DESK, PHONE
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_tag,
    make_upload,
    make_user,
)

MEDIAN = (
    "Bij ons op het werk is dat net zo: wie het langst praat krijgt gelijk, en iedereen zwijgt."
)
BODY = f"<h2>Een</h2><p>{MEDIAN}</p><h2>Twee</h2><p>{MEDIAN}</p><h2>Drie</h2><p>{MEDIAN}</p>"
# What a comment takes is the way from its top to the top of the next.
PITCH = """
() => {
  const tops = [...document.querySelectorAll("[data-thread] .comment")].map(
    (comment) => comment.getBoundingClientRect().top);
  return tops.slice(1).map((top, place) => top - tops[place]).sort((a, b) => a - b);
}
"""
RIGHT = """
() => [".article-main > .prose", ".comment > .prose", "#respond textarea"].map(
  (one) => Math.round(document.querySelector(one).getBoundingClientRect().right))
"""
GAP = """
() => document.querySelector(".comment").getBoundingClientRect().top
  - document.querySelector(".article-main > .prose").lastElementChild.getBoundingClientRect().bottom
"""


@pytest.fixture
def article(roles):
    femke = make_author("Femke Bos", user=make_user("femke"), bio=f"{MEDIAN} " * 3)
    author_save(author=femke, photo=make_upload(size=(200, 200)))
    picture = make_image(width=1600, height=800)
    body = f'<figure data-image="{picture.pk}"></figure>{BODY}'
    made = make_article("Vergaderen op dinsdag", body=body, authors=[femke])
    article_save(article=made, authors=None, tags=None, editor=None, expected_version=None)
    site = SiteSettings(hold=Hold.NOBODY, posts_per_person=0, flood_limit=0)
    parent = None
    for turn in range(8):
        who = {"name": ("Anna de Wit", "Bram")[turn % 2]}
        if turn == 5:
            who = {"name": femke.name, "user": femke.user, "author": femke}
        begun = Submission(article=made, parent=parent, text=f"{MEDIAN} {turn}", **who)
        posted = comment_post(submission=begun, site=site)[0]
        parent = posted if turn < 2 else parent
    return made


def walk_the_menu(page):
    """By keyboard: Escape closes it and gives the focus back, leaving it closes it too."""
    menu = page.locator(".comment .menu").first
    summary = menu.locator("summary")
    assert min(summary.bounding_box()[side] for side in ("width", "height")) >= 24
    summary.press("Enter")
    report = menu.get_by_role("link", name="Melden")
    expect(report).to_be_visible()
    assert report.bounding_box()["height"] >= 24
    report.focus()
    page.keyboard.press("Escape")
    expect(report).to_be_hidden()
    expect(summary).to_be_focused()
    summary.press("Enter")
    report.focus()
    page.keyboard.press("Tab")
    expect(report).to_be_hidden()


@pytest.mark.parametrize(("width", "most"), [(PHONE, 110), (DESK, 100)])
def test_a_page_keeps_to_its_heights(visitor, article, width, most):
    SiteSettings.objects.update_or_create(pk=1, defaults={"hold": Hold.NOBODY, "tagline": MEDIAN})
    page = visitor.page(width)
    # The pictures of the library have no files here: what is measured is the room kept for them.
    visitor.expect("Failed to load resource.*/media/")
    page.goto(article.get_absolute_url())
    pitch = page.evaluate(PITCH)
    assert pitch[len(pitch) // 2] <= most, pitch
    assert len(set(page.evaluate(RIGHT))) == 1, page.evaluate(RIGHT)
    assert page.locator(".masthead").bounding_box()["height"] <= 100
    if width == PHONE:
        assert page.evaluate(GAP) <= 900
    shown = page.locator(".prose figure img")
    box = shown.bounding_box()
    assert abs(box["height"] - box["width"] / 2) < 2
    expect(page.locator(".by-author .photo")).to_have_count(1)

    walk_the_menu(page)

    # One field, which unfolds for who comes to write and stays so.
    form = page.locator("#respond")
    text, name = form.locator("textarea"), form.get_by_label("Naam")
    expect(name).to_be_hidden()
    text.focus()
    expect(name).to_be_visible()
    page.locator(".sorts a").first.focus()
    expect(name).to_be_visible()
    # What is wrong with a field is said beside it and seen on it.
    form.get_by_role("button", name="Reactie plaatsen").click()
    visitor.expect("422")
    expect(name).to_have_attribute("aria-invalid", "true")
    assert name.evaluate("(node) => getComputedStyle(node).borderTopWidth") == "2px"

    # What is said comes where one is, covers nothing, and leaves by itself.
    page.clock.install()
    text.fill("Een nieuwe gedachte.")
    name.fill("Chantal")
    form.get_by_role("button", name="Reactie plaatsen").click()
    line = page.locator(".comment.fresh .said")
    expect(line).to_have_text("Uw reactie is geplaatst.")
    assert line.evaluate("(node) => getComputedStyle(node).position") == "static"
    page.clock.run_for(10_000)
    expect(line).to_have_class(re.compile("gone"))

    # The contents say which section is read; a picture opens large and goes again.
    page.locator("#article .prose h2").last.evaluate("(node) => node.scrollIntoView()")
    expect(page.locator(".toc a[aria-current]")).to_have_text("Drie")
    page.locator(".enlarge").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


MENUS_OUTSIDE = """
() => [...document.querySelectorAll(".menu")].map((menu) => {
  menu.open = true;
  const { left, right } = menu.querySelector(".menu-items").getBoundingClientRect();
  menu.open = false;
  return [left, right];
}).filter(([left, right]) => left < 0 || right > innerWidth)
"""


def test_menus_and_pages_fit_the_narrowest_screen_and_large_text(visitor, article):
    author = article.byline[0]
    author.website = "https://een-lange-naam-van-een-domein.example/"
    author_save(author=author)
    last = article.comments.latest("pk").get_absolute_url()
    page = visitor.page(320)
    visitor.expect("Failed to load resource.*/media/")
    for width, text in ((320, "100%"), (PHONE, "200%")):
        page.set_viewport_size({"width": width, "height": 900})
        for address in (article.get_absolute_url(), last, f"{article.get_absolute_url()}author/"):
            page.goto(address)
            page.evaluate(f"document.documentElement.style.fontSize = '{text}'")
            assert page.locator(".menu").count()
            assert page.evaluate(MENUS_OUTSIDE) == [], (address, width)
            assert page.evaluate("document.documentElement.scrollWidth") == width, address


def test_without_scripts_menu_and_form_work(visitor, article):
    page = visitor.page(PHONE, scripts=False)
    visitor.expect("Failed to load resource.*(422|/media/)")
    page.goto(article.get_absolute_url())
    menu = page.locator(".comment .menu").first
    menu.locator("summary").click()
    expect(menu.get_by_role("link", name="Melden")).to_be_visible()
    form = page.locator("#respond")
    expect(form.get_by_label("Naam")).to_be_hidden()
    form.locator("textarea").click()
    expect(form.get_by_label("Naam")).to_be_visible()
    form.get_by_role("button", name="Reactie plaatsen").click()
    # Sent without anything: what comes back hides nothing.
    expect(page.get_by_label("Naam")).to_be_visible()
    expect(page.locator(".error-summary")).to_be_visible()


ROWS = """
() => [...document.querySelectorAll(".cards-grid")].flatMap((grid) => {
  const { left, right } = grid.getBoundingClientRect();
  const rows = Map.groupBy([...grid.children].map((one) => one.getBoundingClientRect()),
    ({ top }) => Math.round(top));
  return [...rows.values()].map((row) =>
    [row.length, Math.min(...row.map((one) => one.left)) - left,
      right - Math.max(...row.map((one) => one.right))]);
})
"""


def test_lists_of_articles_fill_every_row_and_mark_languages(visitor, roles):
    femke = make_author("Femke Bos")
    tag = make_tag("Werk")
    english = make_article("A piece", language="en", authors=[femke], tags=[tag])
    shown = english.published_at
    page = visitor.page(PHONE)
    places = [femke.get_absolute_url(), tag.get_absolute_url(), f"/{shown:%Y}/", f"/{shown:%Y/%m}/"]
    for count in range(1, 9):
        for width, columns in ((PHONE, 1), (768, 2), (1280, 3)):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(places[count % len(places)])
            rows = page.evaluate(ROWS)
            assert sum(row[0] for row in rows) == count
            assert max(row[0] for row in rows) <= columns
            assert all(abs(left) < 1 and abs(right) < 1 for _n, left, right in rows), (width, rows)
        make_article(authors=[femke], tags=[tag])
    for place in places:
        page.goto(place)
        mark = page.locator('.card[lang="en"] .language')
        expect(mark).to_have_text("English")
