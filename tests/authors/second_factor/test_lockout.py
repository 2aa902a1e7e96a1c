"""Guessing passwords is slowed; the owner gets in, whatever strangers do to her name."""

import re

import pytest
from axes.models import AccessAttempt, AccessLog
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from authors import limits
from authors.account_mail import deliver
from authors.models import AccountMail
from authors.roles import Role
from authors.second_factor import lockout
from tests.factories import make_user
from tests.worker import work

pytestmark = pytest.mark.django_db
HOME, AWAY = "198.51.100.7", "203.0.113.9"


@pytest.fixture(autouse=True)
def femke():
    return make_user("femke", role=Role.EDITOR, email="femke@proef.example")


def try_in(client, word, address=AWAY, name="femke"):
    return client.post("/admin/login/", {"username": name, "password": word}, REMOTE_ADDR=address)


def guess(client, times=8, address=AWAY, name="femke"):
    return [try_in(client, f"gok-{number}", address, name) for number in range(times)][-1]


def test_the_ninth_guess_waits_and_says_how_long(client):
    answer = guess(client)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 900
    assert re.search(r"vanaf \d\d:\d\d", answer.text)
    assert "/admin/password_reset/" in answer.text
    assert try_in(client, "geheim-woord").status_code == 429


def test_a_name_that_does_not_exist_gets_the_same(client):
    known, unknown = guess(client, 3), guess(client, 3, name="niemand")
    assert known.status_code == unknown.status_code == 200
    strip = re.compile(r'value="[^"]*"|"csrfToken": "[^"]*"')
    assert strip.sub("", known.text) == strip.sub("", unknown.text).replace("niemand", "femke")
    assert guess(client, name="niemand").status_code == 429


def test_elsewhere_the_owner_logs_in_meanwhile(client):
    guess(client)
    assert try_in(client, "geheim-woord", HOME)["Location"] == "/admin/"


def test_one_household_is_one_network_and_no_header_makes_another(client):
    for number in range(8):
        client.post(
            "/admin/login/",
            {"username": "femke", "password": "gok"},
            REMOTE_ADDR=f"2001:db8:1:2::{number:x}",
            headers={"x-forwarded-for": f"10.0.0.{number}"},
        )
    assert try_in(client, "geheim-woord", "2001:db8:1:2:ffff::1").status_code == 429


def test_the_wait_ends_though_the_guessing_goes_on(client, time_machine):
    time_machine.move_to(timezone.now())
    guess(client)
    for _turn in range(5):
        time_machine.shift(200)
        guess(client, 2)
    assert try_in(client, "geheim-woord")["Location"] == "/admin/"


def storm(client):
    for number in range(limits.most("password-storm") // 5 + 1):
        guess(client, 5, f"203.0.113.{number}")


def test_in_a_storm_the_known_network_and_a_new_password_pass(client):
    try_in(client, "geheim-woord", HOME)
    client.logout()
    storm(client)
    assert try_in(client, "geheim-woord", "192.0.2.1").status_code == 429
    assert try_in(client, "geheim-woord", HOME)["Location"] == "/admin/"
    client.logout()
    client.post("/admin/password_reset/", {"email": "femke@proef.example"})
    work("password_reset_send")
    deliver.call(AccountMail.objects.get().pk)
    path = re.search(r"(/admin/reset/\S+)", mail.outbox[0].body)[1]
    form = client.get(path, REMOTE_ADDR="192.0.2.1")["Location"]
    new = {"new_password1": "een-heel-nieuw-woord", "new_password2": "een-heel-nieuw-woord"}
    assert client.post(form, new, REMOTE_ADDR="192.0.2.1")["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    client.logout()
    storm(client)
    assert try_in(client, "een-heel-nieuw-woord", "192.0.2.1")["Location"] == "/admin/"


def test_the_operator_ends_the_wait(client):
    guess(client)
    call_command("let_in", "femke")
    assert try_in(client, "geheim-woord")["Location"] == "/admin/"


def test_addresses_are_kept_as_marks_and_not_for_long(client, time_machine):
    time_machine.move_to(timezone.now())
    guess(client, 2)
    try_in(client, "geheim-woord")
    guess(client, 1)
    kept = str(list(AccessAttempt.objects.values())) + str(list(AccessLog.objects.values()))
    assert AWAY not in kept
    assert "geheim-woord" not in kept
    time_machine.shift((lockout.KNOWN_DAYS + 1) * 86400)
    lockout.attempts_forget_old()
    assert not AccessLog.objects.exists()
    assert not AccessAttempt.objects.exists()


def test_a_mailbox_is_not_flooded(client):
    for _turn in range(4):
        client.post("/admin/password_reset/", {"email": "femke@proef.example"})
    work("password_reset_send")
    assert AccountMail.objects.count() == 1
