"""A day of mail against a server that refuses, answers rudely and goes away: nothing is lost, and
the log gets one line for each fault, with the number of the row and no address."""

import datetime
import re
import socket

import pytest
from django.core import mail as django_mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from authors import account_mail, accounts
from authors.models import AccountMail, AccountMailKind
from authors.roles import Role
from authors.second_factor import services
from comments.models import Commenter, Delivery, MailKind
from comments.notifications import deliveries
from core import mail_refusals, outbox
from core.mail import Letter, Signed
from tests.comments.notifications.test_deliveries import smtp  # noqa: F401 - a fixture
from tests.core.seen import logged, usable
from tests.factories import make_user

pytestmark = pytest.mark.django_db
HOSTILE = [
    "anna@lezer.example",
    '"anna de wit"@lezer.example',
    "o'neill+x@lezer.example",
    "anna@lezer.example\r\nBcc: bo@lezer.example",
    "Anna <anna2@lezer.example>",
    "geen-adres",
    "a" * 64 + "@lezer.example",
    "%s@lezer.example",
]


def one_mail(address, event="dag"):
    person = Commenter.objects.create(name="X", email=address, confirmed_at=timezone.now())
    link = Signed("comments.MINE", [person.pk, address], "https://blog.example/mine/", "/")
    letter = Letter("Onderwerp", ("Tekst",), links=(("Mijn pagina", link),))
    return deliveries.queue(kind=MailKind.COMMENT, about=event, commenter=person, letter=letter).pk


