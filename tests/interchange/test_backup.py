"""Backups with real dumps and real files: made, tried out, tampered with, broken off, restored."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from authors.models import User
from blog.models import Article, Image, SiteSettings, Tag
from comments.commenters import own_comments
from comments.models import Comment, Commenter
from interchange.archive.writing import archive_write
from interchange.backup import manifest, programs, proof
from interchange.backup.making import backup_make
from interchange.backup.manifest import BackupError
from interchange.backup.restoring import backup_restore, backup_try_out
from tests.interchange.filling import fill_site

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def place(settings, tmp_path, media_root):
    """The folder of the backups of a filled site."""
    settings.BACKUP_DIR = tmp_path / "backups"
    fill_site()
    return settings.BACKUP_DIR


def make(place, **options):
    said = []
    made = backup_make(place, **{"keep": None, "verify": False, "say": said.append, **options})
    return made, said


def content():
    """Everything the site holds, as the archive has it, without the media's own sums."""
    target = io.BytesIO()
    archive_write(target, passwords=True)
    return target.getvalue()


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def databases():
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'weerwoord_trial_%'")
        return cursor.fetchall()


def test_a_backup_brings_everything_back(place, media_root):
    before, pictures = content(), files(media_root)
    made, said = make(place, verify=True)
    assert any("tables have the rows" in line for line in said)
    assert databases() == []
    assert {path.name for path in made.iterdir()} == {
        "database.dump",
        "manifest.json",
        "media",
        "proof.json",
    }
    assert made.stat().st_mode & 0o077 == 0
    assert files(made / "media") == pictures
    shown = SiteSettings.objects.get().version
    Article.objects.update(title="Kapot")
    Comment.objects.filter(parent=None).delete()
    Tag.objects.create(name="Te veel", slug="te-veel")
    for name in pictures:
        default_storage.delete(name)
    with pytest.raises(BackupError, match="--overwrite"):
        backup_restore(made, overwrite=False, say=said.append)
    assert Article.objects.filter(title="Kapot").exists()
    backup_restore(made, overwrite=True, say=said.append)
    assert content() == before
    assert files(media_root) == pictures
    # No cache may take the pages of now for those that it has.
    assert SiteSettings.objects.get().version > shown


def test_into_a_database_without_tables(place):
    before = content()
    made, said = make(place)
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    backup_restore(made, overwrite=False, say=said.append)
    assert content() == before


def test_pictures_are_links_to_files_that_are_there_already(place, media_root):
    made, _said = make(place)
    name = Image.objects.get().file.name
    assert (made / "media" / name).stat().st_ino == (media_root / name).stat().st_ino
    # A restored file is one of its own: what happens to it does not happen to the backup.
    default_storage.delete(name)
    backup_restore(made, overwrite=True, say=str)
    assert (made / "media" / name).stat().st_ino != (media_root / name).stat().st_ino


def test_on_another_disk_unchanged_pictures_are_links_to_the_last_backup(place, monkeypatch):
    real = os.link

    def link(source, target):
        if "backups" not in str(source):
            raise OSError(18, "Invalid cross-device link")
        real(source, target)

    monkeypatch.setattr(os, "link", link)
    name = Image.objects.get().file.name
    first, second = make(place)[0], make(place)[0]
    assert (first / "media" / name).stat().st_ino == (second / "media" / name).stat().st_ino
    backup_try_out(second, say=str)


def test_who_was_erased_after_the_backup_is_erased_again(place):
    made, said = make(place)
    own_comments.commenter_erase(commenter=Commenter.objects.get(name="Cor"))
    backup_restore(made, overwrite=True, say=said.append)
    assert any("1 people who were erased" in line for line in said)
    assert not Commenter.objects.filter(name="Cor").exists()
    assert not Comment.objects.filter(name="Cor").exists()
    # Somebody else with the same number is left alone.
    Commenter.objects.create(pk=1_000_000, name="Later")
    assert own_comments.erasures_repeat() == 0


def test_only_so_many_are_kept(place):
    made = [make(place, keep=2)[0] for _turn in range(4)]
    assert manifest.finished(place) == made[2:]
    assert sorted(path.name for path in place.iterdir() if not path.name.startswith(".")) == [
        path.name for path in made[2:]
    ]


