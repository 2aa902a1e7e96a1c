"""Comment feeds: what is approved under what is public, and nothing besides."""

import datetime
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.models import Article, Hold, SiteSettings, Status
from blog.publishing.shared_conversation import article_translates
from comments.models import Comment, State
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from config.kept_pages import memory
from tests.factories import make_article

pytestmark = pytest.mark.django_db

DC = {"dc": "http://purl.org/dc/elements/1.1/"}
HOSTILE = "</title><script>alert(1)</script> ]]> & \x01\x0b\ufffe"


@pytest.fixture(autouse=True)
def _site_url(settings):
    settings.SITE_URL = "https://blad.example"


def post(article, source="Een gedachte.", name="Anna"):
    comment, _new = comment_post(
        submission=Submission(
            article=article, text=source, key="", name=name, email="anna@lezer.example"
        ),
        site=SiteSettings(hold=Hold.NOBODY, posts_per_person=0),
    )
    return comment


def items(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return ET.fromstring(response.content).findall("channel/item")


def urls(article):
    return ("/comments/feed/", f"{article.get_absolute_url()}feed/")


def test_an_item_says_who_what_and_where(client):
    article = make_article("Over werk")
    comment = post(article, "Dit is **waar**, [zie](https://elders.example/).")
    for url in urls(article):
        (item,) = items(client, url)
        address = f"https://blad.example{comment.get_absolute_url()}"
        assert item.findtext("link") == address
        assert item.findtext("guid") == f"{article.entry_id}#comment-{comment.pk}"
        assert "Anna" in item.findtext("title")
        assert "Over werk" in item.findtext("title")
        assert "<strong>waar</strong>" in item.findtext("description")
        assert item.findtext("dc:creator", namespaces=DC) == "Anna"
        assert item.findtext("dc:language", namespaces=DC) == comment.language


def test_the_address_of_the_writer_is_nowhere(client):
    article = make_article()
    post(article)
    for url in urls(article):
        assert b"lezer.example" not in client.get(url).content


def test_the_newest_comes_first_and_twenty_are_enough(client):
    article = make_article()
    newest = [post(article, f"Gedachte {number}.") for number in range(22)][-1]
    found = items(client, "/comments/feed/")
    assert len(found) == 20
    assert found[0].findtext("link").endswith(newest.get_absolute_url())


@pytest.mark.parametrize("state", [state for state in State if state != State.APPROVED])
def test_only_approved_comments_are_there(client, state):
    article = make_article()
    Comment.objects.filter(pk=post(article).pk).update(state=state)
    for url in urls(article):
        assert items(client, url) == []


@pytest.mark.parametrize("status", [Status.DRAFT, Status.REVIEW, Status.ARCHIVED])
def test_comments_of_hidden_articles_are_absent(client, status):
    article = make_article()
    post(article)
    Article.objects.filter(pk=article.pk).update(status=status)
    assert items(client, "/comments/feed/") == []
    assert client.get(f"{article.get_absolute_url()}feed/").status_code == 404


def test_comments_of_an_article_moved_to_the_future_are_absent(client):
    article = make_article()
    post(article)
    article.published_at = timezone.now() + datetime.timedelta(days=40)
    article.save(update_fields=["published_at"])
    assert items(client, "/comments/feed/") == []
    assert client.get(f"{article.get_absolute_url()}feed/").status_code == 404


def test_a_hidden_conversation_is_absent_and_a_closed_one_stays(client):
    article = make_article()
    post(article)
    Article.objects.filter(pk=article.pk).update(comment_policy="closed")
    assert all(len(items(client, url)) == 1 for url in urls(article))
    Article.objects.filter(pk=article.pk).update(comment_policy="hidden")
    assert items(client, "/comments/feed/") == []
    assert client.get(f"{article.get_absolute_url()}feed/").status_code == 404


def test_an_articles_feed_holds_its_own(client):
    one, other = make_article(), make_article()
    post(one, "Bij de een.")
    post(other, "Bij de ander.")
    (item,) = items(client, f"{one.get_absolute_url()}feed/")
    assert "Bij de een." in item.findtext("description")


def test_a_translation_feeds_the_conversation_that_it_shares(client):
    original, english = make_article(), make_article("A piece", language="en")
    article_translates(article=english, original=original)
    post(Article.objects.get(pk=english.pk), "Bij allebei.")
    for article in (original, english):
        (item,) = items(client, f"{article.get_absolute_url()}feed/")
        assert "Bij allebei." in item.findtext("description")


@pytest.mark.parametrize(
    "path",
    ["/2012/10/twee/feed/", "/2012/13/een/feed/", "/2012/10/een/feeds/"],
)
def test_wrong_addresses(client, path):
    moment = datetime.datetime(2012, 10, 1, 9, tzinfo=datetime.UTC)
    make_article(slug="een", published_at=moment)
    assert client.get("/2012/10/een/feed/").status_code == 200
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/2012/11/een/feed/", "/2013/10/een/feed/", "/2013/10/een/feed"])
def test_an_address_of_another_month_leads_on(client, path):
    moment = datetime.datetime(2012, 10, 1, 9, tzinfo=datetime.UTC)
    make_article(slug="een", published_at=moment)
    assert client.get(path)["Location"] == "/2012/10/een/feed/"


def test_hostile_texts_stay_text(client):
    article = make_article(HOSTILE, slug="kwaad")
    comment = post(article)
    Comment.objects.filter(pk=comment.pk).update(
        name=HOSTILE, html=f"<p onclick='x'>ja</p>{HOSTILE}"
    )
    for url in urls(article):
        (item,) = items(client, url)
        assert "<script>alert(1)</script> ]]>" in item.findtext("title")
        assert "<script" not in item.findtext("description")
        assert "onclick" not in item.findtext("description")


def test_addresses_ignore_the_host_header(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    article = make_article()
    post(article)
    for url in urls(article):
        page = client.get(url, HTTP_HOST="kwaad.example").content.decode()
        assert "kwaad.example" not in page


def test_queries_do_not_grow(client):
    article = make_article()
    post(article)

    def count(url):
        memory.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    few = [count(url) for url in urls(article)]
    few = [count(url) for url in urls(article)]
    for number in range(10):
        post(make_article(), f"Elders {number}.")
        post(article, f"Nog een {number}.", name=f"Lezer {number}")
    assert [count(url) for url in urls(article)] == few


def test_feeds_are_shared(client):
    response = client.get("/comments/feed/")
    assert "public" in response["Cache-Control"]
    assert "Set-Cookie" not in response


def test_quotes_numbers_and_strokes_are_in_the_feed(client):
    article = make_article()
    post(article, "> citaat\neigen\n\n3. drie\n5. vijf\n\n~~weg~~")
    for url in urls(article):
        text = items(client, url)[0].findtext("description")
        assert "<p>citaat</p>\n</blockquote>\n<p>eigen</p>" in text
        assert '<ol start="3">\n<li>drie</li>\n<li value="5">vijf</li>' in text
        assert "<s>weg</s>" in text
