"""Taking decisions back, and rewording: everything as before, nobody told, the log complete."""

import datetime

import pytest
from django.core import mail as outbox
from django.utils import timezone

from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments.commenters import own_comments
from comments.models import (
    Action,
    Appeal,
    Comment,
    Commenter,
    Complaint,
    Delivery,
    FilterWord,
    Lesson,
    Report,
    State,
)
from comments.moderation import marks, reports, rewording, states
from comments.moderation.undo import decision_undo, undoable
from comments.notifications import deliveries
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.screening import bans, learning
from comments.thread import counters, refusals
from comments.thread.markup import SourceTooLong
from comments.thread.refusals import StateConflict
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
OPEN = SiteSettings(hold=Hold.NOBODY, spam_filter=False, report_threshold=0)
HOLD = SiteSettings(hold=Hold.EVERYONE, spam_filter=False)


def post(
    article, words="Een vraag over roosters.", parent=None, site=OPEN, email="bo@lezer.example"
):
    writer = {"name": "Bo", "email": email}
    return comment_post(
        submission=Submission(article=article, parent=parent, text=words, **writer), site=site
    )[0]


@pytest.fixture
def article():
    return make_article("Roosters")


@pytest.fixture
def mo():
    return make_user("mo", role=Role.MODERATOR)


def snapshot(comment):
    """All that a decision may touch."""
    comment.refresh_from_db()
    article = comment.article
    article.refresh_from_db()
    words = sorted(
        row for row in FilterWord.objects.values_list("word", "spam", "ham") if any(row[1:])
    )
    return (
        comment.state, comment.reason, comment.shown, comment.source, comment.html,
        comment.featured_at, comment.credited_at, comment.reworded_at, article.comment_count,
        sorted(Lesson.objects.values_list("comment", "spam")), words,
        sorted(Report.objects.values_list("pk", "outcome", "email", "decided_at")),
        sorted(Appeal.objects.values_list("pk", "outcome", "answer")),
        comment.commenter.trust,
    )  # fmt: skip


