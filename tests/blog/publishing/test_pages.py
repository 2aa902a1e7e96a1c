"""Nothing of a page is lost: versions, copies, presence, stale saves and the trash, as articles."""

import datetime
import json

import pytest
from django.utils import timezone

from authors.roles import Role
from blog.exporting import TABLES
from blog.models import MenuItem, Page, Presence, Redirect, SiteSettings, TextKind, WorkingCopy
from blog.publishing import autosave, pages, trash
from interchange.archive.format import columns
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
KEY = "0a0a0a0a-0000-4000-8000-000000000001"


@pytest.fixture
def eva():
    return make_user("eva", role=Role.EDITOR)


@pytest.fixture
def desk(client, eva):
    client.force_login(eva)
    return client


@pytest.fixture
def page(eva):
    made = Page(title="Over ons", slug="over-ons", purpose="about", body_source="<p>Een kat.</p>")
    return pages.page_save(page=made, editor=eva)


def save(page, text, **fields):
    for name, value in fields.items():
        setattr(page, name, value)
    page.body_source = text
    return pages.page_save(page=page, editor=None)


def form_of(page, **changed):
    return {
        "title": page.title, "body_source": page.body_source, "purpose": page.purpose,
        "language": "nl", "public": "on", "slug": page.slug, "opened_on": page.version,
        "copy_key": KEY, **changed,
    }  # fmt: skip


def test_versions_are_compared_and_put_back(desk, page):
    first = page.version
    save(page, "<p>Een hond.</p>")
    url = f"/admin/blog/page/{page.pk}/history/"
    answer = desk.get(url, {"from": first, "to": page.version})
    lines = {(line.kind, line.text) for line in answer.context["difference"]}
    assert {("theirs", "Een kat."), ("yours", "Een hond.")} <= lines
    data = {"version": first, "opened_on": page.version}
    assert desk.post(f"/admin/blog/page/{page.pk}/restore/", data).status_code == 302
    page.refresh_from_db()
    assert page.body_source == "<p>Een kat.</p>"
    assert "Een kat." in desk.get("/over-ons/").text
    assert page.revisions.count() == 3
    again = desk.post(f"/admin/blog/page/{page.pk}/restore/", data, follow=True)
    assert "intussen opgeslagen" in again.text
    assert page.revisions.count() == 3


def test_a_stale_save_comes_back_with_both_texts(desk, page):
    url, mine = f"/admin/blog/page/{page.pk}/change/", form_of(page, body_source="<p>Van mij.</p>")
    save(page, "<p>Van haar.</p>")
    answer = desk.post(url, mine)
    assert answer.status_code == 409
    lines = {(line.kind, line.text) for line in answer.context["difference"]}
    assert {("theirs", "Van haar."), ("yours", "Van mij.")} <= lines
    page.refresh_from_db()
    assert "Van haar." in page.body_source
    mine["opened_on"] = page.version
    assert desk.post(url, mine).status_code == 302
    page.refresh_from_db()
    assert "Van mij." in page.body_source


def test_a_form_is_kept_for_its_own_kind_and_dropped_when_it_is_saved(desk, eva, page):
    sent = {"number": page.pk, "key": KEY, "version": 1, "data": json.dumps({"title": ["N"]})}
    assert desk.post("/admin/blog/page/keep/", sent).status_code == 200
    offered = desk.get(f"/admin/blog/page/{page.pk}/change/").context["desk"]["copies"]
    assert [one["data"] for one in offered] == [{"title": ["N"]}]
    copy = WorkingCopy.objects.get()
    assert (copy.kind, copy.page_id, copy.article_id) == (TextKind.PAGE, page.pk, None)
    assert desk.get(f"/admin/blog/page/copy/{copy.pk}/").status_code == 200
    assert desk.get(f"/admin/blog/article/copy/{copy.pk}/").status_code == 404
    assert desk.post(f"/admin/blog/page/{page.pk}/change/", form_of(page)).status_code == 302
    assert autosave.copies_offered(eva, TextKind.PAGE, page) == []


def test_a_new_page_and_a_new_article_do_not_offer_each_other_s_text(eva):
    autosave.copy_keep(
        user=eva, kind=TextKind.PAGE, text=None, key=KEY, version=0, data={"title": ["Pagina"]}
    )
    assert autosave.copies_offered(eva, TextKind.ARTICLE, None) == []
    assert len(autosave.copies_offered(eva, TextKind.PAGE, None)) == 1


def test_who_else_has_it_open_is_told(desk, page):
    other = make_user("olga", role=Role.EDITOR, first_name="Olga", last_name="Ordening")
    # An article of the same number is another text.
    autosave.presence_mark(user=other, text=make_article(pk=page.pk))
    url = f"/admin/blog/page/{page.pk}/presence/"
    assert desk.post(url).json()["others"] == []
    autosave.presence_mark(user=other, text=page)
    assert desk.post(url).json()["others"] == ["Olga Ordening"]
    assert desk.post(url, {"leave": "1"}).json() == {}
    assert not Presence.objects.filter(page=page, user__username="eva").exists()


