"""Answers by mail: a message that came in becomes a reply in the thread.

Whoever hands it over (a pipe or a mail service) learns what became of it. The signed address says
which comment is answered and by whom; the From header must be that person's address. Mail from
machines is never answered (RFC 3834), and marks an address that does not exist (RFC 3464).
"""

from __future__ import annotations

import email
import enum
import hashlib
import html
import itertools
import re
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parseaddr
from typing import Any, cast

import nh3
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from mailparser_reply import EmailReplyParser

from authors import access as people
from blog import bounds
from blog.services import site_settings
from comments import access, mail, markup, names, notices, reply_address
from comments.models import Comment, Commenter, Origin, Trust
from comments.services import Refused, Writer, comment_post
from comments.text import Refused as BadText
from comments.text import tame

MAX_BYTES = 2_000_000
# What a mail may be made of, counted before it is parsed: every line is looked at once for each
# part that it stands in, and the standard library reads headers in quadratic time.
MAX_LINES, MAX_MULTIPARTS = 50_000, 30
MAX_HEADER, MAX_ADDRESSES = 2_000, 100
# What is looked at of a text: a comment's is shorter, the quoted mail stands below it.
MAX_TEXT, MAX_HTML, MAX_NESTING, MAX_LINE = 40_000, 200_000, 100, 400
_LANGUAGES = ["nl", "en", "de", "fr"]
# Dutch Gmail ends this line with the writer's name; the library knows the form without.
_DUTCH = re.compile(r"^(Op [^\n]{5,120}? schreef)\b[^\n]*(?:\n[^\n]+)?:[ \t]*$", re.M)
_ROBOTS = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply)([+.-].*)?@", re.I)
_ADDRESS = re.compile(r"reply\+[0-9a-f-]{1,60}@[a-z0-9.-]{1,255}", re.I)
_TAG = re.compile(r"<[^<>]*>")
_BLANK_LINES = re.compile(r"\n[ \t]*+(?:\n[ \t]*+)+(?=\S|\Z)")
_PIECE = re.compile(rf".{{1,{MAX_LINE}}}(?:\s|(?=\S)|\Z)")
# A noncharacter, which stands in no tamed text.
_WRAPPED = "\ufdd0"
_SIGNATURE = re.compile(r"\n-- ?\n.*\Z", re.S)
_SENT_FROM = re.compile(r"(?:\n(?:Verzonden vanaf|Sent from)[^\n]*)\s*\Z")
_QUOTED = re.compile(r"<blockquote.*", re.S | re.I)
_LINE_END = re.compile(r"<br\s*/?>|</(?:p|div|li)>", re.I)
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
    BROKEN = "not a mail, or too large"


def receive(raw: bytes) -> Result:
    """Take in one message as it came, headers and all. Raises nothing for what strangers send."""
    if _is_costly(raw):
        return Result.BROKEN
    try:
        message = cast("EmailMessage", email.message_from_bytes(raw, policy=_POLICY))
        target = _target(message)
        automatic = _is_automatic(message)
        came_from = parseaddr(str(message.get("From", "")))[1].lower()
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
    if came_from != person.address.lower() or person.trust == Trust.BLOCKED:
        return Result.STRANGER
    with translation.override(person.language):
        return _post(comment, person, _text_of(message), number)


