"""Moving in at the desk: owners alone, a trial first, in slices that the worker does."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from authors.models import User
from authors.roles import Role
from blog.models import Article, Page
from comments.models import Comment
from interchange import moving
from interchange.models import Imported, Move
from tests.factories import make_user
from tests.interchange.wxr import comment, export, item

ADD = reverse("admin:interchange_move_add")


@pytest.fixture(autouse=True)
def var(settings, tmp_path, db):
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def owner(client):
    user = make_user(role=Role.OWNER)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def upload(content="", name="export.xml"):
    content = content or export(item(comments=comment(1) + comment(2, parent=1)))
    return SimpleUploadedFile(name, content.encode())


def work(turns=20):
    """What the worker does: one slice after another."""
    for _turn in range(turns):
        task = DBTaskResult.objects.filter(status="READY").first()
        if task is None:
            return
        task.delete()
        moving.move_go_on.func(*task.args_kwargs["args"])


def begin(owner, **more):
    answer = owner.post(ADD, {"kind": "wordpress", "file": upload(), **more})
    assert answer.status_code == 302, answer.context["errors"]
    return Move.objects.get()


def act(owner, move, what):
    return owner.post(reverse("admin:interchange_move_act", args=[move.pk]), {"act": what})


def page(owner, move):
    return owner.get(reverse("admin:interchange_move_change", args=[move.pk])).content.decode()


def test_a_trial_then_the_real_thing(owner, var):
    move = begin(owner)
    stored = Path(move.file.path)
    assert stored.is_relative_to(var / "imports")
    assert stored.stat().st_mode & 0o077 == 0
    work()
    assert not Article.objects.exists()
    assert "Binnenhalen" in page(owner, move)
    act(owner, move, "store")
    work()
    assert Comment.objects.count() == 2
    assert "2 nieuw" in page(owner, move)
    move.refresh_from_db()
    assert (move.state, move.dry_run, move.report["come"]["comment"]) == ("done", False, {"new": 2})


def test_what_is_chosen_at_the_desk_is_done(owner):
    file = export(
        item(comments=comment(1, gmt="", local="2019-05-02 10:00:00", email="lezer@x.example")),
        item("Over", kind="page", slug="over", comments=comment(2)),
    )
    chosen = {
        "time_zone": "America/New_York", "language": "en", "commented_pages": "page",
        "source": "weblog", "keep_emails": "on", "trust_approved": "on", "accounts": "on",
    }  # fmt: skip
    move = begin(owner, file=upload(file), **chosen)
    work()
    act(owner, move, "store")
    work()
    said = Comment.objects.get()
    assert said.created_at == datetime(2019, 5, 2, 14, tzinfo=UTC)
    assert (said.article.language, said.commenter.trust) == ("en", "known")
    assert Page.objects.get().slug == "over"
    assert User.objects.get(username="anna").author.name == "Anna Schrijver"
    assert {row.source for row in Imported.objects.all()} == {"wordpress:weblog"}
    shown = page(owner, move)
    for words in ("America/New_York", "weblog", "zonder hun reacties", "English"):
        assert words in shown, words


def test_slices_pauses_and_going_on(owner, monkeypatch):
    monkeypatch.setattr(moving, "SLICE", -1.0)
    move = begin(owner)
    work(100)
    act(owner, move, "store")
    work(2)
    move.refresh_from_db()
    assert move.state == "running"
    act(owner, move, "pause")
    work(100)
    move.refresh_from_db()
    assert move.state == "paused"
    assert Comment.objects.count() == 0
    act(owner, move, "resume")
    work(100)
    assert Comment.objects.count() == 2
    assert Article.objects.count() == 1


def test_a_worker_that_dies_leaves_what_the_next_one_goes_on_with(owner, monkeypatch):
    move = begin(owner)
    work()
    act(owner, move, "store")

    def die(*args, **kwargs):
        raise RuntimeError("x")

    with monkeypatch.context() as patch:
        patch.setattr("interchange.apply.comments.Comments.store", die)
        with pytest.raises(RuntimeError):
            work()
    move.refresh_from_db()
    assert move.state == "failed"
    assert "RuntimeError" in page(owner, move)
    act(owner, move, "resume")
    work()
    assert (Article.objects.count(), Comment.objects.count()) == (1, 2)


def test_owners_alone(client):
    move = moving.move_start(move=Move(kind="wordpress", file=upload()), user=None)
    places = [ADD, reverse("admin:interchange_move_changelist"),
              reverse("admin:interchange_move_change", args=[move.pk])]  # fmt: skip
    for role in (Role.AUTHOR, Role.MODERATOR, Role.EDITOR, None):
        client.force_login(
            make_user(role=role), backend="django.contrib.auth.backends.ModelBackend"
        )
        for place in places:
            assert client.get(place).status_code in (302, 403, 404), (role, place)
        answer = client.post(
            reverse("admin:interchange_move_act", args=[move.pk]), {"act": "store"}
        )
        assert answer.status_code in (302, 403, 404)
    move.refresh_from_db()
    assert move.state == "running"


def test_wrong_files_are_refused_with_words(owner):
    answer = owner.post(ADD, {"kind": "wordpress", "file": upload("x", "foto.jpg")})
    assert answer.status_code == 200
    assert ".xml" in answer.content.decode()
    assert not Move.objects.exists()


def test_a_bomb_is_told(owner):
    import io
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.xml", b"\0" * 60_000_000)
    bomb = SimpleUploadedFile("a.zip", packed.getvalue())
    move = begin(owner, file=bomb)
    work()
    move.refresh_from_db()
    assert move.state == "failed"
    assert "a.xml" in page(owner, move)


def test_examples_are_escaped(owner):
    move = begin(owner, file=upload(export(item("&lt;script&gt;x", status="trash"))))
    work()
    assert "<script>x" not in page(owner, move)


def test_exports_are_forgotten(owner):
    move = begin(owner)
    file = Path(move.file.path)
    moving.forget_files()
    assert file.exists()
    Move.objects.update(changed_at=timezone.now() - timedelta(days=15))
    moving.forget_files()
    assert not file.exists()
    move = Move.objects.get()
    assert "Binnenhalen" not in page(owner, move)
    owner.post(reverse("admin:interchange_move_delete", args=[move.pk]), {"post": "yes"})
    assert not Move.objects.exists()