class TestTrash:
    def test_thrown_away_it_is_nowhere_and_put_back_it_is_what_it_was(self, desk, page, client):
        MenuItem.objects.create(place="header", page=page)
        save(page, page.body_source, slug="wij")
        answer = desk.post(f"/admin/blog/page/{page.pk}/delete/", follow=True)
        assert "in de prullenbak" in answer.text
        client.logout()
        assert client.get("/wij/").status_code == 410
        for url in ("/", "/sitemap-pages.xml", "/search/?q=kat"):
            assert "/wij/" not in client.get(url).text, url
        client.force_login(make_user(role=Role.EDITOR))
        assert "Over ons" in client.get("/admin/blog/page/trash/").text
        act = f"/admin/blog/page/trash/{page.pk}/"
        assert client.post(act, {"act": "back"}).status_code == 302
        client.logout()
        assert client.get("/wij/").status_code == 200
        assert client.get("/over-ons/")["Location"] == "/wij/"
        assert "/wij/" in client.get("/").text

    def test_its_purpose_may_have_gone_to_another_page(self, desk, page):
        trash.page_trash(page=page, editor=None)
        other = Page(title="Wie wij zijn", slug="wie", purpose="about", body_source="<p>x</p>")
        pages.page_save(page=other, editor=None)
        act = f"/admin/blog/page/trash/{page.pk}/"
        answer = desk.post(act, {"act": "back"}, follow=True)
        assert "heeft intussen dat doel gekregen" in answer.text
        page.refresh_from_db()
        assert (page.purpose, page.trashed_at) == ("", None)

    def test_an_address_in_the_trash_is_said_to_be_there(self, desk, page):
        trash.page_trash(page=page, editor=None)
        sent = form_of(page, purpose="", opened_on="")
        answer = desk.post("/admin/blog/page/add/", sent)
        assert "in de prullenbak heeft dat adres" in answer.text

    def test_deleted_for_good_by_hand_or_by_the_worker(self, desk, page, client):
        trash.page_trash(page=page, editor=None)
        Page.objects.update(trashed_at=timezone.now() - datetime.timedelta(days=31))
        SiteSettings.objects.update_or_create(pk=1, defaults={"trash_days": 30})
        trash.trash_empty_old()
        assert not Page.objects.exists()
        assert client.get("/over-ons/").status_code == 410
        draft = pages.page_save(
            page=Page(title="K", slug="k", body_source="", public=False), editor=None
        )
        trash.page_trash(page=draft, editor=None)
        desk.post(f"/admin/blog/page/trash/{draft.pk}/", {"act": "delete"})
        assert not Page.objects.exists()
        assert not Redirect.objects.filter(old_path="/k/").exists()

    def test_a_form_that_was_open_meanwhile_loses_nothing(self, desk, page):
        sent = form_of(page, body_source="<p>Nog van mij.</p>")
        trash.page_trash(page=page, editor=None)
        answer = desk.post(f"/admin/blog/page/{page.pk}/change/", sent)
        assert answer.status_code == 409
        assert "Nog van mij." in answer.text


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.MODERATOR, None])
def test_every_address_is_the_editors_(client, page, role):
    client.force_login(make_user(role=role))
    here = f"/admin/blog/page/{page.pk}"
    for part in ("history", "check", "preview", "delete"):
        assert client.get(f"{here}/{part}/").status_code in (403, 404), part
    assert client.get("/admin/blog/page/trash/").status_code == 404
    restore = {"version": page.version, "opened_on": page.version}
    for part, data in (("restore", restore), ("presence", {}), ("delete", {})):
        assert client.post(f"{here}/{part}/", data).status_code in (403, 404), part
    trash.page_trash(page=page, editor=None)
    assert client.post(f"/admin/blog/page/trash/{page.pk}/", {"act": "back"}).status_code == 404
    for part in ("keep", "drop", "check", "paste"):
        assert client.post(f"/admin/blog/page/{part}/", {"key": KEY}).status_code == 404, part


def test_an_archive_has_its_columns_in_the_order_it_always_had():
    found = {
        table.model.__name__: [field.attname for field in columns(table, secrets=True)]
        for table in TABLES
    }
    assert found["Revision"] == [
        "id", "article_id", "version", "title", "lead", "body_source", "public", "editor_id",
        "created_at", "search_title", "search_description",
    ]  # fmt: skip
    assert found["PageRevision"] == [
        "id", "page_id", "version", "title", "body_source", "editor_id", "created_at",
        "search_title", "search_description",
    ]  # fmt: skip
