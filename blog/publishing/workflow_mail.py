"""Mails about an article's steps: written with the step, sent by the worker."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_tasks import task

from authors import account_mail
from authors.models import User
from authors.roles import Role
from blog.models import (
    ArticleMail,
    SiteSettings,
    Step,
    WorkflowStep,
)
from blog.publishing.clock import offset_name
from blog.site import token_kinds
from core import mail, outbox
from core.outbox import DeliveryState

_TO_EDITORS = frozenset({Step.SUBMITTED, Step.CORRECTED})


_SILENT = frozenset({Step.RECALLED})


def _editors() -> Iterable[User]:
    return User.objects.filter(
        Q(groups__name__in=(Role.EDITOR, Role.OWNER)) | Q(is_superuser=True)
    ).distinct()


def _tell(step: WorkflowStep, *, editors: bool) -> None:
    """Queue the mails of a step, to editors or authors; never to the actor."""
    people = _editors() if editors else User.objects.filter(author__articles=step.article)
    event = f"step {step.pk}"
    if step.step == Step.CORRECTED:
        # One a day is enough for many small corrections.
        event = f"corrected {step.article_id} {timezone.localdate():%Y-%m-%d}"
    title = SiteSettings.objects.filter(pk=1).values_list("title", flat=True).first() or ""
    mails = []
    for person in people:
        if person.pk == step.actor_id or not (
            person.is_active and person.email and person.article_mail
        ):
            continue
        with translation.override(person.language or settings.LANGUAGE_CODE):
            columns = mail.written(_letter(step, person, title))
        mails.append(ArticleMail(event=event, user=person, article=step.article, **columns))
    if mails:
        ArticleMail.objects.bulk_create(mails, ignore_conflicts=True)
        queued = ArticleMail.objects.filter(event=event, state=DeliveryState.QUEUED, tries=0)
        for number in queued.values_list("pk", flat=True):
            deliver.enqueue(number)


def _subject_and_text(step: WorkflowStep) -> tuple[str, str]:
    return {
        Step.SUBMITTED: (
            _("To review: “%(title)s”"),
            _("%(who)s submits the article “%(title)s”."),
        ),
        Step.RETURNED: (
            _("Returned: “%(title)s”"),
            _("%(who)s has read “%(title)s” and returns it to you."),
        ),
        Step.SCHEDULED: (
            _("Scheduled: “%(title)s”"),
            _("Your article “%(title)s” has been scheduled by %(who)s for %(when)s."),
        ),
        Step.PUBLISHED: (
            _("Published: “%(title)s”"),
            _("Your article “%(title)s” can be read from now on."),
        ),
        Step.ARCHIVED: (
            _("Archived: “%(title)s”"),
            _("%(who)s has archived “%(title)s”: readers do not see it any more."),
        ),
        Step.REOPENED: (
            _("A draft again: “%(title)s”"),
            _("%(who)s has made “%(title)s” a draft again: readers do not see it any more."),
        ),
        Step.REMARKED: (
            _("A remark about “%(title)s”"),
            _("%(who)s wrote a remark about “%(title)s”."),
        ),
        Step.CORRECTED: (
            _("Changed after publication: “%(title)s”"),
            _("%(who)s has changed the published article “%(title)s”."),
        ),
    }[Step(step.step)]


def _letter(step: WorkflowStep, person: User, site: str) -> mail.Letter:
    """What a step's mail says, in the language that is switched on."""
    who = step.actor.public_name if step.actor else site
    facts = {"who": who, "title": step.article.title}
    if step.due_at is not None:
        facts["when"] = when(step.due_at)
    subject, said = _subject_and_text(step)
    desk = settings.SITE_URL + reverse("admin:blog_article_change", args=[step.article_id])
    links = [(_("Open the article in the admin"), desk)]
    if step.article.is_public:
        links.insert(
            0, (_("Read the article"), settings.SITE_URL + step.article.get_absolute_url())
        )
    stop = stop_url(person)
    return mail.Letter(
        subject=subject % facts,
        paragraphs=(said % facts,),
        quote=step.note,
        quoted=_("%(name)s wrote") % {"name": who} if step.note else "",
        links=tuple(links),
        notes=(_("You get this because you write or edit on %(site)s.") % {"site": site},),
        note_links=((_("No more mail about articles"), stop),),
        headers={
            "References": f"<article-{step.article_id}.desk@{mail.domain()}>",
            "List-Unsubscribe": mail.in_brackets(stop),
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def when(moment: datetime.datetime) -> str:
    """A moment as people in the admin read it, with the zone in which it is meant."""
    local = timezone.localtime(moment)
    return f"{date_format(local, 'j F Y, H:i')} ({settings.TIME_ZONE}, {offset_name(local)})"


def stop_url(user: User) -> mail.Signed:
    """Where mail about articles is switched off and on."""
    return mail.signed_link("blog:article_mail", token_kinds.ARTICLE_MAIL, user.pk)


@task()
def deliver(number: int) -> None:
    """Send one queued mail; skips one that is sent or locked by another worker."""
    outbox.send(ArticleMail.objects.select_related("user"), number)


def send_waiting() -> None:
    """Queue mails that are due for a retry or lost their task."""
    for number in outbox.take_up(ArticleMail.objects.all()):
        deliver.enqueue(number)


def forget_mails() -> None:
    """Delete mails that went out, or never will, after the days that the site's settings say."""
    days = SiteSettings.objects.filter(pk=1).values_list("mail_days", flat=True).first()
    if days:
        before = timezone.now() - datetime.timedelta(days=days)
        done = ArticleMail.objects.exclude(state=DeliveryState.QUEUED)
        done.filter(created_at__lt=before).delete()
        account_mail.forget(before=before)
