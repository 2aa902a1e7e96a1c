"""Tasks that the release before queued are still done after an upgrade."""

import pytest
from django.core import mail
from django.utils.module_loading import import_string
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from comments.models import Commenter, Delivery
from config.moved_tasks import MOVED
from tests.worker import work

# Every task of release 0.1.0, as it stands in its queue.
QUEUED = [
    "authors.tasks.mail_send",
    "blog.announcing.ping_hub",
    "blog.announcing.ping_indexnow",
    "blog.tasks.links_renew",
    "blog.workflow.deliver",
    "comments.mail.deliver",
    "comments.mail.deliver_event",
    "comments.quotes.review",
    "interchange.exports.export_make",
    "interchange.moving.move_go_on",
    "newsletter.sending.deliver",
    "newsletter.sending.send_batch",
]


@pytest.mark.parametrize("path", QUEUED)
def test_every_path_is_a_task(path):
    assert isinstance(import_string(path), Task)
    assert path in MOVED or import_string(path).module_path == path


def test_nothing_else_is_found_there():
    with pytest.raises(ImportError):
        import_string("comments.mail.queue")


@pytest.mark.django_db
def test_a_mail_that_was_queued_before_goes_out():
    person = Commenter.objects.create(email="anna@lezer.example", name="Anna")
    row = Delivery.objects.create(commenter=person, event="x", subject="Bericht", body="Tekst.")
    DBTaskResult.objects.create(
        task_path="comments.mail.deliver", backend_name="default", run_after=None, priority=0,
        args_kwargs={"args": [row.pk], "kwargs": {}},
    )  # fmt: skip
    assert work("deliver") == 1
    row.refresh_from_db()
    assert (row.state, len(mail.outbox)) in {("sent", 1), ("dropped", 0)}
