"""Series, translations, and articles that are alike."""

import datetime
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from authors.roles import Role
from blog.models import Article, Series, Status
from blog.publishing.articles import article_save
from blog.publishing.shared_conversation import article_translates
from blog.reading import related
from blog.site.settings import site_changed
from tests.blog.admin.test_articles import edit, fields
from tests.factories import make_article, make_author, make_tag, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def row():
    return Series.objects.create(title="Vloer", slug="vloer", description="Vier keer.")


def save(article, **changed):
    for name, value in changed.items():
        setattr(article, name, value)
    article_save(article=article, authors=None, tags=None, editor=None, expected_version=None)
    return article


def queries_of(client, article):
    cache.clear()
    with CaptureQueriesContext(
        connection,
    ) as found:
        client.get(article.get_absolute_url())
    return len(found)


class TestSeries:
    def test_the_parts_name_each_other_in_their_order(self, client, row):
        second = make_article("Tweede", series=row, series_place=2)
        first = make_article("Eerste", series=row, series_place=1)
        make_article("Nog niet", series=row, series_place=3, status=Status.DRAFT)
        page = client.get(second.get_absolute_url()).text
        assert "Deel 2 van 2" in page
        nav = page[page.index('class="series"') :]
        assert nav.index("Eerste") < nav.index("Tweede")
        assert "Nog niet" not in page
        listed = client.get(row.get_absolute_url())
        assert [one.pk for one in listed.context["articles"]] == [first.pk, second.pk]
        assert "Vier keer." in listed.text
        assert row.get_absolute_url() in client.get("/sitemap-series.xml").text

    def test_a_new_part_renews_the_others(self, client, row, time_machine):
        time_machine.move_to(timezone.now(), tick=False)
        first = make_article(series=row, series_place=1)
        tag = client.get(first.get_absolute_url())["ETag"]
        due = timezone.now() + datetime.timedelta(hours=1)
        save(make_article(status=Status.DRAFT), series=row, status="scheduled", published_at=due)
        answer = client.get(first.get_absolute_url())
        assert answer["ETag"] == tag
        assert "Deel 1 van 1" in answer.text
        time_machine.move_to(due, tick=False)
        answer = client.get(first.get_absolute_url())
        assert answer["ETag"] != tag
        assert "Deel 1 van 2" in answer.text

    def test_the_form_gives_the_next_place(self, client, row):
        make_article(series=row, series_place=4)
        article = make_article()
        client.force_login(make_user(role=Role.EDITOR))
        sent = fields(
            people=[one.pk for one in article.byline],
            opened_on=article.version,
            slug=article.slug,
            series=row.pk,
            series_place="",
        )
        assert client.post(edit(article), sent).status_code == 302
        article.refresh_from_db()
        assert (article.series, article.series_place) == (row, 5)

    def test_renamed_and_deleted(self, client, row):
        article = make_article(series=row)
        client.force_login(make_user(role=Role.EDITOR))
        url = reverse("admin:blog_series_change", args=[row.pk])
        client.post(url, {"title": "Anders", "slug": "anders", "description": ""})
        assert client.get("/series/vloer/")["Location"] == "/series/anders/"
        client.post(reverse("admin:blog_series_delete", args=[row.pk]), {"post": "yes"})
        assert client.get("/series/anders/").status_code == 410
        assert client.get(article.get_absolute_url()).status_code == 200

    def test_one_without_a_part_is_not_there(self, client, row):
        make_article(series=row, status=Status.DRAFT)
        assert client.get(row.get_absolute_url()).status_code == 404

    def test_it_costs_one_query_where_there_is_one(self, client, row):
        article = make_article()
        client.get(article.get_absolute_url())
        alone = queries_of(client, article)
        Article.objects.filter(pk=article.pk).update(series=row)
        for _number in range(5):
            make_article(series=row)
        site_changed()
        client.get("/")
        assert queries_of(client, article) == alone + 1


