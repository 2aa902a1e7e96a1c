"""Every outcome of a request to write a comment is answered, as a page and in JSON."""

import json

import pytest
from django.test import RequestFactory
from django.utils import translation

from blog.models import SiteSettings
from comments.forms import CommentForm
from comments.models import Comment
from comments.posting.store import Receipt
from comments.posting.submission import Submission
from comments.thread.refusals import Reason, Refused
from comments.views import outcomes
from tests.factories import make_article

pytestmark = pytest.mark.django_db
STATUS = {Reason.PARENT: 409, Reason.RATE: 429, Reason.NAME: 422}


@pytest.fixture
def form():
    site = SiteSettings.objects.create(pk=1)
    data = {"text": "Mijn lange tekst.", "name": "Anna"}
    form = CommentForm(data, begun=Submission(article=make_article()), site=site)
    assert form.is_valid()
    return form


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_every_refusal_gives_the_text_back(form, reason, accept):
    outcome = outcomes.refused(form, Refused(reason, words="casino", wait=60))
    answer = outcome.answer(RequestFactory(headers={"accept": accept}).post("/"))
    assert answer.status_code == STATUS.get(reason, 403)
    assert ("Retry-After" in answer) == (reason is Reason.RATE)
    if accept == "text/html":
        assert "Mijn lange tekst." in answer.text
    else:
        assert json.loads(answer.content)["message"]


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_said_in_both_languages(reason):
    with translation.override("en"):
        english = Refused(reason, words="casino").message
    with translation.override("nl"):
        dutch = Refused(reason, words="casino").message
    assert english
    assert dutch != english
    assert "%" not in english + dutch
    assert (reason is Reason.RULE) == ("casino" in dutch)


def test_every_receipt_but_a_repeat_has_its_outcome():
    assert outcomes.STORED.keys() | {Receipt.REPEATED} == set(Receipt)


@pytest.mark.parametrize("of", [*outcomes.STORED.values(), outcomes.PostedBefore])
def test_a_writer_is_led_to_her_own_comment(make, of):
    comment = make()
    answer = of(comment).answer(RequestFactory().post("/"))
    assert answer.status_code == 303
    assert f"/{comment.pk}/?own=" in answer["Location"]
    told = of(comment).answer(RequestFactory(headers={"accept": "application/json"}).post("/"))
    assert told.status_code == 201
    assert json.loads(told.content)["own"]


def test_a_repeat_gives_no_right_to_the_comment(make):
    for accept in ("text/html", "application/json"):
        request = RequestFactory(headers={"accept": accept}).post("/")
        answer = outcomes.Repeated(make()).answer(request)
        assert answer.status_code == 200
        assert "own=" not in answer.text


@pytest.fixture
def make():
    def made() -> Comment:
        article = make_article()
        return Comment.objects.create(
            article=article, path=b"\x01", name="Anna", source="x", language="nl"
        )

    return made
