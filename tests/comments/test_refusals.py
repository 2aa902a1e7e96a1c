"""Every way in which the server refuses a post gives the text back (docs/conversation.md)."""

import html

import pytest
from django.db import OperationalError

from blog.models import CommentPolicy, Hold, SiteSettings, Status
from comments import bans, posting
from comments.models import Comment, Commenter, Rule
from comments.services import Writer, comment_delete, comment_post, comment_spam
from tests.factories import make_article

TEXT = "Een lange gedachte, met *nadruk* & <tekens>."
pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    SiteSettings.objects.create(pk=1, hold=Hold.NOBODY, flood_limit=0)
    return make_article()


def send(client, article, headers=None, **fields):
    data = {"text": TEXT, "name": "Anna", "email": "anna@lezer.example", "key": "k", **fields}
    return client.post(f"{article.get_absolute_url()}reply/", data, headers=headers)


def answered(article, fate):
    site = SiteSettings.objects.get()
    parent, _new = comment_post(
        article=article, parent=None, writer=Writer(name="Bo"), source="Eerst.", site=site
    )
    fate(comment=parent, actor=None)
    return {"parent": parent.pk}


def ban(article):
    person = Commenter.objects.create(email="anna@lezer.example", name="Anna")
    bans.ban_add(actor=None, commenter=person, reason="Scheldt.")


def rule(article):
    Rule.objects.create(pattern="gedachte", effect="refuse", active=True)


def rate(article):
    SiteSettings.objects.update(posts_per_hour=1)
    comment_post(
        article=article,
        parent=None,
        writer=Writer(name="Bo", email="anna@lezer.example", client=None),
        source="Eerst.",
        site=SiteSettings(hold=Hold.NOBODY, flood_limit=0),
    )
    SiteSettings.objects.update(posts_per_person=1)


def close(article):
    article.comment_policy = CommentPolicy.CLOSED
    article.save()


def withdraw(article):
    article.status = Status.ARCHIVED
    article.save()


REFUSALS = {
    "too long": (422, lambda _: {"text": TEXT + "x" * 20_000}),
    "no name": (422, lambda _: {"name": ""}),
    "session ended": (422, lambda _: {"name": "", "email": ""}),
    "robots": (422, lambda _: {"contact_by_fax": "123"}),
    "often": (429, rate),
    "rule": (403, rule),
    "banned": (403, ban),
    "closed": (403, close),
    "withdrawn": (404, withdraw),
    "deleted parent": (409, lambda article: answered(article, comment_delete)),
    "parent is spam": (409, lambda article: answered(article, comment_spam)),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_the_text_comes_back(client, article, name):
    status, prepare = REFUSALS[name]
    fields = prepare(article) or {}
    before = Comment.objects.count()
    answer = send(client, article, **fields)
    assert answer.status_code == status
    assert html.escape(fields.get("text", TEXT)) in answer.text
    told = send(client, article, {"accept": "application/json"}, **fields)
    assert told.status_code == status
    assert told.json()["message"]
    assert Comment.objects.count() == before


def test_the_database_goes_away_while_storing(client, article, monkeypatch):
    def fail(*args, **more):
        raise OperationalError("away")

    monkeypatch.setattr(posting, "_store", fail)
    answer = send(client, article)
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert html.escape(TEXT) in answer.text


def test_an_old_or_replayed_form_is_good_for_one_comment(client, article):
    for key in ("k", "k", ""):
        assert send(client, article, key=key).status_code == 303
    assert Comment.objects.filter(source=TEXT).count() == 2
    assert send(client, article, key="").status_code == 303
    assert Comment.objects.filter(source=TEXT).count() == 2
