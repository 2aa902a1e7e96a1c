"""Unsafe production settings refuse to start; the environment is read loudly."""

import base64
import hashlib
import inspect
import os
import random
import re
import runpy
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from hypothesis import example, given
from hypothesis import strategies as st

from config import env

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "WEERWOORD_MODE": "production",
    "SECRET_KEY": "pT9-vR2xLq_8ZsW4nKc7Yd1fGhB6mUeJ3aXoN5iQtEwVrAzC0Hd7kP",
    "ALLOWED_HOSTS": "blog.example",
    "SITE_URL": "https://blog.example",
    "DATABASE_URL": "postgres://u:p@db.example/weerwoord",
}


def start(module="config/settings.py", **changed):
    """Run the module as its first import does, in an environment of its own: (started, words)."""
    environment = {"PATH": os.environ["PATH"], **GOOD, **changed}
    environment = {name: value for name, value in environment.items() if value is not None}
    with mock.patch.dict(os.environ, environment, clear=True):
        try:
            runpy.run_path(str(ROOT / module))
        except ImproperlyConfigured as refused:
            return False, f"ImproperlyConfigured: {refused}"
    return True, ""


@pytest.mark.parametrize(("changed", "starts"), [({}, True), ({"SECRET_KEY": "short"}, False)])
def test_a_process_starts_or_ends_by_them(changed, starts):
    answer = subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **GOOD, **changed},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.returncode == 0) == starts, answer.stderr
    assert ("SECRET_KEY" in answer.stderr) != starts


