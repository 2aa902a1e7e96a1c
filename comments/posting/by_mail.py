"""Answers by mail: a message that came in becomes a reply in the thread.

Whoever hands it over (a pipe or a mail service) learns what became of it. The signed address says
which comment is answered and by whom; the From header must be that person's address, and where our
mail server says whose domain vouches for it, that counts. When it is not plain what of the mail is
the answer, the comment waits with the mail beside it. Mail from machines is never answered
(RFC 3834), and marks an address that does not exist (RFC 3464).
"""

from __future__ import annotations

import email
import enum
import hashlib
import itertools
import re
from dataclasses import replace
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parseaddr
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from authors import access as people
from authors import limits
from blog.site.settings import site_settings
from comments.mail_parsing import (
    addresses,
    answers,
    authentication,
    known,
    lines,
    machines,
    reading,
)
from comments.mail_parsing.known import Known
from comments.models import Comment, Commenter, MailKind, Origin, Trust
from comments.notifications import deliveries, notices, reply_address
from comments.posting.store import Receipt, comment_post
from comments.posting.submission import Submission
from comments.thread import access, markup, names, reactions
from comments.thread.refusals import Reason, Refused
from core import mail
from core.addresses import folded, mailbox
from core.followable import name_of
from core.text import TextRefused

MAX_BYTES = 2_000_000
# What a mail may be made of, counted before it is parsed: every line is looked at once for each
# part that it stands in, and the standard library reads headers in quadratic time.
MAX_LINES, MAX_MULTIPARTS = 50_000, 30
MAX_HEADER, MAX_ADDRESSES = 2_000, 100
MOST_KEPT = 30_000
"""Characters of a mail that are kept for a moderator."""
_ADDRESS = re.compile(r"reply\+[0-9a-f-]{1,60}@[a-z0-9.-]{1,255}", re.I)


class _Headers(EmailPolicy):
    """The standard policy, for headers of which no more than MAX_HEADER characters are read."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """The parsed beginning of a header's value."""
        return super().header_fetch_parse(name, value[:MAX_HEADER])


_POLICY = _Headers()


class Result(enum.Enum):
    """What became of a message."""

    POSTED = "posted"
    KNOWN = "posted before"
    AUTOMATIC = "automatic mail, ignored"
    BOUNCE = "an address that does not exist, noted"
    NOBODY = "for nobody here"
    STRANGER = "from another address than the answered mail went to"
    VALUED = "a reaction, counted as valuable"
    REFUSED = "refused, and its sender told why"
    OFTEN = "too many mails of one person; to be handed over again later"
    BROKEN = "not a mail, or too large"


def receive(raw: bytes) -> Result:
    """Take in one message as it came, headers and all. Raises nothing for what strangers send."""
    if _is_costly(raw):
        return Result.BROKEN
    try:
        message = cast("EmailMessage", email.message_from_bytes(raw, policy=_POLICY))
        target = _target(message)
        if target is None:
            return Result.NOBODY
        automatic = machines.is_automatic(message, _domains())
        sign = machines.reaction(message)
        aligned = _is_aligned(message)
        came_from = parseaddr(str(message.get("From", "")))[1]
        number = str(message.get("Message-ID", "")).strip()
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError, MessageError):
        # The standard library's parser has no single error for headers that are no headers.
        return Result.BROKEN
    comment = Comment.objects.select_related("article").filter(pk=target[0]).first()
    person = Commenter.objects.select_related("user").filter(pk=target[1]).first()
    if comment is None or person is None:
        return Result.NOBODY
    if machines.is_bounce(message):
        Commenter.objects.filter(pk=person.pk).update(bounced_at=timezone.now())
        return Result.BOUNCE
    if automatic:
        return Result.AUTOMATIC
    if folded(came_from) != folded(person.address) or person.trust == Trust.BLOCKED:
        return Result.STRANGER
    if not limits.allows(limits.Use("mail-person", mailbox(person.address))):
        return Result.OFTEN
    if sign:
        return _react(comment, person, sign) if aligned else Result.AUTOMATIC
    with translation.override(person.language):
        return _post(comment, person, message, number, aligned=aligned)


