"""However a comment ends, its reports end too; earlier ones say what a reader's report counts."""

import pytest
from django.core import mail as outbox
from hypothesis import given
from hypothesis import strategies as st

from authors.roles import Role
from blog.models import SiteSettings
from blog.publishing import trash
from comments.commenters import own_comments
from comments.models import Comment, Complaint, Delivery, Outcome, Report, State
from comments.moderation import reporters, reports, rewording, selection, states, undo
from comments.moderation.decisions import Decision, decision_make
from comments.moderation.selection import Choice, Tab
from comments.notifications import deliveries
from comments.thread import counters
from tests.comments.desks import OPEN, QUEUE, post
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
READER = "lezer@post.example"


@pytest.fixture
def article():
    SiteSettings.objects.update_or_create(pk=1, defaults={"report_threshold": 3})
    return make_article("Een stuk")


@pytest.fixture
def mo():
    return make_user("mo", role=Role.MODERATOR)


def report(comment, number, *, email="", complaint=Complaint.INSULT, note=""):
    """From a network address of its own."""
    return reports.report_make(
        comment=comment, complaint=complaint, note=note, email=email, language="nl",
        client=bytes([number]) * 16, site=SiteSettings.objects.get(),
    )  # fmt: skip


def told():
    """What the reader got to read."""
    outbox.outbox.clear()
    for number in Delivery.objects.filter(state="queued").values_list("pk", flat=True):
        deliveries.deliver.call(number)
    return [mail.body for mail in outbox.outbox if mail.to == [READER]]


def shown(article, words="Iets grofs.", **more):
    return post(article, words, site=OPEN, **more)


ENDS = {
    "deleted": (lambda comment, mo: states.comment_delete(comment=comment), Outcome.GONE),
    "by its account": (
        lambda comment, mo: states.comment_delete(comment=comment, actor=mo), Outcome.GONE,
    ),
    "erased": (
        lambda comment, mo: own_comments.commenter_erase(commenter=comment.commenter),
        Outcome.GONE,
    ),
    "its article deleted": (
        lambda comment, mo: trash.article_delete(article=comment.article), None,
    ),
    "removed": (
        lambda comment, mo: states.comment_remove(comment=comment, actor=mo, reason="Grof."),
        Outcome.UPHELD,
    ),
    "spam": (lambda comment, mo: states.comment_spam(comment=comment, actor=mo), Outcome.UPHELD),
    "spam by a rule": (
        lambda comment, mo: states.comment_spam(comment=comment, actor=None), Outcome.GONE,
    ),
    "found wrong": (
        lambda comment, mo: reports.report_dismiss(comment=comment, actor=mo), Outcome.DISMISSED,
    ),
}  # fmt: skip


@pytest.mark.parametrize("end", ENDS)
def test_however_it_ends_the_reader_is_told_once_and_forgotten(article, mo, end):
    comment = shown(article)
    report(comment, 1, email=READER)
    act, outcome = ENDS[end]
    act(comment, mo)
    [body] = told()
    if outcome is None:
        assert not Report.objects.exists()
    else:
        one = Report.objects.get()
        assert (one.outcome, one.email) == (outcome, "")
        assert one.decided_at is not None
        assert Comment.objects.get().report_weight == 0
    gone = outcome in (None, Outcome.GONE)
    assert ("staat er niet meer" in body) == gone
    # Who took it away is not named once more.
    assert ("Bo" in body) != gone
    assert told() == []
    assert counters.recount() == 0


def test_held_by_reports_and_then_deleted_it_leaves_nothing_to_decide(article, mo):
    comment = shown(article)
    for number in range(1, 4):
        report(comment, number, email=READER if number == 1 else "")
    assert selection.waiting(mo).reported == 1
    states.comment_delete(comment=Comment.objects.get())
    assert set(Report.objects.values_list("outcome", flat=True)) == {Outcome.GONE}
    assert selection.waiting(mo) == selection.Waiting(held=0, reported=0, appeals=0)
    assert len(told()) == 1


def test_changed_by_a_moderator_the_report_was_right(article, mo):
    comment = shown(article)
    report(comment, 1, email=READER)
    rewording.comment_reword(comment=comment, actor=mo, source="Netter.", reason="")
    report(comment, 2)
    reports.report_dismiss(comment=comment, actor=mo)
    outcomes = Report.objects.order_by("client").values_list("outcome", flat=True)
    assert list(outcomes) == [Outcome.UPHELD, Outcome.DISMISSED]
    assert "tekst ervan aangepast" in told()[0]


def test_taken_back_they_weigh_again(article, mo):
    comment = shown(article)
    report(comment, 1, email=READER)
    event = decision_make(comment=comment, actor=mo, decision=Decision.SPAM)
    undo.decision_undo(event=event, actor=mo)
    comment.refresh_from_db()
    assert comment.report_weight == 1
    assert Report.objects.get().email == READER
    assert told() == []


class TestWeight:
    @given(right=st.integers(0, 1000), wrong=st.integers(0, 1000))
    def test_no_reader_stands_for_two_or_for_nobody(self, right, wrong):
        weight = reporters.Record(right, wrong).weight
        assert 0 < weight < 2
        assert reporters.Record(right + 1, wrong).weight > weight
        assert reporters.Record(right, wrong + 1).weight < weight
        assert reporters.Record(right, right).weight == 1

    def history(self, article, mo, number, right, wrong):
        for turn in range(right + wrong):
            one = shown(article, f"Eerder {number}.{turn}.")
            report(one, number)
            if turn < right:
                states.comment_remove(comment=one, actor=mo, reason="Grof.")
            else:
                reports.report_dismiss(comment=one, actor=mo)

    def test_readers_who_were_right_hold_it_sooner(self, article, mo):
        for number in (1, 2):
            self.history(article, mo, number, right=3, wrong=0)
        comment = shown(article)
        report(comment, 1)
        assert Comment.objects.get(pk=comment.pk).state == State.APPROVED
        report(comment, 2)
        row = Comment.objects.get(pk=comment.pk)
        assert (row.state, row.held_for) == (State.PENDING, ["reports"])
        assert row.report_weight == pytest.approx(3.2)

    def test_readers_who_were_wrong_need_more_with_them(self, article, mo):
        for number in (1, 2):
            self.history(article, mo, number, right=0, wrong=4)
        comment = shown(article)
        for number in (1, 2, 3):
            report(comment, number)
        assert Comment.objects.get(pk=comment.pk).state == State.APPROVED
        for number in (4, 5):
            report(comment, number)
        assert Comment.objects.get(pk=comment.pk).state == State.PENDING


def test_the_reports_on_a_comment_are_one_case(client, article, mo):
    TestWeight().history(article, mo, 1, right=2, wrong=1)
    comment = shown(article)
    report(comment, 9)
    reports.report_dismiss(comment=comment, actor=mo)
    SiteSettings.objects.update(report_threshold=0)
    for number in range(1, 5):
        report(comment, number, note=f"Want {number}.")
    report(comment, 5, complaint=Complaint.SPAM)
    client.force_login(mo)
    page = client.get(QUEUE, {"tab": "reported"})
    [item] = page.context["cards"]
    assert [(kind.label, len(kind.reports)) for kind in item["card"].case] == [
        ("beledigend of haatdragend", 4), ("spam of reclame", 1),
    ]  # fmt: skip
    assert "eerdere meldingen van deze lezer: 2 terecht, 1 onterecht" in page.text
    assert "Eerder gemeld: 0 terecht, 1 onterecht" in page.text
    assert selection.selected(mo, Choice(tab=Tab.REPORTED)).count() == 1
