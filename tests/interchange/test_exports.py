"""Exports at the desk: who may, what comes, that nobody else gets it, that it goes away."""

from __future__ import annotations

import datetime
import io
import zipfile

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from authors.models import Author, User
from blog.models import Article
from interchange import exports
from interchange.models import Export, ExportState, Form
from tests.factories import make_user
from tests.interchange.filling import fill_site

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/interchange/export/"


@pytest.fixture
def desk(settings, tmp_path, media_root, client):
    """A filled site; gives a function that logs somebody in."""
    settings.VAR_DIR = tmp_path / "var"
    fill_site()

    def enter(name):
        client.force_login(User.objects.get(username=name))
        return client

    return enter


def work():
    call_command("db_worker", "--batch", "--no-startup-delay", verbosity=0)


def address(export):
    return reverse("admin:interchange_export_download", args=[export.pk])


@pytest.mark.parametrize("form", list(Form))
def test_an_owner_takes_the_site_away(desk, form):
    client = desk("chef")
    assert client.post(f"{LIST}add/", {"form": form.value}).status_code == 302
    export = Export.objects.get()
    assert client.get(address(export)).status_code == 404  # It is not made yet.
    exports.export_make.func(export.pk)
    export.refresh_from_db()
    assert (export.state, export.author) == (ExportState.READY, None)
    assert "Download" in client.get(LIST).content.decode()
    answer = client.get(address(export))
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    data = b"".join(answer.streaming_content)
    answer.close()
    assert len(data) == export.size
    if form == Form.WORDPRESS:
        assert etree.fromstring(data).tag == "rss"
        assert b"cor@x.example" in data
    else:
        with zipfile.ZipFile(io.BytesIO(data)) as found:
            wanted = "manifest.json" if form == Form.ARCHIVE else "site/index.html"
            assert wanted in found.namelist()
    file = exports.file_of(export)
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


def test_an_author_takes_her_own_articles_away_and_nothing_else(desk):
    client = desk("anna")
    page = client.get(f"{LIST}add/").content.decode()
    assert "archive" not in page
    assert client.post(f"{LIST}add/", {"form": "archive"}).status_code == 200
    assert not Export.objects.exists()
    assert client.post(f"{LIST}add/", {"form": "wordpress"}).status_code == 302
    export = Export.objects.get()
    assert export.author == Author.objects.get(slug="anna")
    exports.export_make.func(export.pk)
    answer = client.get(address(export))
    data = b"".join(answer.streaming_content)
    answer.close()
    assert b"cor@x.example" not in data
    assert b"<![CDATA[out]]>" not in data  # Bram's alone.


def test_an_author_takes_a_copy_to_read_of_her_own_public_articles(desk):
    client = desk("anna")
    assert client.post(f"{LIST}add/", {"form": "html"}).status_code == 302
    export = Export.objects.get()
    exports.export_make.func(export.pk)
    answer = client.get(address(export))
    data = b"".join(answer.streaming_content)
    answer.close()
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        pages = {name for name in packed.namelist() if name.endswith("index.html")}
    mine = Article.objects.published().filter(authors__slug="anna")
    assert mine.exists()
    assert Article.objects.exclude(pk__in=mine).exists()
    own = {f"site{row.get_absolute_url()}index.html" for row in mine}
    assert pages == own | {"site/index.html", "site/author/anna/index.html"}


def test_nobody_else_gets_it(desk, client):
    export = Export.objects.create(
        form=Form.ARCHIVE, made_by=User.objects.get(username="chef"), state=ExportState.READY
    )
    mine = Export.objects.create(
        form=Form.WORDPRESS, made_by=User.objects.get(username="chef"), state=ExportState.READY,
        author=Author.objects.get(slug="anna"),
    )  # fmt: skip
    exports.place().mkdir(parents=True)
    for one in (export, mine):
        exports.file_of(one).write_bytes(b"secret")
    assert client.get(address(export)).status_code == 302  # To the login.
    make_user("moderator", role="Moderator")
    make_user("redacteur", role="Redacteur")
    for name, status in (("anna", 404), ("moderator", 404), ("redacteur", 404)):
        for one in (export, mine):
            assert desk(name).get(address(one)).status_code == status
            gone = desk(name).post(f"{LIST}{one.pk}/delete/", {"post": "yes"})
            assert gone.status_code in (302, 403)
    assert Export.objects.count() == 2
    assert desk("moderator").get(LIST).status_code == 403
    assert desk("moderator").post(f"{LIST}add/", {"form": "archive"}).status_code == 403
    assert desk("anna").get(LIST).content.decode().count("Download") == 0
    assert client.get(f"/media/../exports/{export.pk}.zip").status_code == 404


def test_who_is_no_owner_any_more_gets_nothing_of_the_whole_site(desk):
    anna = User.objects.get(username="anna")
    export = Export.objects.create(form=Form.ARCHIVE, made_by=anna, state=ExportState.READY)
    exports.place().mkdir(parents=True)
    exports.file_of(export).write_bytes(b"secret")
    assert desk("anna").get(address(export)).status_code == 404


def test_the_worker_makes_it_and_a_second_time_changes_nothing(desk):
    user = User.objects.get(username="chef")
    export = exports.export_request(user=user, form=Form.WORDPRESS, author=None)
    work()
    export.refresh_from_db()
    assert export.state == ExportState.READY
    file = exports.file_of(export)
    before = file.read_bytes()
    exports.export_make.func(export.pk)
    assert file.read_bytes() == before
    exports.export_make.func(export.pk + 1)  # It was deleted meanwhile.


def test_a_fault_is_told(desk, monkeypatch, settings, tmp_path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "exports").write_text("in the way")
    user = User.objects.get(username="chef")
    export = exports.export_request(user=user, form=Form.ARCHIVE, author=None)
    exports.export_make.func(export.pk)
    export.refresh_from_db()
    assert export.state == ExportState.FAILED
    assert export.fault in desk("chef").get(LIST).content.decode()


def test_exports_go_away(desk):
    user = User.objects.get(username="chef")
    old = Export.objects.create(form=Form.ARCHIVE, made_by=user, state=ExportState.READY)
    new = Export.objects.create(form=Form.ARCHIVE, made_by=user, state=ExportState.READY)
    exports.place().mkdir(parents=True)
    for export in (old, new):
        exports.file_of(export).write_bytes(b"x")
    past = timezone.now() - datetime.timedelta(days=exports.DAYS + 1)
    Export.objects.filter(pk=old.pk).update(created_at=past)
    exports.forget_exports()
    assert [export.pk for export in Export.objects.all()] == [new.pk]
    assert list(exports.place().iterdir()) == [exports.file_of(new)]
    answer = desk("chef").post(f"{LIST}{new.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 302
    assert list(exports.place().iterdir()) == []
