"""The mail that asks the reader of an address whether a comment written with it is theirs."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from authors import limits
from blog.site.settings import site_settings
from comments import tokens
from comments.models import Comment, Commenter, Delivery, MailKind
from comments.notifications import deliveries
from comments.thread import plain_text
from core.addresses import mailbox
from core.mail import Letter, Signed, display_name, signed_link

# Mail programs make links of what looks like a web site: not of this.
_DOT = "[.]"
# In the name of a mail that also begins following.
_FOLLOW = " follow"
# What is quoted to an address that anybody can type: enough to know the comment by.
_EXCERPT = 300


def confirm_url(comment: Comment, commenter: Commenter, *, follow: bool = False) -> Signed:
    """Where the holder of the address confirms that `comment` is theirs: a page with a button."""
    what = [commenter.pk, commenter.email, comment.pk, int(follow)]
    return signed_link("comments:confirm", tokens.Purpose.CONFIRM.kind, what)


def ask_to_confirm(comment: Comment, *, follow: bool) -> None:
    """Mail the link that confirms `comment`, as often as `authors.limits` lets a mailbox.

    With `follow` the same button begins following. Beyond the limit, and for a lost mail, there is
    the page of the own comments.
    """
    commenter = comment.commenter
    if commenter is None or not commenter.email:
        return
    if not limits.allows(limits.Use("mailbox-confirm", mailbox(commenter.email))):
        return
    with translation.override(commenter.language):
        deliveries.queue(
            kind=MailKind.CONFIRM,
            # Each time it was asked for is another.
            about=f"{comment.pk} {secrets.token_hex(4)}{_FOLLOW if follow else ''}",
            commenter=commenter,
            letter=_letter(comment, commenter, follow=follow),
            comment=comment,
        )


def _letter(comment: Comment, commenter: Commenter, *, follow: bool) -> Letter:
    """The mail that asks `commenter` to confirm `comment`, in the language that is active."""
    site, article = site_settings(), comment.article
    title = article.title
    page = f"{settings.SITE_URL}{article.get_absolute_url()}"
    also = (
        (_("It also begins mail of all new comments under this article, as was asked for."),)
        if follow
        else ()
    )
    website = urlsplit(comment.website).netloc.replace(".", _DOT)
    named = (_("The name links to a web site: %s") % website,) if website else ()
    return Letter(
        subject=_("Confirm your comment under “%s”") % title,
        paragraphs=(
            _(
                "Somebody, you we hope, wrote the comment below on %(site)s with this e-mail "
                "address."
            )
            % {"site": site.title},
            _(
                "Open the page and press its button. The comment then shows, unless the "
                "editors read it first, and this address counts as yours. We mail you when "
                "somebody answers; every such mail says how to stop that."
            ),
            *named,
            *also,
        ),
        quoted=_("%(name)s wrote under “%(title)s”")
        % {"name": display_name(comment.name), "title": title},
        quote=Truncator(plain_text.words_of(comment)).chars(_EXCERPT, truncate=" …"),
        quote_language=comment.language,
        links=(
            (_("See and confirm the comment"), confirm_url(comment, commenter, follow=follow)),
            (_("Read the article"), page),
        ),
        notes=(
            _(
                "Was it not you? Then do nothing: the comment is not shown under your address, "
                "and nobody sees the address."
            ),
        ),
    )


def withdraw(comment: Comment) -> bool:
    """Delete the mails that confirm `comment` and are not sent yet; whether any began following.

    The caller is in a transaction; a mail that is being sent stays.
    """
    mails = Delivery.objects.filter(kind=MailKind.CONFIRM, comment=comment)
    follow = mails.filter(event__endswith=_FOLLOW).exists()
    deliveries.withdraw_all(mails)
    return follow
