"""Mail to people: made in the transaction of what it tells, sent by the worker.

A row of an `Outgoing` model is the mail. What sends it is queued in the same transaction; whatever
happens to that, the worker takes the row up again until it is sent, refused for good, or given up.
"""

from __future__ import annotations

import datetime
import logging
import re
import smtplib
import time
import unicodedata
from dataclasses import dataclass, field
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext

from blog.models.mailing import DeliveryState, Outgoing

_END_OF_HOST = re.compile(r"[/:?#\\]")
_SPECIAL = re.compile(r'[<>"@,;:\\]')


# Minutes from one try to the next; after the last the mail is given up, two days and a half on.
PAUSES = (1, 5, 30, 120, 360, 720, 1440)
# A queued mail that was never tried: its task was lost.
_LOST = datetime.timedelta(minutes=5)
# While the server does not answer, others do not wait for it: seconds.
_BREAK = 60.0
_away_until = float("-inf")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """What a mail says; its text and its HTML are made of the same parts."""

    subject: str
    paragraphs: tuple[str, ...]
    # Somebody's words, as plain text, and whose they are.
    quote: str = ""
    quoted: str = ""
    # What to do: labels and addresses.
    links: tuple[tuple[str, str], ...] = ()
    # In small letters below: why it came, how to stop it.
    notes: tuple[str, ...] = ()
    note_links: tuple[tuple[str, str], ...] = ()
    # Told at its top when an answer by mail is taken.
    answer_line: str = ""
    # mail/<template>.txt and .html.
    template: str = "letter"
    headers: dict[str, str] = field(default_factory=dict)


