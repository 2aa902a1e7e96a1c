"""Every page of the admin, walked by its own links: quiet, accessible, and fit for a phone."""

import re

import pytest
from playwright.sync_api import expect

from authors.roles import Role
from blog.models import MenuItem, Page, Series, SiteSettings
from blog.publishing.pages import page_save
from blog.publishing.pictures import image_add
from blog.publishing.trash import page_trash
from comments.models import Comment, Commenter, Lesson
from tests.browser.accessible import faults
from tests.browser.conftest import DESK, PHONE, log_in
from tests.factories import make_article, make_author, make_tag, make_upload, make_user


@pytest.fixture
def desk(roles, media_root):
    SiteSettings.objects.create(pk=1, title="De Werkbank")
    author = make_author("Femke Brouwer", user=make_user("femke", role=Role.AUTHOR))
    article = make_article("Een stuk", authors=[author], tags=[make_tag("Werk")])
    make_article("Half af", authors=[author], status="draft")
    image_add(upload=make_upload(), alt="Een brug", user=None)
    series = Series.objects.create(title="Een reeks", slug="reeks")
    for number in (1, 2):
        make_article(f"Deel {number}", authors=[author], series=series, series_place=number)
    page = page_save(
        page=Page(title="Over ons", slug="over", body_source="<p>Wij.</p>"), editor=None
    )
    MenuItem.objects.create(place="header", page=page)
    MenuItem.objects.create(place="header", position=1, url="/search/", label="Zoeken")
    page_trash(page=page_save(page=Page(title="Weg", slug="weg"), editor=None), editor=None)
    for number, state in enumerate(("approved", "pending"), start=1):
        Comment.objects.create(
            article=article, path=bytes([1, number]), name="Karim", source="Wat een vraag. " * 9,
            html="<p>Wat een vraag.</p>", language="nl", state=state, shown=state == "approved",
            commenter=Commenter.objects.create(name="Karim", email=f"k{number}@proef.example"),
        )  # fmt: skip
        Lesson.objects.create(comment=Comment.objects.latest("pk"), spam=False, score=0.02)
    make_user("redacteur", role=Role.EDITOR)
    make_user("moderator", role=Role.MODERATOR)
    make_user("baas", is_superuser=True)


def kind(url):
    """What page an address is one of: numbers do not matter, filters and orders neither."""
    path = re.sub(r"\d+", "N", url.partition("#")[0])
    return re.sub(r"\?.*", "", path)


def walk(page, visitor):
    """The addresses of one page of each kind that links lead to, beginning at the overview."""
    waiting, known = ["/admin/"], {"/admin/"}
    while waiting:
        url = waiting.pop(0)
        answer = page.goto(url)
        assert answer.status == 200, (url, answer.status)
        yield url
        links = page.locator("a[href]:not([download])")
        for found in links.evaluate_all("all => all.map(a => a.href)"):
            path = found.removeprefix(visitor.site)
            # What "view on site" opens is no page of the admin.
            ours = path.startswith("/admin/") and not path.startswith("/admin/r/")
            if ours and kind(path) not in known:
                known.add(kind(path))
                waiting.append(path)


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


ODD = """async () => {
  const found = [];
  const seen = [...document.querySelectorAll(":disabled")].filter((one) => one.offsetParent);
  for (const one of seen)
    if (getComputedStyle(one).borderStyle !== "dashed") found.push(`enabled: ${one.outerHTML}`);
  if (document.body.innerText.includes("['")) found.push("an error printed as a list");
  for (const { dataset } of document.querySelectorAll("[data-find], [data-more]")) {
    const url = new URL(dataset.find ?? dataset.more, location.href);
    url.searchParams.set("term", "");
    const answer = await fetch(url);
    if (answer.status !== 200) found.push(`${answer.status} ${url}`);
  }
  return found;
}"""
CUT = """() => [...document.querySelectorAll(".results, .module, #content")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.outerHTML)"""


def odd(page):
    """What looks as if it could be used and cannot, is refused, or is cut off on a tablet."""
    found = page.evaluate(ODD)
    before = page.viewport_size
    page.set_viewport_size({"width": 768, "height": 1024})
    found += page.evaluate(CUT)
    page.set_viewport_size(before)
    return found


@pytest.mark.parametrize("name", ["femke", "redacteur", "moderator"])
def test_every_page_of_a_role_opens_quietly_and_fits_a_phone(visitor, desk, name):
    page = visitor.page(PHONE)
    log_in(page, name)
    seen = []
    for url in walk(page, visitor):
        seen.append(url)
        assert fits(page), url
        assert odd(page) == [], url
        assert page.get_attribute("html", "lang") == "nl"
    assert len(seen) > 6


LOOKS = ((PHONE, "dark"), (DESK, "light"))


def test_every_page_of_an_owner_is_accessible(visitor, desk):
    # By axe itself, which also asks into the frame of a mail that may run nothing.
    visitor.expect("Applying inline style|preload assets|/widgets.css|'postMessage' on 'DOMWindow'")
    page = visitor.page(PHONE, scheme="dark")
    page.goto("/admin/login/")
    wrong = faults_in_each_look(page)
    log_in(page, "baas")
    seen = []
    for url in walk(page, visitor):
        seen.append(url)
        wrong += faults_in_each_look(page)
        wrong += [f"{url}: {one}" for one in odd(page)]
    assert not wrong, "\n".join(wrong)
    assert len(seen) > 25


def faults_in_each_look(page):
    """What is wrong with a page on a phone in the dark and at a desk in the light."""
    wrong = []
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        # Colours that fade to others are none to judge.
        page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
        wrong += [f"{width} {scheme}: {fault}" for fault in faults_in(page)]
        if not fits(page):
            wrong.append(f"{width} {scheme}: {page.url} is wider than the screen")
    return wrong


def faults_in(page):
    if page.locator("#article_form, #page_form").count():
        # The editor is there before its parts have their names; the count comes after these.
        expect(page.locator(".desk-count")).to_be_visible()
    return faults(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_several_articles_are_found_and_changed_on_a_tablet_by_keyboard(visitor, desk, scripts):
    """Filtered, ticked, asked about, done and undone; with and without scripts."""
    visitor.expect("Applying inline style|preload assets|/widgets.css")  # By axe itself.
    page = visitor.page(768, scripts=scripts)
    log_in(page, "redacteur")
    page.goto("/admin/blog/article/")
    page.get_by_label("Woorden").fill("deel")
    page.keyboard.press("Enter")
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth).length"
    assert page.eval_on_selector_all(".results", cut) == 0
    wrong = faults_in(page) if scripts else []
    for box in page.locator("input.action-select").all():
        box.focus()
        page.keyboard.press("Space")
    page.get_by_label("Actie:").select_option("tag_add")
    page.get_by_role("button", name="Uitvoeren").press("Enter")
    page.get_by_label("Onderwerp:").fill("Zorg")
    wrong += faults_in(page) if scripts else []
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("Onderwerp toegevoegd (Zorg): 2 artikelen")
    expect(page.get_by_label("Woorden")).to_have_value("deel")
    page.get_by_role("link", name="Ongedaan maken").press("Enter")
    page.get_by_role("button", name="Onderwerp weghalen").press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("Onderwerp weggehaald (Zorg)")
    assert not wrong, "\n".join(wrong)
