"""Searching what was said: only what anybody may read, in its own words and place."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.models import Hold, SiteSettings, Status
from blog.search.articles import Filters
from comments.models import Comment, State
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.thread import search as finding
from comments.thread.search import search
from tests.factories import make_article, make_author, make_tag

pytestmark = pytest.mark.django_db
OPEN = SiteSettings(hold=Hold.NOBODY)


def say(text, article=None, name="Anna", parent=None):
    return comment_post(
        submission=Submission(
            article=article or make_article(), parent=parent, name=name, text=text
        ),
        site=OPEN,
    )[0]


def found(query, **filters):
    return search(query, filters=Filters(**filters)).results


def test_words_in_other_forms_phrases_exclusions_and_names():
    one = say("De huizen aan de *brug* staan leeg", name="Wilhelmina")
    two = say("Een huis is een huis, geen brug te ver")
    assert set(found("huis")) == {one, two}
    assert found("bruggen leeg") == [one]
    assert found('"huizen aan de brug"') == [one]
    assert found("huis -leeg") == [two]
    assert found("wilhelmina") == [one]
    assert found("trein") == []


def test_english_comments_in_their_language():
    article = make_article(language="en")
    comment = say("The houses were running late", article)
    assert found("house run") == [comment]


@pytest.mark.parametrize("state", [state for state in State if state != State.APPROVED])
def test_only_approved_comments(state):
    comment = say("Uniekwoord")
    Comment.objects.filter(pk=comment.pk).update(state=state)
    assert found("uniekwoord") == []


@pytest.mark.parametrize("change", [{"status": Status.DRAFT}, {"status": Status.ARCHIVED},
                                    {"comment_policy": "hidden"},
                                    {"status": Status.SCHEDULED, "ahead": True}])  # fmt: skip
def test_only_under_public_articles(change):
    comment = say("Uniekwoord")
    assert found("uniekwoord") == [comment]
    article = comment.article
    if change.pop("ahead", False):
        article.published_at = timezone.now() + datetime.timedelta(days=1)
    for name, value in change.items():
        setattr(article, name, value)
    article.save()
    assert found("uniekwoord") == []


def test_private_fields_are_not_searched():
    from comments.models import Commenter

    comment = say("Iets")
    person = Commenter.objects.create(email="geheim@adres.example", name="Anna")
    Comment.objects.filter(pk=comment.pk).update(commenter=person, website="https://site.example/")
    for query in ("geheim@adres.example", "adres.example", "site.example"):
        assert found(query) == []


def test_narrowed_by_the_article_s_author_and_tag_and_the_comment_s_year():
    anna, werk = make_author("Saskia", slug="saskia"), make_tag("Werk")
    one = say("Fiets", make_article(authors=[anna], tags=[werk]))
    two = say("Fiets")
    Comment.objects.filter(pk=two.pk).update(
        created_at=datetime.datetime(2019, 3, 1, tzinfo=datetime.UTC)
    )
    assert found("fiets", author=anna) == [one]
    assert found("fiets", tag=werk) == [one]
    assert found("fiets", year=2019) == [two]


def test_pages_cover_every_comment_once_newest_first(client, monkeypatch):
    monkeypatch.setattr(finding, "_WINDOWS", (4, 9))
    article = make_article()
    wanted = [say(f"Fiets {number}", article).pk for number in range(23)]
    seen, url = [], "/search/comments/?q=fiets"
    while url:
        page = client.get(url)
        seen += [comment.pk for comment in page.context["results"]]
        url = page.context["older_url"]
    assert seen == wanted[::-1]


def test_the_page_shows_a_safe_piece_and_leads_to_its_place(client):
    article = make_article("De titel")
    comment = say("Een **fiets** & <script>alert(1)</script> naast `de fiets`", article)
    page = client.get("/search/comments/?q=fiets")
    html = page.content.decode()
    assert "<mark>fiets</mark> &amp;" in html
    assert "<script>alert" not in html
    assert "**" not in html
    assert f'href="{comment.get_absolute_url()}#comment-{comment.pk}"' in html
    assert "Anna bij ‘De titel’" in html
    assert '<meta name="robots" content="noindex, follow">' in html
    assert not page.cookies


@pytest.mark.parametrize("query", ["", "'", "de het", "-x", '"', "x" * 9_000, "a:*&|!(", "日"])
def test_no_query_is_an_error(client, query):
    say("Fiets")
    assert client.get("/search/comments/", {"q": query, "before": "9" * 30}).status_code == 200


def test_queries_do_not_grow(client):
    article = make_article()

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/search/comments/?q=fiets").status_code == 200
        return len(queries)

    say("Fiets", article)
    count()
    few = count()
    for _ in range(8):
        say("Fiets", article)
    assert count() == few