def domain() -> str:
    """The domain that mail is sent from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def display_name(name: str) -> str:
    """What a reader who calls herself `name` is called in mails: `name`, without the addresses of
    web sites and mailboxes in it; "A reader" when nothing else is left.

    Mail programs make links of such words, in a subject and beside a sender as well.
    """
    text = unicodedata.normalize("NFKC", name).replace("\u3002", ".")
    if not any(_is_address(word) for word in text.split()):
        return name
    left = " ".join(word for word in text.split() if not _is_address(word))
    readable = sum(ch.isalpha() for ch in left) > 1
    return left.strip(" -–—|/:;,<>()[]") if readable else gettext("A reader")


def _is_address(word: str) -> bool:
    """Whether a mail program may take `word` for an address: of letters, a dot and letters."""
    if "@" in word or "://" in word or word.lower().startswith("www."):
        return True
    host = _END_OF_HOST.split(word.strip("()[]{}<>\"'“”‘’«»,;:!?.…"), maxsplit=1)[0]
    *before, last = host.split(".")
    if not before or len(last) < 2 or not last[0].isalpha():
        return False
    # J.P.Bakker, St.Jan, mr.Bakker.
    initials = all(len(one) == 1 for one in before) and len(last) > 3 and last[0].isupper()
    return not initials and before[0].lower() not in _SHORTENED


_SHORTENED = frozenset(
    ["dr", "drs", "ir", "ing", "mr", "mrs", "ms", "prof", "st", "dhr", "mw", "mevr", "ds"]
)


def sender(name: str) -> str:
    """The From header: the site's address under `name`, without what headers are made of."""
    plain = _SPECIAL.sub(" ", name)
    return formataddr((" ".join(plain.split())[:80], parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def written(letter: Letter) -> dict[str, str | dict[str, str]]:
    """The columns of a mail that says `letter`. Its subject is one line, whatever was typed."""
    return {
        "subject": " ".join(letter.subject.split())[:200],
        "body": render_to_string(f"mail/{letter.template}.txt", {"letter": letter}).strip() + "\n",
        "html": render_to_string(f"mail/{letter.template}.html", {"letter": letter}),
        "headers": letter.headers,
    }


def send(waiting: QuerySet[Outgoing], number: int) -> None:
    """Send one mail of `waiting`; does nothing for one that is sent, or being sent elsewhere.

    The row stays locked while the mail server is spoken to. A worker killed between the server's
    yes and the commit sends again, under the same Message-ID.
    """
    with transaction.atomic():
        mail = (
            waiting.select_for_update(skip_locked=True, of=("self",))
            .filter(pk=number, state=DeliveryState.QUEUED)
            .first()
        )
        if mail is not None:
            _try(mail)


def take_up(mails: QuerySet[Outgoing]) -> list[int]:
    """The numbers of mails that are due for another try, or lost their task; to be queued."""
    now = timezone.now()
    late = mails.filter(state=DeliveryState.QUEUED).filter(
        Q(next_try_at__lte=now) | Q(next_try_at=None, created_at__lt=now - _LOST)
    )
    numbers = list(late.order_by("id").values_list("pk", flat=True)[:200])
    # Not again in the next minute, while these are being tried.
    mails.filter(pk__in=numbers).update(next_try_at=now + _LOST)
    return numbers


def again(mails: QuerySet[Outgoing]) -> None:
    """Let mails that failed be tried from the beginning."""
    mails.update(state=DeliveryState.QUEUED, tries=0, next_try_at=None, error="")


def _try(delivery: Outgoing) -> None:
    global _away_until
    now = timezone.now()
    if not delivery.is_wanted():
        delivery.state, delivery.error = DeliveryState.DROPPED, ""
    elif time.monotonic() < _away_until:
        delivery.next_try_at = now + datetime.timedelta(seconds=_BREAK)
    elif pause := delivery.put_off(now):
        delivery.next_try_at = now + pause
    else:
        delivery.tries += 1
        try:
            _send(delivery)
        except Exception as fault:
            _log.warning("mail %d was not sent: %r", delivery.pk, fault)
            delivery.error = _words(fault)[:300]
            if isinstance(fault, OSError) and not isinstance(fault, smtplib.SMTPResponseException):
                _away_until = time.monotonic() + (0 if _refused(fault) else _BREAK)
            _after_fault(delivery, fault, now)
        else:
            delivery.state, delivery.error = DeliveryState.SENT, ""
            delivery.sent_at, delivery.next_try_at = now, None
    delivery.save(update_fields=["state", "error", "tries", "sent_at", "next_try_at"])


def _refused(fault: BaseException) -> int:
    """The server's code for the only recipient when that was what it refused, or 0."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return max((code for code, _said in fault.recipients.values()), default=550)
    return 0


def _after_fault(delivery: Outgoing, fault: Exception, now: datetime.datetime) -> None:
    code = _refused(fault)
    if isinstance(fault, smtplib.SMTPDataError):
        code = fault.smtp_code
    if code >= 500 or delivery.tries > len(PAUSES):
        delivery.state, delivery.next_try_at = DeliveryState.FAILED, None
        if _refused(fault) >= 500:
            delivery.address_refused(now)
    else:
        pause = PAUSES[delivery.tries - 1]
        delivery.next_try_at = now + datetime.timedelta(minutes=pause)


def _words(fault: Exception) -> str:
    """The server's own words where it said some."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(fault.recipients.values()), (0, b""))
    elif isinstance(fault, smtplib.SMTPResponseException):
        code, said = fault.smtp_code, _bytes(fault.smtp_error)
    else:
        return f"{type(fault).__name__}: {fault}"
    return f"{code} {said.decode('utf-8', 'replace')}"


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def message_id(delivery: Outgoing) -> str:
    """The same for every try, so that a mail sent twice shows once."""
    return f"<{delivery.message_id_stem}@{domain()}>"


def _send(delivery: Outgoing) -> None:
    message = EmailMultiAlternatives(
        subject=delivery.subject,
        body=delivery.body,
        to=[delivery.address],
        headers={
            "Message-ID": message_id(delivery),
            "Auto-Submitted": "auto-generated",
            **delivery.headers,
        },
    )
    if delivery.html:
        message.attach_alternative(delivery.html, "text/html")
    message.send()
