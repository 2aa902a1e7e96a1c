"""Mails about comments that readers may not see reach their writers, and who decides."""

import pytest

from authors.roles import Role
from comments.models import Comment, Delivery, DeliveryState, MailKind, State
from comments.moderation.states import comment_approve, comment_reject
from comments.notifications import deliveries
from comments.posting.by_mail import Result
from tests.comments.posting.mails import receive
from tests.factories import make_user


class TestMailsAboutWhatReadersDoNotSee:
    """Whoever a mail tells of a comment that readers may not see gets it: her own, or hers to
    decide about."""

    # What each kind of mail is about, and so whether it goes out while the comment waits.
    ABOUT = {
        "confirm": True, "unsure": True, "held": True, "decided": True, "left_out": True,
        "comment": False, "credited": False,
        # These are about no comment.
        "mine": True, "follow": True, "join": True, "digest": True, "report": True,
        "unposted": True, "sample": True,
    }  # fmt: skip

    def test_every_kind_is_known(self):
        assert set(MailKind) == set(self.ABOUT)

    @pytest.mark.parametrize("state", [State.PENDING, State.REJECTED])
    @pytest.mark.parametrize("kind", ["unsure", "decided", "held", "comment", "credited"])
    def test_it_goes_out_or_not(self, scene, mailoutbox, kind, state):
        comment, bo = scene
        assert receive(comment, bo) is Result.POSTED
        reply = Comment.objects.get(parent=comment)
        Comment.objects.filter(pk=reply.pk).update(state=state)
        letter = deliveries.Letter(subject="Over uw reactie", paragraphs=("Woorden.",))
        row = deliveries.make(MailKind(kind), reply.pk, bo, letter, comment=reply)
        row.save()
        deliveries.deliver.call(row.pk)
        row.refresh_from_db()
        assert row.state == (DeliveryState.SENT if self.ABOUT[kind] else DeliveryState.DROPPED)
        assert len(mailoutbox) == int(self.ABOUT[kind])

    @pytest.mark.parametrize("decide", [comment_approve, comment_reject])
    def test_a_decision_is_told(self, scene, mailoutbox, decide):
        comment, bo = scene
        assert receive(comment, bo, text="Mail mij op bo@lezer.example.") is Result.POSTED
        reply = Comment.objects.get(parent=comment)
        decide(comment=reply, actor=make_user("mo", role=Role.MODERATOR))
        for row in Delivery.objects.filter(event__startswith="decided"):
            deliveries.deliver.call(row.pk)
            row.refresh_from_db()
            assert row.state == DeliveryState.SENT
        assert len(mailoutbox) == Delivery.objects.filter(event__startswith="decided").count() == 1
