"""The mails that the conversation writes: what they say and when they are due."""

from __future__ import annotations

import secrets
from dataclasses import replace
from email.utils import parseaddr

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blog.models import Article
from blog.site.settings import site_settings
from comments import tokens
from comments.models import (
    Action,
    Comment,
    Commenter,
    MailKind,
    ModerationEvent,
    Pace,
    Report,
    State,
    Subscription,
)
from comments.notifications import deliveries, reply_address
from comments.thread.plain_text import line_of, words_of
from core import mail
from core.mail import Letter, Link, Signed, in_brackets, signed_link


def mine_url(commenter: Commenter) -> Signed:
    """The page of everything that was written with the address."""
    return signed_link("comments:mine", tokens.Purpose.MINE.kind, [commenter.pk, commenter.email])


def stop_url(commenter: Commenter, subscription: Subscription | None) -> Signed:
    """Where mail is stopped (RFC 8058): a followed thread's, or without one all of it."""
    what = [commenter.pk, subscription.pk if subscription else 0]
    return signed_link("comments:stop", tokens.Purpose.STOP.kind, what)


def follow_url(
    commenter: Commenter, article: Article, comment: Comment | None, pace: Pace = Pace.ONCE
) -> Signed:
    """Where the holder of the address begins to follow: a page with a button."""
    number = comment.pk if comment else 0
    what = [commenter.pk, commenter.email, article.pk, number, str(pace)]
    return signed_link("comments:follow_confirm", tokens.Purpose.FOLLOW.kind, what)


def page_of(comment: Comment) -> str:
    """The address of the comment among those above and below it."""
    return f"{settings.SITE_URL}{comment.get_absolute_url()}#comment-{comment.pk}"


def own_page(comment: Comment) -> Signed:
    """The comment's page as its writer sees it."""
    before, hash_sign, after = page_of(comment).partition("#")
    kind = tokens.Purpose.OWN.kind
    return Signed(kind, comment.pk, f"{before}?own=", f"{hash_sign}{after}")


def send_mine(commenter: Commenter) -> None:
    """Mail the address of the person's own page; once an hour at the most."""
    with translation.override(commenter.language):
        title = site_settings().title
        letter = Letter(
            subject=_("Your comments on %s") % title,
            paragraphs=(
                _(
                    "On this page you see, change, download and delete what you wrote on %s with "
                    "this e-mail address."
                )
                % title,
            ),
            links=((_("My comments"), mine_url(commenter)),),
            notes=(
                _(
                    "Keep the address of that page to yourself: who has it can do the same. "
                    "Did you not ask for it? Then do nothing."
                ),
            ),
        )
        deliveries.queue(
            kind=MailKind.MINE,
            about=f"{timezone.localtime():%Y-%m-%d %H}",
            commenter=commenter,
            letter=letter,
        )


def ask_to_follow(commenter: Commenter, url: Signed, title: str) -> None:
    """Mail the link that begins following."""
    with translation.override(commenter.language):
        site = site_settings().title
        letter = Letter(
            subject=_("Follow the conversation under “%s”") % title,
            paragraphs=(
                _(
                    "Somebody, you we hope, asked %(site)s to mail new comments under “%(title)s” "
                    "to this address. Open this page and press its button if you want that."
                )
                % {"site": site, "title": title},
            ),
            links=((_("Follow the conversation"), url),),
            notes=(_("Was it not you? Then do nothing."),),
        )
        deliveries.queue(
            kind=MailKind.FOLLOW,
            # Each time it was asked for is another.
            about=secrets.token_hex(8),
            commenter=commenter,
            letter=letter,
        )


def wants_mail(commenter: Commenter) -> bool:
    """Whether mail about comments may go to the person: a confirmed address, and no "no"."""
    if commenter.muted or commenter.bounced_at is not None or commenter.trust == "blocked":
        return False
    if commenter.user is not None:
        return commenter.user.is_active and bool(commenter.user.email)
    return bool(commenter.email) and commenter.confirmed_at is not None