class TestTranslations:
    def test_versions_name_each_other(self, client):
        dutch, english = make_article("Vraag"), make_article("Question", language="en")
        article_translates(article=english, original=dutch)
        page = client.get(dutch.get_absolute_url()).text
        for version in (dutch, english):
            assert f'hreflang="{version.language}" href="http' in page
        assert "Read this in English" in page
        assert "Lees dit in het Nederlands" in client.get(english.get_absolute_url()).text
        save(english, status=Status.DRAFT)
        assert "hreflang" not in client.get(dutch.get_absolute_url()).text

    def test_also_where_each_has_a_conversation_of_its_own(self, client):
        """As in an archive of a site that did not join them."""
        dutch = make_article("Vraag")
        english = make_article("Question", language="en", translation_set=dutch.translation_set)
        for one in (dutch, english):
            page = client.get(one.get_absolute_url()).text
            for version in (dutch, english):
                assert f'hreflang="{version.language}" href="http' in page

    def test_one_is_made_of_another(self, client):
        author = make_author(user=make_user(role=Role.AUTHOR))
        article = make_article("Vraag", authors=[author], tags=[make_tag("Werk")])
        client.force_login(author.user)
        url = reverse("admin:blog_article_translations", args=[article.pk])
        answer = client.post(url, {"language": "en"})
        made = Article.objects.get(language="en")
        assert answer["Location"] == edit(made)
        assert (made.status, made.title, made.byline) == ("draft", "Vraag", [author])
        assert made.translation_set == Article.objects.get(pk=article.pk).translation_set
        client.post(url, {"language": "en"})
        client.post(url, {"language": "xx"})
        assert Article.objects.count() == 2
        listed = re.findall(
            r"field-versions[^>]*>([^<]*)<", client.get("/admin/blog/article/").text
        )
        assert listed == ["en, nl"] * 2

    def test_it_is_for_who_may_edit_the_article(self, client):
        article = make_article()
        url = reverse("admin:blog_article_translations", args=[article.pk])
        for user in (make_author(user=make_user(role=Role.AUTHOR)).user, make_user()):
            client.force_login(user)
            assert client.post(url, {"language": "en"}).status_code == 404
        assert Article.objects.count() == 1


class TestRelated:
    def written(self, title, words, **fields):
        return save(make_article(title, body=f"<p>{words}</p>", **fields))

    def test_texts_that_are_alike_are_found_without_a_subject(self):
        bread = self.written("Zuurdesem", "zuurdesem rijzen zuurdesem oven rijzen")
        other = self.written("Bakken", "zuurdesem bakken zuurdesem rijzen")
        self.written("Fietsen", "ketting remmen ketting zadel")
        bread = Article.objects.get(pk=bread.pk)
        assert related.related(bread) == [other]

    def test_subjects_and_texts_together_come_first(self):
        tag = make_tag("Brood")
        here = self.written("Zuurdesem", "zuurdesem rijzen zuurdesem rijzen", tags=[tag])
        subject = self.written("Meel", "molen malen molen malen", tags=[tag])
        text = self.written("Rijzen", "zuurdesem rijzen zuurdesem")
        both = self.written("Deeg", "zuurdesem rijzen zuurdesem kneden", tags=[tag])
        found = related.related(Article.objects.get(pk=here.pk))
        assert found[0] == both
        assert set(found) == {both, subject, text}

    def test_what_readers_do_not_see_is_not_named(self):
        here = self.written("Zuurdesem", "zuurdesem rijzen zuurdesem")
        self.written("Geheim", "zuurdesem rijzen zuurdesem", status=Status.DRAFT)
        assert related.related(Article.objects.get(pk=here.pk)) == []

    def test_odd_words_do_no_harm(self):
        here = self.written("A & b | c:*", "’s-avonds ’s-avonds naïef naïef !!! \\ ( ) : * zoë zoë")
        assert related.related(Article.objects.get(pk=here.pk)) == []

    def test_those_without_words_get_them(self):
        here = self.written("Zuurdesem", "zuurdesem rijzen zuurdesem")
        Article.objects.update(topics="")
        assert related.topics_fill() == 1
        assert related.topics_fill() == 0
        assert "zuurdesem" in Article.objects.get(pk=here.pk).topics
