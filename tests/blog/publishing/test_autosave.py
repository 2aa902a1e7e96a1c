"""Nothing is lost: the trash, copies of unsaved text, presence, earlier versions."""

import datetime
import json

import pytest
from django.conf import settings
from django.utils import timezone

from authors.roles import Role
from blog.models import (
    Article,
    Presence,
    Redirect,
    Revision,
    SiteSettings,
    Status,
    TextKind,
    WorkingCopy,
)
from blog.publishing import articles, autosave, preview_links, trash
from comments.models import Comment
from tests.factories import make_article, make_author, make_image, make_user

pytestmark = pytest.mark.django_db
FIRST = "0a0a0a0a-0000-4000-8000-000000000001"
KEY = "0a0a0a0a-0000-4000-8000-00000000000{}"


def comment_under(article, name="Anna", number=1):
    return Comment.objects.create(
        article=article, path=bytes([1, number]), name=name, source="x", html="<p>Gezegd.</p>",
        language="nl", state="approved", shown=True,
    )  # fmt: skip


class TestTrash:
    def test_what_is_thrown_away_is_nowhere_and_comes_back(self, client):
        article = make_article("Weg stuk", body="<p>zeldzaamwoord</p>")
        comment_under(article)
        url = article.get_absolute_url()
        trash.article_trash(article=article, editor=None)
        assert client.get(url).status_code == 410
        for page in ("/", "/feed/", "/sitemap-articles.xml", "/search/?q=zeldzaamwoord"):
            assert "Weg stuk" not in client.get(page).text, page
        assert not Comment.objects.public().exists()
        trash.article_put_back(article=article)
        assert client.get(url).status_code == 200
        assert "Gezegd." in client.get(url).text
        assert not Redirect.objects.exists()

    def test_the_moderators_queue_is_without_it_unless_a_translation_shows_it(self):
        moderator = make_user(role=Role.MODERATOR)
        home = make_article(language="nl")
        comment_under(home)
        trash.article_trash(article=home, editor=None)
        assert not Comment.objects.moderated_by(moderator).exists()
        other = make_article(language="en")
        Article.objects.filter(pk__in=(home.pk, other.pk)).update(conversation=home)
        assert Comment.objects.moderated_by(moderator).exists()

    def test_a_preview_link_shows_nothing_of_it(self, client):
        article = make_article("Geheim", status=Status.DRAFT)
        link = preview_links.preview_link_make(article=article, label="", days=7, user=make_user())
        url = preview_links.preview_url(link).removeprefix(settings.SITE_URL)
        assert client.get(url).status_code == 200
        trash.article_trash(article=article, editor=None)
        answer = client.get(url)
        assert (answer.status_code, "Geheim" in answer.text) == (410, False)

    def test_a_draft_leaves_no_trace(self, client):
        article = make_article(status=Status.DRAFT)
        trash.article_trash(article=article, editor=None)
        assert not Redirect.objects.exists()

    def test_nothing_is_published_by_undoing(self):
        soon = timezone.now() + datetime.timedelta(hours=1)
        article = make_article(status=Status.SCHEDULED, published_at=soon)
        trash.article_trash(article=article, editor=None)
        past = timezone.now() - datetime.timedelta(minutes=1)
        Article.objects.update(published_at=past, trashed_at=past - datetime.timedelta(hours=1))
        assert articles.article_publish_due() == 0
        assert trash.article_put_back(article=article).status == Status.DRAFT

    def test_old_addresses_say_gone_after_it_is_deleted_for_good(self, client):
        article = make_article(slug="oud")
        first = article.get_absolute_url()
        article.slug = "nieuw"
        articles.article_save(
            article=article, authors=None, tags=None, editor=None, expected_version=None
        )
        trash.article_trash(article=article, editor=None)
        assert client.get(first).status_code == 410
        trash.article_delete(article=article)
        for url in (first, article.get_absolute_url()):
            assert client.get(url).status_code == 410
        with pytest.raises(trash.NotInTrash):
            trash.article_put_back(article=article)

    def test_the_worker_empties_it_when_its_time_has_come(self):
        old, young = make_article(), make_article()
        for article in (old, young):
            trash.article_trash(article=article, editor=None)
        long_ago = timezone.now() - datetime.timedelta(days=31)
        Article.objects.filter(pk=old.pk).update(trashed_at=long_ago)
        SiteSettings.objects.update_or_create(pk=1, defaults={"trash_days": 0})
        trash.trash_empty_old()
        assert Article.objects.count() == 2
        SiteSettings.objects.update(trash_days=30)
        trash.trash_empty_old()
        assert list(Article.objects.all()) == [young]

    def test_a_translation_keeps_the_conversation(self, client):
        home, other = make_article(language="nl"), make_article(language="en")
        Article.objects.filter(pk__in=(home.pk, other.pk)).update(conversation=home)
        comment = comment_under(home)
        trash.article_delete(article=home)
        comment.refresh_from_db()
        other.refresh_from_db()
        assert (comment.article_id, other.conversation_id, other.comment_count) == (
            other.pk, other.pk, 1,
        )  # fmt: skip
        assert "Gezegd." in client.get(other.get_absolute_url()).text


