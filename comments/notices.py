"""The mails that the conversation writes: what they say and when they are due."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from blog.services import site_settings
from comments import mail, tokens
from comments.models import Comment, Commenter


def confirm_url(commenter: Commenter) -> str:
    """Where the holder of the address confirms it: a page with a button."""
    token = tokens.make(tokens.Purpose.CONFIRM, [commenter.pk, commenter.email])
    return str(settings.SITE_URL) + reverse("comments:confirm", args=[token])


def mine_url(commenter: Commenter) -> str:
    """The page of everything that was written with the address."""
    token = tokens.make(tokens.Purpose.MINE, [commenter.pk, commenter.email])
    return str(settings.SITE_URL) + reverse("comments:mine", args=[token])


def ask_to_confirm(commenter: Commenter) -> None:
    """Mail the link that makes the address known; once a day for one address at the most."""
    if not commenter.email or commenter.confirmed_at is not None:
        return
    with translation.override(commenter.language):
        title = site_settings().title
        mail.queue(
            event=f"confirm {timezone.localdate():%Y-%m-%d}",
            commenter=commenter,
            subject=_("Confirm your address for %s") % title,
            body=_(
                "Somebody, you we hope, wrote a comment on %(site)s with this e-mail address.\n\n"
                "Open this page and press its button to confirm the address. Your comment then "
                "needs no further approval, unless the editors read every comment first:\n\n"
                "%(url)s\n\n"
                "Was it not you? Then do nothing: the comment is not shown under your address, "
                "and nobody sees the address.\n"
            )
            % {"site": title, "url": confirm_url(commenter)},
        )


def send_mine(commenter: Commenter) -> None:
    """Mail the address of the person's own page; once an hour at the most."""
    with translation.override(commenter.language):
        title = site_settings().title
        mail.queue(
            event=f"mine {timezone.localtime():%Y-%m-%d %H}",
            commenter=commenter,
            subject=_("Your comments on %s") % title,
            body=_(
                "On this page you see, change, download and delete what you wrote on %(site)s "
                "with this e-mail address:\n\n%(url)s\n\n"
                "Keep the address of that page to yourself: who has it can do the same. "
                "Did you not ask for it? Then do nothing.\n"
            )
            % {"site": title, "url": mine_url(commenter)},
        )


def tell_credited(comment: Comment) -> None:
    """Tell the writer that the article was changed because of the comment, when she takes mail."""
    commenter = comment.commenter
    if commenter is None or commenter.confirmed_at is None or commenter.muted:
        return
    with translation.override(commenter.language):
        mail.queue(
            event=f"credited {comment.pk}",
            commenter=commenter,
            subject=_("Your comment improved “%s”") % comment.article.title,
            body=_(
                "The author has changed the article “%(title)s” because of your comment, and "
                "names you under it:\n\n%(url)s\n\n"
                "No mail about your comments any more? Say so on your own page:\n\n%(mine)s\n"
            )
            % {
                "title": comment.article.title,
                "url": f"{settings.SITE_URL}{comment.article.get_absolute_url()}",
                "mine": mine_url(commenter),
            },
        )
