"""Feeds of articles: well-formed whatever the texts hold, absolute, and never too much."""

import datetime
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.models import Article, Status
from tests.factories import make_article, make_author, make_image, make_tag

pytestmark = pytest.mark.django_db

NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "media": "http://search.yahoo.com/mrss/",
    "thr": "http://purl.org/syndication/thread/1.0",
}
HOSTILE = "Ja & nee <script>alert(1)</script> ]]> \x00\x01\x0b\x1f\ufffe “ë” 🙂".replace("\0", "")


@pytest.fixture(autouse=True)
def _site_url(settings):
    settings.SITE_URL = "https://blad.example"


def feed(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return ET.fromstring(response.content)


def items(client, url="/feed/"):
    return feed(client, url).findall("channel/item")


def entries(client):
    return feed(client, "/feed/atom/").findall("atom:entry", NAMES)


def make_long_article(**fields):
    return make_article(
        "De titel",
        authors=[make_author("Anna de Wit", slug="anna"), make_author("Bram", slug="bram")],
        tags=[make_tag("Werk")],
        lead="De inleiding.",
        body='<h2 id="een">Kop</h2><p><a href="/elders/">hier</a> <a href="#een">daar</a> '
        '<picture><source srcset="/media/a.avif"><img src="/media/a.jpg" alt="A"></picture></p>',
        slug="de-titel",
        published_at=datetime.datetime(2012, 11, 1, 9, tzinfo=datetime.UTC),
        modified_at=datetime.datetime(2012, 11, 5, 9, tzinfo=datetime.UTC),
        **fields,
    )


def test_an_rss_item_says_everything(client):
    article = make_long_article(language="en", picture=make_image())
    Article.objects.filter(pk=article.pk).update(comment_count=2)
    (item,) = items(client)
    url = "https://blad.example/2012/11/de-titel/"
    assert item.findtext("title") == "De titel"
    assert item.findtext("link") == url
    assert item.findtext("guid") == article.entry_id
    assert item.find("guid").get("isPermaLink") == "false"
    assert item.findtext("pubDate") == "Thu, 01 Nov 2012 09:00:00 +0000"
    assert item.findtext("description") == "De inleiding."
    assert item.findtext("comments") == f"{url}#comments"
    assert item.findtext("slash:comments", namespaces=NAMES) == "2"
    assert item.findtext("dc:language", namespaces=NAMES) == "en"
    creators = [node.text for node in item.findall("dc:creator", NAMES)]
    assert creators == ["Anna de Wit", "Bram"]
    assert [node.text for node in item.findall("category")] == ["Werk"]
    picture = item.find("media:content", NAMES)
    assert picture.get("url").startswith("https://blad.example/media/pictures/")
    assert picture.get("type") == "image/jpeg"


def test_an_atom_entry_says_everything(client):
    make_long_article(language="en")
    (entry,) = entries(client)
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert entry.findtext("atom:published", namespaces=NAMES) == "2012-11-01T09:00:00+00:00"
    assert entry.findtext("atom:updated", namespaces=NAMES) == "2012-11-05T09:00:00+00:00"
    people = [
        (node.findtext("atom:name", namespaces=NAMES), node.findtext("atom:uri", namespaces=NAMES))
        for node in entry.findall("atom:author", NAMES)
    ]
    assert people == [
        ("Anna de Wit", "https://blad.example/author/anna/"),
        ("Bram", "https://blad.example/author/bram/"),
    ]
    assert entry.find("atom:content", NAMES).get("type") == "html"
    replies = entry.find("atom:link[@rel='replies']", NAMES)
    assert replies.get("href") == "https://blad.example/2012/11/de-titel/feed/"


def test_the_full_text_stands_on_its_own(client):
    make_long_article()
    (item,) = items(client)
    text = item.findtext("content:encoded", namespaces=NAMES)
    assert '<a href="https://blad.example/elders/">hier</a>' in text
    assert '<a href="https://blad.example/2012/11/de-titel/#een">daar</a>' in text
    assert 'src="https://blad.example/media/a.jpg"' in text
    assert "srcset" not in text
    (entry,) = entries(client)
    assert entry.findtext("atom:content", namespaces=NAMES) == text


@pytest.mark.parametrize("url", ["/feed/", "/feed/atom/"])
def test_hostile_texts_stay_text(client, url):
    tag = make_tag(HOSTILE, slug="vreemd")
    author = make_author(HOSTILE, slug="vreemd", bio=HOSTILE)
    make_article(
        HOSTILE,
        slug="vreemd",
        lead=HOSTILE,
        tags=[tag],
        authors=[author],
        body=f"<p>{HOSTILE}</p><p onclick=alert(1)>x</p>",
    )
    for address in (url, "/author/vreemd/feed/", "/tag/vreemd/feed/"):
        root = feed(client, address)
        titles = [node.text or "" for node in root.iter() if node.tag.endswith("title")]
        assert any("<script>alert(1)</script> ]]>" in title for title in titles)
        for node in root.iter():
            if node.tag.endswith(("encoded", "}content")):
                assert "<script" not in (node.text or "")
                assert "onclick" not in (node.text or "")
    (item,) = items(client)
    assert "<script" not in item.findtext("description")


def test_addresses_ignore_the_host_header(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    make_long_article(picture=make_image())
    for url in ("/feed/", "/feed/atom/", "/author/anna/feed/", "/tag/werk/feed/"):
        page = client.get(url, HTTP_HOST="kwaad.example", secure=True).content.decode()
        assert "kwaad.example" not in page
        assert f"https://blad.example{url}" in page


@pytest.mark.parametrize("status", [Status.DRAFT, Status.REVIEW, Status.ARCHIVED])
def test_what_is_not_published_is_absent(client, status):
    author, tag = make_author(slug="anna"), make_tag("Werk")
    make_article(status=status, authors=[author], tags=[tag], published_at=timezone.now())
    for url in ("/feed/", "/author/anna/feed/", "/tag/werk/feed/"):
        assert items(client, url) == []
    assert entries(client) == []


def test_a_scheduled_article_is_absent_until_its_minute(client):
    soon = timezone.now() + datetime.timedelta(hours=1)
    article = make_article(status=Status.SCHEDULED, published_at=soon)
    assert items(client) == []
    Article.objects.filter(pk=article.pk).update(published_at=timezone.now())
    assert len(items(client)) == 1


def test_without_a_conversation_none_is_named(client):
    make_long_article(comment_policy="hidden")
    (item,) = items(client)
    assert item.find("comments") is None
    assert item.find("slash:comments", NAMES) is None
    (entry,) = entries(client)
    assert entry.find("atom:link[@rel='replies']", NAMES) is None


def test_author_and_tag_feeds_hold_their_own(client):
    anna, werk = make_author("Anna", slug="anna"), make_tag("Werk")
    make_article("Van Anna", authors=[make_author(), anna])
    make_article("Over werk", tags=[werk])
    assert [item.findtext("title") for item in items(client, "/author/anna/feed/")] == ["Van Anna"]
    assert [item.findtext("title") for item in items(client, "/tag/werk/feed/")] == ["Over werk"]


@pytest.mark.parametrize("url", ["/author/niemand/feed/", "/tag/niets/feed/"])
def test_unknown_feeds(client, url):
    assert client.get(url).status_code == 404


def test_two_readers_at_once_do_not_mix(client):
    """The Feed object outlives requests: what one asked for must not show to the next."""
    for name in ("anna", "bram"):
        make_article(f"Van {name}", authors=[make_author(name, slug=name)])
    for name in ("anna", "bram", "anna"):
        assert items(client, f"/author/{name}/feed/")[0].findtext("title") == f"Van {name}"


@pytest.mark.parametrize("url", ["/feed/", "/feed/atom/"])
def test_queries_do_not_grow(client, url):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    make_article(tags=[make_tag()])
    client.get(url)  # makes the row of settings
    few = count()
    for _ in range(10):
        make_article(tags=[make_tag(), make_tag()], authors=[make_author(), make_author()])
    assert count() == few


def test_feeds_are_shared_and_answer_304(client):
    make_article()
    first = client.get("/feed/")
    assert "public" in first["Cache-Control"]
    assert "Set-Cookie" not in first
    assert client.get("/feed/", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304


def test_an_empty_site_has_empty_feeds(client):
    assert items(client) == []
    assert entries(client) == []
