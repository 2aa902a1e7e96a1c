"""Writes of the blog: addresses that lead on, revisions, the clock, and who may see what."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.utils import timezone

from authors.roles import Role
from blog.models import Article, Redirect, Revision, Status, Tag
from blog.publishing.articles import (
    StaleText,
    article_publish_due,
    article_save,
    tags_from_words,
)
from blog.publishing.pictures import image_add
from blog.publishing.trash import article_delete
from core.pictures import PictureError
from tests.factories import make_article, make_author, make_upload, make_user

pytestmark = pytest.mark.django_db
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def save(article, *, version=None, authors=None):
    return article_save(
        article=article, authors=authors, tags=None, editor=None, expected_version=version
    )


class TestAddresses:
    def test_a_renamed_article_leads_on_without_chains(self, client):
        article = make_article("Eerste")
        old = []
        for slug in ("tweede", "derde", "vierde"):
            old.append(article.get_absolute_url())
            article.slug = slug
            save(article)
        for address in old:
            answer = client.get(address)
            assert (answer.status_code, answer["Location"]) == (301, article.get_absolute_url())

    def test_renaming_back_makes_no_loop(self, client):
        article = make_article("Heen", slug="heen")
        for slug in ("weer", "heen"):
            article.slug = slug
            save(article)
        assert client.get(article.get_absolute_url()).status_code == 200
        assert not Redirect.objects.filter(old_path=article.get_absolute_url()).exists()

    def test_a_deleted_article_is_gone_for_good(self, client):
        article = make_article()
        url = article.get_absolute_url()
        article_delete(article=article)
        assert client.get(url).status_code == 410

    def test_a_draft_leaves_no_trace(self, client):
        article = make_article(status=Status.DRAFT)
        url = article.get_absolute_url()
        article.slug = "anders"
        save(article)
        article_delete(article=article)
        assert not Redirect.objects.exists()
        assert client.get(url).status_code == 404


class TestRevisions:
    def test_only_words_make_one(self):
        article = save(Article(title="Een", body_source="<p>Tekst.</p>"), authors=[make_author()])
        assert Revision.objects.count() == 1
        article.comment_policy = "closed"
        save(article)
        assert Revision.objects.count() == 1
        article.lead = "Nieuw."
        save(article)
        assert Revision.objects.count() == 2
        assert Revision.objects.first().version == article.version

    def test_a_stale_save_is_stopped_and_stores_nothing(self):
        article = make_article("Van haar")
        opened = article.version
        save(article)
        mine = Article.objects.get(pk=article.pk)
        mine.title = "Van mij"
        with pytest.raises(StaleText) as caught:
            save(mine, version=opened)
        assert caught.value.current.title == "Van haar"
        assert Article.objects.get().title == "Van haar"


class TestClock:
    @pytest.mark.parametrize(
        ("local", "utc"),
        [
            (datetime(2027, 3, 28, 1, 59), datetime(2027, 3, 28, 0, 59)),
            (datetime(2027, 3, 28, 3, 0), datetime(2027, 3, 28, 1, 0)),
            (datetime(2027, 10, 31, 1, 59), datetime(2027, 10, 30, 23, 59)),
            (datetime(2027, 10, 31, 3, 0), datetime(2027, 10, 31, 2, 0)),
        ],
    )
    def test_the_minute_is_kept_over_both_changes(self, client, time_machine, local, utc):
        moment = utc.replace(tzinfo=UTC)
        time_machine.move_to(moment - timedelta(days=2), tick=False)
        article = Article(
            title="Op tijd",
            body_source="<p>x</p>",
            status=Status.SCHEDULED,
            published_at=local.replace(tzinfo=AMSTERDAM),
        )
        save(article, authors=[make_author()])
        url = article.get_absolute_url()
        time_machine.move_to(moment - timedelta(seconds=1), tick=False)
        assert article_publish_due() == 0
        assert client.get(url).status_code == 404
        time_machine.move_to(moment, tick=False)
        assert client.get(url).status_code == 200
        assert article_publish_due() == 1
        assert article_publish_due() == 0
        assert Article.objects.get().status == Status.PUBLISHED

    def test_what_lies_ahead_is_scheduled_and_what_is_past_published(self):
        article = make_article(published_at=timezone.now() + timedelta(hours=1))
        assert save(article).status == Status.SCHEDULED
        article.published_at = timezone.now() - timedelta(hours=1)
        assert save(article).status == Status.PUBLISHED

    def test_a_scheduled_article_needs_a_date_and_an_author(self):
        with pytest.raises(ValidationError):
            save(Article(title="x", status=Status.SCHEDULED), authors=[make_author()])
        with pytest.raises(ValidationError):
            save(Article(title="x", status=Status.PUBLISHED), authors=[])


class TestWhoSeesWhat:
    def test_the_circle(self):
        owner = make_user(role=Role.AUTHOR)
        mine = make_author(user=owner)
        draft = make_article(status=Status.DRAFT, authors=[mine])
        public = make_article(authors=[mine])
        hidden = make_article(status=Status.ARCHIVED, published_at=timezone.now(), authors=[mine])
        both = {draft, public, hidden}
        colleague = make_user(role=Role.AUTHOR)
        make_author(user=colleague)
        expected = {
            owner: (both, both),
            colleague: ({public}, set()),
            make_user(role=Role.EDITOR): (both, both),
            make_user(role=Role.MODERATOR): ({public}, set()),
            make_user(): ({public}, set()),
            make_user(role=Role.EDITOR, is_active=False): ({public}, set()),
            AnonymousUser(): ({public}, set()),
        }
        for user, (seen, edited) in expected.items():
            assert set(Article.objects.visible_to(user)) == seen, user
            assert set(Article.objects.editable_by(user)) == edited, user


def test_tags_of_one_slug_are_one_and_strange_words_are_none():
    tags = tags_from_words(["Werk", " werk ", "WERK!", "", "€€€", "Één"])
    assert [tag.slug for tag in tags] == ["werk", "een"]
    assert tags_from_words(["werk"]) == tags[:1]
    assert Tag.objects.count() == 2


def test_a_name_that_no_address_can_be_made_of_is_a_tag_too():
    first, second = tags_from_words(["日本", "Україна"])
    assert tags_from_words(["україна", "日本"]) == [second, first]
    assert first.slug != second.slug


def test_a_picture_that_is_none_leaves_no_file(media_root):
    broken = make_upload()
    broken.file.seek(0)
    broken.file.truncate(200)
    with pytest.raises(PictureError):
        image_add(upload=broken, alt="x", user=None)
    assert not media_root.exists() or not list(media_root.rglob("*.*"))


def test_the_same_picture_twice_is_one_set_of_files(media_root):
    first = image_add(upload=make_upload(), alt="Een", user=None)
    files = len(list(media_root.rglob("*.*")))
    second = image_add(upload=make_upload(), alt="Twee", user=None)
    assert first.file.name == second.file.name
    assert len(list(media_root.rglob("*.*"))) == files
