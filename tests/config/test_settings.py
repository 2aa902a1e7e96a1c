"""Unsafe production settings refuse to start; the environment is read loudly."""

import base64
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
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


def start(**changed):
    environment = {"PATH": os.environ["PATH"], **GOOD, **changed}
    environment = {name: value for name, value in environment.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_good_settings_start():
    answer = start()
    assert answer.returncode == 0, answer.stderr


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
    answer = start(**changed)
    assert answer.returncode != 0
    assert "ImproperlyConfigured" in answer.stderr
    assert next(iter(changed)) in answer.stderr


@given(st.integers(min_value=0, max_value=2**400 - 1), st.sampled_from([50, 20]))
@example(0, 20)
def test_what_the_usual_programs_draw_passes(number, least):
    drawn = hashlib.sha512(str(number).encode()).digest()
    assert env.is_random(base64.urlsafe_b64encode(drawn).decode(), least=least)
    assert env.is_random(drawn.hex()[:64], least=least)
    assert env.is_random(drawn.hex()[:least], least=least) or least == 20


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
    for file in (".env.example", "docs/operations.md"):
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
