"""Sitemap and robots.txt: the public pages, all of them, under the site's own address."""

import datetime
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.models import Article, Status
from blog.reading import steps
from config.kept_pages import memory
from tests.factories import make_article, make_author, make_image, make_tag

pytestmark = pytest.mark.django_db

NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}
SECTIONS = ["articles", "news", "authors", "tags", "pages", "series", "archive"]


@pytest.fixture(autouse=True)
def _site_url(settings):
    settings.SITE_URL = "https://blad.example"


def places(client, url):
    response = client.get(url)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml"
    return [node.text for node in ET.fromstring(response.content).iterfind(".//s:loc", NAMES)]


def test_the_index_names_every_section(client):
    assert places(client, "/sitemap.xml") == [
        f"https://blad.example/sitemap-{name}.xml" for name in SECTIONS
    ]


def test_each_section_holds_its_pages(client):
    anna, werk = make_author(slug="anna"), make_tag("Werk & zo", slug="werk")
    # In Amsterdam the last day of October was over by then.
    moment = datetime.datetime(2012, 10, 31, 23, 30, tzinfo=datetime.UTC)
    make_article(slug="een", published_at=moment, authors=[anna], tags=[werk], picture=make_image())
    assert places(client, "/sitemap-articles.xml") == ["https://blad.example/2012/11/een/"]
    assert places(client, "/sitemap-authors.xml") == ["https://blad.example/author/anna/"]
    assert places(client, "/sitemap-tags.xml") == ["https://blad.example/tag/werk/"]
    assert places(client, "/sitemap-archive.xml") == [
        "https://blad.example/",
        "https://blad.example/2012/",
        "https://blad.example/2012/11/",
    ]


def test_an_article_has_its_picture_and_its_last_change(client):
    moment = datetime.datetime(2012, 11, 1, 9, tzinfo=datetime.UTC)
    make_article(published_at=moment, picture=make_image())
    make_article(published_at=moment, modified_at=moment + datetime.timedelta(days=4))
    root = ET.fromstring(client.get("/sitemap-articles.xml").content)
    changes = {node.text for node in root.iterfind(".//s:lastmod", NAMES)}
    assert changes == {"2012-11-01T10:00:00+01:00", "2012-11-05T10:00:00+01:00"}
    (picture,) = root.iterfind(".//image:loc", NAMES)
    assert picture.text.startswith("https://blad.example/media/")


@pytest.mark.parametrize("status", [*Status.values])
def test_only_what_is_published_is_there(client, status):
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    make_article(status=status, published_at=tomorrow, tags=[make_tag()])
    if status in (Status.DRAFT, Status.REVIEW, Status.ARCHIVED):
        make_article(status=status, published_at=timezone.now(), tags=[make_tag()])
    for name in ("articles", "authors", "tags"):
        assert places(client, f"/sitemap-{name}.xml") == []
    assert places(client, "/sitemap-archive.xml") == ["https://blad.example/"]


def test_long_sections_come_in_pages(client, monkeypatch):
    monkeypatch.setattr(steps, "THOUSAND", 2)
    made = [f"https://blad.example{make_article().get_absolute_url()}" for _ in range(5)]
    # Two numbers without an article, as after a large import that was taken back.
    Article.objects.filter(slug=made[2].split("/")[-2]).update(status="draft")
    here = "https://blad.example/sitemap-articles.xml"
    parts = [url for url in places(client, "/sitemap.xml") if url.startswith(here)]
    assert parts == [here, *(f"{here}?p={number}" for number in range(2, len(parts) + 1))]
    found = [places(client, url.removeprefix("https://blad.example")) for url in parts]
    assert all(1 <= len(urls) <= 2 for urls in found)
    assert [url for urls in found for url in urls] == [*made[:2], *made[3:]][::-1]


def test_months_and_years_are_those_of_the_site_s_time_zone(client):
    for moment in ("2019-12-31T23:30", "2019-12-31T22:30", "2012-06-30T22:00", "2012-06-30T21:59"):
        make_article(published_at=datetime.datetime.fromisoformat(f"{moment}+00:00"))
    make_article(published_at=timezone.now() + datetime.timedelta(days=400))
    assert places(client, "/sitemap-archive.xml") == [
        f"https://blad.example/{path}"
        for path in ("", "2020/", "2019/", "2012/", "2020/01/", "2019/12/", "2012/07/", "2012/06/")
    ]