class TestCopies:
    def keep(self, user, data, key=FIRST, article=None, version=1):
        return autosave.copy_keep(
            user=user, kind=TextKind.ARTICLE, text=article, key=key, version=version, data=data
        )

    def test_the_last_state_of_each_form_is_kept_and_offered(self):
        user, article = make_user(), make_article()
        self.keep(user, {"title": ["a"]}, article=article)
        self.keep(user, {"title": ["b"]}, article=article)
        self.keep(user, {"title": ["c"]}, key=KEY.format(2), article=article)
        offered = autosave.copies_offered(user, TextKind.ARTICLE, article)
        assert [one.data["title"] for one in offered] == [["c"], ["b"]]
        assert autosave.copies_offered(make_user(), TextKind.ARTICLE, article) == []
        assert autosave.copies_offered(user, TextKind.ARTICLE, None) == []

    def test_what_comes_after_the_save_is_not_kept(self):
        user = make_user()
        self.keep(user, {"title": ["a"]})
        autosave.copy_close(user=user, key=KEY.format(1))
        assert self.keep(user, {"title": ["b"]}) is None
        assert autosave.copies_offered(user, TextKind.ARTICLE, None) == []

    @pytest.mark.parametrize("key", ["", "x", "../etc", "0" * 37])
    def test_strange_keys_and_huge_texts_are_refused(self, key):
        user = make_user()
        with pytest.raises(autosave.CopyRefused):
            self.keep(user, {"title": ["a"]}, key=key)
        with pytest.raises(autosave.CopyRefused):
            self.keep(user, {"title": ["x" * autosave.MOST_BYTES]})

    def test_one_person_has_a_bounded_number(self, monkeypatch):
        monkeypatch.setattr(autosave, "MOST_COPIES", 3)
        user = make_user()
        for number in range(6):
            self.keep(user, {"title": [str(number)]}, key=KEY.format(number))
        kept = [one.data["title"][0] for one in WorkingCopy.objects.filter(user=user)]
        assert kept == ["5", "4", "3"]

    def test_old_ones_go(self):
        user = make_user()
        self.keep(user, {"title": ["oud"]})
        self.keep(user, {"title": ["jong"]}, key=KEY.format(2))
        past = timezone.now() - datetime.timedelta(days=61)
        WorkingCopy.objects.filter(key=KEY.format(1)).update(saved_at=past)
        autosave.copies_forget_old()
        assert [one.data["title"] for one in WorkingCopy.objects.all()] == [["jong"]]


class TestPresence:
    def test_who_is_here_is_seen_until_she_is_silent(self):
        article, anna, bram = make_article(), make_user("anna"), make_user("bram")
        assert autosave.presence_mark(user=anna, text=article) == []
        assert [one.user for one in autosave.presence_mark(user=bram, text=article)] == [anna]
        past = timezone.now() - datetime.timedelta(seconds=autosave.PRESENT_SECONDS + 1)
        Presence.objects.filter(user=anna).update(seen_at=past)
        assert autosave.presence_mark(user=bram, text=article) == []
        autosave.presence_mark(user=anna, text=article)
        autosave.presence_end(user=anna, text=article)
        assert autosave.presence_mark(user=bram, text=article) == []


@pytest.fixture
def femke():
    return make_author("Femke", user=make_user("femke", role=Role.AUTHOR))


@pytest.fixture
def desk(client, femke):
    client.force_login(femke.user)
    return client


def saved(article, text, editor=None):
    article.body_source = text
    return articles.article_save(
        article=article, authors=None, tags=None, editor=editor, expected_version=None
    )


