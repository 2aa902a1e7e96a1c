"""The worker: what a dead one held is taken up, and scheduled work is done once."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from authors.tasks import mail_send
from blog.models import Article, Status
from core import periodic
from tests.factories import make_article

ROOT = Path(__file__).resolve().parents[3]
# A worker whose mails take their time and leave a line in a file.
PROGRAM = """
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from django.core.mail.backends.base import BaseEmailBackend
import django.core.mail.backends.dummy as dummy
def send(self, messages):
    open(sys.argv[2], "a").write("started\\n")
    time.sleep(float(sys.argv[3]))
    open(sys.argv[2], "a").write("sent\\n")
    return len(messages)
dummy.EmailBackend.send_messages = send
settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
from django.core.management import call_command
call_command("worker")
"""


def worker(file, seconds):
    name = connection.settings_dict["NAME"]
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, name, str(file), str(seconds)],
        cwd=ROOT,
        env={**os.environ, "WEERWOORD_MODE": "test"},
        stderr=subprocess.DEVNULL,
    )


def wait_for(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_s_task_is_taken_up_by_the_next(tmp_path):
    file = tmp_path / "mails"
    file.touch()
    mail_send.enqueue("Onderwerp", "Tekst", "anna@lezer.example")
    first = worker(file, 60)
    try:
        wait_for(lambda: "started" in file.read_text())
        assert DBTaskResult.objects.get().status == "RUNNING"
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    second = worker(file, 0)
    try:
        wait_for(lambda: DBTaskResult.objects.get().status == "SUCCESSFUL")
    finally:
        second.terminate()
        second.wait(20)
    assert file.read_text().split() == ["started", "started", "sent"]


@pytest.mark.django_db
def test_a_scheduled_article_is_turned_over_also_after_downtime(monkeypatch):
    article = make_article(
        status=Status.SCHEDULED, published_at=timezone.now() - timedelta(hours=5)
    )
    periodic.discover()
    assert "blog.jobs.publish_due" in periodic.JOBS
    for job in periodic.JOBS.values():
        monkeypatch.setattr(job, "last", float("-inf"))
    assert periodic.run_due(time.monotonic()) == []
    assert Article.objects.get(pk=article.pk).status == Status.PUBLISHED


@pytest.mark.django_db
def test_a_job_that_fails_leaves_the_others_alone(monkeypatch):
    ran = []

    def broken():
        raise ValueError("kapot")

    monkeypatch.setattr(
        periodic,
        "JOBS",
        {"a": periodic.Job(broken, 60), "b": periodic.Job(lambda: ran.append(1), 60)},
    )
    ((name, fault),) = periodic.run_due(1000.0)
    assert (name, str(fault), ran) == ("a", "kapot", [1])
    assert periodic.run_due(1030.0) == []
    assert ran == [1]


@pytest.mark.django_db
def test_a_mail_task_sends_one_mail():
    mail_send.call("Een", "Twee", "anna@lezer.example")
    assert [message.to for message in mail.outbox] == [["anna@lezer.example"]]
    assert settings.EMAIL_TIMEOUT > 0
