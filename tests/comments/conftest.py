"""Property tests of the pure modules are not timed: how busy the machine is proves nothing."""

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def mail_server_is_there():
    """What one test's dead mail server taught does not hold the next test's mails back."""
    from core import mail_refusals, outbox  # Django is not set up when this file is read.

    outbox._away_until = float("-inf")
    mail_refusals.forget()