def _react(comment: Comment, person: Commenter, sign: str) -> Result:
    """Count a reaction once for the person and the comment; one that is no praise says nothing."""
    if not machines.is_praise(sign) or comment.commenter_id == person.pk:
        return Result.AUTOMATIC
    try:
        # The number of a reader that nobody can tell from that of a browser.
        reader = f"mail {reply_address.signature(comment.pk, person.pk)}"
        reactions.reaction_set(comment=comment, reader=reader, client=None, valued=True)
    except Refused:
        return Result.AUTOMATIC
    return Result.VALUED


def _post(
    comment: Comment, person: Commenter, message: EmailMessage, number: str, *, aligned: bool
) -> Result:
    mail_text = reading.read(message)
    ours = _known(comment, person, message)
    answer = answers.split(mail_text.lines, ours, wrapped=mail_text.wrapped)
    sure = answer.sure and mail_text.whole and not machines.is_absence(answer.text)

    def text() -> str:
        return addresses.without(lines.whole(mail_text.lines), ours.addresses)

    key = hashlib.sha256(number.encode()).hexdigest() if number else ""
    try:
        source = markup.clean_source(answer.text)
        if mail_text.locked or not source.strip(" \n<>"):
            raise Refused(Reason.EMPTY, _nothing_read(mail_text))
        if not aligned and person.user is not None:
            raise Refused(Reason.UNPROVEN, _UNPROVEN % {"server": settings.INBOUND_AUTHSERV})
        markup.render(source)
        stored, receipt = comment_post(
            submission=replace(
                _begun(comment, person, message, aligned=aligned),
                text=source,
                key=f"mail {key}",
                mail="" if sure else text()[:MOST_KEPT],
            ),
            site=site_settings(),
        )
    except (Refused, TextRefused) as refusal:
        _tell_refused(comment, person, _why(refusal), text(), key)
        return Result.REFUSED
    if receipt == Receipt.REPEATED:
        return Result.KNOWN
    if not person.name and aligned:
        Commenter.objects.filter(pk=person.pk, name="").update(name=stored.name)
    if not sure or mail_text.files:
        _tell_taken(stored, person, sure=sure, files=mail_text.files)
    return Result.POSTED


_UNPROVEN = gettext_lazy(
    "our mail server (%(server)s) could not tell that it comes from your address, and you answer "
    "with an account here"
)
_WHY = {
    Reason.PARENT: gettext_lazy("the comment that you answer is not there any more"),
    Reason.RATE: gettext_lazy("many comments came from you in the last hour"),
    Reason.NAME: gettext_lazy("the name that you go by here is, or looks like, somebody else's"),
    Reason.RULE: gettext_lazy("it has words that are not taken here: %s"),
}
"""Reasons as the end of a sentence in a mail; for others what the refusal itself says."""


def _why(refusal: Refused | TextRefused) -> str:
    if isinstance(refusal, TextRefused):
        return str(refusal.message % refusal.params)
    why = str(_WHY.get(refusal.reason, refusal.message))
    return why % refusal.words if refusal.reason == Reason.RULE else why


def _nothing_read(mail_text: reading.Lines) -> str:
    """Why no text was found."""
    if mail_text.locked:
        return _("your mail is encrypted, or signed in a way that hides its text from us")
    if mail_text.files:
        return _("we found no text above the quoted mail, and pictures and files are not taken")
    return _("we found no text above the quoted mail")


def _begun(
    comment: Comment, person: Commenter, message: EmailMessage, *, aligned: bool
) -> Submission:
    """An answer by `person` to `comment`, as yet without its text.

    One whose domain does not vouch for it is like one from a browser that nobody confirmed in: it
    may have to wait until a button is pressed that is mailed to the address.
    """
    user = person.user
    begun = Submission(article=comment.article, parent=comment, origin=Origin.MAIL)
    if user is None:
        # The signed address that was written to came in a mail to this person alone. Who gave an
        # address alone to follow is called as their mail says.
        proof = access.browser_proof(person) if aligned else ""
        name = names.clean_name(person.name or name_of(parseaddr(str(message["From"]))[0]))
        return replace(begun, name=name, email=person.email or "", proof=proof)
    author = people.author_of(user)
    name = author.name if author else person.name
    moderator = people.is_moderator(user)
    return replace(begun, name=name, user=user, author=author, moderator=moderator)


