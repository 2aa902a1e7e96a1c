"""Archive format of the tables of the newsletter (see `authors.exporting`)."""

from __future__ import annotations

from core.archive import Table
from newsletter.models import Ended, Issue, Subscription

TABLES = (Table(Subscription), Table(Ended), Table(Issue))
LEFT_OUT = {
    "newsletter.Mail": "went out already; what still waits is the old site's to send",
}