@pytest.mark.parametrize(
    ("name", "said"), [("database.dump", "checksum"), ("media", "checksum"), ("manifest", "sound")]
)
def test_a_changed_file_is_found_and_the_site_stays(place, name, said):
    made, _said = make(place)
    target = made / name
    if name == "media":
        target = next(path for path in target.rglob("*.jpg"))
        target.rename(target.with_suffix(".old"))  # The link leads to the site's own file.
        target.write_bytes(target.with_suffix(".old").read_bytes()[:-1] + b"x")
    elif name == "manifest":
        target = made / "manifest.json"
        target.write_text(target.read_text()[:-40])
    else:
        data = bytearray(target.read_bytes())
        data[len(data) // 2] ^= 1
        target.write_bytes(data)
    before = content()
    for act in (
        lambda: backup_restore(made, overwrite=True, say=str),
        lambda: backup_try_out(made, say=str),
    ):
        with pytest.raises(BackupError, match=said):
            act()
    assert content() == before


def rewritten(made, **changes):
    path = made / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_a_backup_of_something_newer_is_refused(place):
    made, _said = make(place)
    before = content()
    known = json.loads((made / "manifest.json").read_text())
    for changes, said in (
        ({"version": 2}, "format version 2"),
        ({"server": 99}, "PostgreSQL 99 or newer"),
        ({"migrations": [*known["migrations"], ["blog", "9999_x"]]}, "does not know blog.9999_x"),
        ({"media": {"../x": {"bytes": 1, "sha256": ""}}}, "name that no picture has"),
        ({"media": {"/etc/passwd": {"bytes": 1, "sha256": ""}}}, "name that no picture has"),
        ({"tables": {**known["tables"], "blog_tag": 7}}, "blog_tag has 2 rows"),
    ):
        rewritten(made, **{"media": known["media"], **known, **changes})
        with pytest.raises(BackupError, match=said):
            backup_try_out(made, say=str)
    assert content() == before
    assert databases() == []


def test_a_dump_that_fails_half_way_leaves_the_database_as_it_was(place):
    made, _said = make(place)
    dump = made / "database.dump"
    data = dump.read_bytes()[:-3000]
    dump.write_bytes(data)
    told = manifest.sum_of(dump)
    rewritten(made, database={"bytes": told.bytes, "sha256": told.sha256})
    before = content()
    with pytest.raises(BackupError, match=r"pg_restore failed|left as it was"):
        backup_restore(made, overwrite=True, say=str)
    assert content() == before


def test_two_at_once(place):
    with (
        manifest.locked(place),
        pytest.raises(BackupError, match="Another backup or restore"),
    ):
        make(place)
    make(place)


def test_without_the_program_of_the_servers_version(place, monkeypatch, tmp_path):
    other = tmp_path / "pg_dump"
    other.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n")
    other.chmod(0o755)
    monkeypatch.setattr(programs, "_candidates", lambda name: iter([str(other)]))
    with pytest.raises(BackupError, match=r"no pg_dump of that version is here; found: 9"):
        make(place)
    assert manifest.finished(place) == []


def environment(settings):
    known = connection.settings_dict
    url = f"postgres:///{known['NAME']}?host={known['HOST']}&user={known['USER']}"
    url += f"&port={known['PORT']}" if known["PORT"] else ""
    return {
        **os.environ,
        "DATABASE_URL": url,
        "BACKUP_DIR": str(settings.BACKUP_DIR),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "WEERWOORD_MODE": "test",
    }


def test_killed_half_way_it_is_no_backup_and_the_next_one_is(place, settings, tmp_path):
    # A pg_dump that begins and then hangs, as one on a slow disk.
    real = programs.program("pg_dump", programs.major(connection))
    slow = tmp_path / "bin" / "pg_dump"
    slow.parent.mkdir()
    slow.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && exec {real} --version\n'
        f"echo half; echo $$ > {tmp_path}/begun; exec sleep 60\n"
    )
    slow.chmod(0o755)
    path = f"{slow.parent}:{os.environ['PATH']}"
    process = subprocess.Popen(
        [sys.executable, "manage.py", "backup"],
        cwd=ROOT,
        env={**environment(settings), "PATH": path},
    )
    end = time.monotonic() + 60
    while not (tmp_path / "begun").exists():
        assert time.monotonic() < end
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    os.kill(int((tmp_path / "begun").read_text()), signal.SIGKILL)
    assert manifest.finished(place) == []
    assert [path.suffix for path in place.iterdir() if path.is_dir()] == [".partial"]
    made, _said = make(place, verify=True)
    assert [path for path in place.iterdir() if path.is_dir()] == [made]


def test_a_full_disk_is_said_and_leaves_nothing(place, settings, tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    script = (
        f"mount -t tmpfs -o size=96k none {small} && "
        f"{sys.executable} manage.py backup --to {small};"
        f" echo status $?; ls -A {small}"
    )
    done = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", script],
        cwd=ROOT, env=environment(settings), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "The disk is full" in done.stderr
    assert done.stdout.split() == ["status", "1", ".lock"]


def test_the_commands(place, settings, capsys):
    call_command("backup", "--keep", "3", "--verify")
    assert "files of pictures" in capsys.readouterr().out
    last = proof.standing(place)
    assert last.proof.rows == last.rows > 0
    (place / last.name / proof.PROOF).unlink()
    assert proof.standing(place).proof is None
    call_command("restore", "latest", "--dry-run")
    assert "tables have the rows" in capsys.readouterr().out
    assert proof.standing(place).proof.rows == last.rows
    with pytest.raises(CommandError, match="--overwrite"):
        call_command("restore", "latest")
    name = manifest.finished(place)[0].name
    with pytest.raises(CommandError, match=f"There is no backup 1999. In .*: {name}"):
        call_command("restore", "1999")
    with pytest.raises(CommandError, match="from 1"):
        call_command("backup", "--keep", "0")
    users = User.objects.count()
    call_command("restore", name, "--overwrite")
    assert User.objects.count() == users
