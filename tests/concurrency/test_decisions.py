"""Moderators at once, with real transactions: nothing is decided twice, nothing is lost."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone

from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments import jobs
from comments.models import Comment, Lesson, ModerationEvent, State
from comments.moderation import queue
from comments.moderation import undo as moderation_undo
from comments.moderation.decisions import Decision, Gone, Late, decision_make
from comments.moderation.states import comment_delete, comment_spam
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.screening import learning
from comments.thread import counters
from comments.thread.refusals import StateConflict
from tests.concurrency.test_together import together
from tests.factories import make_article, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
HOLD = SiteSettings(hold=Hold.EVERYONE, spam_filter=False, posts_per_hour=0)


@pytest.fixture
def people(transactional_db):
    from django.contrib.auth.models import Group

    Group.objects.get_or_create(name=Role.MODERATOR)
    return [make_user(role=Role.MODERATOR) for _number in range(6)]


def post(article, words="Een vraag.", parent=None, site=HOLD):
    writer = {"name": "Bo", "email": "bo@lezer.example"}
    return comment_post(
        submission=Submission(article=article, parent=parent, text=words, **writer), site=site
    )[0]


def test_of_six_moderators_one_decides_and_the_others_hear_of_it(people):
    comment = post(make_article())
    seen = queue.version(comment.events.all())
    wishes = [Decision.APPROVE, Decision.REFUSE, Decision.SPAM] * 2

    def decide(turn):
        try:
            event = decision_make(
                comment=comment, actor=people[turn], decision=wishes[turn], seen=seen
            )
        except Late as late:
            return str(late)
        return event

    results = together(6, decide)
    done = [result for result in results if not isinstance(result, str)]
    assert len(done) == 1
    winner = done[0].actor.get_username()
    assert all(winner in told for told in results if isinstance(told, str))
    assert ModerationEvent.objects.exclude(actor=None).count() == 1
    assert counters.recount() == 0


def test_decisions_while_old_spam_is_deleted_for_good(people):
    SiteSettings.objects.create(pk=1, spam_days=30)
    article = make_article()
    comments = [post(article, f"Nummer {number}") for number in range(5)]
    for comment in comments:
        comment_spam(comment=comment, actor=None)
    old = timezone.now() - datetime.timedelta(days=40)
    Comment.objects.update(created_at=old)

    def work(turn):
        if turn == 5:
            with transaction.atomic():
                jobs.forget_spam()
            return "deleted"
        try:
            decision_make(comment=comments[turn], actor=people[0], decision=Decision.APPROVE)
        except Gone:
            return "gone"
        return "decided"

    results = together(6, work)
    # What was decided about stays; of what is gone the moderator hears.
    left = Comment.objects.filter(state=State.APPROVED).count()
    assert results.count("decided") == left
    assert results.count("gone") == 5 - left
    assert counters.recount() == 0


def test_a_decision_while_the_writer_takes_the_comment_back(people):
    comment = post(make_article())
    seen = queue.version(comment.events.all())

    def work(turn):
        try:
            if turn:
                comment_delete(comment=comment)
            else:
                decision_make(comment=comment, actor=people[0], decision=Decision.REFUSE, seen=seen)
        except (Late, StateConflict):
            return "late"
        return "done"

    assert sorted(together(2, work)) == ["done", "late"]
    assert counters.recount() == 0


def test_a_decision_is_taken_back_once(people):
    comment = post(make_article())
    event = decision_make(comment=comment, actor=people[0], decision=Decision.APPROVE)

    def undo(turn):
        try:
            moderation_undo.decision_undo(event=event, actor=people[0])
        except StateConflict:
            return "late"
        return "undone"

    assert sorted(together(4, undo)) == ["late", "late", "late", "undone"]
    assert ModerationEvent.objects.filter(action="undone").count() == 1
    comment.refresh_from_db()
    assert comment.state == State.PENDING
    assert not Lesson.objects.exists()
    assert counters.recount() == 0


def test_taking_back_while_colleagues_decide_and_readers_answer(people):
    article = make_article()
    site = SiteSettings(hold=Hold.NOBODY, spam_filter=False, posts_per_hour=0, posts_per_person=0)
    comments = [post(article, f"Nummer {number}", site=site) for number in range(3)]
    events = [
        decision_make(comment=one, actor=people[0], decision=Decision.FEATURE) for one in comments
    ]

    def work(turn):
        one = comments[turn % 3]
        try:
            match turn // 3:
                case 0:
                    moderation_undo.decision_undo(event=events[turn % 3], actor=people[0])
                case 1:
                    decision_make(
                        comment=one, actor=people[1], decision=Decision.REMOVE, reason="Nee."
                    )
                case _:
                    post(article, f"Antwoord {turn}", parent=one, site=site)
        except Exception as fault:
            return type(fault).__name__
        return "done"

    results = together(9, work)
    assert set(results) <= {"done", "StateConflict", "Late", "Refused"}
    assert {one.state for one in Comment.objects.filter(pk__in=[c.pk for c in comments])} == {
        State.REMOVED
    }
    assert counters.recount() == 0
    assert learning.error_rates().decisions == 0