class TestVersions:
    def test_two_are_compared_and_one_is_put_back_as_a_new_one(self, desk, femke):
        article = make_article("Stuk", authors=[femke], status=Status.DRAFT)
        for text in ("<p>De kat zat op de mat.</p>", "<p>De hond zat op de mat.</p>"):
            saved(article, text, femke.user)
        versions = [row.version for row in article.revisions.all()]
        url = f"/admin/blog/article/{article.pk}/history/"
        page = desk.get(url, {"from": versions[0], "to": versions[1]})
        lines = {(line.kind, line.text) for line in page.context["difference"]}
        assert {("theirs", "De kat zat op de mat."), ("yours", "De hond zat op de mat.")} <= lines
        assert "<b>kat</b>" in page.text
        restore = f"/admin/blog/article/{article.pk}/restore/"
        data = {"version": versions[1], "opened_on": article.version}
        assert desk.get(restore).status_code == 405
        assert desk.post(restore, data).status_code == 302
        article.refresh_from_db()
        assert article.body_source == "<p>De kat zat op de mat.</p>"
        assert article.revisions.count() == 3
        # The form of the versions is stale now.
        answer = desk.post(restore, data, follow=True)
        assert "intussen opgeslagen" in answer.text
        assert article.revisions.count() == 3

    def test_the_list_goes_on_however_long_it_is(self, desk, femke):
        article = make_article("Stuk", authors=[femke])
        Revision.objects.bulk_create(
            Revision(article=article, version=number, title=f"Titel {number}")
            for number in range(2, 92)
        )
        url = f"/admin/blog/article/{article.pk}/history/"
        first = desk.get(url)
        assert len(first.context["revisions"]) == 40
        second = desk.get(url, {"before": first.context["older"]})
        assert second.context["revisions"][0].version == first.context["older"] - 1

    @pytest.mark.parametrize(
        "query", ["from=x&to=1", "from=1&to=99999999999", "before=x", "from=7"]
    )
    def test_odd_questions_are_no_fault(self, desk, femke, query):
        article = make_article(authors=[femke])
        assert desk.get(f"/admin/blog/article/{article.pk}/history/?{query}").status_code == 200


def test_each_address_is_for_who_may_edit_the_article(client, femke):
    article = make_article("Eigen", authors=[femke], status=Status.DRAFT)
    revision = Revision.objects.create(article=article, version=1, title="Eigen")
    copy = autosave.copy_keep(
        user=femke.user,
        kind=TextKind.ARTICLE,
        text=article,
        key=KEY.format(1),
        version=1,
        data={"title": ["x"]},
    )
    base = f"/admin/blog/article/{article.pk}"
    gets = [f"{base}/history/", f"{base}/check/", f"/admin/blog/article/copy/{copy.pk}/"]
    posts = {
        f"{base}/restore/": {"version": revision.version, "opened_on": article.version},
        f"{base}/presence/": {},
        "/admin/blog/article/keep/": {
            "number": article.pk, "key": KEY.format(2), "version": 1, "data": '{"title": ["x"]}',
        },
    }  # fmt: skip
    other = make_author(user=make_user(role=Role.AUTHOR)).user
    for user in (other, make_user(role=Role.MODERATOR), make_user(role=None)):
        client.force_login(user)
        for url in gets:
            assert client.get(url).status_code == 404, url
        for url, data in posts.items():
            assert client.post(url, data).status_code == 404, url
    client.force_login(make_user(role=Role.EDITOR))
    assert client.get(gets[0]).status_code == 200
    assert client.get(gets[2]).status_code == 404  # A copy is its writer's alone.
    client.force_login(femke.user)
    for url in gets:
        assert client.get(url).status_code == 200, url


@pytest.mark.parametrize("data", ["", "[]", "{}", '{"a": "b"}', '{"a": [1]}', "[" * 5000])
def test_odd_copies_are_refused_with_a_word(desk, data):
    sent = {"number": "", "key": KEY.format(1), "version": "1", "data": data}
    answer = desk.post("/admin/blog/article/keep/", sent)
    assert (answer.status_code, bool(answer.json()["message"])) == (422, True)


def test_a_form_that_is_saved_takes_its_copy_with_it(desk, femke):
    article = make_article("Oud", authors=[femke], status=Status.DRAFT)
    key = KEY.format(1)
    sent = {"number": article.pk, "key": key, "version": 1, "data": json.dumps({"title": ["N"]})}
    assert desk.post("/admin/blog/article/keep/", sent).status_code == 200
    page = desk.get(f"/admin/blog/article/{article.pk}/change/")
    assert [copy["data"] for copy in page.context["desk"]["copies"]] == [{"title": ["N"]}]
    form = {
        "title": "Nieuw", "body_source": "<p>x</p>", "people": [femke.pk], "language": "nl",
        "comment_policy": "open", "status": "draft", "opened_on": article.version, "copy_key": key,
    }  # fmt: skip
    answer = desk.post(f"/admin/blog/article/{article.pk}/change/", form)
    assert answer.status_code == 302
    page = desk.get(f"/admin/blog/article/{article.pk}/change/")
    assert page.context["desk"]["copies"] == []
    assert desk.post("/admin/blog/article/keep/", sent).status_code == 409


