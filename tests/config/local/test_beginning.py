"""What an empty site begins with: asked where somebody sits, never where nobody does."""

from __future__ import annotations

import io
import os
import pty
import signal
import sys
from contextlib import suppress
from subprocess import Popen, TimeoutExpired

import pytest

from authors.accounts import working_owners
from blog.models import Article
from config.local import beginning
from demo import loading
from tests.factories import make_user


@pytest.fixture(autouse=True)
def var(monkeypatch, tmp_path):
    """A folder of the test's own, never begun, with an embedded server."""
    monkeypatch.setenv("WEERWOORD_VAR", str(tmp_path))
    monkeypatch.delenv("START", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


def typed(monkeypatch, text, *, terminal=True):
    """Let somebody type `text`; gives what was asked."""
    asked = io.StringIO()
    stdin = io.StringIO(text)
    for stream in (stdin, asked):
        monkeypatch.setattr(stream, "isatty", lambda: terminal)
    monkeypatch.setattr(sys, "stdin", stdin)
    monkeypatch.setattr(sys, "stdout", asked)
    return asked


@pytest.mark.parametrize(
    ("text", "found"),
    [("2\n", "own"), ("1\n", "demo"), ("\n", "demo"), ("", "demo"), ("3\nja\n 2 \n", "own")],
)
def test_a_terminal_is_asked_once(monkeypatch, var, text, found):
    asked = typed(monkeypatch, text)
    assert beginning.choose() == found
    assert "Choose 1 or 2" in asked.getvalue()
    again = typed(monkeypatch, "")
    assert beginning.choose() == found
    assert again.getvalue() == ""


def test_nobody_is_asked_without_a_terminal_or_when_it_is_said(monkeypatch, var):
    assert typed(monkeypatch, "2\n", terminal=False).getvalue() == ""
    assert beginning.choose() == "demo"
    for start in ("own", "demo"):
        monkeypatch.setenv("START", start)
        asked = typed(monkeypatch, "")
        assert beginning.choose() == start
        assert asked.getvalue() == ""
    monkeypatch.setenv("START", "eigen")
    with pytest.raises(beginning.NoChoice, match="demo or own"):
        beginning.choose()


@pytest.mark.parametrize("begun", ["postgres", ""])
def test_who_has_a_site_is_not_asked(monkeypatch, var, begun):
    if begun:
        (var / begun).mkdir()
        monkeypatch.setattr(beginning.modes, "database_directory", lambda: var / begun)
    else:
        monkeypatch.setenv("DATABASE_URL", "postgres:///elsewhere")
    asked = typed(monkeypatch, "2\n")
    assert beginning.choose() == "demo"
    assert asked.getvalue() == ""


@pytest.mark.slow
def test_ctrl_c_at_the_question_leaves_nothing(var):
    """As in a terminal: the question is read before signals become flags."""
    main, terminal = pty.openpty()
    child = Popen(
        [sys.executable, "-m", "config.local.run"], stdin=terminal, stdout=terminal,
        stderr=terminal, env=dict(os.environ, PORT="8999"), start_new_session=True,
        # As a terminal starts it, however this run was started.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    os.close(terminal)
    seen = b""
    while b"Choose 1 or 2" not in seen:
        seen += os.read(main, 1000)
    # The question is printed before it is read: a signal in between is heard with the next.
    for _again in range(60):
        child.send_signal(signal.SIGINT)
        with suppress(TimeoutExpired):
            child.wait(1)
            break
    child.kill()
    assert child.wait() == 0
    os.close(main)
    assert not (var / "start").exists()
    assert not (var / "postgres").exists()


@pytest.mark.django_db
class TestBegin:
    def test_one_s_own_site_has_an_owner_and_nothing_else(self, var, monkeypatch, client):
        beginning.begin("own")
        told = beginning.logins()
        name, _slash, password = told.split()[:3]
        assert not Article.objects.exists()
        (owner,) = working_owners()
        assert (owner.username, owner.email) == (name, "")
        assert owner.check_password(password)
        client.force_login(owner)
        assert (var / "owner-password").stat().st_mode & 0o077 == 0
        assert "first-steps" in client.get("/admin/").text
        # Another run makes no second one, and says the password as long as it opens something.
        beginning.begin("own")
        assert beginning.logins() == told
        owner.set_password("een-heel-eigen-woord")
        owner.save()
        assert beginning.logins() == ""
        assert not (var / "owner-password").exists()

    def test_a_site_with_content_is_left_as_it_is(self, monkeypatch, capsys):
        make_user()
        monkeypatch.setattr(loading, "load", None)
        beginning.begin("demo")
        assert capsys.readouterr().err == ""
        monkeypatch.setenv("START", "own")
        beginning.begin("own")
        assert "START changes nothing" in capsys.readouterr().err
        assert not working_owners().exists()