_TO_WRITER = {
    Action.APPROVED: (
        gettext_lazy("Your comment under “%s” is shown"),
        gettext_lazy("The editors have read your comment. Everybody can read it now."),
    ),
    Action.REJECTED: (
        gettext_lazy("Your comment under “%s” was refused"),
        gettext_lazy("The editors have read your comment and do not show it."),
    ),
    Action.REMOVED: (
        gettext_lazy("Your comment under “%s” was removed"),
        gettext_lazy("The editors have taken your comment away. Answers to it stay."),
    ),
    Action.REWORDED: (
        gettext_lazy("Your comment under “%s” was changed"),
        gettext_lazy(
            "The editors have changed the words of your comment. Below is what it says now."
        ),
    ),
    Action.DISMISSED: (
        gettext_lazy("Your appeal about “%s”"),
        gettext_lazy("The editors have looked at your comment again and stay with their decision."),
    ),
    Action.CREDITED: (
        gettext_lazy("Your comment improved “%s”"),
        gettext_lazy(
            "The author has changed the article “%s” because of your comment, and names "
            "you under it."
        ),
    ),
}
"""What the writer is told of a decision: the subject and the first paragraph."""
# Decisions that the writer hears of; spam is answered by silence.
TOLD = frozenset({Action.APPROVED, Action.REJECTED, Action.REMOVED, Action.REWORDED})


def tell_decided(comment: Comment, event: ModerationEvent) -> None:
    """Tell the writer what a person decided about their comment or appeal, and why."""
    if comment.commenter is not None and comment.commenter.user_id != event.actor_id:
        _tell_writer(comment, Action(event.action), MailKind.DECIDED, event.pk, event.reason)


def tell_credited(comment: Comment) -> None:
    """Tell the writer that the article was changed because of the comment; once for a comment."""
    _tell_writer(comment, Action.CREDITED, MailKind.CREDITED, comment.pk)


def _tell_writer(
    comment: Comment, action: Action, kind: MailKind, about: int, reason: str = ""
) -> None:
    """Mail the writer of `comment` what `_TO_WRITER` says of `action`, when they take mail."""
    commenter = comment.commenter
    if commenter is None or not wants_mail(commenter):
        return
    with translation.override(commenter.language):
        article = comment.article
        subject, said = map(str, _TO_WRITER[action])
        letter = Letter(
            subject=subject % article.title,
            paragraphs=(said,),
            note_links=ways_out(commenter, None),
            headers=_headers(commenter, None, comment),
        )
        if action == Action.CREDITED:
            link = f"{settings.SITE_URL}{article.get_absolute_url()}"
            read = ((_("Read the article"), link),)
            letter = replace(letter, paragraphs=(said % article.title,), links=read)
        elif reason:
            theirs = _("Their answer: %s") if action == Action.DISMISSED else _("Their reason: %s")
            letter = replace(letter, paragraphs=(said, theirs % reason))
        if action in TOLD:
            see = ((_("See your comment"), own_page(comment)),)
            quoted, quote = _("You wrote"), words_of(comment)
            letter = replace(
                letter, quoted=quoted, quote=quote, quote_language=comment.language, links=see
            )
        deliveries.queue(
            kind=kind, about=about, commenter=commenter, letter=letter, comment=comment, wait=True
        )


_TO_REPORTER = {
    "upheld": gettext_lazy(
        "The editors have looked at it and agree with you: it is not shown any more."
    ),
    "dismissed": gettext_lazy("The editors have looked at it and leave it where it is."),
    "reworded": gettext_lazy("The editors have looked at it and changed its text."),
    "gone": gettext_lazy(
        "It is not there any more: its writer took it away, or it went with its article. "
        "Nothing is left to decide."
    ),
}
"""What the reader who reported a comment is told of its end."""


def tell_reporter(comment: Comment, report: Report, end: str, *, with_page: bool) -> None:
    """Tell the reader who reported a comment what came of it; the one mail they get for it.

    `end` is a key of `_TO_REPORTER`. Who wrote what is gone is not named.
    """
    person, _new = Commenter.objects.get_or_create(
        email=report.email, defaults={"name": "", "language": report.language}
    )
    with translation.override(report.language):
        thanks = _("Thank you for your report about the comment of %s.")
        letter = Letter(
            subject=_("Your report about a comment under “%s”") % comment.article.title,
            paragraphs=(
                _("Thank you for your report about a comment.")
                if end == "gone"
                else thanks % mail.display_name(comment.name),
                str(_TO_REPORTER[end]),
            ),
            links=((_("The conversation"), page_of(comment)),) if with_page else (),
            notes=(_("Your address was kept for this mail alone."),),
        )
        deliveries.queue(
            kind=MailKind.REPORT, about=report.pk, commenter=person, letter=letter, wait=True
        )


