"""`make run`: what it refuses, what it watches, and that it leaves nothing running."""

import io
import signal
import socket
import subprocess
import sys

import pytest

from config import modes

# It names the mode that it runs in, for itself and what it starts; not for other tests.
with pytest.MonkeyPatch.context() as patch:
    patch.setenv("WEERWOOD_MODE", "test")
    from config.local import run

# Says that it listens, so that no signal comes before its handler.
DEAF = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('listens', flush=True); time.sleep(60)"
)
ASLEEP = "import time; time.sleep(60)"


@pytest.fixture
def supervisor(monkeypatch):
    """One that takes no signal of the tests' process and whose children are gone afterwards."""
    monkeypatch.setattr(run.signal, "signal", lambda *_args: None)
    made = run.Supervisor("127.0.0.1", 1)
    yield made
    for child in made.children.values():
        child.kill()
        child.communicate()


def ends_with(supervisor, code, **options):
    """The child of `supervisor` that runs `code`, when it has ended."""
    child = supervisor._start("web server", ["-c", code], **options)
    child.wait(30)
    return child


def test_a_port_that_is_taken_is_said_with_another_to_try():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(run.Failure, match=rf"port {port} of 127.0.0.1.*PORT={port + 1}"):
            run.check_port("127.0.0.1", port)
    run.check_port("127.0.0.1", port)


def test_a_host_that_is_nowhere_is_said():
    with pytest.raises(run.Failure, match="PORT=8000"):
        run.check_port("256.256.256.256", 65535)


@pytest.mark.parametrize("port", ["", "0", "65536", "-1", "http", "８０８０", "80 "])
def test_what_is_no_port_is_refused(monkeypatch, capsys, port):
    monkeypatch.setenv("PORT", port)
    monkeypatch.setattr(sys, "argv", ["run"])
    monkeypatch.setattr(run, "Supervisor", None)
    assert run.main() == 1
    assert "PORT must be a number" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("raised", "status", "told"),
    [(run.Stopped, 0, "Stopped."), (run.Failure("No."), 1, "No."),
     (run.embedded_account.EmbeddedServerError("Broken."), 1, "Broken.")],
)  # fmt: skip
def test_how_it_ended_is_told(monkeypatch, tmp_path, capsys, raised, status, told):
    class Ends:
        def __init__(self, host, port):
            assert (host, port) == ("127.0.0.1", 8123)

        def run(self):
            raise raised

    monkeypatch.setenv("WEERWOORD_VAR", str(tmp_path))
    monkeypatch.setenv("HOST", "127.0.0.1")
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.setattr(sys, "argv", ["run"])
    monkeypatch.setattr(run, "Supervisor", Ends)
    assert run.main() == status
    assert told in "".join(capsys.readouterr())


def test_what_is_kept_is_closed_to_others(tmp_path, monkeypatch):
    var = tmp_path / "var"
    monkeypatch.setattr(modes, "var_directory", lambda: var)
    run.make_private()
    assert var.stat().st_mode & 0o777 == 0o700
    var.chmod(0o777)
    run.make_private()
    assert var.stat().st_mode & 0o007 == 0


def test_a_child_that_fails_ends_the_run_with_its_name(supervisor):
    ends_with(supervisor, "raise SystemExit(3)")
    with pytest.raises(run.Failure, match="The web server ended with exit status 3"):
        supervisor._wait_until(lambda: False)


def test_a_child_that_just_ends_does_so_while_the_site_is_served(supervisor, monkeypatch):
    monkeypatch.setattr(supervisor, "_guard_database", lambda: None)
    ends_with(supervisor, "")
    with pytest.raises(run.Failure, match="The web server ended"):
        supervisor._wait_until(lambda: False, guard=True)


def test_a_site_that_does_not_answer_is_given_up(supervisor, monkeypatch):
    supervisor._start("web server", ["-c", ASLEEP])
    monkeypatch.setattr(run, "READY_WITHIN", 0.0)
    with pytest.raises(run.Failure, match="no answer"):
        supervisor._wait_until(supervisor._answers)


def test_a_stop_is_heeded_and_the_database_looked_after(supervisor, monkeypatch):
    looked = []
    monkeypatch.setattr(run.time, "monotonic", iter(range(0, 100, 3)).__next__)
    monkeypatch.setattr(run.time, "sleep", lambda _seconds: None)

    def guard():
        looked.append(True)
        supervisor._stop(signal.SIGTERM, None)

    monkeypatch.setattr(supervisor, "_guard_database", guard)
    with pytest.raises(run.Stopped):
        supervisor._wait_until(lambda: False, guard=True)
    assert looked == [True]


