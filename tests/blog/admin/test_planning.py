"""The month of the admin: what is planned and published, by day."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from authors.roles import Role
from blog.admin import planning
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db
MONTH = "/admin/blog/article/planned/"


def at(month, day, hour=9):
    return timezone.make_aware(datetime.datetime(2031, month, day, hour))


def titles(answer):
    return [[article.title for article in articles] for _day, articles in answer.context["days"]]


def test_a_month_by_day_for_who_may_edit(client):
    anna = make_author("Anna", user=make_user(role=Role.AUTHOR))
    make_article("Laat", status="scheduled", published_at=at(3, 31, 23), authors=[anna])
    make_article("Vroeg", status="scheduled", published_at=at(3, 1, 0))
    make_article("Ook vroeg", status="draft", published_at=at(3, 1, 8))
    make_article("Weg", status="scheduled", published_at=at(3, 2), trashed_at=timezone.now())
    make_article("Oud", status="archived", published_at=at(3, 2))
    make_article("April", status="scheduled", published_at=at(4, 1, 0))
    client.force_login(make_user(role=Role.EDITOR))
    page = client.get(MONTH, {"month": "2031-03"})
    assert titles(page) == [["Vroeg", "Ook vroeg"], ["Laat"]]
    assert 'href="?month=2031-02"' in page.text
    assert titles(client.get(MONTH, {"month": "2031-04"})) == [["April"]]
    client.force_login(anna.user)
    assert titles(client.get(MONTH, {"month": "2031-03"})) == [["Laat"]]
    assert f'href="{MONTH}"' in client.get("/admin/blog/article/").text
    client.force_login(make_user(role=Role.MODERATOR))
    assert client.get(MONTH).status_code == 404


def test_what_is_no_month_is_this_one(client):
    client.force_login(make_user(role=Role.EDITOR))
    article = make_article()
    for odd in ("", "2031-13", "0001-01", "9999-12", "2031-3", "x", "٢٠٣١-٠٣"):
        assert titles(client.get(MONTH, {"month": odd})) == [[article.title]], odd
    assert "Niets" not in client.get(MONTH).text


def test_a_full_month_is_bounded_and_reads_no_texts(client, monkeypatch):
    monkeypatch.setattr(planning, "MOST", 3)
    client.force_login(make_user(role=Role.EDITOR))
    counts = []
    for _round in range(2):
        for day in (1, 2, 3):
            make_article(status="scheduled", published_at=at(3, day))
        with CaptureQueriesContext(connection) as seen:
            page = client.get(MONTH, {"month": "2031-03"})
        counts.append(len(seen))
        assert sum(map(len, titles(page))) == 3
        assert not [entry for entry in seen if '"body_html"' in entry["sql"]]
    assert page.context["more"]
    assert counts[1] <= counts[0]