DECISIONS = {
    "approve": lambda comment, mo: states.comment_approve(comment=comment, actor=mo),
    "refuse": lambda comment, mo: states.comment_reject(comment=comment, actor=mo, reason="Nee."),
    "spam": lambda comment, mo: states.comment_spam(comment=comment, actor=mo),
    "remove": lambda comment, mo: states.comment_remove(comment=comment, actor=mo, reason="Nee."),
    "feature": lambda comment, mo: marks.comment_feature(comment=comment, actor=mo, featured=True),
    "credit": lambda comment, mo: marks.comment_credit(comment=comment, actor=mo, credited=True),
    "reword": lambda comment, mo: rewording.comment_reword(
        comment=comment, actor=mo, source="Iets *anders*.", reason="Zonder de naam."
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("key", "state"),
    [
        *((key, State.PENDING) for key in ("approve", "refuse", "spam", "reword")),
        *((key, State.APPROVED) for key in ("spam", "remove", "feature", "credit", "reword")),
        *((key, State.SPAM) for key in ("approve", "refuse")),
        ("approve", State.REMOVED),
    ],
)
@pytest.mark.parametrize("answered", [False, True])
def test_it_is_as_before(article, mo, key, state, answered):
    comment = post(article, site=HOLD if state == State.PENDING else OPEN)
    if answered and state == State.APPROVED:
        post(article, "Een antwoord.", parent=comment, email="cor@lezer.example")
    colleague = make_user(role=Role.MODERATOR)
    if state in (State.SPAM, State.REMOVED):
        DECISIONS["spam" if state == State.SPAM else "remove"](comment, colleague)
    before = snapshot(comment)
    event = DECISIONS[key](comment, mo)
    changed = snapshot(comment)
    assert changed != before
    undone = decision_undo(event=event, actor=mo)
    assert snapshot(comment) == before
    assert counters.recount() == 0
    assert (undone.action, undone.undoes, undone.actor) == (Action.UNDONE, event, mo)
    with pytest.raises(StateConflict):
        decision_undo(event=event, actor=mo)


def confirmed(email="bo@lezer.example"):
    Commenter.objects.filter(email=email).update(confirmed_at=timezone.now(), trust="known")


def test_word_of_a_decision_waits_a_minute_and_is_dropped_with_it(article, mo):
    comment = post(article, site=HOLD)
    confirmed()
    event = states.comment_reject(comment=comment, actor=mo, reason="Te scherp.")
    told = Delivery.objects.get(event=f"decided {event.pk}")
    assert told.next_try_at > timezone.now() + datetime.timedelta(seconds=30)
    decision_undo(event=event, actor=mo)
    assert not Delivery.objects.filter(event__startswith="decided").exists()
    event = states.comment_approve(comment=comment, actor=mo)
    Delivery.objects.filter(event=f"decided {event.pk}").update(next_try_at=timezone.now())
    deliveries.send_waiting()
    deliveries.deliver.call(Delivery.objects.get(event=f"decided {event.pk}").pk)
    assert [message.to for message in outbox.outbox if "te lezen" in message.subject]


def report(comment, number, email=""):
    reports.report_make(
        comment=comment, complaint=Complaint.INSULT, note="Naar.", email=email, language="nl",
        client=bytes([number]) * 16, site=OPEN,
    )  # fmt: skip


@pytest.mark.parametrize("how", ["dismiss", "remove"])
def test_reports_are_open_again_with_their_readers_addresses(article, mo, how):
    comment = post(article)
    report(comment, 1, "lezer@lezer.example")
    report(comment, 2)
    before = snapshot(comment)
    if how == "dismiss":
        event = reports.report_dismiss(comment=comment, actor=mo)
    else:
        event = DECISIONS["remove"](comment, mo)
    assert not Report.objects.filter(outcome="open").exists()
    decision_undo(event=event, actor=mo)
    assert snapshot(comment) == before
    # The final word is told, once.
    DECISIONS["remove"](comment, mo)
    assert Delivery.objects.filter(event__startswith="report ").count() == 1


@pytest.mark.parametrize("upheld", [True, False])
def test_an_appeal_is_open_again(article, mo, upheld):
    comment = post(article)
    states.comment_remove(comment=comment, actor=make_user(), reason="Nee.")
    comment.refresh_from_db()
    appeal = reports.appeal_make(comment=comment, text="Ik bedoelde het anders.")
    before = snapshot(comment)
    event = reports.appeal_decide(appeal=appeal, actor=mo, upheld=upheld, answer="Zo is het.")
    appeal.refresh_from_db()
    assert (appeal.outcome, appeal.answer) == ("upheld" if upheld else "dismissed", "Zo is het.")
    decision_undo(event=event, actor=mo)
    assert snapshot(comment) == before


def test_a_ban_ends(article, mo):
    comment = post(article)
    bans.ban_add(actor=mo, commenter=comment.commenter, comment=comment)
    assert bans.ban_for(email="bo@lezer.example", client=None)
    decision_undo(event=comment.events.first(), actor=mo)
    assert bans.ban_for(email="bo@lezer.example", client=None) is None


def test_the_filter_remembers_what_it_knew_before(article, mo):
    comment = post(article)
    learning.learn(comment, is_spam=False)
    before = snapshot(comment)
    event = states.comment_spam(comment=comment, actor=mo)
    assert Lesson.objects.get().spam
    decision_undo(event=event, actor=mo)
    assert snapshot(comment) == before


class TestNotAnyMore:
    def test_when_a_colleague_decided_since(self, article, mo):
        comment = post(article, site=HOLD)
        event = states.comment_approve(comment=comment, actor=mo)
        states.comment_remove(comment=comment, actor=make_user(), reason="Toch niet.")
        with pytest.raises(StateConflict):
            decision_undo(event=event, actor=mo)
        comment.refresh_from_db()
        assert comment.state == State.REMOVED

    def test_when_the_writer_did_something(self, article, mo):
        comment = post(article, site=HOLD)
        event = states.comment_approve(comment=comment, actor=mo)
        own_comments.comment_edit(comment=comment, source="Anders gezegd.", site=OPEN)
        with pytest.raises(StateConflict):
            decision_undo(event=event, actor=mo)

    def test_somebody_else_s(self, article, mo):
        comment = post(article, site=HOLD)
        event = states.comment_approve(comment=comment, actor=mo)
        with pytest.raises(StateConflict):
            decision_undo(event=event, actor=make_user(role=Role.MODERATOR))

    def test_after_a_day(self, article, mo, monkeypatch):
        comment = post(article, site=HOLD)
        event = states.comment_approve(comment=comment, actor=mo)
        monkeypatch.setattr("comments.moderation.undo.LIMIT", datetime.timedelta(0))
        with pytest.raises(StateConflict):
            decision_undo(event=event, actor=mo)

    def test_a_reader_s_report_does_not_stand_in_the_way(self, article, mo):
        comment = post(article, site=HOLD)
        event = states.comment_approve(comment=comment, actor=mo)
        report(Comment.objects.get(), 1)
        decision_undo(event=event, actor=mo)

    def test_one_after_the_other(self, article, mo):
        comment = post(article, site=HOLD)
        first = states.comment_approve(comment=comment, actor=mo)
        second = marks.comment_feature(comment=comment, actor=mo, featured=True)
        assert list(undoable(mo)) == [second, first]
        with pytest.raises(StateConflict):
            decision_undo(event=first, actor=mo)
        decision_undo(event=second, actor=mo)
        decision_undo(event=first, actor=mo)
        assert list(undoable(mo)) == []


class TestRewording:
    def test_readers_see_it_and_what_it_said_is_kept(self, article, mo, client):
        comment = post(article, "Piet is een sufferd, maar het rooster klopt niet.")
        confirmed()
        event = rewording.comment_reword(
            comment=comment, actor=mo, source="Het rooster klopt niet.", reason="Zonder naam."
        )
        page = client.get(article.get_absolute_url()).text
        assert "Het rooster klopt niet." in page
        assert "aangepast door een moderator" in page
        assert "sufferd" not in page
        assert comment.edits.get().source.startswith("Piet")
        assert (event.action, event.reason) == (Action.REWORDED, "Zonder naam.")
        assert "Zonder naam." in Delivery.objects.get(event=f"decided {event.pk}").body

    def test_its_writer_cannot_bring_the_words_back(self, article, mo):
        comment = post(article)
        rewording.comment_reword(comment=comment, actor=mo, source="Anders.")
        with pytest.raises(refusals.Refused):
            own_comments.comment_edit(comment=comment, source="Toch weer.", site=OPEN)

    def test_only_what_waits_or_is_shown(self, article, mo):
        comment = post(article)
        states.comment_remove(comment=comment, actor=mo, reason="Nee.")
        with pytest.raises(StateConflict):
            rewording.comment_reword(comment=comment, actor=mo, source="Anders.")

    def test_too_much_changes_nothing(self, article, mo):
        comment = post(article)
        with pytest.raises(SourceTooLong):
            rewording.comment_reword(comment=comment, actor=mo, source="x" * 10_001)
        assert not comment.edits.exists()
