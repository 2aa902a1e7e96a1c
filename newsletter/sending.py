"""A sending goes out in batches, each of a short transaction; killed in between, it goes on.

A mail is a row, unique for a sending and a person, so nobody has two. A batch
makes the rows of the next people by number and notes how far it came in one transaction; then it
sends them, each in a transaction of its own. The next batch is a task of its own, behind whatever
waits in the queue: comments' mails do not wait for twenty thousand newsletters.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections import Counter

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from blog.site.settings import site_settings
from comments.models import Commenter, MailKind
from comments.notifications import deliveries
from core.outbox import DeliveryState, send, take_up
from core.outbox import again as start_again
from newsletter import editions, letters
from newsletter.models import (
    Edition,
    Issue,
    Mail,
    MailPace,
    Subscription,
    SubscriptionQuerySet,
)

BATCH = 200
# An editor may think again: so long after its publication an article goes out.
GRACE = datetime.timedelta(minutes=5)
# What was published longer ago is no news; an imported archive is not mailed.
_NEWS = datetime.timedelta(days=2)
# Without a sign of life for so long, a sending's task was lost.
_LOST = datetime.timedelta(minutes=2)
WEEKDAY, HOUR = 0, 7
"""The week's mail goes out on Monday, from seven o'clock in the site's time zone."""


def begin_due() -> None:
    """Begin due sendings of articles and of the week; queue stalled ones."""
    if site_settings().newsletter:
        _begin_articles()
        _begin_week()
        _begin_editions()
    lost = timezone.now() - _LOST
    for issue in Issue.objects.filter(finished_at=None, touched_at__lt=lost)[:20]:
        Issue.objects.filter(pk=issue.pk).update(touched_at=timezone.now())
        send_batch.enqueue(issue.pk)


def _begin_articles() -> None:
    now = timezone.now()
    begun = Issue.objects.filter(article__isnull=False).values("article")
    fresh = letters.mailable().filter(published_at__gte=now - _NEWS, published_at__lt=now - GRACE)
    for article in fresh.exclude(pk__in=begun).order_by("published_at")[:20]:
        issue, new = Issue.objects.get_or_create(
            article=article, defaults={"title": article.title[:200]}
        )
        if new:
            send_batch.enqueue(issue.pk)


def _begin_week() -> None:
    now = timezone.localtime()
    until = (now - datetime.timedelta(days=(now.weekday() - WEEKDAY) % 7)).replace(
        hour=HOUR, minute=0, second=0, microsecond=0
    )
    if now < until or now - until > _NEWS:
        return
    since = until - datetime.timedelta(days=7)
    if not letters.mailable().filter(published_at__gte=since, published_at__lt=until).exists():
        return
    title = f"{since:%Y-%m-%d} – {until:%Y-%m-%d}"
    issue, new = Issue.objects.get_or_create(until=until, defaults={"since": since, "title": title})
    if new:
        send_batch.enqueue(issue.pk)


def _begin_editions() -> None:
    for number in editions.editions_begin():
        send_batch.enqueue(number)


@task(priority=-10)
def send_batch(number: int) -> None:
    """Make and send the next mails of a sending, and queue the batch after it."""
    issue = Issue.objects.filter(pk=number).first()
    if issue is None:
        return
    waiting = _waiting(issue)
    if not waiting:
        fill(number)
        waiting = _waiting(issue)
    for mail_number in waiting:
        deliver.call(mail_number)
    Issue.objects.filter(pk=number).update(touched_at=timezone.now())
    if waiting:
        send_batch.enqueue(number)


@task(priority=-10)
def deliver(number: int) -> None:
    """Send one queued mail; skips one that is sent or locked by another worker."""
    send(
        Mail.objects.select_related("person__user", "issue__edition__picture"),
        number,
        letter_for=letters.for_mail,
    )


def take_up_waiting() -> None:
    """Queue mails that are due for a retry or lost their task."""
    for number in take_up(Mail.objects.all()):
        deliver.enqueue(number)