def comment_letter(
    comment: Comment,
    commenter: Commenter,
    why: str,
    subscription: Subscription | None,
    site: str,
) -> Letter:
    """The mail that tells `commenter` of a new comment, in the language that is switched on.

    `site` is the site's title; no query is made.
    """
    title = comment.article.title
    notes = {
        "author": _("You get this because you wrote the article."),
        "answer": _("You get this because your comment was answered."),
        "follow": _("You get this because you follow the conversation."),
    }
    name = mail.display_name(comment.name)
    headers = _headers(commenter, subscription, comment, name=name, site=site)
    answers = bool(settings.INBOUND_DOMAIN)
    if answers:
        headers["Reply-To"] = Signed(reply_address.KIND, [comment.pk, commenter.pk])
    said = _("%(name)s answered you under “%(title)s”") if why == "answer" else ""
    return Letter(
        subject=(said or _("%(name)s commented on “%(title)s”")) % {"name": name, "title": title},
        paragraphs=(),
        quoted=_("%(name)s wrote under “%(title)s”") % {"name": name, "title": title},
        quote=words_of(comment),
        quote_language=comment.language,
        links=((_("Read and answer"), page_of(comment)),),
        notes=(notes[why],),
        note_links=ways_out(commenter, subscription),
        answer_line=_("– Answer above this line to post your reply. –") if answers else "",
        headers=headers,
    )


def words_mailed(comment: Comment, commenter: Commenter) -> tuple[str, list[str], str]:
    """All that the mails about a comment say to `commenter`, in the language that is switched on,
    to know them by where they are quoted; of that our phrases around the comment; and the name
    that they come under."""
    site = site_settings().title
    letters = [
        comment_letter(comment, commenter, why, None, site)
        for why in ("author", "answer", "follow")
    ]
    frame = [
        words
        for one in letters
        for words in (
            *(one.answer_line, one.quoted, *one.notes),
            *(label for label, _link in (*one.links, *one.note_links)),
        )
    ]
    bodies = (str(mail.written(one)["body"]) for one in letters)
    name = parseaddr(str(letters[0].headers["From"]))[0]
    return (
        "\n".join((*bodies, *(one.subject for one in letters), site, commenter.name)),
        frame,
        name,
    )


def held_letter(comment: Comment, commenter: Commenter, signals: str, site: str) -> Letter:
    """The mail that asks a moderator to decide, in the language that is switched on."""
    what = [comment.pk, commenter.user_id]
    decide = signed_link("comments:moderate", tokens.Purpose.MODERATE.kind, what)
    title = comment.article.title
    return Letter(
        subject=_("A comment waits under “%s”") % title,
        paragraphs=(_("It waits for approval because: %s.") % signals, *answered(comment)),
        quoted=_("%(name)s wrote under “%(title)s”")
        % {"name": mail.display_name(comment.name), "title": title},
        quote=words_of(comment),
        quote_language=comment.language,
        links=((_("Approve or refuse"), decide),),
        notes=(_("You get this because you moderate here."),),
        note_links=(
            (_("Read the article"), f"{settings.SITE_URL}{comment.article.get_absolute_url()}"),
            (_("All comments that wait"), queue_url()),
            *ways_out(commenter, None),
        ),
        headers=_headers(commenter, None, comment, site=site),
    )


def answered(comment: Comment) -> tuple[str, ...]:
    """A paragraph with what the comment answers; none for one that answers nothing to be read."""
    parent = comment.parent
    if parent is None or parent.state != State.APPROVED:
        return ()
    head = _("In answer to %(name)s:") % {"name": mail.display_name(parent.name)}
    return (f"{head}\n> {line_of(parent)}",)


def queue_url() -> str:
    """The moderation queue."""
    return f"{settings.SITE_URL}{reverse('admin:comments_comment_changelist')}"


def ways_out(
    commenter: Commenter, subscription: Subscription | None
) -> tuple[tuple[str, Link], ...]:
    """What stands below a mail: how to stop it, and the person's own page."""
    label = _("Stop following this") if subscription else _("No more mail about comments")
    return (
        (label, stop_url(commenter, subscription)),
        (_("My comments and settings"), mine_url(commenter)),
    )


def _headers(
    commenter: Commenter,
    subscription: Subscription | None,
    comment: Comment,
    *,
    name: str = "",
    site: str = "",
) -> dict[str, Link]:
    """Headers that group a conversation (RFC 5322, 2919) and stop it with a click (RFC 8058)."""
    domain = mail.domain()
    above = [f"<article.{comment.article_id}@{domain}>"]
    if comment.parent_id:
        above.append(deliveries.comment_message_id(comment.parent_id, commenter.pk))
    site = site or site_settings().title
    speaker = _("%(name)s via %(site)s") % {"name": name, "site": site} if name else site
    return {
        "From": mail.sender(speaker),
        "In-Reply-To": above[-1],
        "References": " ".join(above),
        "List-Id": f"<article-{comment.article_id}.{domain}>",
        "List-Unsubscribe": in_brackets(stop_url(commenter, subscription)),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
