"""A reader who did everything, and where traces of her are: for the tests of erasing."""

from __future__ import annotations

import datetime
import subprocess
from pathlib import Path

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from authors.models import User
from authors.roles import Role
from blog.models import Article, ArticleMail, PreviewLink, SiteSettings, WorkflowStep, WorkingCopy
from comments import jobs
from comments.commenters import forgetting, own_comments
from comments.models import (
    Comment,
    Commenter,
    Complaint,
    Delivery,
    ModerationEvent,
    Origin,
    Outcome,
    Rule,
    State,
)
from comments.moderation import marks, reports, states
from comments.notifications import following
from comments.posting.by_import import Incoming, comments_store, home_of
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.screening import bans, learning
from comments.thread import reactions
from interchange.backup import programs
from interchange.models import Imported, Move
from newsletter.models import Issue, Mail
from newsletter.services import subscribe
from tests.factories import make_article, make_author, make_user

OPEN = SiteSettings(hold="nobody", spam_filter=False, posts_per_hour=0, posts_per_person=0)
EMAIL = "wilhelmina@onvergetelijk.example"
NAME, LATER = "Wilhelmina Onvergetelijk", "Mina Onvergetelijk-Zwart"
# Each of these words is in something that she wrote, and nowhere else.
WORDS = [
    *("kolibriedans", "muizentrap", "sterrenjas", "vlinderhark", "wolkenbreister", "zonnezeef"),
    *("tulpenkoorts", "regenlepel", "mistvanger", "hagelkorf", "dauwschrijver", "windzeven"),
]
TRACES = ("wilhelmina", "onvergetelijk", *WORDS)


def dump() -> str:
    """All rows of the database as text, as a backup has them; lower case."""
    where, environment = programs._where(connection)
    program = programs.program("pg_dump", programs.major(connection))
    said = subprocess.run(
        [program, *where, "--data-only", "--no-password", "--inserts"],
        env=environment, capture_output=True, check=True,
    )  # fmt: skip
    return said.stdout.decode().lower()


def traces() -> dict[str, list[str]]:
    """What is left of her: the rows that hold a trace, and names and bytes of media files."""
    rows = dump().splitlines()
    found = {trace: [row for row in rows if trace in row] for trace in TRACES}
    # Bytes are written in hexadecimal digits.
    for trace in TRACES:
        found[trace] += [row for row in rows if trace.encode().hex() in row]
        for path in Path(settings.MEDIA_ROOT).rglob("*"):
            if trace in path.name.lower():
                found[trace].append(str(path))
            if path.is_file() and trace.encode() in path.read_bytes().lower():
                found[trace].append(f"in {path}")
    return {trace: rows for trace, rows in found.items() if rows}


def work() -> None:
    """What the worker does of erasing, once around."""
    jobs.erase_asked()
    for number in Commenter.objects.filter(erase_asked_at__isnull=False).values_list("pk"):
        forgetting.go_on.call(*number)


def post(article, words, *, name="Bram", email="bram@lezer.example", parent=None, **more):
    writer = {"name": name, "email": email, "client": b"c" * 16}
    return comment_post(
        submission=Submission(article=article, parent=parent, text=words, **writer, **more),
        site=OPEN,
    )[0]


def make_people() -> tuple[User, User]:
    """An author and a moderator of a site that keeps its mails for ever."""
    SiteSettings.objects.update_or_create(pk=1, defaults={"mail_days": 0})
    for role in Role.values:  # A flushed database has lost what migrations made.
        Group.objects.get_or_create(name=role)
    femke = make_user("femke", role=Role.AUTHOR, email="femke@blog.example")
    mo = make_user("mo", role=Role.MODERATOR, email="mo@blog.example")
    return femke, mo


def fill(femke: User, mo: User) -> tuple[Article, Commenter, Comment]:
    """She did everything that a reader can do, and everything was done with it.

    Gives the article, her, and the comment of somebody who quotes her.
    """
    article = make_article("Roosters", authors=[make_author("Femke de Vries", user=femke)])
    hers = post(article, "Een kolibriedans op de muizentrap is wat ik zag.", name=NAME, email=EMAIL)
    wilhelmina = hers.commenter
    own_comments.comment_confirm(comment=hers, seen=own_comments.digest(hers))
    site = SiteSettings(edit_minutes=30, hold="nobody", spam_filter=False)
    own_comments.comment_edit(
        comment=hers, source="Een kolibriedans in een sterrenjas zag ik.", site=site
    )
    bram = post(
        article,
        f"> Een kolibriedans op de muizentrap\n> is wat ik zag.\n\nDag {NAME}, dat zie ik ook wel. "
        "U zei “een kolibriedans in een sterrenjas zag ik” en dat vind ik mooi.",
        parent=hers,
    )
    Commenter.objects.filter(email="bram@lezer.example").update(
        confirmed_at=timezone.now(), pace="daily"
    )
    later = post(article, "De vlinderhark was van mij.", name=LATER, email=EMAIL, parent=bram)
    by_mail = post(
        article, "Dit is van wolkenbreister.", name=LATER, email=EMAIL, origin=Origin.MAIL
    )
    mine = Incoming(
        home=home_of(article), parent=None, name=NAME, source="Uit de oude zonnezeef.",
        created_at=timezone.now(), email=EMAIL, website="https://onvergetelijk.example/",
    )  # fmt: skip
    (place,) = comments_store([mine])
    Comment.objects.filter(pk=place.pk).update(foreign_id=f"oud#{EMAIL}")
    Imported.objects.create(
        source="wordpress:oud", kind="comment", key="12", number=place.pk, digest=b"d", stored=b"s"
    )
    Move.objects.create(kind="wordpress", report={"told": {"e-mail": {"examples": [EMAIL]}}})
    with transaction.atomic():
        _react(article, wilhelmina, hers, bram, later)
        _decide(article, mo, hers, bram, by_mail)
        _tell(article, femke, wilhelmina)
        _note(article, femke, mo, wilhelmina, hers)
    return article, wilhelmina, bram


