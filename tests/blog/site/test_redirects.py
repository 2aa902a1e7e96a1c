"""Old addresses, whatever stands below them and however they are asked for."""

import datetime
import re

import pytest
from django.test import override_settings

from authors.roles import Role
from blog.models import Article, Redirect, Series, Status
from blog.publishing import subjects
from blog.publishing.articles import article_publish_due, article_save
from blog.publishing.pages import page_save
from blog.publishing.trash import article_trash
from blog.site import redirects
from comments.models import Comment
from tests.addresses import routes
from tests.blog.site.test_settings import make_page
from tests.factories import make_article, make_author, make_tag, make_user

pytestmark = pytest.mark.django_db
UTC = datetime.UTC
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")


def save(article):
    article_save(article=article, authors=None, tags=None, editor=None, expected_version=None)
    return article


def rename_article(article):
    article.slug, article.published_at = "nieuw", datetime.datetime(2014, 2, 3, tzinfo=UTC)
    return save(article)


def rename_author(author):
    old, author.slug = author.get_absolute_url(), "nieuw"
    author.save()
    subjects.author_moved(old=old, author=author)


def rename_tag(tag):
    tag.slug = "nieuw"
    subjects.tag_save(tag=tag)


def rename_series(series):
    series.slug = "nieuw"
    subjects.series_save(series=series)


def filled(route, values):
    """An address of a route, with these values by the name of a part."""
    return re.sub(r"<\w+:(\w+)>", lambda part: values[part[1]], route)


@pytest.fixture
def scene():
    """One of each that has addresses below its own."""
    author, tag = make_author(slug="oud"), make_tag(slug="oud")
    series = Series.objects.create(title="Oud", slug="oud")
    moment = datetime.datetime(2012, 11, 1, tzinfo=UTC)
    article = make_article(
        slug="oud", published_at=moment, authors=[author], tags=[tag], series=series
    )
    comment = Comment.objects.create(
        pk=77, article=article, path=b"\x01\x4d", name="Bo", source="x", state="approved",
        shown=True, language="nl",
    )  # fmt: skip
    return {"article": article, "author": author, "tag": tag, "series": series}, comment


_DATE = r"/<(?:article_)?year:year>/<(?:article_)?month:month>"
KINDS = {
    "article": (_DATE + "/<slug:slug>/", rename_article),
    "author": ("/author/<slug:slug>/", rename_author),
    "tag": ("/tag/<slug:slug>/", rename_tag),
    "series": ("/series/<slug:slug>/", rename_series),
}


def test_every_route_that_holds_a_slug_is_of_a_kind_that_is_looked_at():
    starts = [re.compile(start) for start, _rename in KINDS.values()]
    held = [route for route in routes() if "<slug:slug>" in route]
    others = {route for route in held if not any(start.match(route) for start in starts)}
    assert others == {"/<slug:slug>/"}  # Pages: nothing is below them.
    assert len(held) > 15


@pytest.mark.parametrize("kind", KINDS)
def test_every_address_below_leads_to_the_new_one_for_every_method(client, scene, kind):
    things, comment = scene
    start, rename = KINDS[kind]
    before = {"year": "2012", "month": "11", "slug": "oud", "comment_id": str(comment.pk)}
    after = before | {"slug": "nieuw"}
    if kind == "article":
        after |= {"year": "2014", "month": "02"}
    rename(things[kind])
    below = [route for route in routes() if re.match(start, route)]
    assert below
    led = set()
    for route in below:
        old, new = filled(route, before), filled(route, after)
        for method in METHODS:
            answer = getattr(client, method)(f"{old}?own=a&b=c%20d")
            there = getattr(client, method)(new)
            if answer.status_code == 405:  # Nothing is sent there, now or then.
                assert there.status_code == 405, f"{method} {old}"
                continue
            expected = 301 if method in ("get", "head") else 308
            where = (answer.status_code, answer.get("Location"))
            assert where == (expected, f"{new}?own=a&b=c%20d"), f"{method} {old}"
            assert "no-store" in answer["Cache-Control"]
            to_login = "/login/" in there.get("Location", "")
            moved = there.status_code in (301, 302, 308, 410) and not to_login
            assert not moved, f"{method} {new}"
            led.add((route, method))
        # Without its slash it is one step as well, and what was sent is sent again.
        assert client.get(old.removesuffix("/"))["Location"] == new
        assert client.post(old.removesuffix("/")).status_code == 308
    assert led >= {(route, "get") for route in below}
    if kind == "article":
        assert len([pair for pair in led if pair[1] == "post"]) >= 7


def test_two_renames_are_one_step_and_back_again_is_none(client, scene):
    things, _comment = scene
    article, first = things["article"], "/2012/11/oud/"
    for slug in ("een", "twee"):
        article.slug = slug
        save(article)
    for old in (first, "/2012/11/een/"):
        assert client.get(f"{old}feed/")["Location"] == "/2012/11/twee/feed/"
    article.slug = "oud"
    save(article)
    assert client.get(f"{first}feed/").status_code == 200
    for old in ("een", "twee"):
        assert client.get(f"/2012/11/{old}/feed/")["Location"] == f"{first}feed/"


