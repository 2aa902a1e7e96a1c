"""What a mail server says of this site, and what of the mailbox that it refuses."""

from core import mail_refusals

OF_US = (
    "554 5.7.1 blocked by Spamhaus", "550 5.7.26 not authenticated", "451 4.7.1 greylisted",
    "550 your IP is listed at an RBL", "421 too many connections", "550 5.4.0 access denied",
)  # fmt: skip
OF_THE_MAILBOX = (
    "550 5.1.1 user unknown", "552 5.2.2 mailbox full", "550 no such user",
    "550 5.4.1 Recipient address rejected: Access denied.",
    "550 No such user (address not listed in directory)", "450 4.4.1 no answer from host",
)  # fmt: skip


def test_who_is_meant():
    assert [words for words in OF_US if not mail_refusals.is_of_us(words)] == []
    assert [words for words in OF_THE_MAILBOX if mail_refusals.is_of_us(words)] == []
