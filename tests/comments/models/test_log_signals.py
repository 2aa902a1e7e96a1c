"""What spoke for a line of the log: said in both languages, and brought over from phrases."""

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from blog.models import SiteSettings
from comments.commenters import own_comments, status
from comments.exporting import TABLES
from comments.models import (
    Comment,
    Commenter,
    Complaint,
    ModerationEvent,
    Signal,
    SignalKind,
    log_signals,
)
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.screening import reasons
from tests.comments.models.migrating import migrate
from tests.factories import make_article

BEFORE, AFTER = "0014_tokens_out_of_stored_mails", "0015_signals"
# (action, what stood there, what stands there now)
LINES = [
    ("held", ["first comment", "rule: casino: nu"], [("first", ""), ("rule", "casino: nu")]),
    ("held", ["filter: 0.97 (geld, name: bo)"], [("filter", "0.97 (geld, name: bo)")]),
    ("held", ["rules too slow", "links: 3"], [("slow_rules", ""), ("links", "3")]),
    ("held", ["reported: 3"], [("reports", "3")]),
    ("held", ["something of later: 5"], [("other", "something of later: 5")]),
    ("reported", ["spam"], [("complaint", "spam")]),
    ("featured", ["undone"], [("ended", "")]),
    ("undone", ["spam"], [("decision", "spam")]),
    ("approved", [], []),
]


@pytest.mark.parametrize("kind", SignalKind)
def test_every_kind_is_said_in_both_languages(kind):
    for language in ("nl", "en"):
        with translation.override(language):
            assert reasons.describe(Signal(kind, "7"))
            assert kind == SignalKind.OTHER or reasons.describe(Signal(kind))
    with translation.override("nl"):
        assert kind.label._args[0] in trans_real.catalog()._catalog


@pytest.mark.parametrize("complaint", Complaint)
def test_a_complaint_is_said_as_readers_made_it(complaint):
    assert reasons.describe(Signal(SignalKind.COMPLAINT, complaint.value)) == complaint.label


@pytest.mark.parametrize(
    "stored", ["an old phrase", {"kind": "of_later", "detail": "5"}, {"kind": "of_later"}, {}, 5]
)
def test_what_is_not_known_is_shown_as_it_is(stored):
    signal = Signal.of(stored)
    assert signal.kind == SignalKind.OTHER
    assert reasons.describe(signal) == signal.detail


def test_stored_and_read_again_it_is_the_same():
    for kind in SignalKind:
        signal = Signal(kind, "x: y")
        assert Signal.of(*log_signals.stored([signal])) == signal


@pytest.mark.django_db
def test_phrases_become_kinds_and_go_back():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("comments.migrations.0015_signals.BATCH", 2)
        event = migrate(BEFORE).get_model("comments", "ModerationEvent")
        for action, phrases, _now in LINES:
            event.objects.create(action=action, signals=phrases)
        migrate(AFTER)
        rows = ModerationEvent.objects.order_by("pk")
        assert [(row.action, row.spoke_for_it) for row in rows] == [
            (action, [Signal(SignalKind(kind), detail) for kind, detail in now])
            for action, _phrases, now in LINES
        ]
        migrate(BEFORE)
        assert [row.signals for row in rows.all()] == [phrases for _a, phrases, _now in LINES]


@pytest.mark.django_db
def test_a_comment_that_waited_before_still_waits_for_the_click():
    site = SiteSettings()
    said = {"name": "Anna", "email": "anna@lezer.example", "text": "Hallo."}
    comment, _new = comment_post(submission=Submission(article=make_article(), **said), site=site)
    migrate(BEFORE)
    migrate(AFTER)
    # Columns of later migrations are not there.
    assert own_comments.waits_for_address(Comment.objects.only("pk").get())
    assert "a…@lezer.example" in " ".join(status.received(comment, "").lines)
    assert Commenter.objects.get().confirmed_at is None


def test_an_archive_of_before_brings_phrases():
    [table] = [table for table in TABLES if table.model is ModerationEvent]
    for action, phrases, now in LINES:
        row = {"action": action, "signals": phrases}
        table.settle(row)
        assert row["signals"] == [{"kind": kind, "detail": detail} for kind, detail in now]
        table.settle(row)
        assert [Signal.of(one).detail for one in row["signals"]] == [detail for _k, detail in now]
