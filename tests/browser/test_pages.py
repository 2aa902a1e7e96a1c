"""Every public page: accessible in both colour schemes, valid, for itself, and unharmed."""

from itertools import pairwise

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from blog.models import Redirect, SiteSettings
from blog.models.site import Hold
from comments import markup
from comments.models import Comment
from comments.services import Writer, comment_delete, comment_post, comment_remove
from comments.text import Refused
from comments.views import _posted
from tests.browser.conftest import DESK, PHONE
from tests.comments.payloads import ALL
from tests.factories import make_article, make_author, make_image, make_tag

AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
BODY = (
    '<h2 id="s-een">Een kop</h2><p>Tekst met een <a href="/">verwijzing</a>.</p>'
    '<h2 id="s-twee">Nog een kop</h2><blockquote><p>Een citaat.</p></blockquote>'
    '<h2 id="s-drie">Slot</h2><ul><li>Punt</li></ul>'
    '<table><thead><tr><th scope="col">Dag</th></tr></thead>'
    "<tbody><tr><td>Maandag</td></tr></tbody></table>"
)


@pytest.fixture
def site(roles, settings):
    """A site that shows each state once; gives the pages by name."""
    SiteSettings.objects.create(
        pk=1, hold=Hold.NOBODY, invitation="Wat vindt u?", title="De proef", tagline="Over werk"
    )
    author = make_author("Femke Brouwer", website="https://femke.example/")
    tag = make_tag("Vergaderen")
    article = make_article(
        "Vergaderen op dinsdag",
        authors=[author, make_author("Yassin Haddou")],
        tags=[tag],
        body=BODY,
        picture=None,
        lead="Waarom dinsdag?",
        toc=[
            {"level": 2, "id": "s-een", "title": "Een kop"},
            {"level": 2, "id": "s-twee", "title": "Nog een kop"},
            {"level": 2, "id": "s-drie", "title": "Slot"},
        ],
    )
    for number in range(12):
        make_article(f"Ander stuk {number}", authors=[author], tags=[tag])
    quiet = make_article("Zonder reacties", comment_policy="closed")
    open_site = SiteSettings.objects.get()

    def say(text, parent=None, name="Anna de Wit", **more):
        writer = Writer(name=name, **more)
        return comment_post(
            article=article, parent=parent, writer=writer, source=text, site=open_site
        )[0]

    first = say("Een *eerste* gedachte\n\n> citaat\n\n- punt", website="https://anna.example/")
    at = first
    for number in range(9):
        at = say(f"Antwoord {number}", at, "Bram" if number % 2 else "Anna de Wit")
    comment_delete(comment=say("Weg", first))
    comment_remove(comment=say("Ook weg", first), actor=None, reason="Scheldwoorden.")
    strict = SiteSettings(hold=Hold.EVERYONE)
    held, _new = comment_post(
        article=article, parent=first, writer=Writer(name="Chris"), source="Wacht", site=strict
    )
    Redirect.objects.create(old_path="/oud/")
    now = timezone.localtime()
    reply = article.get_absolute_url() + "reply/"
    held_url = _posted(RequestFactory().post("/"), held)["Location"]
    return {
        "front": "/",
        "front, next page": "/?page=2",
        "article": article.get_absolute_url(),
        "closed": quiet.get_absolute_url(),
        "reply": f"{reply}?to={first.pk}",
        "permalink": first.get_absolute_url(),
        "waiting": held_url,
        "tag": tag.get_absolute_url(),
        "author": author.get_absolute_url(),
        "year": reverse("blog:year", args=[now.year]),
        "month": reverse("blog:month", args=[now.year, now.month]),
        "search": "/search/",
        "found": "/search/?q=vergaderen",
        "not found": "/search/?q=vergadren",
        "404": "/bestaat-niet/",
        "410": "/oud/",
    }


def report(wrong: dict[str, list[str]]) -> str:
    return "\n".join(f"{name}: {fault}" for name, faults in wrong.items() for fault in faults)


