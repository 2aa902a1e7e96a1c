"""What is kept for a time goes after it; and the page that says what is kept."""

import datetime
import json

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.utils import timezone

from authors.second_factor import lockout
from comments import jobs
from comments.models import Appeal, Ban, Comment, Commenter, FilterWord, Report
from comments.notifications import notices
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.screening import learning, spam
from tests.comments.erasable import OPEN, fill, make_people, work
from tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment():
    return comment_post(
        submission=Submission(
            article=make_article("Roosters"),
            text="Een zonnezeef is handig.",
            name="Anna",
            email="anna@lezer.example",
        ),
        site=OPEN,
    )[0]


def ago(days):
    return timezone.now() - datetime.timedelta(days=days)


def report(comment, *, made, decided=None, number=1):
    row = Report.objects.create(
        comment=comment, complaint="other", note="Kijk.", email="piet@lezer.example",
        language="nl", client=bytes([number]) * 16, decided_at=decided,
    )  # fmt: skip
    Report.objects.filter(pk=row.pk).update(created_at=made)
    return row.pk


def test_what_a_report_said_goes_a_year_after_it_was_decided(comment):
    old = report(comment, made=ago(500), decided=ago(366))
    fresh = report(comment, made=ago(500), decided=ago(364), number=2)
    jobs.forget_disputes()
    assert dict(Report.objects.values_list("pk", "note")) == {old: "", fresh: "Kijk."}


def test_a_reporter_s_address_goes_after_half_a_year_undecided(comment):
    old = report(comment, made=ago(181))
    fresh = report(comment, made=ago(179), number=2)
    jobs.forget_disputes()
    assert dict(Report.objects.values_list("pk", "email")) == {old: "", fresh: "piet@lezer.example"}


@pytest.mark.parametrize(("decided", "left"), [(366, ""), (364, "Kijk."), (None, "Kijk.")])
def test_an_appeal_too(comment, decided, left):
    Appeal.objects.create(comment=comment, text="Kijk.", decided_at=decided and ago(decided))
    jobs.forget_disputes()
    assert Appeal.objects.get().text == left


def test_bans_go_a_year_after_they_ended():
    Ban.objects.create(email="a@x.example", until=ago(366))
    ends = (ago(364), None)
    kept = [Ban.objects.create(email=f"{n}@x.example", until=until) for n, until in enumerate(ends)]
    jobs.forget_bans()
    assert set(Ban.objects.values_list("pk", flat=True)) == {ban.pk for ban in kept}


class TestWordsOfTheFilter:
    def test_what_a_comment_taught_goes_with_it(self, comment):
        learning.learn(comment, is_spam=True)
        assert FilterWord.objects.filter(word="zonnezeef").exists()
        jobs.forget_words()
        assert FilterWord.objects.filter(word="zonnezeef").exists()
        comment.delete()
        jobs.forget_words()
        assert not FilterWord.objects.exclude(word=spam.TOTAL).exists()

    def test_common_words_stay(self):
        FilterWord.objects.create(word="casino", spam=3)
        FilterWord.objects.create(word=spam.TOTAL, spam=1)
        jobs.forget_words()
        assert FilterWord.objects.count() == 2

    def test_what_is_taken_back_leaves_no_word(self, comment):
        learning.learn(comment, is_spam=False)
        learning.forget(comment)
        assert not FilterWord.objects.exclude(word=spam.TOTAL).exists()


def test_traces_of_log_ins_go(settings):
    attempt = {"get_data": "", "post_data": "", "failures_since_start": 1}
    values = {"ip_address": "10.0.0.1", "username": "anna", "path_info": "/"}
    for model, days in ((AccessAttempt, 2), (AccessFailureLog, 2), (AccessLog, 31)):
        row = model.objects.create(**values, **(attempt if model is AccessAttempt else {}))
        model.objects.filter(pk=row.pk).update(attempt_time=ago(days))
    lockout.attempts_forget_old()
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        assert not model.objects.exists()


class TestTheOwnPage:
    def url(self, person):
        return "/mine/" + notices.mine_url(person).made().rstrip("/").rpartition("/")[2] + "/"

    @pytest.mark.parametrize(
        ("language", "words"), [("nl", "Uw reacties"), ("en", "Your comments")]
    )
    def test_what_is_kept_can_be_read_in_her_language(self, client, comment, language, words):
        person = comment.commenter
        Commenter.objects.filter(pk=person.pk).update(language=language)
        page = client.get(f"{self.url(person)}data/")
        assert words in page.text
        assert "Een zonnezeef is handig." in page.text
        assert "anna@lezer.example" in page.text
        assert page["Referrer-Policy"] == "no-referrer"
        file = json.loads(client.get(f"{self.url(person)}export/").content)
        for value in (
            file["person"]["trust"],
            file["comments"][0]["state"],
            file["comments"][0]["url"],
        ):
            assert value in page.text

    def test_of_every_value_there_is_a_word(self, client, comment):
        _article, person, _bram = fill(*make_people())
        page = client.get(f"{self.url(person)}data/")
        assert page.status_code == 200
        for trace in ("tulpenkoorts", "hagelkorf", "vlinderhark", "wolkenbreister is reclame"):
            assert trace in page.text.lower()

    def test_while_it_is_being_erased_the_page_is_closed(self, client, comment, monkeypatch):
        monkeypatch.setattr("comments.commenters.forgetting.AT_ONCE", 0)
        person = comment.commenter
        answer = client.post(self.url(person), {"action": "erase", "sure": "yes"})
        assert "gaat vanzelf door" in answer.text
        assert client.get(self.url(person)).status_code == 404
        work()
        assert Comment.objects.get().erased