class TestTrashAtTheDesk:
    def test_an_author_throws_her_drafts_away_and_takes_them_back(self, desk, femke):
        article = make_article("Probeersel", authors=[femke], status=Status.DRAFT)
        url = f"/admin/blog/article/{article.pk}/delete/"
        assert desk.get(url).status_code == 200
        assert "in de prullenbak" in desk.post(url, follow=True).text
        assert "Probeersel" in desk.get("/admin/blog/article/trash/").text
        act = f"/admin/blog/article/trash/{article.pk}/"
        assert desk.post(act, {"act": "delete"}).status_code == 404
        assert desk.post(act, {"act": "back"}).status_code == 302
        article.refresh_from_db()
        assert article.trashed_at is None

    def test_what_readers_see_is_the_editors_to_throw_away(self, desk, femke, client):
        article = make_article(authors=[femke])
        url = f"/admin/blog/article/{article.pk}/delete/"
        assert desk.post(url).status_code == 404
        client.force_login(make_user(role=Role.EDITOR))
        assert client.post(url).status_code == 302
        act = f"/admin/blog/article/trash/{article.pk}/"
        assert client.get(act).status_code == 405
        assert client.post(act, {"act": "delete"}).status_code == 302
        assert not Article.objects.exists()

    def test_a_form_that_was_open_meanwhile_loses_nothing(self, desk, femke):
        article = make_article("Open", authors=[femke], status=Status.DRAFT)
        trash.article_trash(article=article, editor=None)
        form = {
            "title": "Wat ik typte", "body_source": "<p>Mijn tekst.</p>", "people": [femke.pk],
            "language": "nl", "comment_policy": "open", "status": "draft", "opened_on": 1,
        }  # fmt: skip
        answer = desk.post(f"/admin/blog/article/{article.pk}/change/", form)
        assert answer.status_code == 409
        assert "Mijn tekst." in answer.text
        assert "Wat ik typte</textarea>" in answer.text


def test_a_stale_form_shows_every_field_that_differs(desk, femke):
    article = make_article("Oud", authors=[femke], status=Status.DRAFT)
    form = {
        "title": "Oud", "body_source": "<p>x</p>", "people": [femke.pk], "language": "en",
        "comment_policy": "closed", "status": "review", "words": "Werk", "opened_on": 99,
    }  # fmt: skip
    answer = desk.post(f"/admin/blog/article/{article.pk}/change/", form)
    assert answer.status_code == 409
    found = {field.label.lower(): (field.theirs, field.yours) for field in answer.context["fields"]}
    assert found["taal"] == ("Nederlands", "English")
    assert found["onderwerpen"] == ("–", "Werk")
    assert "gesprek" in found
    assert "status" in found
    assert "auteurs" not in found


def test_words_of_a_picture_change_in_every_text_that_shows_it(desk, femke):
    image = make_image("Oud", uploaded_by=femke.user)
    source = f'<figure data-gallery="{image.pk},{make_image("Ander").pk}"></figure>'
    article = saved(make_article(authors=[femke]), source)
    url = f"/admin/blog/image/{image.pk}/words/"
    data = {"alt": "Nieuw", "caption": "", "credit": "", "focal_x": 0, "focal_y": 100}
    assert desk.post(url, data).json()["alt"] == "Nieuw"
    article.refresh_from_db()
    assert 'alt="Nieuw"' in article.body_html
    assert "focus-x-0 focus-y-10" in article.body_html
    assert desk.post(url, {**data, "focal_x": 101}).status_code == 422
    foreign = make_image("Van een ander")
    assert desk.post(f"/admin/blog/image/{foreign.pk}/words/", data).status_code == 403


def test_a_page_frames_the_videos_of_its_own_text_and_nothing_else(client):
    card = '<figure data-card><a href="https://youtu.be/dQw4w9WgXcQ">Film</a></figure>'
    article, plain = saved(make_article(), card), make_article()
    answer = client.get(article.get_absolute_url())
    assert "frame-src https://www.youtube-nocookie.com" in answer["Content-Security-Policy"]
    assert "<iframe" not in answer.text
    assert "js/video.js" in answer.text
    again = client.get(article.get_absolute_url(), headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    assert "frame-src" in again["Content-Security-Policy"]
    other = client.get(plain.get_absolute_url())
    assert "frame-src" not in other["Content-Security-Policy"]
    assert "video.js" not in other.text