@pytest.mark.parametrize(
    "url",
    [
        "/sitemap-niets.xml",
        "/sitemap-articles.xml?p=0",
        "/sitemap-articles.xml?p=x",
        "/sitemap-articles.xml?p=99",
    ],
)
def test_sections_and_pages_that_are_not_there(client, url):
    assert client.get(url).status_code == 404


def test_addresses_ignore_the_host_header(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    make_article(tags=[make_tag()], picture=make_image())
    for url in ("/sitemap.xml", "/robots.txt", *(f"/sitemap-{name}.xml" for name in SECTIONS)):
        assert b"kwaad.example" not in client.get(url, HTTP_HOST="kwaad.example").content


@pytest.mark.parametrize("name", ["", *SECTIONS])
def test_queries_do_not_grow(client, name):
    url = f"/sitemap-{name}.xml" if name else "/sitemap.xml"

    def count():
        memory.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    make_article(tags=[make_tag()], picture=make_image())
    count()  # makes the row of settings
    few = count()
    for year in range(2001, 2011):
        moment = datetime.datetime(year, 3, 1, tzinfo=datetime.UTC)
        make_article(tags=[make_tag()], picture=make_image(), published_at=moment)
    assert count() == few


def test_translations_name_each_other(client):
    dutch = make_article("Wachten")
    english = make_article("Waiting", language="en", translation_set=dutch.translation_set)
    make_article("Wartend", language="de", translation_set=dutch.translation_set, status="draft")
    alone = make_article("Alleen")
    root = ET.fromstring(client.get("/sitemap-articles.xml").content)
    alternate = "{http://www.w3.org/1999/xhtml}link"
    found = {
        url.findtext("{*}loc"): [
            (one.get("hreflang"), one.get("href")) for one in url.iter(alternate)
        ]
        for url in root
    }
    site = "https://blad.example"
    versions = [
        ("nl", f"{site}{dutch.get_absolute_url()}"), ("en", f"{site}{english.get_absolute_url()}")
    ]  # fmt: skip
    assert found == {
        versions[0][1]: versions,
        versions[1][1]: versions,
        f"{site}{alone.get_absolute_url()}": [],
    }


def test_robots(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    lines = response.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    for path in ("/admin/", "/search/", "/me/", "/*/reply/"):
        assert f"Disallow: {path}" in lines
    assert "Sitemap: https://blad.example/sitemap.xml" in lines


def test_every_picture_of_an_article_is_named_once(client):
    lead, inside = make_image(), make_image()
    figure = f'<figure data-image="{inside.pk}"></figure>'
    make_article(picture=lead, body=f'{figure}{figure}<figure data-image="999"></figure>')
    root = ET.fromstring(client.get("/sitemap-articles.xml").content)
    names = [node.text.rpartition("/")[2] for node in root.iterfind(".//image:loc", NAMES)]
    assert len(names) == len(set(names)) == 2


def test_news_is_of_the_last_two_days(client):
    old = timezone.now() - datetime.timedelta(days=2, minutes=5)
    make_article("Oud", published_at=old)
    make_article("Nieuw & <goed>", language="en")
    make_article("Morgen", status="scheduled", published_at=timezone.now() + datetime.timedelta(1))
    root = ET.fromstring(client.get("/sitemap-news.xml").content)
    (news,) = root.iterfind(".//news:news", NAMES)
    assert news.findtext("news:title", namespaces=NAMES) == "Nieuw & <goed>"
    assert news.findtext("news:publication/news:language", namespaces=NAMES) == "en"
    assert news.findtext("news:publication/news:name", namespaces=NAMES) == "Weerwoord"
    assert news.findtext("news:publication_date", namespaces=NAMES)


def test_the_key_of_indexnow(client, settings):
    assert client.get("/indexnow.txt").status_code == 404
    settings.INDEXNOW_KEY = "sleutel-1234"
    assert client.get("/indexnow.txt").content == b"sleutel-1234"