def test_an_interrupted_start_of_the_database_is_a_stop(supervisor, monkeypatch):
    def fail(_directory):
        raise run.embedded_account.EmbeddedServerError("Interrupted.")

    monkeypatch.setattr(run.embedded, "ensure", fail)
    monkeypatch.setattr(modes, "uses_embedded_database", lambda: True)
    with pytest.raises(run.embedded_account.EmbeddedServerError):
        supervisor._guard_database()
    supervisor.stopping = True
    with pytest.raises(run.Stopped):
        supervisor._guard_database()


def test_the_end_leaves_no_child_not_even_a_deaf_one(supervisor, monkeypatch):
    monkeypatch.setattr(run, "PATIENCE", 0.2)
    quick = supervisor._start("worker", ["-c", ASLEEP])
    deaf = supervisor._start("web server", ["-c", DEAF], stdout=subprocess.PIPE)
    assert deaf.stdout.readline() == "listens\n"
    supervisor._end_children()
    assert (quick.returncode, deaf.returncode) == (-signal.SIGTERM, -signal.SIGKILL)


@pytest.mark.parametrize(
    ("host", "address"),
    [("0.0.0.0", "http://127.0.0.1:1"), ("::", "http://[::1]:1"), ("::1", "http://[::1]:1"),
     ("blog.example", "http://blog.example:1")],
)  # fmt: skip
def test_the_address_is_one_that_a_browser_opens(supervisor, host, address):
    supervisor.host = host
    assert supervisor._address() == address


def test_what_it_does_before_it_serves(supervisor, monkeypatch, capsys):
    """The order: database, preparation with its logins, server and worker, and their end."""
    done = []
    monkeypatch.setattr(run, "check_port", lambda *_place: done.append("port"))
    monkeypatch.setattr(run, "make_private", lambda: done.append("private"))
    monkeypatch.setattr(run.embedded, "release", lambda: done.append("release"))
    monkeypatch.setattr(supervisor, "_guard_database", lambda: done.append("database"))
    monkeypatch.setattr(supervisor, "_answers", lambda: True)
    real = supervisor._start

    def start(name, arguments, **options):
        done.append(name)
        told = "print('Login: anna', end='\\n')"
        return real(name, ["-c", told if name == "preparation" else ASLEEP], **options)

    monkeypatch.setattr(supervisor, "_start", start)
    wait = supervisor._wait_until

    def until(ready, *, guard=False):
        supervisor.stopping = guard
        wait(ready, guard=guard)

    monkeypatch.setattr(supervisor, "_wait_until", until)
    with pytest.raises(run.Stopped):
        supervisor.run()
    assert done == ["port", "private", "database", "preparation", "web server", "worker", "release"]
    assert "Login: anna" in capsys.readouterr().out
    assert {child.returncode for child in supervisor.children.values()} == {-signal.SIGTERM}


def test_static_files_are_collected_when_a_source_changed(tmp_path, monkeypatch):
    var, calls = tmp_path / "var", []
    (tmp_path / "static").mkdir()
    var.mkdir()
    (tmp_path / "requirements.txt").write_text("django\n")
    style = tmp_path / "static" / "site.css"
    style.write_text("a{}")
    monkeypatch.setattr(modes, "BASE_DIR", tmp_path)
    monkeypatch.setattr(modes, "var_directory", lambda: var)
    monkeypatch.setattr(
        "django.core.management.call_command", lambda name, **_options: calls.append(name)
    )
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    run._collect_static()
    run._collect_static()
    assert calls == ["collectstatic"]
    style.write_text("b{}")
    run._collect_static()
    assert calls == ["collectstatic"] * 2


@pytest.mark.django_db
def test_the_preparation_prints_the_logins_alone(monkeypatch, capsys):
    calls = []
    monkeypatch.setattr(run, "_collect_static", lambda: calls.append("static"))
    monkeypatch.setattr(
        "django.core.management.call_command",
        lambda name, *flags, **_options: calls.append((name, *flags)),
    )
    monkeypatch.setattr(sys, "argv", ["run", "prepare"])
    assert run.main() == 0
    assert calls == [("migrate",), ("load_demo", "--if-empty"), "static",
                     ("load_demo", "--print-logins")]  # fmt: skip
    assert capsys.readouterr().out == ""


def test_a_database_that_cannot_be_used_is_said_in_one_line(monkeypatch, capsys):
    from django.db import OperationalError, connection

    def fail():
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "ensure_connection", fail)
    monkeypatch.setattr(sys, "argv", ["run", "prepare"])
    assert run.main() == 1
    told = capsys.readouterr().err
    assert told == "Can not use the database or the settings: connection refused\n"
