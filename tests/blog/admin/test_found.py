"""What a form says of a text for searches and shares, and where readers and programs meet it."""

import datetime
import json
import re

import lxml.html
import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from authors.roles import Role
from blog.models import Article, Page, RelatedArticle, Revision, Status
from blog.publishing.articles import article_save
from blog.publishing.pictures import image_add
from blog.publishing.trash import article_trash
from tests.blog.admin.test_articles import edit, fields
from tests.blog.site.test_settings import make_page
from tests.factories import make_article, make_author, make_tag, make_upload, make_user

pytestmark = pytest.mark.django_db
CHOSEN = {"search_title": "  Een\n ander ", "search_description": "Kort en\ngoed & <b>"}


@pytest.fixture
def editor(client):
    user = make_user(role=Role.EDITOR)
    client.force_login(user)
    return user


def sent(article, **changed):
    return fields(
        title=article.title, slug=article.slug, people=[one.pk for one in article.byline],
        opened_on=Article.objects.get(pk=article.pk).version,
        published_at_0=f"{timezone.localtime(article.published_at):%Y-%m-%d}",
        published_at_1="09:00", body_source=article.body_source, lead=article.lead, **changed,
    )  # fmt: skip


def head(client, url):
    cache.clear()
    page = lxml.html.fromstring(client.get(url).text)
    told = {one.get("name") or one.get("property"): one.get("content") for one in page.iter("meta")}
    told["title"] = " ".join(page.find(".//title").text.split())
    data = [json.loads(one.text) for one in page.iter("script") if "ld+json" in one.get("type", "")]
    told["json"] = [
        one for found in data for one in (found if isinstance(found, list) else [found])
    ]
    return told


class TestSearch:
    def test_the_words_chosen_stand_in_the_head_and_nowhere_else(self, client, editor):
        article = make_article("Eigen titel", lead="Eigen lead.", tags=[make_tag()])
        plain = head(client, article.get_absolute_url())
        assert plain["title"].startswith("Eigen titel – ")
        assert (plain["og:title"], plain["description"]) == ("Eigen titel", "Eigen lead.")
        modified = Article.objects.get().modified_at
        assert client.post(edit(article), sent(article, **CHOSEN)).status_code == 302
        chosen = head(client, article.get_absolute_url())
        assert (chosen["title"], chosen["og:title"]) == ("Een ander", "Een ander")
        assert chosen["description"] == chosen["og:description"] == "Kort en goed & <b>"
        posting = next(one for one in chosen["json"] if one["@type"] == "BlogPosting")
        assert (posting["headline"], posting["description"]) == ("Een ander", "Kort en goed & <b>")
        page = client.get(article.get_absolute_url()).text
        assert re.search(r"<h1>\s*Eigen titel", page)
        for feed in ("/feed/", "/feed/atom/"):
            assert "Een ander" not in client.get(feed).text
            assert "Eigen titel" in client.get(feed).text
        # Readers read nothing new: it was not updated for them.
        assert Article.objects.get().modified_at == modified

    def test_a_page_has_them_too(self, client, editor):
        page = make_page("Over ons", slug="over")
        url = reverse("admin:blog_page_change", args=[page.pk])
        form = {"title": "Over ons", "body_source": "<p>Wij.</p>", "language": "nl",
                "public": "on", "slug": "over", "opened_on": 1, **CHOSEN}  # fmt: skip
        assert client.post(url, form).status_code == 302
        found = head(client, "/over/")
        assert (found["title"], found["description"]) == ("Een ander", "Kort en goed & <b>")
        page.refresh_from_db()
        assert page.revisions.first().search_title == "Een ander"
        restore = reverse("admin:blog_page_restore", args=[page.pk])
        client.post(restore, {"version": 1, "opened_on": page.version})
        assert Page.objects.get().search_title == ""

    def test_versions_keep_compare_and_restore_them(self, client, editor):
        article = make_article()
        article_save(article=article, authors=None, tags=None, editor=None, expected_version=None)
        first = Revision.objects.create(article=article, version=1, title=article.title)
        client.post(edit(article), sent(article, **CHOSEN))
        second = Revision.objects.first()
        assert (second.search_title, second.search_description) == (
            "Een ander", "Kort en goed & <b>",
        )  # fmt: skip
        url = reverse("admin:blog_article_history", args=[article.pk])
        shown = client.get(url, {"from": first.version, "to": second.version}).text
        assert "Kort en goed &amp; &lt;b&gt;" in shown
        article.refresh_from_db()
        restore = reverse("admin:blog_article_restore", args=[article.pk])
        client.post(restore, {"version": first.version, "opened_on": article.version})
        assert Article.objects.get().search_title == ""

    def test_the_form_shows_what_a_search_may_show(self, client, editor):
        article = make_article("Titel " * 20, lead="Lead " * 60)
        page = lxml.html.fromstring(client.get(edit(article)).content)
        box = page.find_class("desk-found")[0]
        title, text = (box.find_class(f"desk-found-{name}")[0].text for name in ("title", "text"))
        assert title.startswith("Titel Titel")
        assert 55 < len(title) < 65
        assert 150 < len(text) < 165
        assert box.find_class("desk-found-address")[0].text.endswith(article.get_absolute_url())
        assert client.get(reverse("admin:blog_article_add")).status_code == 200
        assert client.get(reverse("admin:blog_page_add")).status_code == 200