def _post(comment: Comment, person: Commenter, text: str, number: str) -> Result:
    key = hashlib.sha256(number.encode()).hexdigest() if number else ""
    closed = access.closed_reason(comment.article, site_settings())
    try:
        source = markup.clean_source(answer_of(text))
        if not source.strip():
            raise Refused("empty")
        markup.render(source)
        _stored, is_new = comment_post(
            article=comment.article,
            parent=comment,
            writer=_writer(person),
            source=source,
            site=site_settings(),
            key=f"mail {key}",
            language=comment.article.language,
            origin=Origin.MAIL,
        )
    except (Refused, BadText) as refusal:
        why = str(refusal.message % refusal.params) if isinstance(refusal, BadText) else ""
        reasons = {
            "parent": _("the comment that you answer is not there any more"),
            "closed": closed or _("the conversation is closed"),
            "rate": _("many comments came from you in the last hour"),
            "banned": getattr(refusal, "message", ""),
            "rule": _("it has words that are not taken here: %s") % getattr(refusal, "message", ""),
            "empty": _("we found no text above the quoted mail"),
        }
        reason = getattr(refusal, "reason", "")
        _tell_refused(comment, person, why or reasons.get(reason, reason), text, key)
        return Result.REFUSED
    return Result.POSTED if is_new else Result.KNOWN


def _writer(person: Commenter) -> Writer:
    user = person.user
    if user is None:
        return Writer(name=names.clean_name(person.name), email=person.email or "")
    author = people.author_of(user)
    return Writer(
        name=author.name if author else person.name,
        user=user,
        author=author,
        moderator=people.is_moderator(user),
    )


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
        mail.queue(event=f"unposted {key[:60]}", commenter=person, letter=letter)


def answer_of(text: str) -> str:
    """What was written anew in an answer: without the quoted mail and the signature."""
    for line in (
        "– Answer above this line to post your reply. –",
        "– Schrijf uw antwoord boven deze regel. –",
    ):
        head, found, _rest = text.partition(line)
        if found:
            # The line that introduces the quote is above ours.
            text = head.rstrip().rstrip(">").rstrip()
    text = _DUTCH.sub(r"\1:", text)
    said = EmailReplyParser(languages=_LANGUAGES).parse_reply(text=_short_lines(text)) or ""
    said = said.replace(f"{_WRAPPED}\n", "").replace(_WRAPPED, "")
    said = _SIGNATURE.sub("", f"\n{said}")
    said = _SENT_FROM.sub("", said).strip()
    # Quotes between new lines are part of an answer; alone they are none.
    return said if any(line[:1] not in ("", ">") for line in said.split("\n")) else ""


def _short_lines(text: str) -> str:
    """`text` for the parser of replies, which takes quadratic time for a line and for blank ones:
    no more than two of those together, and long lines in pieces that end in _WRAPPED."""
    text = _BLANK_LINES.sub("\n\n", text)
    return "\n".join(
        line if len(line) <= MAX_LINE else _PIECE.sub(rf"\g<0>{_WRAPPED}\n", line)
        for line in text.split("\n")
    )


def _is_costly(raw: bytes) -> bool:
    """Whether a message is too large, or made of too much, to be parsed."""
    if len(raw) > MAX_BYTES or raw.count(b"\n") > MAX_LINES:
        return True
    lower = raw.lower()
    return lower.count(b"multipart/") + lower.count(b"message/") > MAX_MULTIPARTS


def _text_of(message: EmailMessage) -> str:
    """The message's text; made from its HTML when it has no other."""
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    try:
        content = str(part.get_content())
    except (LookupError, UnicodeError):
        payload = part.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    content = content.replace("\r\n", "\n")
    if part.get_content_subtype() == "html":
        content = _QUOTED.sub("", content[:MAX_HTML])
        content = _LINE_END.sub("\n", content)
        if bounds.cost(content).nesting > MAX_NESTING:
            # Nobody wrote that; the words are taken without a parser.
            content = _TAG.sub(" ", content)
        content = html.unescape(nh3.clean(content, tags=set()))
    return tame(content[:MAX_TEXT])


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
    )


def _is_bounce(message: EmailMessage) -> bool:
    """Whether it is a delivery status that says: failed, for good (RFC 3464)."""
    if message.get_content_type() != "multipart/report":
        return False
    if message.get_param("report-type") != "delivery-status":
        return False
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            status = str(part)[:MAX_TEXT]
            return bool(_FAILED.search(status) and _FOR_GOOD.search(status))
    return False
