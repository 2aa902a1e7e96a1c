"""The figures of moderation: right, each for who may see it, at one price."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from authors.roles import Role
from comments.models import Comment, ModerationEvent, State
from comments.moderation import figures, undo
from comments.moderation.decisions import Decision, decision_make
from comments.screening import learning
from tests.comments.desks import OPEN, post
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:comments_comment_figures")


@pytest.fixture
def mo():
    return make_user("mo", role=Role.MODERATOR, first_name="Mo")


def waited(article, **length):
    comment = post(article, f"Gewacht {length}.")
    moment = timezone.now() - datetime.timedelta(**length)
    Comment.objects.filter(pk=comment.pk).update(created_at=moment)
    comment.refresh_from_db()
    return comment


def test_what_waits_by_age(mo):
    article = make_article()
    for length in ({"minutes": 5}, {"hours": 2}, {"hours": 3}, {"days": 2}, {"days": 5},
                   {"days": 8}, {"days": 80}):  # fmt: skip
        waited(article, **length)
    assert [number for _words, number in figures.waiting_by_age(mo)] == [1, 2, 1, 1, 2]
    assert not any(number for _words, number in figures.waiting_by_age(make_user()))


def test_how_fast_and_by_whom(client, mo):
    article = make_article("Roosters", authors=[make_author()])
    jo = make_user("jo", role=Role.EDITOR, first_name="Jo")
    for hours in (1, 2, 9):
        decision_make(comment=waited(article, hours=hours), actor=mo, decision=Decision.APPROVE)
    event = decision_make(comment=waited(article, hours=4), actor=jo, decision=Decision.SPAM)
    undo.decision_undo(event=event, actor=jo)
    decision_make(comment=waited(article, hours=4), actor=jo, decision=Decision.REFUSE)
    # What did not wait is no decision about what waits, nor is what was long ago.
    decision_make(comment=post(article, "Open.", site=OPEN), actor=jo, decision=Decision.SPAM)
    total, first, second = figures.decisions(mo)
    assert (total.decisions, total.taken_back) == (5, 1)
    assert round(total.median / datetime.timedelta(hours=1)) == 4
    assert (first.user, first.decisions, round(first.median / datetime.timedelta(hours=1))) == (
        mo, 3, 2,
    )  # fmt: skip
    assert (second.user, second.decisions, second.taken_back) == (jo, 2, 1)
    client.force_login(mo)
    page = client.get(PAGE).text
    assert "5 besluiten in de afgelopen 30 dagen" in page
    assert "Jo" not in page.partition('id="figures-decided"')[2].partition("</section>")[0]
    client.force_login(make_user("baas", role=Role.OWNER))
    assert "Jo" in client.get(PAGE).text.partition('id="figures-decided"')[2]


def test_the_busiest_and_the_filter(client, mo):
    quiet, busy = make_article("Stil"), make_article("Druk")
    post(quiet, "Eén.")
    for number in range(3):
        post(busy, f"Nummer {number}.", site=OPEN)
    post(busy, "Wacht nog.")
    assert [(row.article.title, row.comments, row.waiting) for row in figures.busiest(mo)] == [
        ("Druk", 4, 1), ("Stil", 1, 1),
    ]  # fmt: skip
    author = make_user("femke", role=Role.AUTHOR)
    quiet.authors.add(make_author(user=author))
    assert [row.article.title for row in figures.busiest(author)] == ["Stil"]
    rates = learning.Rates(decisions=9, spam=5, held=4, right=3)
    assert (rates.wrong, rates.missed) == (1, 2)
    client.force_login(author)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Druk" not in page.text
    assert page.context["rates"] is None
    client.force_login(make_user())
    assert client.get(PAGE).status_code == 403


def test_the_number_of_queries_is_the_same_for_little_and_much(client):
    client.force_login(make_user("baas", role=Role.OWNER))
    counted = []
    for _round in range(2):
        people = [make_user(role=Role.MODERATOR) for _number in range(3)]
        for number, person in enumerate(people):
            article = make_article()
            post(article, f"Wacht {number}.")
            decided = post(article, f"Besloten {number}.", email=f"p{number}@lezer.example")
            decision_make(comment=decided, actor=person, decision=Decision.APPROVE)
        client.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert ModerationEvent.objects.filter(actor__isnull=False).count() >= 6
    assert Comment.objects.filter(state=State.PENDING).exists()