@pytest.fixture
def no_server(settings):
    """The port of a mail server that is not there."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = free.getsockname()


def test_a_day_in_the_log(smtp):  # noqa: F811 - pytest's way
    class Rude(dict):
        def get(self, address, other=None):
            token = "x:1xWfZd:RRiO-BZY68Cnc3TDOHv0k2b7XPNUUxeIP94c9FiHdWk"
            if address == "data":
                return other
            return f"550 5.1.1 <{address}>: nobody here, see https://x.example/{token}/"

    smtp.answers = Rude()
    numbers = [one_mail(address, f"dag {n}") for n, address in enumerate(HOSTILE)]
    with logged() as lines:
        for _try in outbox.PAUSES:
            for number in numbers:
                deliveries.deliver.call(number)
    # The server of the test has a log of its own.
    lines[:] = [line for line in lines if " mail.log " not in line]
    failed = Delivery.objects.filter(pk__in=numbers)
    assert not failed.filter(state="sent").exists()
    tries = sum(failed.values_list("tries", flat=True))
    faults = [line for line in lines if "was not sent" in line]
    assert len(faults) == len(lines) == tries
    text = "\n".join(lines)
    assert "@" not in text
    assert "lezer.example" not in text
    assert usable(text) == set()
    assert "RRiO-BZY68" not in text
    for number in numbers:
        assert re.search(rf"comments\.Delivery {number} was not sent: \w+ \d+", text)
    # Nor do the rows keep the server's words with addresses or links in them.
    for error in failed.values_list("error", flat=True):
        assert "@" not in error
        assert "RRiO-BZY68" not in error
    assert any("5.1.1" in error for error in failed.values_list("error", flat=True))


def test_a_server_that_is_away_writes_one_line_a_minute(no_server):
    numbers = [one_mail(f"lezer{n}@lezer.example", f"dag {n}") for n in range(20)]
    with logged() as lines:
        for number in numbers:
            deliveries.deliver.call(number)
    assert len(lines) == 1
    assert "ConnectionRefusedError" in lines[0]
    assert Delivery.objects.filter(state="queued").count() == 20


def work():
    """What the worker does in a minute, with every pause over."""
    AccountMail.objects.exclude(next_try_at=None).update(next_try_at=timezone.now())
    AccountMail.objects.filter(state="queued", next_try_at=None).update(
        created_at=timezone.now() - datetime.timedelta(minutes=10)
    )
    account_mail.send_waiting()
    for task in DBTaskResult.objects.filter(
        status="READY", task_path="authors.account_mail.deliver"
    ):
        account_mail.deliver.call(*task.args_kwargs["args"])
    DBTaskResult.objects.all().delete()


class TestAccountMail:
    """One refused connection loses no reset, no first link and no alarm."""

    def make(self):
        user = make_user(role=Role.OWNER, email="femke@blog.example")
        fresh = make_user(email="nieuw@blog.example")
        fresh.set_unusable_password()
        fresh.save()
        accounts.password_reset_mail(user.email)
        accounts.password_link_mail(fresh)
        services.tell(user, "Er is iets gebeurd")
        return user, fresh

    def test_it_comes_when_the_server_is_back(self, no_server, settings):
        self.make()
        with logged() as lines:
            work()
        assert len(lines) == 1
        assert "@" not in lines[0]
        assert list(AccountMail.objects.order_by().values_list("state").distinct()) == [("queued",)]
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        mail_refusals.forget()
        work()
        sent = {one.to[0]: one for one in django_mail.outbox}
        assert len(django_mail.outbox) == 3
        assert usable(sent["nieuw@blog.example"].body) == {accounts.LINK}
        # The rows keep neither a link nor what one could be made of.
        for row in AccountMail.objects.all():
            assert (row.state, row.tokens) == ("sent", {})
            assert usable(row.body + row.html) == set()

    def test_a_link_is_made_when_it_goes_out(self, settings, time_machine):
        user, _fresh = self.make()
        row = AccountMail.objects.get(kind=AccountMailKind.RESET)
        assert "/admin/reset/" in row.body
        assert usable(row.body) == set()
        # Another password meanwhile would have made a stored link worthless.
        user.set_password("een-ander-woord")
        user.save()
        account_mail.deliver.call(row.pk)
        assert usable(django_mail.outbox[0].body) == {accounts.LINK}

    def test_after_hours_a_reset_is_not_sent_but_an_alarm_is(self, time_machine):
        self.make()
        time_machine.move_to(timezone.now() + datetime.timedelta(hours=AccountMail.RESET_HOURS + 1))
        for number in AccountMail.objects.values_list("pk", flat=True):
            account_mail.deliver.call(number)
        states = dict(AccountMail.objects.values_list("kind", "state"))
        assert states == {"reset": "dropped", "first": "sent", "factor": "sent"}

    def test_what_an_old_process_queued_is_what_its_event_says(self):
        self.make()
        AccountMail.objects.update(kind="")
        assert {row.kind for row in AccountMail.objects.all()} == {"reset", "first", "factor"}

    def test_links_for_what_has_changed_are_not_sent_and_alarms_go_where_they_belong(self):
        user, fresh = self.make()
        user.email = "een.ander@kwaad.example"
        user.save()
        fresh.set_password("een-eigen-woord")
        fresh.save()
        for number in AccountMail.objects.values_list("pk", flat=True):
            account_mail.deliver.call(number)
        (alarm,) = django_mail.outbox
        assert alarm.to == ["femke@blog.example"]

    def test_failed_ones_are_sent_again_from_the_log_by_owners(self, client):
        user, _fresh = self.make()
        AccountMail.objects.update(state="failed", tries=8)
        ids = list(AccountMail.objects.values_list("pk", flat=True))
        form = {"action": "send_again", "_selected_action": ids}
        client.force_login(make_user(role=Role.EDITOR))
        assert client.post("/admin/authors/accountmail/", form).status_code == 403
        client.force_login(user)
        client.post("/admin/authors/accountmail/", form)
        assert set(AccountMail.objects.values_list("state", "tries")) == {("queued", 0)}

    def test_old_ones_are_forgotten_with_the_other_mails(self):
        from blog.models import SiteSettings
        from blog.publishing import workflow_mail

        self.make()
        SiteSettings.objects.update_or_create(pk=1, defaults={"mail_days": 30})
        old = timezone.now() - datetime.timedelta(days=31)
        AccountMail.objects.update(state="sent", created_at=old)
        workflow_mail.forget_mails()
        assert not AccountMail.objects.exists()


def test_a_mark_that_somebody_writes_is_no_token():
    """Who knows what a stored mark looks like cannot have a token put into her own words."""
    person = Commenter.objects.create(name="X", email="x@lezer.example")
    link = Signed("comments.MINE", [person.pk, person.email], "https://blog.example/mine/", "/")
    words = "token-" + "0" * 32 + " ~comments.MINE~ token-slot {token}"
    letter = Letter(words, (words,), quote=words, links=(("Pagina", link),))
    number = deliveries.queue(kind=MailKind.COMMENT, about="x", commenter=person, letter=letter).pk
    deliveries.deliver.call(number)
    (sent,) = django_mail.outbox
    assert sent.body.count(words) == 2
    assert len(re.findall(r"mine/[^/\s]+:[^/\s]+/", sent.body)) == 1