def _tell_refused(comment: Comment, person: Commenter, why: str, text: str, key: str) -> None:
    title = comment.article.title
    letter = mail.Letter(
        subject=_("Your answer under “%s” was not posted") % title,
        paragraphs=(_("It was not posted: %s.") % why,),
        quoted=_("You wrote"),
        quote=text[:10_000],
        links=((_("Write it on the page"), notices.page_of(comment)),),
    )
    with transaction.atomic():
        deliveries.queue(kind=MailKind.UNPOSTED, about=key[:60], commenter=person, letter=letter)


def _tell_taken(comment: Comment, person: Commenter, *, sure: bool, files: bool) -> None:
    """Tell the writer that their answer waits, or came without its pictures and files; and what was
    taken for it."""
    waits = _(
        "We could not tell for sure which part of your mail is your answer. Nothing of it is lost: "
        "the editors have the whole text, and decide. Below is what we took for your answer."
    )
    without = _("The pictures and files in your mail were left out: only text is taken by mail.")
    subject = (
        _("Your answer under “%s” was taken without its pictures and files")
        if sure
        else _("Your answer under “%s” waits for the editors")
    )
    letter = mail.Letter(
        subject=subject % comment.article.title,
        paragraphs=(*([] if sure else [waits]), *([without] if files else [])),
        quoted=_("You wrote"),
        quote=comment.source,
        links=((_("See your comment"), notices.own_page(comment)),),
    )
    with transaction.atomic():
        deliveries.queue(
            kind=MailKind.LEFT_OUT if sure else MailKind.UNSURE,
            about=comment.pk,
            commenter=person,
            letter=letter,
            comment=comment,
        )


def _known(comment: Comment, person: Commenter, message: EmailMessage) -> Known:
    """What there is to know the answered mail by: its words, and who wrote to whom."""
    shown, address = parseaddr(str(message.get("From", "")))
    signature = reply_address.signature(comment.pk, person.pk)
    ours = (
        *(parseaddr(settings.DEFAULT_FROM_EMAIL)[1], f"@{settings.INBOUND_DOMAIN}"),
        # Either half of it, wherever the rest was left.
        *(signature[:10], signature[10:]),
    )
    words, frame, sender = notices.words_mailed(comment, person)
    return Known(
        words=known.words_of(words),
        runs=known.runs_of(words),
        phrases=known.phrases_of(frame),
        own=frozenset(one.lower() for one in (address, person.address) if one),
        sender=" ".join(sender.lower().split()),
        addresses=frozenset(one.lower() for one in (*ours, address, person.address) if one),
        names=frozenset(" ".join(one.lower().split()) for one in (shown, person.name) if one),
    )


def _domains() -> frozenset[str]:
    """The domains that mail goes out from here, and that answers come in for."""
    return frozenset([mail.domain().lower(), settings.INBOUND_DOMAIN.lower()])


def _is_aligned(message: EmailMessage) -> bool:
    """Whether the From header is vouched for, as far as our mail server tells."""
    server = settings.INBOUND_AUTHSERV
    return not server or authentication.is_aligned(message, server)


def answer_of(text: str) -> str:
    """What was written anew in a plain text: without the quoted mail and the signature."""
    return answers.split(lines.from_plain(text), Known()).text


def _is_costly(raw: bytes) -> bool:
    """Whether a message is too large, or made of too much, to be parsed."""
    if len(raw) > MAX_BYTES or raw.count(b"\n") > MAX_LINES:
        return True
    lower = raw.lower()
    return lower.count(b"multipart/") + lower.count(b"message/") > MAX_MULTIPARTS


def _target(message: EmailMessage) -> tuple[int, int] | None:
    """The comment and the person of the first of our own addresses that it went to."""
    fields = ("x-original-to", "delivered-to", "to", "cc")
    # As they came: parsing twenty thousand addresses took nine seconds, before any was ours.
    values = [str(value) for name, value in message.raw_items() if name.lower() in fields]
    for address in itertools.islice(_ADDRESS.finditer(" ".join(values)), MAX_ADDRESSES):
        found = reply_address.read(address[0])
        if found:
            return found
    return None
