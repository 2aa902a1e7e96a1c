"""Archive format of the tables of the newsletter (see `authors.exporting`)."""

from __future__ import annotations

from blog.content import sanitiser
from blog.publishing.rendering import rendered_body
from core.archive import Row, Table
from newsletter.models import Edition, EditionArticle, EditionState, Ended, Issue, Subscription


def _edition(row: Row) -> None:
    """Its text is made again; what still waited is the old site's to send."""
    row["body_html"] = rendered_body(row["body_source"], row["language"]).html
    row["figures"] = sanitiser.picture_numbers(row["body_source"])
    if row["state"] == EditionState.SCHEDULED:
        row["state"], row["send_at"] = EditionState.DRAFT, None


TABLES = (
    Table(Subscription),
    Table(Ended),
    Table(Edition, without=frozenset({"body_html", "figures"}), settle=_edition),
    Table(EditionArticle),
    Table(Issue),
)
LEFT_OUT = {
    "newsletter.Mail": "went out already; what still waits is the old site's to send",
}
