"""Personal data in the newsletter's tables (see `authors.personal`)."""

from __future__ import annotations

from authors.personal import Erasure, Free, Kept, Period, deleted, scrubbed, stays
from blog.personal import MAIL, MAILS, OCCASION, publication
from comments.commenters.forgetting import LABEL
from newsletter import sending

KEPT = (
    publication("newsletter.Edition", "subject", "body_source", "body_html"),
    Kept(
        "newsletter.Mail",
        MAIL,
        (
            scrubbed(),
            Erasure(
                "deleted; the sendings keep their numbers",
                lambda row, person: sending.forget_person(person.rows.get(LABEL)),
                own=True,
            ),
        ),
        Period(MAILS, "newsletter.jobs.forget_mails", "mail_days"),
        export="newsletter",
    ),
    Kept(
        "newsletter.Subscription",
        ("source",),
        (scrubbed(), deleted("person")),
        Period("as long as she subscribes"),
        export="newsletter",
    ),
    Kept(
        "newsletter.Issue",
        ("title",),
        (stays("stays: the title of an article"),),
        Period("as long as the record of what was sent"),
        withheld="public, and not sought by name",
    ),
)
FREE = (
    Free("newsletter.Edition", ("figures",), "numbers of pictures"),
    Free("newsletter.Mail", ("event",), OCCASION),
    Free("newsletter.Issue", ("forgotten",), "numbers of mails"),
)
