"""Foreign attacks, shown by a real browser: nothing runs, nothing is fetched, nothing leads off."""

from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from blog.models import Hold, SiteSettings
from comments.models import Comment
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.thread import markup
from core.text import TextRefused
from tests.browser.conftest import DESK
from tests.comments.payloads import ALL
from tests.factories import make_article, make_author, make_tag

BREAKOUTS = (
    '"><img src=x onerror=alert(1)>',
    "</title></script><script>alert(1)</script>",
    "'onmouseover='alert(1)",
    "{{7*7}}<svg onload=alert(1)>",
)
# Nothing waits for a moderator: what is not shown could fire nothing.
OPEN = {
    "hold": Hold.NOBODY,
    "posts_per_hour": 0,
    "flood_limit": 0,
    "spam_filter": False,
    "max_links": 1000,
}
TOUCH = """() => document.querySelectorAll('body *').forEach((node) => {
    for (const kind of ['mouseover', 'pointerenter', 'focus', 'load', 'error', 'toggle'])
        node.dispatchEvent(new Event(kind));
})"""
LINKS = """() => [...document.querySelectorAll('.comment a[href]')]
    .map((link) => link.protocol).filter((word) => !/^(https?|mailto):$/.test(word))"""


@pytest.fixture
def page(visitor):
    """A page without the content policy, so that the markup must stand by itself."""
    opened = visitor.page(DESK, bypass_csp=True)

    def fired(dialog):
        visitor.faults.append(f"fired: {dialog.message}")
        dialog.dismiss()

    opened.on("dialog", fired)
    return opened


def test_the_browser_would_have_fired(visitor, page, article):
    visitor.expect("fired: proof")
    page.goto("/")
    page.evaluate("document.body.innerHTML = '<img src=data:, onerror=alert(`proof`)>'")
    page.wait_for_timeout(50)
    assert "fired: proof" in visitor.faults


@pytest.fixture
def article(roles):
    SiteSettings.objects.update_or_create(pk=1, defaults=OPEN)
    return make_article("Onder vuur")


def test_comments_fire_nothing(page, article):
    site = SiteSettings.objects.get()
    for payload in ALL:
        try:
            source = markup.clean_source(payload)
            if not source.strip():
                continue
            writer = {
                "name": f"X {payload[:40]}".replace("\0", "").encode(errors="ignore").decode()
            }
            comment_post(submission=Submission(article=article, text=source, **writer), site=site)
        except TextRefused:
            continue
    seen = 0
    url = article.get_absolute_url()
    while url:
        page.goto(url)
        seen += page.locator(".comment").count()
        touch(page)
        assert page.evaluate(LINKS) == []
        later = page.locator(".thread-pages a[rel=next]")
        url = later.first.get_attribute("href") if later.count() else ""
    assert seen == Comment.objects.count() > 100


def test_every_other_field_fires_nothing(page, article):
    for number, attack in enumerate(BREAKOUTS):
        author = make_author(attack, slug=f"a{number}", role=attack, bio=attack)
        tag = make_tag(attack, slug=f"t{number}")
        other = make_article(
            attack,
            slug=f"s{number}",
            lead=attack,
            authors=[author],
            tags=[tag],
            toc=[{"level": 2, "id": "s", "title": attack}] * 3,
            body='<h2 id="s">s</h2>',
        )
        paths = [
            "/",
            other.get_absolute_url(),
            author.get_absolute_url(),
            tag.get_absolute_url(),
            f"/search/?q={quote(attack)}",
        ]
        for path in paths:
            page.goto(path)
            assert attack in page.inner_text("body"), path
            touch(page)


def touch(page: Page) -> None:
    """Move over, focus and load everything, and wait for what that sets off."""
    page.evaluate(TOUCH)
    page.evaluate("new Promise((done) => setTimeout(done, 30))")