def test_a_picture_chosen_for_sharing_comes_before_the_drawn_one(client, editor, media_root):
    image = image_add(upload=make_upload(size=(1300, 700)), alt="Een vlak", user=None)
    article = make_article(card="cards/1-0000000000000000.png", card_version=1)
    assert "cards/1-" in head(client, article.get_absolute_url())["og:image"]
    client.post(edit(article), sent(article, share_picture=image.pk))
    found = head(client, article.get_absolute_url())
    assert "/pictures/" in found["og:image"]
    assert (found["og:image:alt"], found["og:image:width"]) == ("Een vlak", "1200")
    # It stands in no other place: not above the article, not in lists.
    assert (
        "Een vlak"
        not in lxml.html.fromstring(client.get(article.get_absolute_url()).content)
        .find(".//main")
        .text_content()
    )
    client.post(reverse("admin:blog_image_delete", args=[image.pk]), {"post": "yes"})
    assert Article.objects.get().share_picture == image


class TestNext:
    def related(self, client, article):
        cache.clear()
        return [one.title for one in client.get(article.get_absolute_url()).context["related"]]

    def test_the_chosen_come_first_and_the_rest_is_found(self, client, editor):
        tag = make_tag()
        article = make_article("Hier", tags=[tag])
        alike = [make_article(f"Zo {n}", tags=[tag]).title for n in range(4)]
        others = [make_article(f"Anders {n}") for n in range(4)]
        self_too = [article.pk, others[2].pk, others[0].pk]
        assert client.post(edit(article), sent(article, words=tag.name, next_articles=self_too)
                           ).status_code == 200  # fmt: skip
        wanted = [others[2].pk, others[0].pk]
        posted = sent(article, words=tag.name, next_articles=wanted)
        assert client.post(edit(article), posted).status_code == 302
        found = self.related(client, article)
        assert found[:2] == ["Anders 2", "Anders 0"]
        assert len(found) == 3
        assert found[2] in alike
        # Renamed, unpublished, in the trash, deleted: it follows, or gives its place to another.
        first, second = others[2], others[0]
        first.title, first.slug = "Herdoopt", "herdoopt"
        article_save(article=first, authors=None, tags=None, editor=None, expected_version=None)
        assert self.related(client, article)[0] == "Herdoopt"
        first.status = Status.DRAFT
        article_save(article=first, authors=None, tags=None, editor=None, expected_version=None)
        found = self.related(client, article)
        assert found[0] == "Anders 0"
        assert set(found[1:]) < set(alike)
        article_trash(article=second, editor=None)
        assert set(self.related(client, article)) < set(alike)
        second.delete()
        assert RelatedArticle.objects.count() == 1
        everything = [one.pk for one in Article.objects.exclude(pk=article.pk)]
        assert len(everything) == 7
        answer = client.post(edit(article), sent(article, next_articles=everything))
        assert answer.status_code == 200

    def test_of_the_same_set_and_without_subjects(self, client, editor):
        article = make_article("Een")
        other = make_article("One", language="en", translation_set=article.translation_set)
        article_save(article=article, authors=None, tags=None, editor=None, expected_version=None,
                     next_articles=[other, article, other])  # fmt: skip
        assert self.related(client, article) == ["One"]

    def test_an_author_chooses_what_she_may_read_and_drops_nothing_of_others(self, client):
        anna = make_author(user=make_user(role=Role.AUTHOR))
        article = make_article("Van Anna", authors=[anna])
        draft, seen = make_article("Geheim plan", status=Status.DRAFT), make_article("Gezien plan")
        RelatedArticle.objects.create(article=article, other=draft)
        client.force_login(anna.user)
        url = reverse("admin:blog_article_find", args=["next"])
        found = client.get(url, {"term": "plan"}).json()["results"]
        assert found == [{"id": seen.pk, "text": "Gezien plan", "note": ""}]
        posted = sent(article, next_articles=[draft.pk, seen.pk])
        assert client.post(edit(article), posted).status_code == 302
        assert list(article.related_articles.values_list("other", flat=True)) == [draft.pk, seen.pk]
        foreign = make_article("Nog een geheim", status=Status.DRAFT)
        assert client.post(edit(article), sent(article, next_articles=[foreign.pk])
                           ).status_code == 200  # fmt: skip
        client.force_login(make_user())
        assert client.get(url, {"term": "plan"}).status_code in (302, 404)


def test_descriptions_of_subjects_and_series(client, editor):
    tag = make_tag("Werk", description="Over werk & <rust>.")
    other = make_tag("Arbeid")
    past = timezone.now() - datetime.timedelta(days=1)
    for _ in range(12):
        make_article(tags=[tag], published_at=past)
    first = client.get(tag.get_absolute_url())
    assert "Over werk &amp; &lt;rust&gt;." in first.text
    assert head(client, tag.get_absolute_url())["description"] == "Over werk & <rust>."
    older = client.get(first.context["older_url"]).text
    assert "Over werk" not in older
    assert "Over werk &amp;amp;" not in client.get(f"{tag.get_absolute_url()}feed/").text
    assert "Over werk &amp; &lt;rust&gt;." in client.get(f"{tag.get_absolute_url()}feed/").text
    client.post(reverse("admin:blog_tag_changelist"), {
        "action": "merge", "_selected_action": [tag.pk, other.pk], "keep": other.pk,
    })  # fmt: skip
    other.refresh_from_db()
    assert other.description == "Over werk & <rust>."
