"""What feeds name articles and comments by: the same for good, each its own."""

import datetime
import re

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import override_settings

from blog.models import Article, Status
from blog.publishing.articles import article_save
from blog.publishing.shared_conversation import article_translates
from comments.models import Comment
from config.kept_pages import memory
from tests.comments.models.migrating import migrate
from tests.factories import make_article

pytestmark = pytest.mark.django_db
FEEDS = ("/feed/", "/feed/atom/", "/comments/feed/", "/comments/feed/atom/")
MOMENT = datetime.datetime(2012, 11, 1, tzinfo=datetime.UTC)


def make_comment(article, number):
    return Comment.objects.create(
        pk=number, article=article, path=bytes([1, number]), name="Bo", source="x", html="<p>x</p>",
        state="approved", shown=True, language="nl",
    )  # fmt: skip


def ids(client):
    """The ids of each feed's items; rows of these tests come past what counts comments."""
    memory.clear()
    return [
        re.findall(r"<guid[^>]*>([^<]+)|<entry[^>]*>.*?<id>([^<]+)", client.get(path).text, re.S)
        for path in FEEDS
    ]


def save(article, **changes):
    for name, value in changes.items():
        setattr(article, name, value)
    article_save(article=article, authors=None, tags=None, editor=None, expected_version=None)


def test_another_slug_date_status_or_host_changes_no_id(client):
    article = make_article(slug="een", published_at=MOMENT)
    make_comment(article, 77)
    first = ids(client)
    assert [len(found) for found in first] == [1, 1, 1, 1]
    save(article, slug="twee")
    assert ids(client) == first
    save(article, published_at=MOMENT + datetime.timedelta(days=400))
    assert ids(client) == first
    save(article, status=Status.ARCHIVED)
    save(article, status=Status.PUBLISHED)
    assert ids(client) == first
    with override_settings(SITE_URL="https://elders.example", TIME_ZONE="America/New_York"):
        assert ids(client) == first


def test_each_has_an_id_of_its_own_that_is_an_absolute_uri(client):
    for number in (1, 2):
        make_comment(make_article(slug=f"stuk-{number}"), number)
    for found in ids(client):
        whole = {"".join(pair) for pair in found}
        assert len(whole) == 2
        assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}(#comment-\d)?", one) for one in whole)


def test_a_comment_keeps_its_id_when_its_conversation_moves(client):
    original, other = make_article(language="nl"), make_article(language="en")
    third = make_article(language="en")
    make_comment(other, 5)
    first = ids(client)[2:]
    article_translates(article=other, original=original)
    assert Comment.objects.get(pk=5).article == original
    assert ids(client)[2:] == first
    save(original, status=Status.ARCHIVED)  # It is handed over, and comes home once more.
    assert Comment.objects.get(pk=5).article == other
    assert ids(client)[2:] == first
    make_comment(third, 6)
    assert len(set(ids(client)[2])) == 2


def test_the_migration_keeps_what_was_known_and_gives_the_rest_an_id(client, settings):
    settings.SITE_URL = "https://blad.example"
    migrate("0019_markup_anew")
    old = migrate("0020_alphabetical", "blog").get_model("blog", "Article")
    known = {"title": "x", "published_at": MOMENT, "status": "published", "language": "nl"}
    old.objects.create(pk=1, slug="een", entry_path="/2011/01/oud/", **known)
    old.objects.create(pk=2, slug="twee", **known)
    old.objects.create(pk=3, slug="drie", entry_path="/2012/11/twee/", **known)
    old.objects.create(pk=4, slug="vier", **known | {"status": "draft"})
    old.objects.create(pk=5, slug="vijf", entry_path="/2011/01/oud/?entry=5", **known)
    migrate("0023_entry_ids_unique", "blog")
    migrate("0020_entry_ids")
    found = dict(Article.objects.values_list("pk", "entry_id"))
    assert found.pop(4).startswith("urn:uuid:")
    assert found == {
        1: "https://blad.example/2011/01/oud/",
        2: "https://blad.example/2012/11/twee/",
        3: "https://blad.example/2012/11/twee/?entry=3",
        5: "https://blad.example/2011/01/oud/?entry=5",
    }
    # Comments are stored by the models as they are today.
    graph = MigrationLoader(connection).graph
    for app in ("blog", "comments"):
        ((_app, newest),) = graph.leaf_nodes(app)
        migrate(newest, app)
    for number, article in ((11, 1), (15, 5)):
        comment = make_comment(Article.objects.get(pk=article), number)
        assert comment.entry == f"https://blad.example/2011/01/oud/comment/{number}/"
    Comment.objects.all().delete()
    migrate("0019_markup_anew")
    old = migrate("0020_alphabetical", "blog").get_model("blog", "Article")
    assert old.objects.get(pk=5).entry_path == "/2011/01/oud/?entry=5"
    assert old.objects.get(pk=4).entry_path == ""
