"""Moves in that are broken off, by kill -9 and by Ctrl-C: the next run brings the rest, once."""

import os
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection

from authors.models import Author
from blog.models import Article, Image, Page, Redirect, Tag
from comments.models import Comment, Commenter
from comments.thread import counters
from interchange import choices, moving
from interchange.commands import Stopper
from interchange.models import Imported, Move, MoveState
from tests.factories import make_upload
from tests.interchange.wxr import comment, export, item

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
# Sends itself a signal when a function is called for the nth time, or is over for the nth time.
PROGRAM = """
import os, signal, sys
from pathlib import Path
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
from django.conf import settings
database, var, sign, point, turn, *command = sys.argv[1:]
settings.DATABASES["default"]["NAME"] = database
settings.VAR_DIR = Path(var)
django.setup()
from interchange import spool
from interchange.apply import articles, comments, pages, pictures, run
run.LOT = 5
place, name, after = {
    "while reading": (spool.Spool, "add", False),
    "when a picture is there and its row is not": (pictures, "image_add", True),
    "inside an article": (articles, "article_save", True),
    "inside a page": (pages, "page_save", True),
    "between lots": (comments.Comments, "store", False),
    "inside a lot": (comments, "comments_store", True),
    "at the end of a lot": (comments, "copy_in", True),
    "after a lot": (comments.Comments, "store", True),
    "never": (spool.Spool, "add", False),
}[point]
real, calls = getattr(place, name), []
def hit():
    calls.append(1)
    if len(calls) == int(turn) and point != "never":
        os.kill(os.getpid(), getattr(signal, sign))
def watched(*args, **kwargs):
    if not after:
        hit()
    result = real(*args, **kwargs)
    if after:
        hit()
    return result
setattr(place, name, watched)
from django.core.management import call_command
call_command(*command)
"""
POINTS = [
    ("while reading", 9), ("when a picture is there and its row is not", 1),
    ("inside an article", 2), ("inside a page", 1), ("inside a lot", 2), ("at the end of a lot", 3),
    ("after a lot", 4), ("between lots", 7),
]  # fmt: skip


@pytest.fixture
def site(tmp_path):
    """An export with pictures, a page and a conversation, and the folder of its uploads."""
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    for number in range(3):
        (uploads / f"{number}.jpg").write_bytes(make_upload(size=(40 + number, 30)).read())
    said = "".join(
        comment(number, f"Reactie {number}.", parent=number - 1 if number % 3 else 0,
                email=f"lezer{number % 5}@x.example")
        for number in range(1, 45)
    )  # fmt: skip
    pieces = [
        item(f"Stuk {number}", f'<img src="/wp-content/uploads/{number}.jpg" alt="Brug">',
             number=100 + number, slug=f"stuk-{number}", comments=said if number == 1 else "")
        for number in range(3)
    ]  # fmt: skip
    file = tmp_path / "export.xml"
    file.write_text(export(*pieces, item("Over", kind="page", slug="over", number=200)))
    return file, uploads


def content(media):
    """Everything that came, by what it says and where it stands."""
    comments = Comment.objects.select_related("parent", "article", "commenter")
    return {
        "comments": sorted(
            (row.article.slug, row.source, row.depth, row.descendant_count, row.state,
             row.created_at, row.parent.source if row.parent else "", row.commenter.email)
            for row in comments
        ),
        "articles": sorted(
            (row.slug, row.title, row.comment_count, row.version, row.status,
             [author.name for author in row.byline], "data-image" in row.body_source)
            for row in Article.objects.all()
        ),
        "pages": list(Page.objects.values_list("slug", "title", "version")),
        "redirects": sorted(Redirect.objects.values_list("old_path", flat=True)),
        "counts": [model.objects.count() for model in (Author, Tag, Image, Commenter, Imported)],
        "files": sorted(path.name for path in (media / "pictures").iterdir()),
    }  # fmt: skip


