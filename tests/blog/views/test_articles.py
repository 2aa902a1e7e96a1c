"""The reading pages: what they show, to whom, at what cost, and what caches are told."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from authors.roles import Role
from authors.services import author_save
from blog.models import Article, Redirect, Status
from blog.publishing.articles import article_save
from blog.site.settings import site_changed, site_settings, site_settings_save
from config.kept_pages import memory
from tests.factories import make_article, make_author, make_tag, make_user

pytestmark = pytest.mark.django_db


def test_an_article_shows_its_parts_in_order(client):
    author = make_author("Anna de Wit", website="https://voorbeeld.example", role="Adviseur")
    article = make_article(
        "Over werk",
        authors=[author],
        lead="De inleiding.",
        tags=[make_tag("Werk")],
        published_at=datetime.datetime(2012, 11, 1, 9, tzinfo=datetime.UTC),
    )
    page = client.get(article.get_absolute_url()).content.decode()
    page = page[page.index("<h1>") :]
    parts = [
        "Over werk</h1>",
        "Anna de Wit",
        "voorbeeld.example",
        "1 november 2012",
        "De inleiding.",
        "Een alinea over werk.",
        "Werk</a>",
        "Deel dit artikel",
        "Adviseur",
        'id="comments"',
    ]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)


@pytest.mark.parametrize("status", [Status.DRAFT, Status.REVIEW, Status.ARCHIVED])
def test_what_is_not_published_is_nowhere(client, status):
    tag, author = make_tag(), make_author()
    article = make_article(
        "Verborgen stuk", status=status, tags=[tag], authors=[author], published_at=timezone.now()
    )
    assert client.get(article.get_absolute_url()).status_code == 404
    for url in (
        "/",
        tag.get_absolute_url(),
        author.get_absolute_url(),
        "/feed/",
        "/feed/atom/",
        "/search/?q=verborgen",
        "/sitemap-articles.xml",
    ):
        answer = client.get(url)
        assert answer.status_code == 200
        assert "Verborgen" not in answer.content.decode(), url


def test_a_scheduled_article_appears_at_its_minute(client):
    later = timezone.now() + datetime.timedelta(hours=1)
    article = make_article(status=Status.SCHEDULED, published_at=later)
    assert client.get(article.get_absolute_url()).status_code == 404
    with time_machine.travel(later + datetime.timedelta(seconds=1)):
        assert client.get(article.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        "/nergens/",
        "/2012/13/x/",
        "/0000/",
        "/9999/",
        "/tag/niets/",
        "/author/niemand/",
        "/?before=onzin",
        "/?after=1-x",
        "/2012/11/onbekend/",
        "/media/../manage.py",
    ],
)
def test_addresses_that_lead_nowhere_help(client, url):
    answer = client.get(url)
    assert answer.status_code == 404
    assert 'action="/search/"' in answer.content.decode()


@pytest.mark.parametrize("url", ["/search/?q=%00", "/?x=%ff", "/%00/"])
def test_broken_addresses_are_refused_in_one_line(client, url, caplog):
    assert client.get(url).status_code == 400
    assert len([record for record in caplog.records if record.exc_info]) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"accept-language": "\\x00;;q=,*"},
        {"if-none-match": '"\\"'},
        {"range": "bytes=9-1"},
        {"if-modified-since": "gisteren"},
    ],
)
def test_malformed_headers_do_no_harm(client, headers):
    assert client.get(make_article().get_absolute_url(), headers=headers).status_code == 200


def test_public_pages_are_anonymous(client):
    article = make_article(tags=[make_tag()])
    client.force_login(make_user(role=Role.EDITOR))
    urls = [
        "/",
        article.get_absolute_url(),
        article.byline[0].get_absolute_url(),
        article.tag_list[0].get_absolute_url(),
        "/search/?q=werk",
        "/feed/",
    ]
    for url in urls:
        answer = client.get(url)
        assert not answer.cookies, url
        assert "Cookie" not in answer.get("Vary", ""), url
        assert "public" in answer["Cache-Control"], url
        assert "csrfmiddlewaretoken" not in answer.content.decode(), url
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


class TestConditionalRequests:
    def tag(self, client, article):
        return client.get(article.get_absolute_url())["ETag"]

    def test_an_unchanged_article_is_304_in_one_query(self, client, django_assert_num_queries):
        article = make_article()
        client.get(article.get_absolute_url())  # The settings are known from here on.
        tag = self.tag(client, article)
        with django_assert_num_queries(1):
            answer = client.get(article.get_absolute_url(), headers={"if-none-match": tag})
        assert answer.status_code == 304
        assert answer.content == b""

    @pytest.mark.parametrize("change", ["words", "thread", "author", "site"])
    def test_every_change_renews_it(self, client, change):
        author = make_author()
        article = make_article(authors=[author])
        tag = self.tag(client, article)
        if change == "words":
            article.title = "Anders"
            article_save(
                article=article, authors=None, tags=None, editor=None, expected_version=None
            )
        elif change == "thread":
            Article.objects.update(comment_count=7, thread_version=7)
        elif change == "author":
            author.name = "Iemand Anders"
            author_save(author=author)
        else:
            site = site_settings()
            site.title = "Een ander blad"
            site_settings_save(site=site)
        assert self.tag(client, article) != tag


def test_a_list_costs_the_same_however_long(client, django_assert_num_queries):
    make_article(tags=[make_tag()])
    site_changed()
    with django_assert_num_queries(5):
        client.get("/")
    for _ in range(8):
        make_article(tags=[make_tag()], authors=[make_author(), make_author()])
    memory.clear()  # A kept page is asked first whether it holds.
    with django_assert_num_queries(5):
        client.get("/")


def test_pages_of_a_list_hold_every_article_once(client):
    made = {make_article(f"Stuk {number}").get_absolute_url() for number in range(23)}
    seen, url = [], "/"
    while url:
        answer = client.get(url)
        seen += [article.get_absolute_url() for article in answer.context["articles"]]
        url = answer.context["older_url"]
    assert len(seen) == 23
    assert set(seen) == made


def test_old_addresses_lead_on_or_say_goodbye(client):
    article = make_article("Eerste titel")
    old = article.get_absolute_url()
    article.slug = "nieuwe-naam"
    article_save(article=article, authors=None, tags=None, editor=None, expected_version=None)
    answer = client.get(old)
    assert (answer.status_code, answer["Location"]) == (301, article.get_absolute_url())
    Redirect.objects.create(old_path="/weg/")
    assert client.get("/weg/").status_code == 410
    Article.objects.update(status=Status.DRAFT)
    assert client.get(old).status_code == 404


def test_a_foreign_host_is_refused_and_links_are_the_sites_own(client, settings):
    article = make_article()
    assert client.get("/", headers={"host": "kwaad.example"}).status_code == 400
    page = client.get(article.get_absolute_url(), headers={"host": "localhost"}).content.decode()
    assert f'rel="canonical" href="{settings.SITE_URL}{article.get_absolute_url()}"' in page


def test_script_in_every_field_is_text(client):
    evil = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    author = make_author(evil[:80], slug="kwaad", role=evil, bio=evil)
    article = make_article(
        evil, slug="kwaad", authors=[author], lead=evil, tags=[make_tag(evil[:60], slug="kwaad")]
    )
    for url in (
        "/",
        article.get_absolute_url(),
        author.get_absolute_url(),
        "/tag/kwaad/",
        f"/search/?q={evil}",
    ):
        page = client.get(url).content.decode()
        assert "<script>alert" not in page, url
        assert "<img src=x" not in page, url
