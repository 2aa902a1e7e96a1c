"""The second factor: nobody is logged in without it, nobody is kept out for good."""

import datetime
import time
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from authors.account_mail import deliver
from authors.models import AccountMail, RecoveryCodes
from authors.roles import Role
from authors.second_factor import services
from tests.factories import make_user

pytestmark = pytest.mark.django_db
KEY = "00112233445566778899aabbccddeeff00112233"
VERIFY, MANAGE = "/admin/second-factor/verify/", "/admin/second-factor/"


@pytest.fixture(autouse=True)
def _still(time_machine):
    """A code lives for half a minute: none runs out between two lines of a test."""
    time_machine.move_to(timezone.now(), tick=False)


def code_of(key=KEY, step=0):
    totp = TOTP(bytes.fromhex(key))
    totp.time = time.time() + 30 * step
    return f"{totp.token():06}"


def wrong_code():
    return f"{(int(code_of()) + 500_000) % 1_000_000:06}"


@pytest.fixture
def femke():
    user = make_user("femke", role=Role.EDITOR, email="femke@proef.example")
    TOTPDevice.objects.create(user=user, key=KEY, name="app")
    return user


def password(client, name="femke", word="geheim-woord", **data):
    return client.post("/admin/login/", {"username": name, "password": word, **data})


def test_the_password_alone_opens_nothing(client, femke):
    answer = password(client, next="/admin/blog/article/")
    assert answer.status_code == 302
    assert answer["Location"] == f"{VERIFY}?next=%2Fadmin%2Fblog%2Farticle%2F"
    assert "_auth_user_id" not in client.session
    assert client.get("/admin/blog/article/").status_code == 302
    assert client.get(MANAGE).status_code == 302
    for path in ("app/", "codes/", "others/", "app/1/remove/"):
        assert client.post(MANAGE + path, {"code": "1"}).status_code == 404
    assert client.get(answer["Location"]).status_code == 200


def test_the_code_lets_in_once(client, femke):
    answer = password(client)
    before = client.session.session_key
    code = code_of()
    answer = client.post(VERIFY, {"code": f"{code[:3]} {code[3:]}", "next": "/admin/blog/tag/"})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/blog/tag/")
    assert client.session.session_key != before
    assert client.get("/admin/blog/tag/").status_code == 200
    client.logout()
    password(client)
    assert client.post(VERIFY, {"code": code}).status_code == 422
    assert "_auth_user_id" not in client.session


def test_nobody_is_led_to_another_site(client, femke):
    password(client)
    answer = client.post(VERIFY, {"code": code_of(), "next": "https://kwaad.example/"})
    assert answer["Location"] == "/admin/"


def test_guessing_is_slowed_and_the_owner_is_told(client, femke):
    password(client)
    assert client.post(VERIFY, {"code": wrong_code()}).status_code == 422
    answer = client.post(VERIFY, {"code": code_of()})
    assert answer.status_code == 429
    device = TOTPDevice.objects.get()
    device.throttling_failure_count = services.ALARM - 1
    device.throttling_failure_timestamp = timezone.now() - datetime.timedelta(hours=1)
    device.save()
    assert client.post(VERIFY, {"code": wrong_code()}).status_code == 422
    deliver.call(AccountMail.objects.get().pk)
    assert "wachtwoord" in mail.outbox[0].subject
    # A new password puts the guesser out, and ends the wait.
    services.codes_forgive(femke)
    assert client.post(VERIFY, {"code": code_of()}).status_code == 302


def test_the_first_step_holds_ten_minutes_and_one_password(client, femke, time_machine):
    password(client)
    time_machine.move_to(timezone.now())
    time_machine.shift(services.PATIENCE + 5)
    assert client.post(VERIFY, {"code": code_of()})["Location"].startswith("/admin/login/")
    password(client)
    femke.set_password("een-ander-woord")
    femke.save()
    assert client.post(VERIFY, {"code": code_of()})["Location"].startswith("/admin/login/")


def test_another_s_app_does_not_fit(client, femke):
    other = make_user("anil", role=Role.EDITOR)
    TOTPDevice.objects.create(user=other, key="ab" * 20, name="app")
    password(client)
    assert client.post(VERIFY, {"code": code_of("ab" * 20)}).status_code == 422


def test_an_app_is_set_up_and_recovery_codes_are_shown_once(client):
    user = make_user("femke", role=Role.EDITOR)
    other = Client()
    assert password(other)["Location"] == "/admin/"
    password(client)
    page = client.get(MANAGE)
    assert "data:image/svg" in page.text
    key = client.session["second_factor_key"]
    assert client.post(f"{MANAGE}app/", {"code": "12"}).status_code == 422
    answer = client.post(f"{MANAGE}app/", {"code": code_of(key)})
    codes = answer.context["codes"]
    assert (answer.status_code, len(codes)) == (200, 10)
    assert "no-store" in answer["Cache-Control"]
    assert codes[0] in answer.text
    assert codes[0] not in client.get(MANAGE).text
    stored = RecoveryCodes.objects.get(user=user)
    assert codes[0].replace("-", "") not in str(vars(stored))
    # The session that knew no second factor is over, this one goes on.
    assert client.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 302
    # The code that proved the app does not log in.
    client.logout()
    password(client)
    assert client.post(VERIFY, {"code": code_of(key)}).status_code == 422
    assert client.post(VERIFY, {"code": codes[3].upper()}).status_code == 302
    client.logout()
    password(client)
    assert client.post(VERIFY, {"code": codes[3]}).status_code == 422