def faults_of(page) -> list[str]:
    found = Axe().run(page, options=AXE).response["violations"]
    return [
        f"{fault['id']}: {node['target']} {node.get('failureSummary', '')}"
        for fault in found
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize(("scheme", "width"), [("light", PHONE), ("dark", DESK)])
def test_pages_are_accessible(visitor, site, scheme, width):
    visitor.expect("404|410")
    page = visitor.page(width, scheme=scheme)
    wrong = {}
    for name, url in site.items():
        page.goto(url)
        if faults := faults_of(page):
            wrong[name] = faults
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            wrong.setdefault(name, []).append(f"scrolls {wide} px sideways")
    assert not wrong, report(wrong)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_refused_form_is_accessible(visitor, site, scheme):
    visitor.expect("422")
    page = visitor.page(PHONE, scheme=scheme)
    page.goto(site["article"])
    page.locator("#respond [type=submit]").click()
    page.locator(".error-summary").wait_for()
    assert not (faults := faults_of(page)), report({"form": faults})
    page.goto(site["reply"])
    page.locator("[type=submit]").last.click()
    page.locator(".error-summary").wait_for()
    assert not (faults := faults_of(page)), report({"form": faults})


def test_nothing_scrolls_sideways_at_320_px(visitor, site):
    visitor.expect("404|410")
    page = visitor.page(320)
    for name, url in site.items():
        page.goto(url)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, name


def test_pages_are_valid_and_set_no_cookie(client, site):
    wrong = {}
    for name, url in site.items():
        response = client.get(url)
        text = response.content.decode()
        faults = structure_faults(text)
        if response.cookies:
            faults.append(f"cookies {list(response.cookies)}")
        # The writing page looks who is logged in; no cache keeps it.
        if name != "reply" and "Cookie" in response.get("Vary", ""):
            faults.append("varies on cookies")
        if faults:
            wrong[name] = faults
    assert not wrong, report(wrong)


def structure_faults(text: str) -> list[str]:
    """What the HTML parser complains of, ids that are not unique, references that lead nowhere,
    headings that skip a level, links or buttons inside each other."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(text)
    faults = [f"{where}: {code} {data}" for where, code, data in parser.errors]
    ids = [node.get("id") for node in tree.iter() if node.get("id")]
    faults += [f"id {name} twice" for name in {name for name in ids if ids.count(name) > 1}]
    for node in tree.iter():
        for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            for name in (node.get(attribute) or "").split():
                if name not in ids:
                    faults.append(f"{attribute}={name} leads nowhere")
        href = node.get("href") or ""
        if href.startswith("#") and len(href) > 1 and href[1:] not in ids:
            faults.append(f"{href} leads nowhere")
        if node.tag in ("a", "button"):
            inner = [child.tag for child in node.iter() if child is not node]
            if set(inner) & {"a", "button", "input", "textarea", "select"}:
                faults.append(f"<{node.tag}> holds {inner}")
        if node.get("style") or any(name.startswith("on") for name in node.keys()):  # noqa: SIM118
            faults.append(f"inline style or script on <{node.tag}>")
    levels = [
        int(node.tag[1])
        for node in tree.iter()
        if str(node.tag) in {"h1", "h2", "h3", "h4", "h5", "h6"}
    ]
    if levels.count(1) != 1:
        faults.append(f"{levels.count(1)} main headings")
    faults += [
        f"heading {after} after {before}"
        for before, after in pairwise(levels)
        if after > before + 1
    ]
    return faults


def test_hostile_comments_fire_nothing(visitor, roles):
    SiteSettings.objects.create(pk=1, hold=Hold.NOBODY, posts_per_hour=0)
    article = make_article("Onder vuur")
    site = SiteSettings.objects.get()
    stored = 0
    for payload in ALL:
        try:
            source = markup.clean_source(payload)
            if not source.strip():
                continue
            comment_post(
                article=article, parent=None, writer=Writer(name="X"), source=source, site=site
            )
            stored += 1
        except Refused:
            continue
    assert stored > 20
    page = visitor.page()
    fired = []
    page.on("dialog", lambda dialog: (fired.append(dialog.message), dialog.dismiss()))
    for start in Comment.objects.order_by("pk").values_list("pk", flat=True)[::99]:
        page.goto(f"{article.get_absolute_url()}?after={start - 1}")
        page.evaluate(
            """() => document.querySelectorAll('.comment *').forEach((node) => {
                for (const kind of ['mouseover', 'focus', 'load', 'error', 'toggle'])
                    node.dispatchEvent(new Event(kind));
            })"""
        )
    assert fired == []
    assert page.evaluate("window.xss || window.fired || null") is None


def test_pictures_have_a_size_and_words(client, roles):
    SiteSettings.objects.create(pk=1)
    image = make_image("Een brug")
    article = make_article("Met beeld", picture=image)
    tree = html5lib.parse(
        client.get(article.get_absolute_url()).content, namespaceHTMLElements=False
    )
    pictures = list(tree.iter("img"))
    assert pictures
    for picture in pictures:
        assert {"alt", "width", "height"} <= set(picture.keys())