def _waiting(issue: Issue) -> list[int]:
    """Mails of the sending that no one has tried yet."""
    rows = issue.mails.filter(state=DeliveryState.QUEUED, tries=0, next_try_at=None)
    return list(rows.order_by("id").values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def fill(number: int) -> None:
    """Make the rows of the next batch of mails; locks the sending, which another may be filling.

    Nothing is made for an article that was withdrawn: the sending waits until it is public
    again, and for two days at the most.
    """
    issue = Issue.objects.select_for_update(skip_locked=True).filter(pk=number).first()
    if issue is None or issue.finished_at is not None:
        return
    is_article = issue.until is None and issue.edition_id is None
    if is_article and not letters.mailable().filter(pk=issue.article_id or 0).exists():
        if issue.article_id is None or issue.created_at < timezone.now() - _NEWS:
            Issue.objects.filter(pk=number).update(finished_at=timezone.now())
        return
    people = _next_people(issue)
    if people:
        made = [
            Mail(issue=issue, person_id=person, event="newsletter", subject=issue.title)
            for person in people
        ]
        Mail.objects.bulk_create(made, ignore_conflicts=True)
        issue.reached = people[-1]
    if len(people) < BATCH:
        issue.finished_at = timezone.now()
    issue.save(update_fields=["reached", "finished_at"])


def _next_people(issue: Issue) -> list[int]:
    if issue.edition is not None:
        subscriptions = readers_of(issue.edition)
    elif issue.article is not None:
        subscriptions = Subscription.objects.reachable().filter(pace=MailPace.ONCE)
        subscriptions = subscriptions.matching(issue.article)
    else:
        subscriptions = Subscription.objects.reachable().filter(pace=MailPace.WEEKLY)
    subscriptions = subscriptions.filter(person__gt=issue.reached)
    people = subscriptions.order_by("person").values_list("person", flat=True).distinct()
    return list(people[:BATCH])


def readers_of(edition: Edition) -> SubscriptionQuerySet:
    """The subscriptions that an edition goes to: to everything, also of who gets it once a week."""
    found = Subscription.objects.reachable().filter(author=None, tag=None)
    return found if edition.other_languages else found.filter(person__language=edition.language)


@transaction.atomic
def failed_again(*, issue: Issue) -> int:
    """Send the sending's failed mails anew, and nothing else; gives how many there are.

    Their people's addresses count as good again. It goes out in batches like the first time, and
    whatever kills a batch, `take_up_waiting` goes on with what it left.
    """
    failed = issue.mails.filter(state=DeliveryState.FAILED)
    # Locked: a second press finds them waiting, not failed.
    numbers = list(failed.select_for_update(of=("self",)).values_list("pk", flat=True))
    if numbers:
        Commenter.objects.filter(newsletter_mails__in=numbers).update(bounced_at=None)
        start_again(Mail.objects.filter(pk__in=numbers))
        send_batch.enqueue(issue.pk)
    return len(numbers)


def forget(*, before: datetime.datetime) -> None:
    """Delete mails made before `before` that were sent or given up; sendings keep their counts.

    A sending that is over is not begun again, whoever got it.
    """
    done = Mail.objects.exclude(state=DeliveryState.QUEUED).filter(created_at__lt=before)
    _delete(done.exclude(issue__finished_at=None))


def forget_person(number: int | None) -> None:
    """Delete all mails to the person of that number; the sendings keep their numbers."""
    _delete(Mail.objects.filter(person=number))


def _delete(old: QuerySet[Mail]) -> None:
    for number in list(old.order_by("issue").values_list("issue", flat=True).distinct()):
        with transaction.atomic():
            issue = Issue.objects.select_for_update().get(pk=number)
            rows = list(old.filter(issue=issue).select_for_update().values_list("pk", "state"))
            # What had not gone out yet never will.
            states = (DeliveryState.DROPPED if state == DeliveryState.QUEUED else state
                      for _pk, state in rows)  # fmt: skip
            issue.forgotten = Counter(issue.forgotten) + Counter(map(str, states))
            issue.save(update_fields=["forgotten"])
            Mail.objects.filter(pk__in=[pk for pk, _state in rows]).delete()


def send_test(*, person: Commenter, letter: letters.NewsLetter) -> None:
    """Mail a sample to a colleague; its subject says what it is."""
    with transaction.atomic():
        letter = dataclasses.replace(letter, subject=_("[Test] %s") % letter.subject)
        about = f"{timezone.now():%Y-%m-%d %H:%M:%S.%f}"
        deliveries.queue(kind=MailKind.SAMPLE, about=about, commenter=person, letter=letter)
