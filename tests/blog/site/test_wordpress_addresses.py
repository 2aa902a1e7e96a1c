"""Every address of the site is found under WordPress's other forms of it, with its query."""

import datetime
import re

import pytest

from blog.models import Redirect, Series
from blog.site import wordpress_addresses
from comments.models import Comment
from tests.addresses import routes
from tests.blog.site.test_settings import make_page
from tests.factories import make_article, make_author, make_tag

pytestmark = pytest.mark.django_db
QUERY = "utm_source=brief&own=a%20b"
VALUES = {"year": "2012", "month": "11", "slug": "oud", "comment_id": "77", "number": "5",
          "article_id": "5", "token": "x", "section": "articles", "light": "0b5d5a",
          "dark": "7fccc3", "name": "cards/5-0123456789abcdef.png"}  # fmt: skip
# Routes that show nothing by themselves: of one person, of one file, or for sending alone.
OTHERS = {
    "/me/", "/me/visits/<int:article_id>/", "/mail/inbound/", "/indexnow.txt", "/media/<path:name>",
    "/a/<int:number>/", "/favicon.ico",
}  # fmt: skip
WAYS = [
    ("/?s=gezien%26gelezen", "/search/?q=gezien%26gelezen"),
    ("/?s=", "/search/?q="),
    ("/?p=5", "/2012/11/oud/"),
    ("/?p=5&utm_source=a", "/2012/11/oud/?utm_source=a"),
    ("/?utm_source=a&p=5&b=", "/2012/11/oud/?utm_source=a&b="),
    ("/index.php?p=5", "/2012/11/oud/"),
    ("/?page_id=9", "/oud/"),
    ("/?cat=3&paged=2", "/tag/oud/?paged=2"),
    ("/?feed=rss2&cat=3", "/tag/oud/feed/"),
    ("/?p=5&feed=atom&a=b", "/2012/11/oud/feed/atom/?a=b"),
    ("/?feed=comments-rss2&p=5", "/2012/11/oud/feed/"),
    ("/?feed=rss2&page_id=9", "/oud/"),
    ("/?feed=rss2&p=6", "/feed/?p=6"),
    ("/?author=2", "/author/oud/"),
    ("/?author_name=oud", "/author/oud/"),
    ("/?category_name=nieuws", "/tag/oud/"),
    ("/?tag=oud", "/tag/oud/"),
    ("/?m=201211", "/2012/11/"),
    ("/?m=20121105", "/2012/11/"),
    ("/?m=2012", "/2012/"),
    ("/?feed=rss2", "/feed/"),
    ("/?feed=atom", "/feed/atom/"),
    ("/?feed=comments-rss2", "/comments/feed/"),
    ("/?feed=comments-atom", "/comments/feed/atom/"),
    ("/wp-rss2.php?a=b", "/feed/?a=b"),
    ("/wp-atom.php", "/feed/atom/"),
    ("/wp-commentsrss2.php", "/comments/feed/"),
    ("/wp-sitemap.xml", "/sitemap.xml"),
    ("/page/3/", "/"),
    ("/category/nieuws/", "/tag/oud/"),
    ("/category/land/nieuws/page/2/", "/tag/oud/"),
    ("/category/nieuws/feed/rss2/", "/tag/oud/feed/"),
    ("/category/land/nieuws/feed/atom/", "/tag/oud/feed/atom/"),
    ("/category/oud/", "/tag/oud/"),
    ("/2012/11/05/", "/2012/11/"),
    ("/2012/11/05/oud/", "/2012/11/oud/"),
    ("/2012/11/05/oud/comment-page-2/?a=b", "/2012/11/oud/?a=b"),
    ("/2012/11/oud/2/", "/2012/11/oud/"),
    ("/2012/feed/", "/feed/"),
    ("/2012/11/feed/rss2/", "/feed/"),
    ("/zoals-het-was/comment-page-1/", "/2012/11/oud/"),
    ("/zoals-het-was/feed/", "/2012/11/oud/feed/"),
    ("/zoals-het-was/feed/atom", "/2012/11/oud/feed/atom/"),
    ("/a/5/?utm_source=a", "/2012/11/oud/?utm_source=a"),
]
OF_A_PERSON = (
    "/edit/", "/delete/", "/appeal/", "/follow/", "/value/", "/address/", "/moderate/",
)  # fmt: skip


