"""A real worker, a real mail server, and kill -9 in the middle of a batch."""

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection

from newsletter.models import Issue, Mail
from tests.comments.notifications.test_deliveries import smtp, wait_for  # noqa: F401 - smtp is a fixture
from tests.newsletter.readers import make_news, make_reader

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(sys.argv[2])
django.setup()
from newsletter import sending
sending.BATCH = 10
from core import outbox
real = outbox._send
def send(delivery):
    real(delivery)
    time.sleep(float(sys.argv[3]))
outbox._send = send
from django.core.management import call_command
call_command("worker")
"""


def worker(port, seconds):
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, connection.settings_dict["NAME"], str(port), str(seconds)],
        cwd=ROOT,
        env={**os.environ, "WEERWOORD_MODE": "test"},
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_nobody_is_missed_and_nobody_has_two(smtp):  # noqa: F811
    for number in range(45):
        make_reader(f"lezer{number}@x.example")
    make_news()
    for after in (4, 17, 31):
        running = worker(smtp.port, 0.1)
        try:
            wait_for(lambda after=after: len(smtp.got) >= after)
            time.sleep(0.05)
        finally:
            running.send_signal(signal.SIGKILL)
            running.wait()
    running = worker(smtp.port, 0)
    try:
        wait_for(lambda: Mail.objects.filter(state="sent").count() == 45)
        wait_for(lambda: Issue.objects.get().finished_at is not None)
    finally:
        running.terminate()
        running.wait(20)
    assert {to for to, _text in smtp.got} == {f"lezer{number}@x.example" for number in range(45)}
    # What was on its way when a worker was killed came twice under one Message-ID, of which mail
    # programs show one.
    sent = Counter((to, re.search("Message-ID: (.*)", text)[1]) for to, text in smtp.got)
    assert len(sent) == 45
    assert sum(sent.values()) <= 45 + 3