def test_rows_that_lead_to_each_other_are_one_step_or_none(client):
    article = make_article(slug="hier", published_at=datetime.datetime(2012, 11, 1, tzinfo=UTC))
    Redirect.objects.create(old_path="/a.html", target="/b/")
    Redirect.objects.create(old_path="/b/", target="/2012/11/daar/")
    Redirect.objects.create(old_path="/2012/11/daar/", article=article)
    Redirect.objects.create(old_path="/rond/", target="/om/")
    Redirect.objects.create(old_path="/om/", target="/rond/")
    assert client.get("/a.html")["Location"] == "/2012/11/hier/"
    assert client.get("/rond/").status_code in (301, 404)
    assert redirects.find("/" + "x" * 5000) is None


def test_a_row_that_names_the_articles_address_follows_it(client, scene):
    article = scene[0]["article"]
    Redirect.objects.create(old_path="/mooi/", target=article.get_absolute_url())
    article.slug = "anders"
    save(article)
    assert client.get("/mooi/")["Location"] == "/2012/11/anders/"


def test_another_time_zone_moves_articles_to_another_month_and_nothing_is_lost(client):
    moment = datetime.datetime(2012, 10, 31, 23, 30, tzinfo=UTC)
    article = make_article(slug="nacht", published_at=moment)
    assert article.get_absolute_url() == "/2012/11/nacht/"
    with override_settings(TIME_ZONE="America/New_York"):
        assert client.get("/2012/11/nacht/feed/?x=1")["Location"] == "/2012/10/nacht/feed/?x=1"
        # A rename under the new zone: the address of the old one was never stored.
        article.slug = "dag"
        save(article)
        for old in ("/2012/11/nacht/", "/2012/10/nacht/"):
            assert client.get(f"{old}feed/")["Location"] == "/2012/10/dag/feed/"


def test_a_withdrawn_article_keeps_its_secret_until_it_is_back_under_another_name(client, scene):
    article = scene[0]["article"]
    article.status = Status.ARCHIVED
    save(article)
    article.slug = "terug"
    save(article)
    for path in ("", "feed/", "comment/77/"):
        assert client.get(f"/2012/11/oud/{path}").status_code == 404
    article.status = Status.PUBLISHED
    save(article)
    for path in ("", "feed/", "comment/77/"):
        assert client.get(f"/2012/11/oud/{path}")["Location"] == f"/2012/11/terug/{path}"


def test_what_was_below_an_article_in_the_trash_is_gone_and_a_text_for_it_is_not(client, scene):
    article = scene[0]["article"]
    article_trash(article=article, editor=None)
    assert client.get("/2012/11/oud/feed/").status_code == 410
    answer = client.post("/2012/11/oud/reply/", {"text": "Een lang stuk.", "name": "Bo"})
    assert answer.status_code == 404
    assert "Een lang stuk." in answer.text


def test_a_draft_of_the_same_name_takes_nothing_from_who_had_it(client, scene):
    article = scene[0]["article"]
    article.slug = "anders"
    save(article)
    draft = make_article(slug="oud", status=Status.DRAFT, published_at=article.published_at)
    save(draft)
    assert client.get("/2012/11/oud/feed/")["Location"] == "/2012/11/anders/feed/"
    draft.status = Status.PUBLISHED
    save(draft)
    assert client.get("/2012/11/oud/feed/").status_code == 200


def test_a_slug_made_of_a_title_is_none_that_another_article_had(scene):
    article = scene[0]["article"]
    article.slug = "anders"
    save(article)
    made = Article(title="Oud", status=Status.DRAFT)
    article_save(article=made, authors=[], tags=[], editor=None, expected_version=None)
    assert made.slug == "oud-2"


def test_a_scheduled_article_leaves_no_trace_of_its_earlier_dates(client):
    soon = datetime.datetime(2090, 5, 1, tzinfo=UTC)
    article = make_article(slug="straks", status=Status.SCHEDULED, published_at=soon)
    article.published_at = datetime.datetime(2090, 6, 1, tzinfo=UTC)
    save(article)
    assert not Redirect.objects.exists()
    assert client.get("/2090/05/straks/").status_code == 404
    Article.objects.update(published_at=datetime.datetime(2020, 6, 1, tzinfo=UTC))
    article_publish_due()
    # A mail that named the day it was first planned for.
    assert client.get("/2090/05/straks/")["Location"] == "/2020/06/straks/"


def test_a_page_that_was_hidden_meanwhile_leads_on_only_once_it_is_seen(client):
    page = make_page(slug="over-ons")
    page.slug, page.public = "wij", False
    page_save(page=page, editor=None)
    assert client.get("/over-ons/").status_code == 404
    page.public = True
    page_save(page=page, editor=None)
    assert client.get("/over-ons/?a=b")["Location"] == "/wij/?a=b"


def test_an_author_who_is_deleted_says_goodbye_with_her_feeds(client):
    author = make_author(slug="weg")
    client.force_login(make_user(role=Role.EDITOR))
    client.post(f"/admin/authors/author/{author.pk}/delete/", {"post": "yes"})
    for path in ("", "feed/", "feed/atom/"):
        assert client.get(f"/author/weg/{path}").status_code == 410


def test_a_picture_for_sharing_leads_to_the_one_that_replaced_it(client, scene):
    article = scene[0]["article"]
    now = f"cards/{article.pk}-{'b' * 16}.png"
    Article.objects.update(card=now)
    old = f"/media/cards/{article.pk}-{'a' * 16}.png"
    assert client.get(old)["Location"] == f"/media/{now}"
    assert client.get(f"/media/{now}").status_code == 404  # No circle where the file is missing.
    Article.objects.update(status=Status.DRAFT)
    assert client.get(old).status_code == 404
