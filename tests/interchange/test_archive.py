"""The archive: out, back, out again and the same bytes; what is not sound is refused whole."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import FileField

from authors.models import User
from blog.models import Article, Image, SearchWord
from comments.commenters import own_comments
from comments.models import Comment, Commenter
from interchange.archive.format import ArchiveError, _modules, tables
from interchange.archive.reading import archive_restore
from interchange.archive.writing import archive_write
from tests.interchange.filling import fill_site

pytestmark = pytest.mark.django_db(transaction=True)


def written(**options):
    target = io.BytesIO()
    archive_write(target, **options)
    return target.getvalue()


def empty():
    call_command("flush", interactive=False, verbosity=0)


def members(data):
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        return {info.filename: found.read(info) for info in found.infolist()}


def packed(files, *, sums=True):
    """An archive of `files`; with `sums` its manifest is put right first."""
    files = dict(files)
    if sums:
        manifest = json.loads(files["manifest.json"])
        manifest["files"] = {
            name: {
                **manifest["files"].get(name, {}),
                "sha256": hashlib.sha256(data).hexdigest(),
                "bytes": len(data),
            }
            for name, data in files.items()
            if name != "manifest.json"
        }
        files["manifest.json"] = json.dumps(manifest).encode()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return target.getvalue()


def refused(data):
    """What is said of an archive that is not taken; nothing may be left of it."""
    with pytest.raises(ArchiveError) as told:
        archive_restore(io.BytesIO(data))
    assert not User.objects.exists()
    assert not Article.objects.exists()
    assert not Comment.objects.exists()
    return str(told.value)


def changed(data, name, before, after):
    files = members(data)
    assert before in files[name]
    files[name] = files[name].replace(before, after, 1)
    return packed(files)


_full = []


@pytest.fixture
def full(media_root):
    """The bytes of an archive of a filled site; the database and the media are empty."""
    if not _full:
        fill_site()
        _full.append(written())
        empty()
        shutil.rmtree(media_root)
    return _full[0]


def stored(name):
    with default_storage.open(name) as file:
        return file.read()


def test_every_model_is_in_the_archive_or_left_out_with_a_reason():
    taken = {table.model._meta.label for table in tables()}
    everything = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    left_out = {label: why for one in _modules() for label, why in one.LEFT_OUT.items()}
    assert taken | set(left_out) == everything
    assert not taken & set(left_out)
    assert all(left_out.values())


def test_every_model_of_the_archive_has_rows_in_the_test(media_root):
    fill_site()
    assert [
        table.model._meta.label
        for table in tables()
        if not table.model._base_manager.exists()
    ] == []  # fmt: skip


def test_every_table_that_names_files_says_which():
    naming = [
        table.model._meta.label
        for table in tables()
        if any(isinstance(field, FileField) for field in table.model._meta.concrete_fields)
    ]
    assert naming == [table.model._meta.label for table in tables() if table.has_files]


def test_no_finished_markup_and_no_trace_of_addresses_leaves():
    names = {
        f"{table.model._meta.label}.{field.name}"
        for table in tables()
        for field in table.model._meta.concrete_fields
        if field.name not in table.without
    }
    assert not {name for name in names if "html" in name or "fragment" in name}
    assert not {name for name in names if name.endswith(".client")}


@pytest.mark.parametrize("passwords", [False, True])
def test_out_back_and_out_again_gives_the_same_bytes(media_root, passwords):
    fill_site()
    page = Article.objects.get(slug="over-werk").body_html
    texts = dict(Comment.objects.values_list("pk", "html"))
    first = written(passwords=passwords)
    assert first == written(passwords=passwords)
    hashes = dict(User.objects.values_list("username", "password"))
    files = {name: stored(name) for name in _media()}
    empty()
    for name in files:
        default_storage.delete(name)
    came = archive_restore(io.BytesIO(first))
    assert came.rows["comments.comment"] == 112
    assert written(passwords=passwords) == first
    assert {name: stored(name) for name in _media()} == files
    assert Article.objects.get(slug="over-werk").body_html == page
    assert dict(Comment.objects.values_list("pk", "html")) == texts
    assert SearchWord.objects.filter(word="tekst").exists()
    assert (dict(User.objects.values_list("username", "password")) == hashes) is passwords
    # Without them one can still be asked for by mail.
    assert User.objects.get(username="anna").has_usable_password()
    assert User.objects.get(username="anna").check_password("geheim-woord") is passwords
    assert User.objects.get(username="anna").groups.get().name == "Auteur"
    # What is written next gets a number of its own.
    assert Comment.objects.order_by("-pk").first().pk < _next("comments_comment")


def _media():
    image = Image.objects.get()
    return [image.file.name, *(row["name"] for row in image.renditions)]


def _next(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT nextval(pg_get_serial_sequence('{table}', 'id'))")
        return cursor.fetchone()[0]


def test_the_restored_pages_are_the_same(full, client):
    archive_restore(io.BytesIO(full))
    article = Article.objects.get(slug="over-werk")
    page = client.get(article.get_absolute_url()).content.decode()
    assert "Eerste <em>reactie</em>" in page
    assert f"/comment/{Comment.objects.get(name='Cor').pk}/" in page
    for row in Image.objects.get().renditions:
        answer = client.get(f"/media/{row['name']}")
        assert b"".join(answer.streaming_content) == stored(row["name"])
        answer.close()


def test_a_commenter_who_was_erased_after_the_export_stays_so(settings, tmp_path, media_root):
    settings.BACKUP_DIR = tmp_path / "backups"
    fill_site()
    data = written()
    cor = Commenter.objects.get(name="Cor")
    own_comments.commenter_erase(commenter=cor)
    log = (settings.BACKUP_DIR / "erasures.log").read_text()
    assert log.count("\n") == 1
    assert "cor" not in log
    empty()
    archive_restore(io.BytesIO(data))
    assert not Commenter.objects.filter(email="cor@x.example").exists()
    assert not Comment.objects.filter(name="Cor").exists()
    assert "reactie" not in Comment.objects.earliest("pk").source
    assert (settings.BACKUP_DIR / "erasures.log").read_text() == log


def test_a_site_with_content_is_not_written_over(full):
    archive_restore(io.BytesIO(full))
    with pytest.raises(ArchiveError, match="empty site"):
        archive_restore(io.BytesIO(full))
    assert Article.objects.count() == 3


def test_a_changed_byte_is_found(full):
    files = members(full)
    files["data/blog.tag.jsonl"] = files["data/blog.tag.jsonl"].replace(b"Fietsen", b"Rietsen")
    assert "checksum of data/blog.tag.jsonl" in refused(packed(files, sums=False))


def test_a_file_that_is_cut_off_anywhere_is_found(full):
    for at in (0, 10, len(full) // 2, len(full) - 10):
        assert "damaged or cut off" in refused(full[:at])


@pytest.mark.parametrize(
    "name",
    ["../evil.jpg", "/etc/passwd", "media/../x.jpg", "media/a/../../x.jpg", "media/.x.jpg",
     "media//x.jpg", "media/x.svg", "media/x.html", "data/../x.jsonl", "x.txt", "media/a\\b.jpg"],
)  # fmt: skip
def test_names_that_lead_elsewhere_are_refused(full, name):
    assert "name that an archive does not have" in refused(packed({**members(full), name: b"x"}))


def test_files_that_the_manifest_does_not_name_are_refused(full):
    extra = packed({**members(full), "media/x.jpg": b"x"}, sums=False)
    assert "manifest names" in refused(extra)


def test_a_newer_archive_is_refused(full):
    assert "Update Weerwoord" in refused(
        changed(full, "manifest.json", b'"version": 1', b'"version": 2')
    )
    assert "does not know data/blog.poll.jsonl" in refused(
        packed({**members(full), "data/blog.poll.jsonl": b"{}"})
    )
    assert "does not know colour" in refused(
        changed(full, "data/blog.tag.jsonl", b'{"id"', b'{"colour":"red","id"')
    )


@pytest.mark.parametrize("path", ["/2012/11/oud/", None])
def test_an_older_archive_without_a_field_takes_the_default(full, settings, path):
    files = members(full)
    lines = [json.loads(line) for line in files["data/blog.sitesettings.jsonl"].splitlines()]
    for line in lines:
        del line["edit_minutes"]
    files["data/blog.sitesettings.jsonl"] = b"\n".join(json.dumps(line).encode() for line in lines)
    # Articles had a path for feeds, or none; the oldest archives have no such column.
    articles = [json.loads(line) for line in files["data/blog.article.jsonl"].splitlines()]
    for line in articles:
        del line["entry_id"]
        if path is not None:
            line["entry_path"] = path if line["status"] == "published" else ""
    files["data/blog.article.jsonl"] = b"\n".join(json.dumps(line).encode() for line in articles)
    archive_restore(io.BytesIO(packed(files)))
    from blog.site.settings import site_settings

    assert site_settings().edit_minutes == 30
    out, draft = (Article.objects.get(status=status) for status in ("published", "draft"))
    # Without a path feeds named it by its address; what nobody saw gets a name of its own.
    assert out.entry_id == f"{settings.SITE_URL}{path or out.get_absolute_url()}"
    assert draft.entry_id.startswith("urn:uuid:")


@pytest.mark.parametrize(
    ("name", "before", "after", "said"),
    [
        ("blog.article", b'"status":"draft"', b'"status":"seen"', "not one of the choices"),
        ("authors.author", b'"https://anna.example/over"', b'"javascript:alert(1)"', "web address"),
        ("comments.comment", b'"https://cor.example"', b'"javascript:alert(1)"', "web address"),
        ("blog.tag", b'"name":"Fietsen"', b'"name":null', "null value"),
        ("blog.tag", b'"name":"Fietsen"', b'"name":"\\u0000"', "NUL"),
        ("blog.tag", b'"name":"Fietsen"', b'"name":"\\ud800"', "surrogate"),
        ("blog.tag", b'"name":"Fietsen"', b'"name":"' + b"x" * 70 + b'"', "too long"),
        ("blog.article", b'"picture_id":1,', b'"picture_id":77777,', "foreign key"),
        ("comments.comment", b'"depth":2', b'"depth":7', "not where its parent is"),
        ("blog.image", b'"file":"pictures/', b'"file":"elsewhere/', "does not hold"),
        ("blog.article", b'"created_at":"20', b'"created_at":"never', "created_at|line 1"),
        ("blog.tag", b'{"id":', b'"', "no JSON|no row"),
    ],
)  # fmt: skip
def test_rows_that_do_not_fit_are_refused_whole(full, name, before, after, said):
    name = f"data/{name}.jsonl"
    if b"picture_id" in before:
        number = json.loads(members(full)["data/blog.image.jsonl"])["id"]
        before = f'"picture_id":{number},'.encode()
    found = refused(changed(full, name, before, after))
    assert any(word in found for word in said.split("|")), found


def test_markup_in_an_archive_is_cleaned_as_any_other(full):
    data = changed(
        full,
        "data/blog.article.jsonl",
        b"<p>Nog niet.</p>",
        b"<p onclick='x()'>Nog niet.</p><script>alert(1)</script>",
    )
    data = changed(data, "data/comments.comment.jsonl", b"Nog een antwoord.", b"<script>x</script>")
    archive_restore(io.BytesIO(data))
    draft = Article.objects.get(slug="concept")
    assert draft.body_html == draft.body_source == "<p>Nog niet.</p>"
    assert not Comment.objects.filter(html__contains="<script").exists()


def test_what_is_no_picture_does_not_get_into_the_media(full, media_root):
    files = members(full)
    name = next(name for name in files if name.endswith(".jpg"))
    files[name] = b"<html><script>alert(1)</script></html>"
    assert "not a picture" in refused(packed(files))
    assert [file for file in media_root.rglob("*") if file.is_file()] == []


def test_a_fault_leaves_no_picture_behind(full, media_root):
    refused(changed(full, "data/blog.tag.jsonl", b'"name":"Fietsen"', b'"name":null'))
    assert [file for file in media_root.rglob("*") if file.is_file()] == []


def test_a_picture_that_is_missing_is_told_and_no_hindrance(media_root):
    fill_site()
    name = Image.objects.get().file.name
    default_storage.delete(name)
    target = io.BytesIO()
    assert archive_write(target).missing == [name]
    empty()
    assert archive_restore(target).missing == [name]


def test_writing_meanwhile_does_not_show(media_root, monkeypatch):
    article = fill_site()
    before = written()
    from concurrent.futures import ThreadPoolExecutor

    def write_a_comment(what, count):
        if what == "authors.user":
            with ThreadPoolExecutor(1) as pool:
                pool.submit(_late, article.pk).result()

    assert written(progress=write_a_comment) == before
    assert Comment.objects.filter(name="Laat").exists()


def _late(pk):
    Comment.objects.create(
        article_id=pk, path=b"\x04\x7f\xff\xff\xff", name="Laat", source="x", html="x",
        language="nl",
    )  # fmt: skip
    connection.close()


def test_the_commands(media_root, tmp_path, capsys):
    fill_site()
    file = tmp_path / "site.zip"
    call_command("export", "archive", str(file))
    assert file.stat().st_mode & 0o077 == 0
    assert "112 comments.comment" in capsys.readouterr().out
    with pytest.raises(CommandError, match="exists already"):
        call_command("export", "archive", str(file))
    with pytest.raises(CommandError, match="Nothing was stored"):
        call_command("import_archive", str(file))
    empty()
    call_command("import_archive", str(file))
    assert "changepassword" in capsys.readouterr().out
    again = tmp_path / "again.zip"
    call_command("export", "archive", str(again))
    assert again.read_bytes() == file.read_bytes()
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_archive", str(tmp_path / "none.zip"))
    assert [path.name for path in tmp_path.iterdir() if "partial" in path.name] == []
