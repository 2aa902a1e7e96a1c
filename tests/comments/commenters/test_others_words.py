"""What is taken out of others' words, and out of mails to them, with a person."""

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from blog.models import SiteSettings
from comments.commenters import own_comments
from comments.models import Comment, Delivery, DeliveryState
from comments.notifications import following, held
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.thread import markup

pytestmark = pytest.mark.django_db(transaction=True)


def test_mails_to_moderators_about_answers_to_her_are_without_her(story):
    article, wilhelmina, _bram = story
    asked = Comment.objects.filter(commenter=wilhelmina, state="approved").first()
    asked.source = "Neemt u dan **ook** een kruik mee?\n\nIk wel."
    asked.html = markup.render(asked.source)
    asked.save()
    held_site = SiteSettings(hold="everyone", spam_filter=False, posts_per_person=0)
    writer = {"name": "Cor", "email": "cor@lezer.example"}
    for number in range(3):
        words = Submission(article=article, parent=asked, text=f"Ja, {number}.", **writer)
        comment_post(submission=words, site=held_site)
    with transaction.atomic():
        following.tell_waiting()
    with time_machine.travel(timezone.now() + held.APART * 2):
        held.send_bundles()
    about = Delivery.objects.filter(kind="held", body__contains="kruik")
    assert {mail.comment_id is None for mail in about} == {True, False}
    own_comments.commenter_erase(commenter=wilhelmina)
    assert not Delivery.objects.filter(body__contains="kruik").exists()
    assert not Delivery.objects.filter(html__contains="kruik").exists()
    waiting = Delivery.objects.filter(kind="held", state=DeliveryState.QUEUED)
    assert all("Ja, " in mail.body for mail in waiting)
