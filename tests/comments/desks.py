"""The desk's doors, and comments to decide about, for the tests of it."""

from django.urls import reverse

from blog.models import Hold, SiteSettings
from comments.models import Complaint
from comments.moderation import queue, reports, states
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from tests.factories import make_user

QUEUE = reverse("admin:comments_comment_changelist")
BULK = reverse("admin:comments_comment_bulk")
UNDO = reverse("admin:comments_comment_undo")
HOLD = SiteSettings(hold=Hold.EVERYONE, spam_filter=False, posts_per_hour=0, posts_per_person=0)
OPEN = SiteSettings(hold=Hold.NOBODY, spam_filter=False, posts_per_hour=0, posts_per_person=0,
                    report_threshold=0)  # fmt: skip
JSON = {"accept": "application/json"}


def post(
    article, words="Een vraag.", *, site=HOLD, parent=None, name="Bo", email="bo@lezer.example"
):
    writer = {"name": name, "email": email, "client": b"n" * 8 + b"a" * 8}
    return comment_post(
        submission=Submission(article=article, parent=parent, text=words, **writer), site=site
    )[0]


def door(comment):
    return reverse("admin:comments_comment_decide", args=[comment.pk])


def page_of(comment):
    return reverse("admin:comments_comment_change", args=[comment.pk])


def seen(comment):
    return queue.version(comment.events.all())


def decide(client, comment, decision, **more):
    data = {"decision": decision, "seen": seen(comment), "back": "tab=held", **more}
    answer = client.post(door(comment), data)
    comment.refresh_from_db()
    return answer


def report(comment, number=1, note=""):
    reports.report_make(
        comment=comment, complaint=Complaint.INSULT, note=note, email="", language="nl",
        client=bytes([number]) * 16, site=OPEN,
    )  # fmt: skip


def remove_and_appeal(comment, words="Ik bedoelde het anders."):
    states.comment_remove(comment=comment, actor=make_user(), reason="Nee.")
    comment.refresh_from_db()
    return reports.appeal_make(comment=comment, text=words)
