"""A page's head: what it says, under which address, and that no text can break out of it."""

import datetime
import json
import re

import pytest
from django.template import Context, Template

from blog.discovery.metadata import PageMeta, for_article, for_author, for_list, for_page, sharable
from blog.models import Article, Image, Page, SiteSettings
from blog.publishing.pages import page_save
from tests.factories import make_article, make_author, make_image, make_tag

SITE = SiteSettings(title="Het Blad", tagline="Over werk")
HOSTILE = "</script><script>alert(1)</script><!-- & ' \" \u2028\u2029"


@pytest.fixture(autouse=True)
def _site_url(settings):
    settings.SITE_URL = "https://blad.example"


def written(page):
    return Template("{% load metadata %}{% json_ld page %}").render(Context({"page": page}))


def data(html):
    """What the page is, without the way to it."""
    return all_data(html)[0]


def all_data(html):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1])


def image_with(*widths, format="jpeg"):
    return Image(
        renditions=[
            {"format": format, "width": width, "height": width // 2, "name": f"{width}.x"}
            for width in widths
        ]
    )


class TestSharable:
    def test_the_smallest_that_is_large_enough(self):
        assert sharable(image_with(400, 1600, 1200, 800))["width"] == 1200

    def test_the_largest_where_all_are_small(self):
        assert sharable(image_with(400, 800))["width"] == 800

    def test_none_in_a_format_that_networks_do_not_read(self):
        assert sharable(image_with(1200, format="avif")) is None
        assert sharable(Image()) is None


@pytest.mark.django_db
class TestArticle:
    def page(self, **fields):
        article = make_article(
            "De titel",
            slug="de-titel",
            lead="De inleiding.",
            language="en",
            authors=[make_author("Anna", slug="anna"), make_author("Bram", slug="bram")],
            tags=[make_tag("Werk")],
            **fields,
        )
        Article.objects.filter(pk=article.pk).update(comment_count=3)
        return for_article(Article.objects.with_people().get(pk=article.pk), SITE)

    def test_it_says_what_it_is(self):
        page = self.page(picture=make_image("Een brug"))
        assert re.fullmatch(r"https://blad\.example/\d{4}/\d\d/de-titel/", page.canonical)
        assert (page.title, page.description) == ("De titel", "De inleiding.")
        assert (page.og_type, page.language, page.robots) == ("article", "en", "")
        assert page.image_url.startswith("https://blad.example/media/")
        assert (page.image_width, page.image_height, page.image_alt) == (800, 400, "Een brug")
        assert page.published is not None

    def test_json_ld(self):
        facts = data(written(self.page()))
        assert facts["@type"] == "BlogPosting"
        assert facts["headline"] == "De titel"
        assert facts["inLanguage"] == "en"
        assert facts["commentCount"] == 3
        assert facts["interactionStatistic"]["userInteractionCount"] == 3
        assert facts["keywords"] == ["Werk"]
        assert facts["publisher"]["name"] == "Het Blad"
        assert [(who["name"], who["url"]) for who in facts["author"]] == [
            ("Anna", "https://blad.example/author/anna/"),
            ("Bram", "https://blad.example/author/bram/"),
        ]
        assert facts["datePublished"] == facts["dateModified"]
        assert "image" not in facts

    def test_without_a_conversation_none_is_counted(self):
        page = self.page(comment_policy="hidden")
        assert "commentCount" not in page.json_ld
        assert not any("de-titel" in url for _title, url in page.feeds)

    def test_its_comments_have_a_feed(self):
        assert any(url.endswith("/de-titel/feed/") for _title, url in self.page().feeds)

    def test_no_query_after_with_people(self, django_assert_num_queries):
        make_article(picture=make_image(), tags=[make_tag()])
        article = Article.objects.with_people().get()
        with django_assert_num_queries(0):
            for_article(article, SITE)

    def test_a_long_text_is_cut(self):
        article = make_article(body="<p>" + "woord " * 500 + "</p>")
        assert len(for_article(article, SITE).description) <= 200

    def test_a_draft_has_a_head_for_its_preview(self):
        assert for_article(make_article(status="draft"), SITE).json_ld["headline"]

    def test_hostile_texts_stay_in_their_place(self, client):
        article = make_article(
            HOSTILE,
            lead=HOSTILE,
            slug="kwaad",
            authors=[make_author(HOSTILE, slug="kwaad")],
            tags=[make_tag(HOSTILE[:60], slug="kwaad")],
            picture=make_image(HOSTILE),
        )
        html = client.get(article.get_absolute_url()).content.decode()
        assert "<script>alert" not in html
        assert data(html)["headline"] == HOSTILE
        assert data(html)["author"][0]["name"] == HOSTILE
        script = html.partition("application/ld+json")[2].partition("</script>")[0]
        assert not set(script[2:]) & set("<>&\u2028\u2029")

    def test_the_host_header_changes_nothing(self, client, settings):
        settings.ALLOWED_HOSTS = ["*"]
        article = make_article(picture=make_image())
        page = client.get(article.get_absolute_url(), HTTP_HOST="kwaad.example")
        assert b"kwaad.example" not in page.content


@pytest.mark.django_db
def test_an_author_is_a_person():
    author = make_author(
        "Anna",
        slug="anna",
        role="Adviseur",
        website="https://anna.example",
        photo="authors/a.jpg",
        photo_renditions={"192": {"jpeg": "authors/a-192.jpg"}},
    )
    author.links.create(label="LinkedIn", url="https://linkedin.example/anna")
    page = for_author(author, SITE)
    person = data(written(page))["mainEntity"]
    assert (person["@type"], person["name"], person["jobTitle"]) == ("Person", "Anna", "Adviseur")
    assert person["sameAs"] == ["https://anna.example", "https://linkedin.example/anna"]
    assert person["image"] == page.image_url == "https://blad.example/media/authors/a-192.jpg"
    assert page.canonical == "https://blad.example/author/anna/"
    assert ("Anna", "https://blad.example/author/anna/feed/") in page.feeds


class TestTrail:
    """The way to a page, as schema.org's BreadcrumbList."""

    def steps(self, client, url):
        crumbs = [one for one in all_data(client.get(url).text) if one["@type"] == "BreadcrumbList"]
        assert len(crumbs) == 1
        entries = crumbs[0]["itemListElement"]
        assert [one["position"] for one in entries] == list(range(1, len(entries) + 1))
        assert all(one["item"].startswith("https://blad.example/") for one in entries)
        return [(one["name"], one["item"].removeprefix("https://blad.example")) for one in entries]

    @pytest.mark.django_db
    def test_of_every_kind_of_page(self, client):
        SiteSettings.objects.create(pk=1, title="Het Blad")
        moment = datetime.datetime(2025, 3, 4, 12, tzinfo=datetime.UTC)
        tags = [make_tag("Werk", slug="werk"), make_tag("Rust", slug="rust")]
        anna = make_author("Anna", slug="anna")
        article = make_article("Stuk", authors=[anna], tags=tags, published_at=moment)
        page_save(page=Page(title="Over", slug="over", body_source="<p>Wij.</p>"), editor=None)
        home, url = ("Het Blad", "/"), article.get_absolute_url()
        first = article.tag_list[0]
        assert self.steps(client, url) == [
            home, (first.name, first.get_absolute_url()), ("Stuk", url)
        ]  # fmt: skip
        assert self.steps(client, "/tag/werk/") == [home, ("Werk", "/tag/werk/")]
        assert self.steps(client, "/author/anna/") == [home, ("Anna", "/author/anna/")]
        assert self.steps(client, "/over/") == [home, ("Over", "/over/")]
        assert self.steps(client, "/2025/") == [home, ("2025", "/2025/")]
        month = ("maart 2025", "/2025/03/")
        assert self.steps(client, "/2025/03/") == [home, ("2025", "/2025/"), month]

    @pytest.mark.django_db
    def test_without_a_subject_it_is_short(self, client):
        article = make_article("Stuk")
        names = [name for name, _url in self.steps(client, article.get_absolute_url())]
        assert names[1:] == ["Stuk"]

    def test_the_front_page_and_later_pages_have_none(self):
        assert not for_list("Het Blad", "/", SITE).trail
        assert not for_list("Werk", "/tag/werk/", SITE, first=False).trail


def test_a_list_has_its_own_address_on_its_first_page_only():
    first = for_list("Werk", "/tag/werk/", SITE, feeds=[("Werk", "/tag/werk/feed/")])
    assert first.canonical == "https://blad.example/tag/werk/"
    assert first.robots == ""
    assert ("Werk", "https://blad.example/tag/werk/feed/") in first.feeds
    later = for_list("Werk", "/tag/werk/", SITE, first=False, prev_url="/tag/werk/?after=1-1")
    assert (later.canonical, later.robots) == ("", "noindex, follow")
    assert later.prev_url == "/tag/werk/?after=1-1"


def test_the_front_page_is_the_blog():
    page = for_list("Het Blad", "/", SITE)
    assert page.description == "Over werk"
    assert data(written(page))["name"] == "Het Blad"


def test_an_ordinary_page_says_little(settings):
    page = for_page("Zoeken", SITE, robots="noindex")
    assert (page.canonical, page.robots, page.language) == ("", "noindex", settings.LANGUAGE_CODE)


@pytest.mark.parametrize("page", [PageMeta(title="x"), {}, "", None])
def test_without_data_there_is_no_script(page):
    assert written(page) == ""
