"""Narrowing a search, and a search's cost when a word is everywhere."""

import datetime
import json

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertInHTML

from blog.models import Article, ArticleAuthor
from blog.reading import steps
from blog.search import articles as finding
from blog.search.articles import CANDIDATES, Filters, search
from tests.factories import make_article, make_author, make_tag

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_windows():
    cache.clear()


def in_year(year, **fields):
    moment = datetime.datetime(year, 6, 1, 12, tzinfo=datetime.UTC)
    return make_article("Fiets", published_at=moment, **fields)


class TestNarrowing:
    def test_by_author_tag_and_year(self, client):
        anna, bram, werk = make_author("Anna", slug="anna"), make_author("Bram"), make_tag("Werk")
        one = in_year(2019, authors=[anna, bram], tags=[werk])
        two = in_year(2020, authors=[bram], tags=[werk])
        three = in_year(2020, authors=[anna])
        for narrowed, wanted in [
            (Filters(author=anna), {one, three}),
            (Filters(tag=werk), {one, two}),
            (Filters(year=2020), {two, three}),
            (Filters(author=anna, year=2020), {three}),
            (Filters(author=bram, tag=werk, year=2018), set()),
        ]:
            assert set(search("fiets", filters=narrowed).results) == wanted

    def test_the_year_is_that_of_the_site_s_time_zone(self):
        moment = datetime.datetime(2019, 12, 31, 23, 30, tzinfo=datetime.UTC)
        article = make_article("Fiets", published_at=moment)
        assert search("fiets", filters=Filters(year=2020)).results == [article]
        assert steps.periods("year") == [datetime.date(2020, 1, 1)]

    def test_what_was_found_says_what_there_is_to_choose(self, client):
        anna, werk = make_author("Anna", slug="anna"), make_tag("Werk", slug="werk")
        make_author("Zonder stuk")
        make_tag("Leeg")
        in_year(2019, authors=[anna, make_author("Bram")], tags=[werk, make_tag("Stad")])
        in_year(2021)
        page = client.get("/search/?q=fiets&author=anna&tag=werk").content.decode()
        assert '<option value="anna" selected>Anna</option>' in page
        assert '<option value="werk" selected>Werk</option>' in page
        assert "Bram</option>" in page
        assert "Stad</option>" in page
        assertInHTML('<option value="2019">2019</option>', page)
        assertInHTML('<option value="2021">2021</option>', page)
        assert '<option value="2020">' not in page
        assert "Zonder stuk" not in page
        assert "Leeg</option>" not in page

    def test_it_is_kept_in_every_page_s_address(self, client):
        werk = make_tag("Werk", slug="werk")
        for _ in range(12):
            make_article("Fiets", tags=[werk])
        year = timezone.localtime().year
        first = client.get(f"/search/?q=fiets&tag=werk&year={year}")
        assert first.context["older_url"] == f"/search/?q=fiets&tag=werk&year={year}&page=2"
        assert f"/search/comments/?q=fiets&amp;tag=werk&amp;year={year}" in first.content.decode()

    @pytest.mark.parametrize(
        "values",
        [{"author": "niemand"}, {"tag": "niets"}, {"year": "19"}, {"year": "0001"},
         {"year": "x" * 5_000}, {"author": "x" * 5_000}, {"tag": "<script>"}],
    )  # fmt: skip
    def test_what_is_not_there_is_404(self, client, values):
        assert client.get("/search/", {"q": "fiets", **values}).status_code == 404
        assert client.get("/search/comments/", {"q": "fiets", **values}).status_code == 404


def fill(first, last):
    """Articles of which every third holds "werk", three a rare word; rows as large as real ones."""
    made = Article.objects.bulk_create(
        Article(
            title="Stuk" if number % 500 else "Over werk",
            slug=f"vol-{number}",
            body_html="<p>Iets.</p>" * 120,
            body_text=f"Over {'rust' if number % 3 else 'werk'} en meer {number}"
            + (" zeldzaam" if number <= 3 else ""),
            status="published",
            published_at=timezone.now() - datetime.timedelta(hours=number),
        )
        for number in range(first, last + 1)
    )
    author = make_author()
    ArticleAuthor.objects.bulk_create(
        ArticleAuthor(article=article, author=author) for article in made
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE blog_article, blog_articleauthor")
    cache.clear()


def rows_read(query):
    """How many rows PostgreSQL touched in tables for a search of one word, by its own count."""

    def rows(node):
        own = 0
        if "Relation Name" in node:
            own = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
            own = own * node["Actual Loops"]
        return own + sum(rows(child) for child in node.get("Plans", ()))

    with CaptureQueriesContext(connection) as queries:
        search(query)
    total = 0
    for entry in queries:
        if not entry["sql"].startswith("SELECT"):
            continue
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + entry["sql"])
            (plan,) = cursor.fetchone()
        plan = json.loads(plan) if isinstance(plan, str) else plan
        total += rows(plan[0]["Plan"])
    return total


@pytest.mark.slow
def test_a_word_that_is_everywhere_costs_the_same_in_a_large_archive(monkeypatch):
    # A small archive stands for a large one when the windows are small too.
    monkeypatch.setattr(finding, "_FIRST_WINDOW", 700)
    fill(1, 1_500)
    search("werk")  # reads the windows, which are kept
    few, rare = rows_read("werk"), rows_read("zeldzaam")
    fill(1_501, 12_000)
    search("werk")
    many = rows_read("werk")
    assert many < few * 1.3, (few, many)
    # Eight times the archive is one window more, which is eight times as wide.
    assert rows_read("zeldzaam") < rare * 2


def test_of_very_many_the_newest_and_those_with_the_word_in_the_title_are_ranked():
    fill(1, 1_500)
    page = search("werk")
    assert page.more
    assert CANDIDATES <= page.count <= 2 * CANDIDATES
    # In the title: among them one that is older than the newest two hundred.
    assert {article.title for article in page.results[:3]} == {"Over werk"}
    assert [article.slug for article in page.results[:3]] == ["vol-1500"] + [
        article.slug for article in page.results[1:3]
    ]
    assert page.pages == -(-page.count // 10)
    exact = search("werk 1500")
    assert (exact.count, exact.more) == (1, False)


def test_no_article_is_found_twice_and_every_window_is_searched(monkeypatch):
    monkeypatch.setattr(finding, "_FIRST_WINDOW", 3)
    monkeypatch.setattr(finding, "_WIDER", 2)
    monkeypatch.setattr(finding, "CANDIDATES", 8)
    for number in range(20):
        moment = timezone.now() - datetime.timedelta(days=number)
        make_article("Fiets" if number % 2 else "Trein", published_at=moment)
    page = search("fiets")
    assert (page.count, page.more) == (8, True)
    assert len(set(page.results)) == 8
    assert search("fiets 1").count == 0
    assert Article.objects.count() == 20


def test_the_page_says_that_there_are_more(client, monkeypatch):
    monkeypatch.setattr(finding, "CANDIDATES", 3)
    for _ in range(5):
        make_article("Fiets")
    assert "Meer dan 3 artikelen" in client.get("/search/?q=fiets").content.decode()
