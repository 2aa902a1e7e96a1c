"""Word of changes: to whom the settings name, of what readers may see, tried again."""

import json
from urllib.parse import parse_qs

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from blog.discovery import announcing
from blog.models import Redirect, Status
from blog.publishing.articles import article_publish_due, article_save
from blog.publishing.trash import article_delete
from core.fetching import FetchError, Response
from tests.factories import make_article, make_author, make_tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch):
    asked = []

    def fetch(url, *, method, body, headers):
        asked.append((url, body.decode(), headers["Content-Type"]))
        if isinstance(told.answer, Exception):
            raise told.answer
        return Response(url, told.answer, {}, b"")

    told.answer = 202
    monkeypatch.setattr(announcing, "fetch", fetch)
    return asked


@pytest.fixture(autouse=True)
def _services(settings):
    settings.SITE_URL = "https://blad.example"
    settings.INDEXNOW_KEY = "sleutel-1234"
    settings.WEBSUB_HUB = "https://hub.example/"


def queued(name="ping_indexnow"):
    rows = DBTaskResult.objects.filter(task_path=f"blog.discovery.announcing.{name}").order_by(
        "enqueued_at"
    )
    return [row.args_kwargs["args"][0] for row in rows]


def save(article, **fields):
    for name, value in fields.items():
        setattr(article, name, value)
    return article_save(
        article=article, authors=None, tags=None, editor=None, expected_version=None
    )


class TestWhen:
    def test_published_changed_renamed_withdrawn_deleted(self):
        article = make_article(status=Status.DRAFT, slug="een")
        save(article, title="Anders")
        assert queued() == []
        save(article, status=Status.PUBLISHED, published_at=timezone.now())
        url = article.get_absolute_url()
        assert queued() == [[url]]
        save(article, slug="twee")
        assert queued()[1] == sorted([url, article.get_absolute_url()])
        save(article, status=Status.ARCHIVED)
        assert queued()[2] == [url.replace("een", "twee")]
        save(article, title="In het archief")
        assert len(queued()) == 3
        save(article, status=Status.PUBLISHED)
        article_delete(article=article)
        assert len(queued()) == 5
        assert Redirect.objects.exists()

    def test_at_its_minute(self):
        article = make_article(status=Status.SCHEDULED, published_at=timezone.now())
        article_publish_due()
        assert queued() == [[article.get_absolute_url()]]

    def test_nothing_goes_out_without_key_and_hub(self, settings):
        settings.INDEXNOW_KEY = settings.WEBSUB_HUB = ""
        save(make_article(), title="Nieuw")
        assert queued() == queued("ping_hub") == []

    def test_the_hub_hears_of_every_feed_it_stands_in(self):
        article = make_article(authors=[make_author(slug="anna")], tags=[make_tag("Werk")])
        save(article, title="Nieuw")
        assert queued("ping_hub") == [
            ["/feed/", "/feed/atom/", "/author/anna/feed/", "/author/anna/feed/atom/",
             "/tag/werk/feed/", "/tag/werk/feed/atom/"]
        ]  # fmt: skip


class TestWhat:
    def test_indexnow(self, told):
        announcing.ping_indexnow.call(["/2025/01/een/"], 1)
        ((url, body, kind),) = told
        assert url == "https://api.indexnow.org/indexnow"
        assert kind.startswith("application/json")
        assert json.loads(body) == {
            "host": "blad.example",
            "key": "sleutel-1234",
            "keyLocation": "https://blad.example/indexnow.txt",
            "urlList": ["https://blad.example/2025/01/een/"],
        }

    def test_the_hub(self, told):
        announcing.ping_hub.call(["/feed/"], 1)
        ((url, body, _kind),) = told
        assert url == "https://hub.example/"
        assert parse_qs(body) == {
            "hub.mode": ["publish"],
            "hub.url": ["https://blad.example/feed/"],
        }


@pytest.mark.usefixtures("told")
class TestAgain:
    @pytest.mark.parametrize("answer", [FetchError("weg"), 503, 429])
    def test_what_may_pass_is_tried_again_three_times(self, answer, monkeypatch):
        monkeypatch.setattr(told, "answer", answer, raising=False)
        for turn in (1, 2, 3, 4):
            announcing.ping_hub.call(["/feed/"], turn)
        rows = DBTaskResult.objects.order_by("run_after")
        assert [row.args_kwargs["args"][1] for row in rows] == [2, 3, 4]
        assert all(row.run_after > timezone.now() for row in rows)

    @pytest.mark.parametrize("answer", [200, 202, 400, 403, 422])
    def test_what_will_not_is_not(self, answer, monkeypatch):
        monkeypatch.setattr(told, "answer", answer, raising=False)
        announcing.ping_indexnow.call(["/"], 1)
        assert not DBTaskResult.objects.exists()


@pytest.mark.parametrize("url", ["/feed/", "/feed/atom/", "/comments/feed/"])
def test_feeds_name_the_hub(client, url):
    response = client.get(url)
    assert '<https://hub.example/>; rel="hub"' in response["Link"]
    assert f'<https://blad.example{url}>; rel="self"' in response["Link"]
    assert 'rel="hub"' in response.content.decode()


def test_feeds_without_a_hub(client, settings):
    settings.WEBSUB_HUB = ""
    response = client.get("/feed/")
    assert "Link" not in response
    assert 'rel="hub"' not in response.content.decode()


def test_short_addresses(client):
    article = make_article()
    answer = client.get(f"/a/{article.pk}/")
    assert (answer.status_code, answer["Location"]) == (301, article.get_absolute_url())
    assert f"/a/{article.pk}/" in client.get(article.get_absolute_url()).content.decode()
    for number in (make_article(status=Status.DRAFT).pk, 10**30, 0):
        assert client.get(f"/a/{number}/").status_code == 404


def test_an_author_s_and_a_subject_s_atom(client):
    make_article("De titel", authors=[make_author(slug="anna")], tags=[make_tag("Werk")])
    for url in ("/author/anna/feed/atom/", "/tag/werk/feed/atom/"):
        answer = client.get(url)
        # By this type a browser shows the feed with its style sheet.
        assert answer["Content-Type"].startswith("application/xml")
        assert b'xmlns="http://www.w3.org/2005/Atom"' in answer.content
        assert b"De titel" in answer.content
        assert f'href="https://blad.example{url}" rel="self"'.encode() in answer.content
