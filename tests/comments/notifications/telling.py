"""People of a conversation, what they say, and whom the worker then mails."""

from django.core import mail as outbox
from django.utils import timezone

from blog.models import Hold, SiteSettings
from comments.models import (
    Commenter,
    Delivery,
    Trust,
)
from comments.notifications import deliveries, following
from comments.posting.store import comment_post
from comments.posting.submission import Submission

OPEN = SiteSettings(hold=Hold.NOBODY, posts_per_person=0, spam_filter=False)


def person(name, **fields):
    fields.setdefault("confirmed_at", timezone.now())
    fields.setdefault("trust", Trust.KNOWN)
    return Commenter.objects.create(name=name, email=f"{name.lower()}@lezer.example", **fields)


def post(article, text="Een gedachte.", who="Anna", parent=None, site=OPEN, **more):
    writer = {"name": who, "email": f"{who.lower()}@lezer.example", **more}
    return comment_post(
        submission=Submission(article=article, parent=parent, text=text, **writer), site=site
    )[0]


def told():
    """What the worker does with it: addresses of those who got mail."""
    outbox.outbox.clear()
    following.tell_waiting()
    for number in (
        Delivery.objects.filter(state="queued").order_by("pk").values_list("pk", flat=True)
    ):
        deliveries.deliver.call(number)
    return sorted(message.to[0] for message in outbox.outbox)