def forget(media):
    for model in (Comment, Article, Page, Redirect, Author, Tag, Image, Commenter, Imported):
        model.objects.all().delete()
    for path in media.rglob("*.*"):
        path.unlink()


def start(tmp_path, media, sign, point, turn, *command):
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, connection.settings_dict["NAME"], str(tmp_path), sign,
         point, str(turn), *map(str, command)],
        cwd=ROOT,
        env={**os.environ, "WEERWOORD_MODE": "test", "MEDIA_ROOT": str(media)},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip


def bring(site):
    file, uploads = site
    return "import_wordpress", str(file), f"--media={uploads}", "--keep-emails", "--no-keep-clients"


@pytest.fixture
def whole(site, media_root):
    """What an undisturbed run brings."""
    call_command(*bring(site), stdout=StringIO())
    found = content(media_root)
    assert len(found["comments"]) == 44
    assert len(found["files"]) > 3
    forget(media_root)
    return found


def test_a_command_killed_at_any_point_goes_on_with_the_next(site, whole, tmp_path, media_root):
    for point, turn in POINTS:
        running = start(tmp_path, media_root, "SIGKILL", point, turn, *bring(site))
        running.communicate(timeout=60)
        assert running.returncode == -signal.SIGKILL, point
    assert Comment.objects.count() < 44
    call_command(*bring(site), stdout=StringIO())
    assert content(media_root) == whole
    assert counters.recount() == 0
    call_command(*bring(site), stdout=StringIO())
    assert content(media_root) == whole


def test_ctrl_c_loses_nothing(site, whole, tmp_path, media_root):
    for point, turn in [POINTS[0], POINTS[2], POINTS[4], POINTS[5]]:
        before = Comment.objects.count()
        running = start(tmp_path, media_root, "SIGINT", point, turn, *bring(site))
        said, _errors = running.communicate(timeout=60)
        assert running.returncode == 0, point
        assert "dezelfde opdracht gaat verder" in said
        # The lot in hand was finished.
        lots = turn if "lot" in point else 0
        assert Comment.objects.count() - before <= 5 * lots
        assert Comment.objects.count() % 5 == 0
    assert 0 < Comment.objects.count() < 44
    call_command(*bring(site), stdout=StringIO())
    assert content(media_root) == whole
    assert counters.recount() == 0


def test_a_second_ctrl_c_does_not_wait_for_the_lot_in_hand():
    with Stopper() as stopper:
        signal.raise_signal(signal.SIGINT)
        assert not stopper.wanted()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_a_worker_killed_at_any_point_is_followed_by_the_next(
    site, whole, tmp_path, media_root, settings
):
    settings.VAR_DIR = tmp_path
    file, uploads = site
    packed = Path(tmp_path) / "uploads.zip"
    subprocess.run([sys.executable, "-m", "zipfile", "-c", packed, uploads], check=True)
    move = moving.move_start(
        move=Move(
            kind="wordpress",
            file=SimpleUploadedFile("export.xml", file.read_bytes()),
            media=SimpleUploadedFile("uploads.zip", packed.read_bytes()),
            options=choices.checked("wordpress", {"keep_emails": True}),
            dry_run=False,
        ),
        user=None,
    )
    for point, turn in [POINTS[1], POINTS[5], POINTS[6]]:
        running = start(tmp_path, media_root, "SIGKILL", point, turn, "worker")
        running.communicate(timeout=60)
        assert running.returncode == -signal.SIGKILL, point
    assert 0 < Comment.objects.count() < 44
    running = start(tmp_path, media_root, "SIGKILL", "never", 1, "worker")
    try:
        end = time.monotonic() + 60
        while Move.objects.get().state == MoveState.RUNNING and time.monotonic() < end:
            time.sleep(0.1)
    finally:
        running.terminate()
        running.communicate(timeout=20)
    move.refresh_from_db()
    assert (move.state, move.fault) == (MoveState.DONE, "")
    assert content(media_root) == whole
    assert counters.recount() == 0
