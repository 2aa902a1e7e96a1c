"""The overview: each role its own, at the same price for little and for much."""

import datetime
import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from authors.roles import Role
from blog.models import Reads
from comments.models import Comment
from comments.thread import tree
from config import desk
from tests.factories import make_article, make_author, make_user

_numbers = itertools.count(5001)
pytestmark = pytest.mark.django_db


def say(article, words, *, parent=None, author=None, state="approved", **fields):
    key = next(_numbers)
    return Comment.objects.create(
        pk=key, article=article, parent=parent, depth=parent.depth + 1 if parent else 0,
        path=tree.path_for(bytes(parent.path) if parent else b"", key), name="Karim",
        source=words, html=f"<p>{escape(words)}</p>", language="nl",
        state=state, shown=state == "approved",
        author=author, **fields,
    )  # fmt: skip


@pytest.fixture
def femke():
    return make_author("Femke", user=make_user("femke", role=Role.AUTHOR))


def test_a_reader_s_last_word_waits_for_the_author(femke):
    mine, other = make_article(authors=[femke]), make_article()
    answered = say(mine, "beantwoord")
    say(mine, "antwoord", parent=answered, author=femke)
    open_thread = say(mine, "een vraag")
    say(mine, "mijn antwoord", parent=open_thread, author=femke)
    last = say(mine, "maar toch", parent=open_thread)
    newest = say(mine, "een andere vraag")
    say(mine, "wacht nog", state="pending")
    say(other, "elders")
    old = timezone.now() - datetime.timedelta(days=desk.DAYS + 1)
    say(mine, "lang geleden", created_at=old)
    assert desk.unanswered(femke.user) == [newest, last]
    assert desk.unanswered(make_user(role=Role.EDITOR)) == []


def test_each_role_sees_its_own(client, femke):
    mine = make_article("Van Femke", authors=[femke], status="draft")
    make_article("Ter lezing", status="review")
    make_article("Van een ander", status="draft")
    say(make_article(authors=[femke]), "een vraag <b>")
    client.force_login(femke.user)
    page = client.get("/admin/")
    assert list(page.context["drafts"]) == [mine]
    assert "Ter lezing" not in page.text
    assert "een vraag &lt;b&gt;" in page.text
    assert "reply/?to=" in page.text
    client.force_login(make_user(role=Role.EDITOR))
    page = client.get("/admin/")
    assert "Ter lezing" in page.text
    client.force_login(make_user(role=Role.MODERATOR))
    page = client.get("/admin/")
    assert "desk-held" in page.text
    assert 'aria-labelledby="desk-drafts"' not in page.text


def test_the_numbers_count_what_one_may_see(femke):
    mine, other = make_article(authors=[femke]), make_article()
    today = timezone.localdate()
    Reads.objects.create(article=mine, day=today, count=10)
    Reads.objects.create(article=mine, day=today - datetime.timedelta(days=1), count=40)
    Reads.objects.create(article=mine, day=today - datetime.timedelta(days=desk.DAYS), count=9)
    Reads.objects.create(article=other, day=today, count=500)
    say(mine, "een")
    found = desk.overview(femke.user)
    numbers = found["numbers"]
    assert (numbers.reads, numbers.comments) == (50, 1)
    assert (numbers.days[-1].height, numbers.days[-2].height) == (25, 100)
    assert numbers.busiest.reads == 40
    assert [row["sum"] for row in found["most_read"]] == [50]
    assert desk.overview(make_user(role=Role.EDITOR))["numbers"].reads == 550


def test_the_overview_costs_the_same_for_much(client, femke):
    client.force_login(femke.user)

    def price():
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get("/admin/")
        return len(found)

    article = make_article(authors=[femke])
    say(article, "een")
    price()
    before = price()
    for number in range(6):
        more = make_article(authors=[femke], status="draft" if number % 2 else "published")
        say(more if more.is_public else article, "nog een")
        Reads.objects.create(article=more, day=timezone.localdate(), count=3)
    assert price() == before


def test_the_numbers_of_an_article_are_its_authors(client, femke):
    article = make_article(authors=[femke])
    client.force_login(femke.user)
    page = client.get(f"/admin/numbers/{article.pk}/")
    assert page.status_code == 200
    assert "<svg" in page.text
    assert "<table>" in page.text
    assert client.get(f"/admin/numbers/{make_article().pk}/").status_code == 404
    client.logout()
    assert client.get(f"/admin/numbers/{article.pk}/").status_code == 302