def _react(article, wilhelmina, hers, bram, later):
    following.follow(commenter=wilhelmina, article=article)
    following.follow(commenter=bram.commenter, article=article)
    subscribe(person=wilhelmina, author=None, tag=None, pace="once")
    issue = Issue.objects.create(title="Roosters", article=article)
    Mail.objects.create(issue=issue, person=wilhelmina, event="x", subject="Roosters")
    Mail.objects.create(
        issue=issue, person=bram.commenter, event="x",
        subject="Roosters", state="failed", error=f"450 {EMAIL} was before",
    )  # fmt: skip
    reactions.reaction_set(comment=hers, reader="42", client=b"r" * 16, valued=True)
    shared = {"language": "nl", "site": SiteSettings(report_threshold=0)}
    reports.report_make(
        comment=bram, complaint=Complaint.FALSE, note="Hij liegt over mijn tulpenkoorts.",
        email=EMAIL, client=b"w" * 16, **shared,
    )  # fmt: skip
    reports.report_make(
        comment=later, complaint=Complaint.OTHER, note="Zij schreef vlinderhark, die Wilhelmina.",
        email="piet@lezer.example", client=b"p" * 16, **shared,
    )  # fmt: skip


def _decide(article, mo, hers, bram, by_mail):
    marks.comment_feature(comment=hers, actor=mo, featured=True)
    marks.comment_credit(comment=hers, actor=mo, credited=True)
    said = {"name": NAME, "email": EMAIL}
    spam = post(article, "Koop mijn regenlepel, nu met mistvanger.", **said)
    states.comment_spam(comment=spam, actor=mo)
    states.comment_remove(comment=by_mail, actor=mo, reason="Wolkenbreister is reclame.")
    reports.appeal_make(comment=Comment.objects.get(pk=by_mail.pk), text="Mijn hagelkorf klopt.")
    reports.appeal_decide(
        appeal=Comment.objects.get(pk=by_mail.pk).appeal, actor=mo, upheld=False,
        answer="Uw hagelkorf klopt niet, mevrouw Onvergetelijk.",
    )  # fmt: skip
    ModerationEvent.objects.create(
        comment=bram, actor=mo, action="held", reason=f"Ruzie met {NAME} ({EMAIL})",
        signals=[{"kind": "rule", "detail": EMAIL}],
    )  # fmt: skip
    ModerationEvent.objects.create(
        comment=hers,
        actor=None,
        action="held",
        signals=[{"kind": "filter", "detail": "0.97 (kolibriedans, sterrenjas)"}],
    )
    learning.learn(Comment.objects.get(pk=hers.pk), is_spam=False)
    learning.learn(Comment.objects.get(pk=bram.pk), is_spam=False)
    bans.ban_add(actor=mo, commenter=hers.commenter, reason="Mevrouw Onvergetelijk scheldt.")
    bans.ban_add(actor=mo, email=EMAIL, reason="dauwschrijver")
    Rule.objects.create(target="email", match="part", pattern=EMAIL, note=f"tegen {NAME}")
    Rule.objects.create(pattern="casino", note=f"gezien bij {NAME}")


def _tell(article, femke, wilhelmina):
    Comment.objects.filter(state=State.APPROVED).update(to_tell=True)
    following.tell_waiting()
    following._digest(Commenter.objects.get(email="bram@lezer.example"), timezone.now()
                      + datetime.timedelta(hours=1))  # fmt: skip
    # What tells a reporter of the outcome, and what a server answered.
    states.reports_close(
        Comment.objects.get(name=LATER, source__contains="vlinder"), Outcome.UPHELD
    )
    Delivery.objects.filter(commenter=wilhelmina).update(state="failed", error=f"550 <{EMAIL}>")
    Delivery.objects.filter(commenter__user=femke).update(state="sent")
    ArticleMail.objects.create(
        user=femke, article=article, event="x 1", subject="x", body=f"Let op {LATER}."
    )


def _note(article, femke, mo, wilhelmina, hers):
    for number, row in ((wilhelmina.pk, wilhelmina), (hers.pk, hers)):
        LogEntry.objects.log_actions(
            user_id=mo.pk, queryset=[row], action_flag=CHANGE, change_message=f"Over {row}",
            single_object=True,
        )  # fmt: skip
        assert str(number)
    for status in ("FAILED", "READY"):
        DBTaskResult.objects.create(
            status=status, task_path="authors.tasks.mail_send", backend_name="default",
            queue_name="default", priority=0, run_after=timezone.now(),
            args_kwargs={"args": ["x", f"Dag {NAME}", EMAIL], "kwargs": {}},
            exception_class_path="E", traceback=f"Key (email)=({EMAIL}) exists",
            return_value=None,
        )  # fmt: skip
    WorkingCopy.objects.create(user=femke, key="k", data={"title": [f"Gesprek met {EMAIL}"]})
    WorkflowStep.objects.create(article=article, actor=mo, step="remarked", note=f"Vraag {NAME}.")
    PreviewLink.objects.create(article=article, label=NAME, made_by=mo, expires_at=timezone.now())
