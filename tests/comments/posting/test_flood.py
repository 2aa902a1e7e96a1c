"""A thousand comments from a thousand addresses: held, and no flood of mails comes of it."""

import datetime

import pytest
from django.core import mail as outbox
from django.utils import timezone

from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments.commenters import own_comments
from comments.models import Comment, Commenter, Delivery, Report, State, Trust
from comments.moderation import states
from comments.notifications import deliveries, following, held
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.screening import screen
from comments.thread import access, counters
from newsletter import services as newsletters
from newsletter.models import MailPace
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


def site(**more):
    return SiteSettings(**{"hold": Hold.NOBODY, "spam_filter": False, **more})


def pour(article, count, start=0, **more):
    for number in range(start, start + count):
        writer = {
            "name": f"Lezer {number}",
            "email": f"l{number}@x{number}.example",
            "client": number.to_bytes(16),
        }
        comment_post(
            submission=Submission(article=article, text=f"Nummer {number}.", **writer),
            site=site(**more),
        )


def test_a_flood_of_strangers_is_held_where_nobody_else_is():
    article = make_article()
    pour(article, 1000)
    shown = Comment.objects.filter(state=State.APPROVED).count()
    assert shown == 100
    assert Comment.objects.filter(state=State.PENDING).count() == 1000 - shown
    article.refresh_from_db()
    assert article.comment_count == shown
    assert counters.recount() == 0
    # Who is known here speaks on.
    Commenter.objects.filter(email="l5@x5.example").update(trust=Trust.KNOWN)
    proof = access.browser_proof(Commenter.objects.get(email="l5@x5.example"))
    known = {"name": "Lezer 5", "email": "l5@x5.example", "proof": proof}
    comment, _new = comment_post(
        submission=Submission(article=article, text="Wat gebeurt hier?", **known), site=site()
    )
    assert comment.state == State.APPROVED


def test_when_it_is_over_strangers_are_welcome_again(time_machine):
    article = make_article()
    pour(article, 101)
    assert Comment.objects.filter(state=State.PENDING).count() == 1
    time_machine.move_to(timezone.now() + screen.FLOOD_TIME + datetime.timedelta(seconds=1))
    pour(article, 1, start=500)
    assert Comment.objects.filter(state=State.PENDING).count() == 1


def test_confirming_the_address_frees_what_waited_for_the_flood():
    pour(make_article(), 4, flood_limit=2)
    held = Comment.objects.filter(state=State.PENDING).order_by("id").first()
    own_comments.comment_confirm(comment=held, seen=own_comments.digest(held))
    assert Comment.objects.filter(state=State.PENDING).count() == 1
    held.refresh_from_db()
    assert held.state == State.APPROVED


def send():
    outbox.outbox.clear()
    for number in (
        Delivery.objects.filter(state="queued").order_by("id").values_list("pk", flat=True)
    ):
        deliveries.deliver.call(number)
    return [message.to[0] for message in outbox.outbox]


def test_strangers_get_no_flood_of_mails(time_machine, settings):
    settings.LIMITS = {"strangers-confirm": 20}
    pour(make_article(), 50, hold=Hold.UNKNOWN)
    assert Delivery.objects.filter(event__startswith="confirm ").count() == 50
    assert len(send()) == 20
    assert send() == []
    time_machine.move_to(timezone.now() + datetime.timedelta(minutes=61))
    assert len(send()) == 20
    # What was spam after all asks nobody for anything.
    moderator = make_user(role=Role.MODERATOR)
    for comment in Comment.objects.filter(state=State.PENDING):
        states.comment_spam(comment=comment, actor=moderator)
    time_machine.move_to(timezone.now() + datetime.timedelta(minutes=61))
    assert send() == []
    assert Delivery.objects.filter(state="dropped").count() == 10


def test_who_asks_for_other_mails_silences_no_confirmation(settings):
    settings.LIMITS = {"strangers-follow": 2, "strangers-report": 2}
    article = make_article()
    pour(article, 1, hold=Hold.UNKNOWN)
    for number in range(4):
        email = f"volger{number}@lezer.example"
        following.follow_request(email=email, language="nl", article=article, comment=None)
        newsletters.subscribe_request(
            email=f"lezer{number}@lezer.example", language="nl", author=None, tag=None,
            pace=MailPace.ONCE,
        )  # fmt: skip
    late = Delivery.objects.get(event__startswith="confirm ")
    asked = Delivery.objects.filter(event__regex="^(follow|join) ").order_by("pk")
    assert asked.count() == 8
    for number in (*asked.values_list("pk", flat=True), late.pk):
        deliveries.deliver.call(number)
    assert asked.filter(state="sent").count() == 2
    late.refresh_from_db()
    assert late.state == "sent"


def test_a_moderator_gets_no_flood_of_mails():
    make_user(role=Role.MODERATOR, email="mod@site.example")
    pour(make_article(), 60, hold=Hold.UNKNOWN)
    for _round in range(3):
        following.tell_waiting()
    waiting = Delivery.objects.filter(event__startswith="held ")
    assert waiting.filter(state="queued").count() == 1
    assert waiting.filter(state="digest").count() == 59
    # They come together, once a quarter of an hour has gone by.
    held.send_bundles()
    assert waiting.filter(state="digest").count() == 59
    waiting.update(created_at=timezone.now() - held.APART)
    held.send_bundles()
    assert waiting.filter(state="digest").count() == 0
    [bundle] = waiting.filter(state="queued", comment=None)
    assert bundle.subject.startswith("59 ")
    assert bundle.body.count("/moderate/#comment-") == 20


def test_reports_with_other_peoples_addresses_are_no_flood_of_mails(settings):
    settings.LIMITS = {"strangers-report": 3}
    pour(make_article(), 1)
    comment = Comment.objects.get()
    for number in range(6):
        Report.objects.create(
            comment=comment, complaint="spam", email=f"v{number}@vreemd.example", language="nl",
            client=number.to_bytes(16),
        )  # fmt: skip
    states.comment_remove(comment=comment, actor=make_user(role=Role.MODERATOR), reason="Reclame")
    assert Delivery.objects.filter(event__startswith="report ").count() == 6
    assert len(send()) == 3
