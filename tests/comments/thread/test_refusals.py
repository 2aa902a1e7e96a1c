"""Every refusal of a post gives the text back (docs/moderating/conversation.md)."""

import html
import json
import re
import uuid
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest

from blog.models import CommentPolicy, Hold, SiteSettings, Status
from comments import tokens
from comments.models import Comment, Commenter, Rule
from comments.moderation.states import comment_delete, comment_remove, comment_spam
from comments.posting import store
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.screening import bans
from comments.views import oversized
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
        submission=Submission(article=article, name="Bo", text="Eerst."), site=site
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
        submission=Submission(
            article=article, name="Bo", email="anna@lezer.example", client=None, text="Eerst."
        ),
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

    monkeypatch.setattr(store, "_store", fail)
    answer = send(client, article)
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert html.escape(TEXT) in answer.text


def test_an_old_or_replayed_form_is_good_for_one_comment(client, article):
    random = uuid.uuid4().hex
    for key in (random, random, ""):
        assert send(client, article, key=key).status_code == 303
    assert Comment.objects.filter(source=TEXT).count() == 2
    assert send(client, article, key="").status_code == 303
    assert Comment.objects.filter(source=TEXT).count() == 2


LARGE = TEXT + "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
FORM = "application/x-www-form-urlencoded"


def send_large(client, url, headers=None, **fields):
    """The body as a browser sends it: the test client alone would make parts of it."""
    body = urlencode({"text": LARGE, "name": "Anna", "key": "k", **fields})
    return client.post(url, body, content_type=FORM, headers=headers)


def test_a_text_larger_than_the_site_takes_comes_back(client, article):
    reply = f"{article.get_absolute_url()}reply/"
    answer = send_large(client, reply)
    assert answer.status_code == 413
    assert html.escape(LARGE) in answer.text
    assert 'value="Anna"' in answer.text
    assert f"{len(LARGE)} tekens; er passen er hooguit 10000" in answer.text
    told = send_large(client, reply, {"accept": "application/json"})
    assert told.status_code == 413
    assert json.loads(told.content)["message"].startswith("Dit is groter dan de site aanneemt")
    assert not Comment.objects.exists()


def test_a_large_change_report_and_appeal_come_back_too(client, article):
    comment, _new = comment_post(
        submission=Submission(article=article, name="Bo", text="Eerst."),
        site=SiteSettings.objects.get(),
    )
    url, own = comment.get_absolute_url(), tokens.make(tokens.Purpose.OWN, comment.pk)
    for part, fields in {
        "edit": {"own": own},
        "report": {"complaint": "other", "note": LARGE, "text": ""},
        "appeal": {"own": own},
    }.items():
        if part == "appeal":
            comment_remove(comment=comment, actor=None, reason="Scheldt.")
        answer = send_large(client, f"{url}{part}/?own={own}", **fields)
        assert html.escape(LARGE) in answer.text, part
        assert answer.status_code == 413, part


def test_what_is_larger_still_is_told_to_go_back(client, article, monkeypatch):
    url = f"{article.get_absolute_url()}reply/"
    monkeypatch.setattr(oversized, "MOST", len(LARGE))
    asked = []

    def read(self, size=None):
        asked.append(size)
        return b""

    with monkeypatch.context() as watched:
        watched.setattr(HttpRequest, "read", read)
        answer = send_large(client, url)
    assert answer.status_code == 413
    assert "terugknop" in answer.text
    assert "xxx" not in answer.text
    # Read and forgotten block by block, never as one piece.
    assert asked
    assert max(asked) <= 64 * 1024


def test_one_such_text_is_held_at_a_time(client, article):
    url = f"{article.get_absolute_url()}reply/"
    with oversized._turn:
        answer = send_large(client, url)
        assert (answer.status_code, "terugknop" in answer.text) == (413, True)
    assert html.escape(LARGE) in send_large(client, url).text


def test_no_browser_cuts_what_is_pasted(client, article):
    comment, _new = comment_post(
        submission=Submission(article=article, name="Bo", text="Eerst."),
        site=SiteSettings.objects.get(),
    )
    for url in (f"{article.get_absolute_url()}reply/", f"{comment.get_absolute_url()}report/"):
        area = re.search(r"<textarea[^>]*>", client.get(url).text)[0]
        assert "maxlength" not in area