def test_a_factor_of_another_account_stays(client, femke):
    other = make_user("anil", role=Role.EDITOR)
    client.force_login(other)
    number = TOTPDevice.objects.get().pk
    client.post(f"{MANAGE}app/{number}/remove/")
    assert TOTPDevice.objects.filter(user=femke).exists()


def test_with_the_last_factor_the_codes_go(client, femke):
    services.codes_make(user=femke)
    password(client)
    client.post(VERIFY, {"code": code_of()})
    client.post(f"{MANAGE}app/{TOTPDevice.objects.get().pk}/remove/")
    assert not services.factors_of(femke).any
    assert not RecoveryCodes.objects.exists()


@pytest.mark.parametrize(
    ("asked", "role", "kept"),
    [
        ("nobody", Role.OWNER, False),
        ("owners", Role.OWNER, True),
        ("owners", Role.EDITOR, False),
        ("editors", Role.EDITOR, True),
        ("editors", Role.AUTHOR, False),
        ("everyone", Role.AUTHOR, True),
    ],
)
def test_who_must_gets_days_and_then_one_door(client, settings, time_machine, asked, role, kept):
    time_machine.move_to(timezone.now())
    settings.SECOND_FACTOR_FOR = asked
    user = make_user("femke", role=role)
    client.force_login(user)
    assert client.get("/admin/").status_code == 200
    time_machine.shift(datetime.timedelta(days=8))
    client.force_login(user)
    answer = client.get("/admin/", follow=True)
    assert answer.request["PATH_INFO"] == (MANAGE if kept else "/admin/")
    if kept:
        key = client.session["second_factor_key"]
        client.post(f"{MANAGE}app/", {"code": code_of(key)})
        assert client.get("/admin/").status_code == 200


def test_the_operator_lets_in(client, femke):
    said = StringIO()
    call_command("let_in", "femke", "--without-second-factor", stdout=said)
    assert "password alone" in said.getvalue()
    assert password(client)["Location"] == "/admin/"
    with pytest.raises(CommandError):
        call_command("let_in", "niemand")


def test_its_forms_carry_a_token_that_counts(femke):
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(make_user("anil", role=Role.EDITOR))
    token = guarded.get(MANAGE).context["csrf_token"]
    answer = guarded.post(f"{MANAGE}others/", {"csrfmiddlewaretoken": str(token)})
    assert answer.status_code == 302


def test_pages_of_the_second_factor_are_private(client, femke):
    password(client)
    assert "no-store" in client.get(VERIFY)["Cache-Control"]
    assert client.post("/admin/second-factor/passkey/begin/").status_code == 200
    guarded = Client(enforce_csrf_checks=True)
    away = {"sec-fetch-site": "cross-site"}
    for path in ("passkey/begin/", "passkey/add/complete/", "app/", "codes/", "others/", "verify/"):
        assert guarded.post(MANAGE + path, headers=away).status_code == 403, path
    broken = client.post(
        "/admin/second-factor/passkey/complete/", {"id": "x"}, content_type="application/json"
    )
    assert broken.status_code in (400, 422)


ODD = [
    b"[]", b"1", b"null", b"{", b"\xff", b'{"id": Infinity}', b'{"id":' * 3_000, b"[" * 30_000,
    b'{"id": 1}', b'{"id": {"a": []}}', b'{"id": "x", "rawId": "\\ud800"}',
    b'{"id": "AA", "rawId": "AA", "type": "public-key", "response": []}',
    b'{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"authenticatorData": 1, '
    b'"clientDataJSON": [], "signature": null}, "clientExtensionResults": 1}',
    b'{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"authenticatorData": "AA", '
    b'"clientDataJSON": "AA", "signature": "AA", "userHandle": "\\u0000"}}',
]  # fmt: skip


@pytest.mark.parametrize("body", ODD, ids=lambda body: repr(body[:40]))
@pytest.mark.parametrize("path", ["begin/", "complete/", "add/begin/", "add/complete/"])
def test_odd_input_of_a_passkey_is_no_fault(client, body, path):
    client.force_login(make_user("anil", role=Role.EDITOR))
    begun = path.replace("complete", "begin")
    assert client.post(f"{MANAGE}passkey/{begun}").status_code == 200
    answer = client.post(f"{MANAGE}passkey/{path}", body, content_type="application/json")
    assert answer.status_code in (200, 400, 404, 422), answer.content


def test_a_ceremony_ends_as_what_it_began_as(client, femke):
    """A second step asks no verification of its user: it must not end as a whole log-in."""
    password(client)
    assert client.post(f"{MANAGE}passkey/begin/").status_code == 200
    session = client.session
    session.pop("second_factor")
    session.save()
    answer = client.post(f"{MANAGE}passkey/complete/", b"{}", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_state")
    # Begun by nobody, ended as the second step of an account.
    other = Client()
    assert other.post(f"{MANAGE}passkey/begin/").status_code == 200
    session, waiting = other.session, Client()
    password(waiting)
    session["second_factor"] = waiting.session["second_factor"]
    session.save()
    answer = other.post(f"{MANAGE}passkey/complete/", b"{}", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_state")
