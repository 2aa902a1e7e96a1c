"""The admin's list of articles: filters that combine, bounded reading, and acts on several."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from authors.roles import Role
from blog.admin import narrowing
from blog.admin.articles import ArticleAdmin
from blog.models import Page, Status
from core import lists
from tests.factories import make_article, make_author, make_tag, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/blog/article/"


def titles(client, **chosen):
    answer = client.get(LIST, chosen)
    assert answer.status_code == 200, answer
    return [article.title for article in answer.context["cl"].result_list]


@pytest.fixture
def editor(client):
    client.force_login(make_user(role=Role.EDITOR))
    return client


def in_year(year):
    return timezone.make_aware(datetime.datetime(year, 5, 1, 12))


class TestFilters:
    def test_each_narrows_and_they_combine(self, editor):
        anna, bram = make_author("Anna"), make_author("Bram")
        work, care = make_tag("Werk"), make_tag("Zorg")
        make_article("A", authors=[anna, bram], tags=[work], published_at=in_year(2020))
        make_article("B", authors=[bram], tags=[work, care], published_at=in_year(2021),
                     language="en", body="<p>Over zeldzaamwoord.</p>")  # fmt: skip
        make_article("C", authors=[anna], tags=[care], status="draft",
                     body="<p>Ook zeldzaamwoord.</p>")  # fmt: skip
        make_article("D", authors=[anna], status=Status.ARCHIVED, published_at=in_year(2020))
        expected = {
            (): ["C", "B", "A", "D"],
            (("author", anna.pk),): ["C", "A", "D"],
            (("author", bram.pk), ("tag", work.pk)): ["B", "A"],
            (("tag", care.pk),): ["C", "B"],
            (("status", "draft"),): ["C"],
            (("language", "en"),): ["B"],
            (("year", "2020"),): ["A", "D"],
            (("year", "2020"), ("status", "archived")): ["D"],
            (("year", "none"),): ["C"],
            (("q", "zeldzaamwoord"),): ["C", "B"],
            (("q", "zeldzaam"), ("author", anna.pk)): ["C"],
            (("q", "Bram"),): ["B", "A"],
            (("q", "nergens"),): [],
            (("q", "!?"),): [],
        }
        found = {chosen: titles(editor, **dict(chosen)) for chosen in expected}
        assert {key: sorted(one) for key, one in found.items()} == {
            key: sorted(one) for key, one in expected.items()
        }
        # In the order of dates, undated ones first.
        assert found[(("q", "zeldzaamwoord"),)] == ["C", "B"]

    def test_the_address_holds_what_was_chosen_alone(self, editor):
        answer = editor.get(LIST, {"q": "", "author": "", "status": "draft", "o": "1"})
        assert answer["Location"] == f"{LIST}?status=draft&o=1"
        page = editor.get(answer["Location"])
        form = page.text.split('class="narrow"')[1].split("</form>")[0]
        assert '<input type="hidden" name="o" value="1">' in form
        assert form.count(" selected>") == 1
        assert editor.get(LIST, {"q": "", "tag": ""})["Location"] == LIST
        assert editor.get(LIST, {"status__exact": "draft"})["Location"] == f"{LIST}?status=draft"

    @pytest.mark.parametrize(
        "odd", ["author=x", "tag=0", "status=weg", "year=99999", "language=xx"]
    )
    def test_what_was_never_offered_shows_everything(self, editor, odd):
        make_article()
        answer = editor.get(f"{LIST}?{odd}", follow=True)
        assert answer.redirect_chain == [(f"{LIST}?e=1", 302)]
        assert answer.context["cl"].result_count == 1

    def test_they_stay_while_one_works(self, editor):
        article = make_article(status="draft")
        page = editor.get(LIST, {"status": "draft", "q": article.title}).text
        change = page.split(f'href="{LIST}{article.pk}/change/?')[1].split('"')[0]
        answer = editor.post(f"{LIST}{article.pk}/delete/?{change.replace('&amp;', '&')}")
        assert answer["Location"].startswith(f"{LIST}?status=draft&q=")

    def test_nothing_found_is_said_once(self, editor):
        for query, words in (("?status=review", "Niets gevonden."), ("", "Hier staat nog niets.")):
            page = editor.get(LIST + query).text
            shown = page.split('id="changelist"')[1]
            assert shown.count('class="list-empty"') == 1
            assert "paginator" not in shown
            assert "result_list" not in shown
            assert words in shown

    def test_with_many_to_choose_from_a_field_holds_some_and_a_search_finds_the_rest(
        self, editor, monkeypatch
    ):
        monkeypatch.setattr(narrowing, "CHOICES", 3)
        people = [make_author(f"Anna {number}") for number in range(5)]
        last = people[-1]
        make_article("Stuk", authors=[last])
        page = editor.get(LIST, {"author": last.pk}).text
        field = page.split('id="narrow-author"')[1].split("</select>")[0]
        assert field.count("<option") == 1 + 3 + 1
        assert f'value="{last.pk}" selected' in field
        url = field.split('data-find="')[1].split('"')[0]
        found = editor.get(url, {"term": "anna 3"}).json()["results"]
        assert found == [{"id": people[3].pk, "text": "Anna 3"}]
        assert "data-find" not in page.split('id="narrow-tag"')[1].split(">")[0]

    def test_pages_have_the_same_form(self, editor):
        Page.objects.create(title="Over ons", slug="over")
        Page.objects.create(title="Later", slug="later", public=False)
        for chosen, expected in (("public=0", ["Later"]), ("q=over", ["Over ons"])):
            found = editor.get(f"/admin/blog/page/?{chosen}").context["cl"].result_list
            assert [page.title for page in found] == expected


class TestCircle:
    def test_authors_see_their_own_articles_and_the_tags_of_these(self, client):
        anna = make_author("Anna", user=make_user(role=Role.AUTHOR))
        make_article("Van Anna", authors=[anna], tags=[make_tag("Werk")], status="draft")
        other = make_article("Van Bram", tags=[make_tag("Geheim")], status="draft")
        client.force_login(anna.user)
        assert titles(client) == titles(client, q="Anna") == ["Van Anna"]
        assert titles(client, q="Bram") == titles(client, author=other.byline[0].pk) == []
        assert "Geheim" not in client.get(LIST).text
        assert client.get(f"{LIST}find/tag/", {"term": "e"}).json()["results"] == [
            {"id": anna.articles.get().tags.get().pk, "text": "Werk"}
        ]

    def test_who_writes_nothing_finds_nothing(self, client):
        client.force_login(make_user(role=Role.MODERATOR))
        for url in (f"{LIST}find/author/", f"{LIST}find/tag/", f"{LIST}bulk/?act=publish&id=1"):
            assert client.get(url).status_code == 404
        client.force_login(make_user(role=Role.EDITOR))
        assert client.get(f"{LIST}find/status/").status_code == 404


class TestCost:
    def fill(self, count, author, tag):
        for number in range(count):
            make_article(f"Vergaderen {number}", authors=[author], tags=[tag])

    @pytest.mark.parametrize("role", [Role.EDITOR, Role.AUTHOR])
    def test_statements_do_not_grow_with_rows(self, client, role):
        author, tag = make_author("Anna", user=make_user(role=role)), make_tag("Werk")
        client.force_login(author.user)
        addresses = [
            {},
            {"author": author.pk, "tag": tag.pk, "status": "published", "year": in_now()},
            {"q": "vergaderen"},
        ]
        self.fill(2, author, tag)
        client.get(LIST, {"q": "vergaderen"})  # What is cached for a while is read here.
        counts = []
        for more in (0, 12):
            self.fill(more, author, tag)
            counts.append([])
            for chosen in addresses:
                with CaptureQueriesContext(
                    connection,
                ) as seen:
                    client.get(LIST, chosen)
                counts[-1].append(len(seen))
        assert counts[0] == counts[1]
        assert max(counts[1]) <= 30

    def test_no_text_is_read_and_no_table_counted(self, editor, monkeypatch):
        monkeypatch.setattr(lists, "COUNTED", 3)
        self.fill(6, make_author(), make_tag())
        with CaptureQueriesContext(connection) as seen:
            answer = editor.get(LIST)
        statements = [entry["sql"] for entry in seen if '"blog_article"' in entry["sql"]]
        assert not [sql for sql in statements if '"blog_article"."body_' in sql]
        counted = [sql for sql in statements if sql.startswith("SELECT COUNT(*)")]
        bounded = [sql for sql in counted if "LIMIT 4" in sql and "blog_reads" not in sql]
        trash = [sql for sql in counted if '"trashed_at" IS NOT NULL' in sql]
        assert (len(counted), len(bounded), len(trash)) == (2, 1, 1)
        assert "meer dan 3 artikelen" in " ".join(answer.text.split())

    def test_the_list_comes_from_the_index_of_its_order(self, editor, monkeypatch):
        monkeypatch.setattr(ArticleAdmin, "list_per_page", 2)
        self.fill(3, make_author(), make_tag())
        with CaptureQueriesContext(connection) as seen:
            editor.get(LIST)
        listed = [entry["sql"] for entry in seen if "LIMIT 2" in entry["sql"]
                  and '"blog_article"."title"' in entry["sql"]]  # fmt: skip
        assert len(listed) == 1
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute(f"EXPLAIN {listed[0]}")
            plan = " ".join(row[0] for row in cursor.fetchall())
        assert "blog_article_listed" in plan

    def test_a_search_lists_the_newest_of_many(self, editor, monkeypatch):
        monkeypatch.setattr("blog.search.articles.CANDIDATES", 2)
        self.fill(4, make_author(), make_tag())
        for number in range(4):
            make_article(f"Vergaderen, half af {number}", status="draft")
        answer = editor.get(LIST, {"q": "vergaderen"})
        assert answer.context["found_more"]
        assert len(answer.context["cl"].result_list) <= 6
        assert "Er zijn meer teksten" in answer.text


def in_now():
    return str(timezone.localtime().year)


def test_a_query_of_many_values_is_one(editor):
    sent = MultiValueDict({"status": ["draft", "published"]})
    assert editor.get(LIST, sent).status_code == 200
