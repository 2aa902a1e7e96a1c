"""Answers by mail: a message that came in becomes a reply in the thread.

Whoever hands it over (a pipe or a mail service) learns what became of it. The signed address says
which comment is answered and by whom; the From header must be that person's address. When it is
not plain what of the mail is the answer, the comment waits with the mail beside it. Mail from
machines is never answered (RFC 3834), and marks an address that does not exist (RFC 3464).
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
from comments.mail_parsing import addresses, answers, known, lines, reading
from comments.mail_parsing.known import Known
from comments.models import Comment, Commenter, MailKind, Origin, Trust
from comments.notifications import deliveries, notices, reply_address
from comments.posting.store import Receipt, comment_post
from comments.posting.submission import Submission
from comments.thread import access, markup, names
from comments.thread.refusals import Reason, Refused
from core import mail
from core.addresses import folded, mailbox
from core.text import TextRefused

MAX_BYTES = 2_000_000
# What a mail may be made of, counted before it is parsed: every line is looked at once for each
# part that it stands in, and the standard library reads headers in quadratic time.
MAX_LINES, MAX_MULTIPARTS = 50_000, 30
MAX_HEADER, MAX_ADDRESSES = 2_000, 100
# Characters of a delivery status that are read.
MAX_STATUS = 40_000
MOST_KEPT = 30_000
"""Characters of a mail that are kept for a moderator."""
_ROBOTS = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply)([+.-].*)?@", re.I)
# An absence that is known by its subject alone; an answer's begins with "Re:" or the like.
_AWAY = re.compile(
    r"\s{0,5}(?:automatisch antwoord|automatic reply|automatische antwort|réponse automatique"
    r"|respuesta automática|risposta automatica|resposta automática|odpowiedź automatyczna"
    r"|automatyczna odpowiedź|otomatik yanıt|автоматический ответ|автоответ|automatiskt svar"
    r"|autosvar|auto-?reply|auto-?response|out of (?:the )?office|afwezigheidsmelding"
    r"|afwezigheidsbericht|afwezigheid|afwezig|abwesenheitsnotiz|abwesenheitsmeldung|abwesenheit"
    r"|abwesend|absence du bureau|fuera de la oficina|fuori ufficio)(?!\w)",
    re.I,
)
_ADDRESS = re.compile(r"reply\+[0-9a-f-]{1,60}@[a-z0-9.-]{1,255}", re.I)
_FAILED = re.compile(r"^Action:\s*failed", re.M | re.I)
_FOR_GOOD = re.compile(r"^Status:\s*5\.", re.M | re.I)


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
        automatic = _is_automatic(message)
        came_from = parseaddr(str(message.get("From", "")))[1]
        number = str(message.get("Message-ID", "")).strip()
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError, MessageError):
        # The standard library's parser has no single error for headers that are no headers.
        return Result.BROKEN
    if target is None:
        return Result.NOBODY
    comment = Comment.objects.select_related("article").filter(pk=target[0]).first()
    person = Commenter.objects.select_related("user").filter(pk=target[1]).first()
    if comment is None or person is None:
        return Result.NOBODY
    if _is_bounce(message):
        Commenter.objects.filter(pk=person.pk).update(bounced_at=timezone.now())
        return Result.BOUNCE
    if automatic:
        return Result.AUTOMATIC
    if folded(came_from) != folded(person.address) or person.trust == Trust.BLOCKED:
        return Result.STRANGER
    if not limits.allows(limits.Use("mail-person", mailbox(person.address))):
        return Result.OFTEN
    with translation.override(person.language):
        return _post(comment, person, message, number)


def _post(comment: Comment, person: Commenter, message: EmailMessage, number: str) -> Result:
    mail_text = reading.read(message)
    ours = _known(comment, person, message)
    answer = answers.split(mail_text.lines, ours, wrapped=mail_text.wrapped)
    sure = answer.sure and mail_text.whole

    def text() -> str:
        return addresses.without(lines.whole(mail_text.lines), ours.addresses)

    key = hashlib.sha256(number.encode()).hexdigest() if number else ""
    try:
        source = markup.clean_source(answer.text)
        if not source.strip(" \n<>"):
            raise Refused(Reason.EMPTY)
        markup.render(source)
        stored, receipt = comment_post(
            submission=replace(
                _begun(comment, person),
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
    if not sure:
        _tell_held(stored, person)
    return Result.POSTED


_WHY = {
    Reason.PARENT: gettext_lazy("the comment that you answer is not there any more"),
    Reason.RATE: gettext_lazy("many comments came from you in the last hour"),
    Reason.NAME: gettext_lazy("the name that you go by here is, or looks like, somebody else's"),
    Reason.RULE: gettext_lazy("it has words that are not taken here: %s"),
    Reason.EMPTY: gettext_lazy("we found no text above the quoted mail"),
}
"""Reasons as the end of a sentence in a mail; for others what the refusal itself says."""


def _why(refusal: Refused | TextRefused) -> str:
    if isinstance(refusal, TextRefused):
        return str(refusal.message % refusal.params)
    why = str(_WHY.get(refusal.reason, refusal.message))
    return why % refusal.words if refusal.reason == Reason.RULE else why


def _begun(comment: Comment, person: Commenter) -> Submission:
    """An answer by `person` to `comment`, as yet without its text."""
    user = person.user
    begun = Submission(article=comment.article, parent=comment, origin=Origin.MAIL)
    if user is None:
        # The signed address that was written to came in a mail to this person alone.
        proof, name = access.browser_proof(person), names.clean_name(person.name)
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


def _tell_held(comment: Comment, person: Commenter) -> None:
    """Tell the writer that their answer waits, and what was taken for it."""
    letter = mail.Letter(
        subject=_("Your answer under “%s” waits for the editors") % comment.article.title,
        paragraphs=(
            _(
                "We could not tell for sure which part of your mail is your answer. Nothing of it "
                "is lost: the editors have the whole text, and decide. Below is what we took for "
                "your answer."
            ),
        ),
        quoted=_("You wrote"),
        quote=comment.source,
        links=((_("See your comment"), notices.own_page(comment)),),
    )
    with transaction.atomic():
        deliveries.queue(
            kind=MailKind.UNSURE, about=comment.pk, commenter=person, letter=letter, comment=comment
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
        sender=" ".join(sender.lower().split()),
        addresses=frozenset(one.lower() for one in (*ours, address, person.address) if one),
        names=frozenset(" ".join(one.lower().split()) for one in (shown, person.name) if one),
    )


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


def _is_automatic(message: EmailMessage) -> bool:
    """Whether a machine wrote it (RFC 3834, section 2; and what older ones use)."""
    auto = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    precedence = str(message.get("Precedence", "")).strip().lower()
    came_from = parseaddr(str(message.get("From", "")))[1]
    return bool(
        auto != "no"
        or precedence in ("bulk", "junk", "list", "auto_reply")
        or any(name in message for name in ("List-Id", "X-Autoreply", "X-Autorespond"))
        or str(message.get("Return-Path", "")).strip() == "<>"
        or message.get_content_type() == "multipart/report"
        or not came_from
        or _ROBOTS.match(came_from)
        or _AWAY.match(str(message.get("Subject", "")))
    )


def _is_bounce(message: EmailMessage) -> bool:
    """Whether it is a delivery status that says: failed, for good (RFC 3464)."""
    if message.get_content_type() != "multipart/report":
        return False
    if message.get_param("report-type") != "delivery-status":
        return False
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            status = str(part)[:MAX_STATUS]
            return bool(_FAILED.search(status) and _FOR_GOOD.search(status))
    return False