@pytest.mark.parametrize(
    "changed",
    [
        {"SECRET_KEY": None},
        {"SECRET_KEY": "short"},
        {"SECRET_KEY": "a" * 80},
        {"SECRET_KEY": "abcdefghij0123456789" * 3},
        {"SECRET_KEY": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"},
        {"SECRET_KEY": "django-insecure-" + GOOD["SECRET_KEY"]},
        {"SECRET_KEY": "31415926535897932384626433832795028841971693993751058209"},
        {"SECRET_KEY": "weerwoord-geheime-sleutel-van-de-redactie-niet-doorvertellen-2026"},
        {"SECRET_KEY": "50-random-characters-or-more-please-replace-this-value-now"},
        {"SECRET_KEY": "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod"},
        {"SECRET_KEY": "vul_hier_vijftig_tekens_in_die_niemand_kan_raden_of_opzoeken"},
        {"INBOUND_SECRET": "kies-hier-een-lang-woord"},
        {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"},
        {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"},
        {"EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend"},
        {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"},
        {"EMAIL_BACKEND": "django.core.mail.backends.smpt.EmailBackend"},
        {"EMAIL_BACKEND": "smtp"},
        {"EMAIL_BACKEND": "pathlib.Path"},
        {"DEFAULT_FROM_EMAIL": "de redactie"},
        {"DEFAULT_FROM_EMAIL": ""},
        {"DEFAULT_FROM_EMAIL": "a@blog.example, b@blog.example"},
        {"DEFAULT_FROM_EMAIL": "a@blog.example\nBcc: b@blog.example"},
        {"DEFAULT_FROM_EMAIL": "De redactie <post@blog.example>\r\n"},
        {"DEFAULT_FROM_EMAIL": "post@"},
        {"DEFAULT_FROM_EMAIL": "post@blog example"},
        {"INBOUND_DOMAIN": "https://in.blog.example"},
        {"INBOUND_DOMAIN": "in.blog.example:25"},
        {"INBOUND_DOMAIN": "@in.blog.example"},
        {"INBOUND_DOMAIN": "in.blog.example,uit.blog.example"},
        {"AKISMET_KEY": "abc/def?"},
        {"AKISMET_KEY": "abc.kwaad.example"},
        {"LOG_LEVEL": "LOUD"},
        {"LOG_LEVEL": "info"},
        {"TIME_ZONE": "Europa/Amsterdam"},
        {"TIME_ZONE": "../../etc/passwd"},
        {"TIME_ZONE": ""},
        {"BACKUP_DIR": "var/media/backups"},
        {"BACKUP_DIR": "var/static"},
        {"MEDIA_ROOT": "var/backups"},
        {"MEDIA_ROOT": "var"},
        {"STATIC_ROOT": "/"},
        {"STATIC_ROOT": "var/media/../media/static"},
        {"ALLOWED_HOSTS": ".com"},
        {"ALLOWED_HOSTS": "blog.example,.example"},
        {"ALLOWED_HOSTS": "https://blog.example"},
        {"ALLOWED_HOSTS": "blog.example:443"},
        {"SITE_URL": "https://andere.example"},
        {"SITE_URL": "https://blog.example/weblog"},
        {"SITE_URL": "https://blog.example?x=1"},
        {"SITE_URL": "https://wie@blog.example"},
        {"SITE_URL": "https://"},
        {"INBOUND_SECRET": "x"},
        {"EMAIL_HOST": "mail.example", "EMAIL_HOST_PASSWORD": "geheim"},
        {"EMAIL_USE_TLS": "1", "EMAIL_USE_SSL": "1"},
        {"INBOUND_SECRET": "aaaaaaaaaaaaaaaaaaaaaaaaa"},
        {"INBOUND_SECRET": "een-geheim-voor-de-postbode"},
        {"DEBUG": "1"},
        {"ALLOWED_HOSTS": None},
        {"ALLOWED_HOSTS": "*"},
        {"SITE_URL": None},
        {"SITE_URL": "http://blog.example"},
        {"DATABASE_URL": None},
        {"WEERWOORD_MODE": "prod"},
        {"DEBUG": "maybe"},
        {"CONN_MAX_AGE": "soon"},
        {"INDEXNOW_KEY": "kort"},
        {"INDEXNOW_KEY": "met een spatie"},
        {"WEBSUB_HUB": "http://hub.example/"},
    ],
    ids=lambda changed: " ".join(f"{name}={value}"[:30] for name, value in changed.items()),
)
def test_unsafe_or_unreadable_settings_do_not(changed):
    started, words = start(**changed)
    assert not started
    assert next(iter(changed)) in words


@given(st.integers(min_value=0, max_value=2**400 - 1), st.sampled_from([50, 20]))
@example(0, 20)
def test_what_the_usual_programs_draw_passes(number, least):
    drawn = hashlib.sha512(str(number).encode()).digest()
    assert env.is_random(base64.urlsafe_b64encode(drawn).decode(), least=least)
    assert env.is_random(drawn.hex()[:64], least=least)
    assert env.is_random(drawn.hex()[:least], least=least) or least == 20


@given(st.integers(min_value=0, max_value=2**64))
def test_what_django_draws_passes(seed):
    """Of its fifty characters on average twenty-two are digits and signs."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)"
    assert letters in inspect.getsource(get_random_secret_key)
    drawing = random.Random(seed)
    drawn = ["".join(drawing.choices(letters, k=50)) for _turn in range(20)]
    # By chance one in thousands is refused, and another one is drawn.
    assert sum(env.is_random(key, least=50) for key in drawn) >= 19


@given(st.lists(st.from_regex("[A-Z]?[a-z]{3,12}", fullmatch=True), min_size=10, max_size=20),
       st.sampled_from(["-", "_", " ", ", ", ""]))  # fmt: skip
def test_words_do_not(words, between):
    assert not env.is_random(between.join(words), least=50) or sum(
        word[0].isupper() for word in words
    ) + (len(words) if between == ", " else 0) >= 0.2 * len(between.join(words))


@pytest.mark.parametrize(
    "changed",
    [
        {"WEERWOORD_MODE": "local", "SITE_URL": "https://blog.example"},
        {"DEFAULT_FROM_EMAIL": "De redactie <post@blog.example>"},
        {"DEFAULT_FROM_EMAIL": '"Redactie, De" <post@blog.example>'},
        {"INBOUND_DOMAIN": "In.blog.example"},
        {"AKISMET_KEY": "0123456789ab"},
        {"LOG_LEVEL": "DEBUG", "TIME_ZONE": "America/Argentina/Buenos_Aires"},
        {"BACKUP_DIR": "/srv/backups", "MEDIA_ROOT": "/srv/media", "STATIC_ROOT": "/srv/media-2"},
        {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"},
        {"EMAIL_HOST": "mail.example", "EMAIL_HOST_PASSWORD": "geheim", "EMAIL_USE_TLS": "1"},
        {"EMAIL_HOST": "127.0.0.1", "EMAIL_HOST_PASSWORD": "geheim"},
    ],
    ids=str,
)
def test_what_is_meant_starts(changed):
    assert start(**changed) == (True, "")


@pytest.mark.parametrize("name", ["WEB_CONCURRENCY", "WEB_THREADS"])
@pytest.mark.parametrize("value", ["0", "-1", "veel", "1.5"])
def test_a_server_has_someone_to_answer(name, value):
    started, words = start("config/server.py", **{name: value})
    assert not started
    assert name in words


@given(st.text(min_size=1, max_size=12), st.integers(5, 12))
def test_what_repeats_does_not(piece, times):
    assert not env.is_random(piece * times, least=20)


def test_every_variable_is_documented():
    names = set()
    for path in (ROOT / "config").glob("*.py"):
        text = path.read_text("utf-8")
        names |= set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', text))
        names |= set(re.findall(r'os\.environ\.get\(\s*"([A-Z_]+)"', text))
    names -= {"DJANGO_SETTINGS_MODULE"}
    assert len(names) > 15
    for file in (".env.example", "docs/running/operations.md"):
        text = (ROOT / file).read_text("utf-8")
        assert sorted(name for name in names if not re.search(rf"\b{name}\b", text)) == [], file


class TestReader:
    @pytest.mark.parametrize(("value", "meant"), [("yes", True), ("OFF", False), ("", True)])
    def test_words_for_yes_and_no(self, monkeypatch, value, meant):
        monkeypatch.setenv("X", value)
        assert env.boolean("X", True) is meant

    @pytest.mark.parametrize("value", ["ja", "2", "truee"])
    def test_other_words_are_refused(self, monkeypatch, value):
        monkeypatch.setenv("X", value)
        with pytest.raises(ImproperlyConfigured, match="X"):
            env.boolean("X", True)

    @pytest.mark.parametrize("value", ["-1", "1.5", "een"])
    def test_numbers_have_bounds(self, monkeypatch, value):
        monkeypatch.setenv("X", value)
        with pytest.raises(ImproperlyConfigured, match="X"):
            env.integer("X", 1)

    def test_a_database_url_keeps_strange_passwords(self):
        found = env.database("postgres://u%40x:p%2Fq@db.example:5433/weer?sslmode=require")
        assert (found["USER"], found["PASSWORD"]) == ("u@x", "p/q")
        assert (found["HOST"], str(found["PORT"]), found["NAME"]) == ("db.example", "5433", "weer")
        assert found["OPTIONS"]["sslmode"] == "require"
        with pytest.raises(ImproperlyConfigured):
            env.database("mysql://x/y")
