"""The mail that asks the reader of an address whether a comment written with it is theirs."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from authors import limits
from blog.site.settings import site_settings
from comments import tokens
from comments.models import Comment, Commenter, MailKind
from comments.notifications import deliveries
from comments.thread import plain_text
from core.addresses import mailbox
from core.mail import Letter, Signed, display_name, signed_link

# Mail programs make links of what looks like a web site: not of this.
_DOT = "[.]"
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
        title = comment.article.title
        also = (
            (_("It also begins mail of all new comments under this article, as was asked for."),)
            if follow
            else ()
        )
        website = urlsplit(comment.website).netloc.replace(".", _DOT)
        named = (_("The name links to a web site: %s") % website,) if website else ()
        letter = Letter(
            subject=_("Is this comment under “%s” yours?") % title,
            paragraphs=(
                _(
                    "Somebody, you we hope, wrote the comment below on %(site)s under “%(title)s” "
                    "with this e-mail address."
                )
                % {"site": site_settings().title, "title": title},
                _(
                    "Open this page and press its button to confirm it. The comment then shows, "
                    "unless the editors read it first, and this address counts as yours. We mail "
                    "you when somebody answers; every such mail says how to stop that."
                ),
                _("It stands there under the name %s.") % display_name(comment.name),
                *named,
                *also,
            ),
            quoted=_("The comment"),
            quote=Truncator(plain_text.words_of(comment)).chars(_EXCERPT, truncate=" …"),
            quote_language=comment.language,
            links=(
                (_("See and confirm the comment"), confirm_url(comment, commenter, follow=follow)),
            ),
            notes=(
                _(
                    "Was it not you? Then do nothing: the comment is not shown under your address, "
                    "and nobody sees the address."
                ),
            ),
        )
        deliveries.queue(
            kind=MailKind.CONFIRM,
            about=comment.pk,
            commenter=commenter,
            letter=letter,
            comment=comment,
        )
