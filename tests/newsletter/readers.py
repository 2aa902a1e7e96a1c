"""Readers of newsletters, for tests."""

import datetime

from django.utils import timezone

from comments.models import Commenter, Trust
from newsletter.models import Subscription
from tests.factories import make_article

EARLIER = datetime.timedelta(minutes=10)


def make_reader(email="anna@lezer.example", *, subscribed=True, author=None, tag=None,
                pace="once", **fields):  # fmt: skip
    """A person with a confirmed address, and a subscription."""
    person, _new = Commenter.objects.get_or_create(
        email=email,
        defaults={"name": "", "confirmed_at": timezone.now(), "trust": Trust.KNOWN, **fields},
    )
    if subscribed:
        Subscription.objects.create(person=person, author=author, tag=tag, pace=pace)
    return person


def make_news(title="Het nieuws", **fields):
    """An article that is due to be mailed."""
    fields.setdefault("published_at", timezone.now() - EARLIER)
    return make_article(title, **fields)
