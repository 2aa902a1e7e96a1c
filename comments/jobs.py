"""The conversation's recurring work (see `core.periodic`)."""

from __future__ import annotations

import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from blog.site.settings import site_settings
from comments.commenters import forgetting
from comments.models import (
    Appeal,
    Ban,
    Comment,
    Commenter,
    Delivery,
    DeliveryState,
    Reaction,
    Report,
    State,
)
from comments.moderation import reach
from comments.notifications import deliveries, following, held
from comments.screening import learning
from core.periodic import every

DISPUTE_DAYS = 365
"""For so long what a report or an appeal said is kept after it was decided."""
UNDECIDED_DAYS = 180
"""For so long the address of a reader is kept who reported something that nobody decided."""
BAN_DAYS = 365
"""For so long a ban is kept after it ended."""


def _ago(days: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


@every(seconds=24 * 3600)
def forget_clients() -> None:
    """Delete traces of network addresses after the days of the site settings."""
    before = _ago(site_settings().client_days)
    Comment.objects.filter(client__isnull=False, created_at__lt=before).update(client=None)
    Reaction.objects.filter(client__isnull=False, created_at__lt=before).update(client=None)
    Report.objects.filter(client__isnull=False, created_at__lt=before).update(client=None)


@every(seconds=24 * 3600)
def forget_mails() -> None:
    """Delete mails that went out, or never will, after the days that the site's settings say.

    What says that a comment was told to somebody goes with them; `Comment.to_tell` is off by then.
    """
    days = site_settings().mail_days
    if days:
        done = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.DROPPED)
        Delivery.objects.filter(state__in=done, created_at__lt=_ago(days)).delete()


@every(seconds=3600)
def forget_spam() -> None:
    """Delete spam for good after the days that the site's settings say, a thousand at a time.

    What holds a place for answers stays, as does what somebody appealed about.
    """
    days = site_settings().spam_days
    if days:
        answers = Comment.objects.filter(parent=OuterRef("pk"))
        old = Comment.objects.filter(
            state=State.SPAM, shown=False, created_at__lt=_ago(days), appeal=None
        ).exclude(Exists(answers))
        # Locked: one that a moderator decides about at this moment stays.
        old = old.select_for_update(skip_locked=True, of=("self",))
        numbers = list(old.order_by("id").values_list("pk", flat=True)[:1000])
        Comment.objects.filter(pk__in=numbers).delete()


@every(seconds=24 * 3600)
def forget_strangers() -> None:
    """Delete addresses without comments, subscriptions or mails."""
    # Whatever any app binds to a person keeps them.
    bound = {relation.name: None for relation in Commenter._meta.related_objects}
    Commenter.objects.filter(user=None, created_at__lt=_ago(90), **bound).delete()


@every(seconds=60)
def erase_asked() -> None:
    """Continue interrupted erasures."""
    forgetting.take_up()


@every(seconds=24 * 3600)
def forget_words() -> None:
    """Forget rare words of the spam filter that no comment holds any more."""
    learning.words_forget()


@every(seconds=24 * 3600)
def forget_disputes() -> None:
    """Empty old reports and appeals: their numbers and outcomes stay for the record."""
    old = _ago(DISPUTE_DAYS)
    Report.objects.filter(decided_at__lt=old).exclude(note="").update(note="")
    Report.objects.filter(created_at__lt=_ago(UNDECIDED_DAYS)).exclude(email="").update(email="")
    Appeal.objects.filter(decided_at__lt=old).exclude(text="", answer="").update(text="", answer="")


@every(seconds=24 * 3600)
def forget_bans() -> None:
    """Delete bans that ended long ago; the log says that they were."""
    Ban.objects.filter(until__lt=_ago(BAN_DAYS)).delete()


@every(seconds=10)
def tell_waiting() -> None:
    """Make the mails of comments that came or were approved since."""
    following.tell_waiting()


@every(seconds=60)
def send_held() -> None:
    """Send moderators what was collected about held comments, in one mail a person."""
    held.send_bundles()


@every(seconds=120)
def renew_reach() -> None:
    """Store how lively the conversations are that comments wait in."""
    reach.reach_renew()


@every(seconds=600)
def send_digests() -> None:
    """Send what was collected for each person, once a day."""
    following.send_digests()


@every(seconds=60)
def send_waiting() -> None:
    """Queue mail about comments that is due for another try, or lost its task."""
    deliveries.send_waiting()
