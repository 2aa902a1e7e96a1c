"""Mail against a real server on loopback: refused, away, slow, and a worker killed half-way."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from authors.roles import Role
from comments.models import Commenter, Delivery, MailKind
from comments.notifications import deliveries
from core import mail, mail_refusals
from tests.factories import make_user

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(sys.argv[2])
django.setup()
from core import outbox
real = outbox._send
def send(delivery):
    real(delivery)
    time.sleep(float(sys.argv[3]))
outbox._send = send
from django.core.management import call_command
call_command("worker")
"""


class Server:
    """What the mail server was given, and how it answers an address."""

    def __init__(self):
        self.got, self.answers, self.pause = [], {}, 0.0

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        time.sleep(self.pause)
        self.got.append((envelope.rcpt_tos[0], envelope.content.decode()))
        return self.answers.get("data", "250 OK")


@pytest.fixture
def smtp(settings):
    handler = Server()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        handler.port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", handler.port
    yield handler
    controller.stop(no_assert=True)


def make_mail(name="anna", event="x"):
    person, _new = Commenter.objects.get_or_create(
        email=f"{name}@lezer.example", defaults={"name": name}
    )
    letter = mail.Letter("Onderwerp", ("Tekst",))
    return deliveries.queue(kind=MailKind.COMMENT, about=event, commenter=person, letter=letter).pk


def state(number):
    return Delivery.objects.values_list("state", "tries", "error").get(pk=number)


@pytest.mark.django_db
class TestAnswers:
    def test_it_is_sent(self, smtp):
        number = make_mail()
        deliveries.deliver.call(number)
        deliveries.deliver.call(number)
        [(to, content)] = smtp.got
        assert to == "anna@lezer.example"
        assert f"Message-ID: <delivery.{number}@localhost>" in content
        assert state(number) == ("sent", 1, "")

    def test_an_address_that_does_not_exist_is_never_tried_again(self, smtp):
        smtp.answers["anna@lezer.example"] = "550 5.1.1 geen mailbox"
        number = make_mail()
        deliveries.deliver.call(number)
        assert state(number) == ("failed", 1, "550 5.1.1 geen mailbox")
        assert Commenter.objects.get().bounced_at is not None
        other = make_mail(event="y")
        deliveries.deliver.call(other)
        assert state(other)[0] == "dropped"

    def test_a_full_mailbox_is_tried_again(self, smtp):
        smtp.answers["anna@lezer.example"] = "452 4.2.2 mailbox vol"
        number = make_mail()
        deliveries.deliver.call(number)
        assert state(number) == ("queued", 1, "452 4.2.2 mailbox vol")
        assert Commenter.objects.get().bounced_at is None
        del smtp.answers["anna@lezer.example"]
        deliveries.deliver.call(number)
        assert state(number)[0] == "sent"

    def test_refused_content_fails_and_the_address_stays_good(self, smtp):
        smtp.answers["data"] = "554 5.6.0 onleesbaar"
        number = make_mail()
        deliveries.deliver.call(number)
        assert state(number)[0] == "failed"
        assert Commenter.objects.get().bounced_at is None

    @pytest.mark.parametrize("at", ["data", "anna@lezer.example"])
    @pytest.mark.parametrize(
        "answer",
        ["554 5.7.1 blocked by Spamhaus", "550 on our blocklist", "451 4.7.1 greylisted"],
    )
    def test_what_is_said_of_us_stops_the_batch_and_suppresses_nobody(
        self, smtp, client, at, answer
    ):
        smtp.answers[at] = answer
        numbers = [make_mail("anna"), make_mail("bo"), make_mail("cor")]
        for number in numbers:
            deliveries.deliver.call(number)
        assert [state(number)[:2] for number in numbers] == [
            ("queued", 1), ("queued", 0), ("queued", 0)
        ]  # fmt: skip
        assert not Commenter.objects.exclude(bounced_at=None).exists()
        words = answer.split()[-1]
        client.force_login(make_user("baas", role=Role.OWNER))
        assert words in client.get("/admin/").text
        client.force_login(make_user("mo", role=Role.MODERATOR))
        assert words not in client.get("/admin/").text
        smtp.answers.clear()
        mail_refusals.forget()
        for number in numbers:
            deliveries.deliver.call(number)
        assert [state(number)[0] for number in numbers] == ["sent"] * 3
        client.force_login(make_user("baas2", role=Role.OWNER))
        assert words not in client.get("/admin/").text

    def test_several_domains_that_refuse_us_stop_all(self, smtp):
        numbers = []
        for name in ("anna@een", "bo@twee", "cor@drie", "dirk@vier"):
            smtp.answers[f"{name}.example"] = "550 5.7.26 not authenticated"
            person = Commenter.objects.create(name=name[:3], email=f"{name}.example")
            letter = mail.Letter("Onderwerp", ("Tekst",))
            row = deliveries.queue(
                kind=MailKind.COMMENT, about="x", commenter=person, letter=letter
            )
            numbers.append(row.pk)
            deliveries.deliver.call(row.pk)
        assert [state(number)[1] for number in numbers] == [1, 1, 1, 0]

    def test_one_refusal_does_not_hold_the_others_up(self, smtp):
        smtp.answers["anna@lezer.example"] = "550 weg"
        numbers = [make_mail("anna"), make_mail("bo"), make_mail("cor")]
        for number in numbers:
            deliveries.deliver.call(number)
        assert [state(number)[0] for number in numbers] == ["failed", "sent", "sent"]

    def test_a_server_that_is_away_is_asked_once_and_nothing_is_lost(self, smtp, settings):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            settings.EMAIL_PORT = free.getsockname()[1]
        numbers = [make_mail("anna"), make_mail("bo")]
        for number in numbers:
            deliveries.deliver.call(number)
        assert [state(number)[:2] for number in numbers] == [("queued", 1), ("queued", 0)]
        assert "refused" in state(numbers[0])[2]
        settings.EMAIL_PORT = smtp.port
        mail_refusals.forget()
        for number in numbers:
            deliveries.deliver.call(number)
        assert [state(number)[0] for number in numbers] == ["sent", "sent"]

    def test_a_server_that_never_answers_is_given_up_in_time(self, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_TIMEOUT = 1
        with socket.create_server(("127.0.0.1", 0)) as silent:
            settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
            number = make_mail()
            deliveries.deliver.call(number)
        assert state(number)[:2] == ("queued", 1)
        assert "timed out" in state(number)[2]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_a_mail_once(smtp):
    smtp.pause = 0.3
    number = make_mail()
    gate = threading.Barrier(4)

    def work():
        try:
            gate.wait(timeout=20)
            deliveries.deliver.call(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(smtp.got) == 1


def worker(port, seconds):
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, connection.settings_dict["NAME"], str(port), str(seconds)],
        cwd=ROOT,
        env={**os.environ, "WEERWOORD_MODE": "test"},
        stderr=subprocess.DEVNULL,
    )


def wait_for(condition, seconds=40):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_sending_and_recording(smtp):
    number = make_mail()
    first = worker(smtp.port, 60)
    try:
        wait_for(lambda: smtp.got)
        assert state(number)[0] == "queued"
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    second = worker(smtp.port, 0)
    try:
        wait_for(lambda: state(number)[0] == "sent")
    finally:
        second.terminate()
        second.wait(20)
    # The mail program shows one: both have the same number.
    names = {line for _to, text in smtp.got for line in text.splitlines() if "Message-ID" in line}
    assert names == {f"Message-ID: <delivery.{number}@localhost>"}
    assert len(smtp.got) == 2
