"""What a mail is for is a column; mails of before get theirs, and an unknown one goes out."""

import pytest
from django.utils import timezone

from authors.limits import LIMITS
from comments.models import Commenter, Delivery, MailKind
from comments.models.mailing import STRANGERS, UNSEEN
from comments.notifications import deliveries
from core.mail import Letter
from tests.comments.models.migrating import migrate

BEFORE, AFTER = "0015_signals", "0017_mail_kinds"


@pytest.mark.django_db
def test_mails_of_before_get_their_kind():
    known = [kind for kind in MailKind if kind is not MailKind.LEFT_OUT]  # Of after it.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("comments.migrations.0017_mail_kinds.BATCH", 3)
        old = migrate(BEFORE)
        person = old.get_model("comments", "Commenter").objects.create(name="Anna")
        model = old.get_model("comments", "Delivery")
        for kind in (*known, "of-later"):
            model.objects.create(event=f"{kind} 12 x", commenter=person, subject="x", body="x")
        migrate(AFTER)
    rows = Delivery.objects.order_by("pk").values_list("kind", flat=True)
    assert list(rows) == [*known, ""]


@pytest.mark.django_db
def test_a_mail_of_an_unknown_kind_goes_out(mailoutbox):
    person = Commenter.objects.create(name="Anna", email="anna@lezer.example")
    row = deliveries.make(MailKind.MINE, 1, person, Letter("Onderwerp", ("Tekst",)))
    row.kind = "of-later"
    row.save()
    assert row.is_wanted()
    assert row.put_off(timezone.now()) is None
    deliveries.deliver.call(row.pk)
    assert [mail.subject for mail in mailoutbox] == ["Onderwerp"]


@pytest.mark.django_db
def test_a_mail_queued_by_an_old_process_after_the_migration_has_its_kind():
    """A confirmation of a comment that waits goes out, though its row says nothing of its kind."""
    person = Commenter.objects.create(name="Anna", email="anna@lezer.example")
    for kind in MailKind:
        row = Delivery.objects.create(event=f"{kind} 12", commenter=person, subject="x", body="x")
        assert Delivery.objects.get(pk=row.pk).kind == kind
    row = Delivery.objects.create(event="later 1", commenter=person, subject="x", body="x")
    assert Delivery.objects.get(pk=row.pk).kind == ""
    assert Delivery.objects.only("event").get(pk=row.pk).event == "later 1"


def test_what_strangers_cause_is_counted_by_a_row_of_the_limits():
    assert STRANGERS.keys() <= LIMITS.keys()
    counted = [kind for kinds in STRANGERS.values() for kind in kinds]
    assert len(set(counted)) == len(counted)
    assert not set(counted) & set(UNSEEN)
    assert all(len(kind) <= Delivery._meta.get_field("kind").max_length for kind in MailKind)