@pytest.fixture
def scene():
    """One of everything that has an address, each by the slug "oud"."""
    author, tag = make_author(slug="oud"), make_tag(slug="oud")
    series = Series.objects.create(title="Oud", slug="oud")
    moment = datetime.datetime(2012, 11, 5, tzinfo=datetime.UTC)
    article = make_article(
        pk=5, slug="oud", published_at=moment, authors=[author], tags=[tag], series=series
    )
    Comment.objects.create(
        pk=77, article=article, path=b"\x01\x4d", name="Bo", source="x", state="approved",
        shown=True, language="nl",
    )  # fmt: skip
    make_page(slug="oud")
    for old, target in (("/?p=5", ""), ("/?page_id=9", "/oud/"), ("/?cat=3", "/tag/oud/"),
                        ("/?author=2", "/author/oud/"), ("/category/nieuws/", "/tag/oud/"),
                        ("/zoals-het-was/", ""), ("/weg/", "")):  # fmt: skip
        Redirect.objects.create(
            old_path=old,
            target=target,
            article=None if target or old == "/weg/" else article,
        )
    return article


def addresses():
    """Every route of the site with an address of it."""
    return {
        route: re.sub(r"<(?:\w+:)?(\w+)>", lambda part: VALUES[part[1]], route)
        for route in routes()
    }


def end(client, url, method="get"):
    """(steps, path with query, status) of the way that begins at `url`."""
    steps, answer = 0, getattr(client, method)(url)
    while answer.status_code in (301, 302, 308) and steps < 4:
        steps, url = steps + 1, answer["Location"]
        answer = getattr(client, method)(url)
    return steps, url, answer.status_code


def test_every_route_is_found_in_every_form_of_its_address_with_its_query(client, scene):
    seen = set()
    for route, url in addresses().items():
        shown = client.get(url).status_code == 200
        if not shown:
            assert "token" in route or route in OTHERS or route.endswith(OF_A_PERSON), route
        whole = f"{url}?{QUERY}"
        if url.endswith("/") and url != "/":
            bare = url.removesuffix("/")
            first = client.get(f"{bare}?{QUERY}")
            assert (first.status_code, first["Location"]) == (301, whole), route
            assert client.post(f"{bare}?{QUERY}")["Location"] == whole, route
        if not shown:
            continue
        seen.add(route)
        forms = [f"/index.php{url}"]
        if url != "/":
            forms.append(f"{url}/")
        if "feed/" in url:
            above = url.removesuffix("feed/").removesuffix("feed/atom/")
            kinds = ("atom",) if url.endswith("atom/") else ("rss2", "rss", "rdf", "feed")
            forms += [f"{above}feed/{kind}/" for kind in kinds if f"{above}feed/{kind}/" != url]
            if above == "/":
                forms += [f"/{kind}/" for kind in kinds if kind != "feed"]
        elif url.endswith("/oud/"):
            forms += [f"{url}page/2/", f"{url}comment-page-12/", f"{url}trackback/", f"{url}embed/"]
        for form in forms:
            for asked in {form, form.rstrip("/")} - {url.rstrip("/"), ""}:
                assert end(client, f"{asked}?{QUERY}") == (1, whole, 200), asked
    assert len(seen) > 25, seen


def test_other_ways_to_a_page_are_one_step(client, scene):
    for asked, there in WAYS:
        assert end(client, asked) == (1, there, 200), asked


def test_what_is_nowhere_leads_nowhere(client, scene):
    for path in ("/2012/13/05/", "/embed/", "/nergens/comment-page-1", "/x/y/page/2/", "/x.php/",
                 "/2012/11/oud/x/feed/", "//", "/index.php/x/"):  # fmt: skip
        assert end(client, path)[2] in (200, 404), path
    for query in (
        "p=999",
        "cat=4",
        "author=1",
        "p=x",
        "m=201213",
        "feed=x",
        "feed=x-rss2",
        "tag=../x",
        "=",
        "&&",
        "p=" + "9" * 40,
        "&".join(f"a{n}=1" for n in range(200)),
    ):
        assert client.get(f"/?{query}").status_code == 200, query
    assert client.get("/weg/comment-page-1/").status_code == 410
    assert client.get("/?category_name=nergens").status_code in (200, 301)
    # A form is no WordPress's: what is sent is answered where it was sent to.
    assert client.post("/?p=5").status_code == 405


def test_a_target_with_a_query_or_a_place_keeps_both(client):
    Redirect.objects.create(old_path="/zoek.html", target="/search/?q=werk")
    Redirect.objects.create(old_path="/onder.html", target="/search/#main")
    assert client.get("/zoek.html?a=b")["Location"] == "/search/?q=werk&a=b"
    assert client.get("/onder.html?a=b")["Location"] == "/search/?a=b#main"
    assert client.get("/onder.html")["Location"] == "/search/#main"


def test_no_address_leads_to_itself_or_to_another_host():
    for path in ("/", "//", "//elders.example/", "/index.php", "/index.php//x", "/feed/feed/feed/",
                 "/category/", "/category//x/", "/page/2", "/2/", "/a/\n/feed/rss2/"):  # fmt: skip
        found, steps = path, 0
        while (step := wordpress_addresses.leads(found)) is not None:
            assert step != found
            assert re.match(r"/(?!/)", step), step
            found, steps = step, steps + 1
            assert steps < 5
