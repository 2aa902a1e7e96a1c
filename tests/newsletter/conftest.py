"""What tests of the newsletter share."""

import pytest


@pytest.fixture(autouse=True)
def mail_server_is_there():
    """What one test's dead mail server taught does not hold the next test's mails back."""
    from core import mail_refusals, outbox  # Django is not set up when this file is read.

    outbox._away_until = float("-inf")
    mail_refusals.forget()
