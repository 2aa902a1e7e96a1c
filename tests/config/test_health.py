"""The owner's page of backups, tasks, mails and versions: what it says, and what it sends again."""

import datetime
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from authors.models import AccountMail
from authors.roles import Role
from blog.models import ArticleMail
from comments.models import Commenter, Delivery
from config import health
from core.outbox import DeliveryState
from interchange.backup import manifest, proof
from newsletter.models import Issue, Mail
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
PAGE = "/admin/health/"
NOW = datetime.datetime.now(datetime.UTC)


@pytest.fixture
def owner(client, settings, tmp_path):
    settings.BACKUP_DIR = tmp_path / "backups"
    user = make_user(role=Role.OWNER, email="baas@proef.example", language="en")
    client.force_login(user)
    return user


def make_backup(folder, *, days=0, proven=False):
    name = (NOW - datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H%M%S.%fZ")
    place = folder / name
    (place / "media").mkdir(parents=True)
    said = manifest.Manifest(
        made_at=NOW.isoformat(), site="https://proef.example", server=15, migrations=[],
        tables={"blog_article": 1200, "blog_tag": 34}, database=manifest.Sum(2_000_000, "0"),
        media={"a.webp": manifest.Sum(500, "0")},
    )  # fmt: skip
    manifest.save(said, place)
    if proven:
        proof.proof_save(proof.Proof(NOW.isoformat(), 2, 1234, 1, 0), place)
    return place


def make_task(status, **fields):
    return DBTaskResult.objects.create(
        task_path="blog.publishing.workflow_mail.deliver",
        args_kwargs={"args": [1], "kwargs": {}},
        backend_name="default", status=status, run_after=timezone.now(),
        **fields,
    )  # fmt: skip


def fail_everywhere(user, words="550 no such user"):
    """A mail of each log that was given up."""
    fault = {"state": DeliveryState.FAILED, "tries": 8, "error": words, "subject": "S", "body": "B"}
    person = Commenter.objects.create(name="Karim", email="k@proef.example")
    issue = Issue.objects.create(title="Nummer een")
    return [
        AccountMail.objects.create(user=user, event="a 1", **fault),
        ArticleMail.objects.create(user=user, article=make_article(), event="b 1", **fault),
        Delivery.objects.create(commenter=person, event="c 1", **fault),
        Mail.objects.create(issue=issue, person=person, event="d 1", **fault),
    ]


@pytest.mark.parametrize("role", [Role.EDITOR, Role.AUTHOR, Role.MODERATOR])
def test_it_is_for_owners(client, role):
    client.force_login(make_user(role=role))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"tasks": ""}).status_code == 403
    assert PAGE not in client.get("/admin/").text


def test_strangers_are_asked_to_log_in(client):
    assert client.get(PAGE).status_code == 302
    assert client.post(PAGE, {"mails": "comments.delivery"}).status_code == 403


def test_without_a_backup_it_says_how_to_make_one(client, owner):
    page = client.get(PAGE).text
    assert "manage.py backup --keep 14 --verify" in page
    assert "There is no backup yet" in client.get("/admin/").text


def test_the_last_backup_its_proof_and_how_to_restore_it(client, owner, settings):
    make_backup(settings.BACKUP_DIR, days=9)
    last = make_backup(settings.BACKUP_DIR, days=1)
    page = client.get(PAGE).text
    assert f"manage.py restore {last.name} --dry-run" in page
    assert f"manage.py restore {last.name} --overwrite" in page
    assert "1,234 rows" in page
    proof.proof_save(proof.Proof(NOW.isoformat(), 2, 1234, 1, 0), last)
    page = client.get(PAGE).text
    assert "--dry-run" not in page
    assert "Restored on trial" in page


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"proven_at": "nooit"}', "\x00"])
def test_a_proof_that_cannot_be_read_is_none(client, owner, settings, text):
    place = make_backup(settings.BACKUP_DIR)
    (place / proof.PROOF).write_text(text)
    assert proof.proof_load(place) is None
    (place / manifest.MANIFEST).write_text(json.dumps({"format": "iets anders"}))
    assert "no sound manifest.json" in client.get(PAGE).text
    place.rename(place.with_name("9999-99-99T999999.000000Z"))
    assert "is not named by a moment" in client.get(PAGE).text
    with translation.override("en"):
        assert health.warnings()[0] == "The backups cannot be read."


def test_old_and_unproven_backups_are_said(owner, settings, monkeypatch):
    monkeypatch.setattr(health, "live_workers", lambda: 1)
    make_backup(settings.BACKUP_DIR, days=3, proven=True)
    assert len(health.warnings()) == 1
    make_backup(settings.BACKUP_DIR)
    assert len(health.warnings()) == 1
    make_backup(settings.BACKUP_DIR, days=-0.001, proven=True)
    assert health.warnings() == []
    fail_everywhere(owner)
    assert len(health.warnings()) == 1


def test_failed_tasks_are_shown_without_addresses_and_done_again_once(client, owner):
    trace = "Traceback (most recent call last):\n  File x\nOSError: disk full for a@b.example"
    task = make_task("FAILED", finished_at=timezone.now(), traceback=trace, worker_ids=["a"])
    make_task("READY")
    page = client.get(PAGE)
    tasks = page.context["tasks"]
    assert (tasks.waiting, tasks.failed, tasks.workers) == (1, 1, 0)
    assert "OSError: disk full for …" in page.text
    assert "a@b.example" not in page.text
    for count in (1, 0):
        page = client.post(PAGE, {"tasks": ""}, follow=True)
        assert f"{count} ta" in page.text
    task.refresh_from_db()
    assert (task.status, task.traceback, task.worker_ids) == ("READY", "", [])


def test_failed_mails_are_sent_again_by_log_and_once(client, owner):
    mails = fail_everywhere(owner, "550 5.1.1 kent a@b.example niet")
    page = client.get(PAGE).text
    assert page.count("550 5.1.1 kent … niet") == len(mails)
    for mail, log in zip(mails, health.mail_logs(), strict=True):
        assert log.failed == 1
        for _press in range(2):
            assert client.post(PAGE, {"mails": log.key})["Location"] == PAGE
        mail.refresh_from_db()
        assert mail.state in (DeliveryState.QUEUED, DeliveryState.SENT, DeliveryState.DROPPED)
        assert log.failed == 0
    assert client.post(PAGE, {"mails": "auth.user"}).status_code == 302


def test_it_costs_the_same_for_little_and_for_much(client, owner):
    def price():
        with CaptureQueriesContext(connection) as found:
            assert client.get(PAGE).status_code == 200
        return len(found)

    fail_everywhere(owner)
    make_task("FAILED", finished_at=timezone.now())
    price()  # What a process reads once is read.
    little = price()
    for number in range(20):
        make_task("FAILED", finished_at=timezone.now())
        AccountMail.objects.create(
            user=owner, event=f"e {number}", subject="S", body="B", state=DeliveryState.FAILED,
            error=f"45{number} later",
        )  # fmt: skip
    assert price() == little
