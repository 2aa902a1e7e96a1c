"""Bylines of several authors, and authors and subjects that turn out to be one."""

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.html import strip_tags

from authors.models import Author
from authors.roles import Role
from blog.models import ArticleAuthor, Redirect, Tag
from blog.publishing import subjects
from tests.blog.admin.test_articles import edit, fields
from tests.factories import make_article, make_author, make_tag, make_user

pytestmark = pytest.mark.django_db
SITE = "https://www.c.example/over"


def written(language, *authors, linked=True):
    made = [
        Author(name=name, slug=name.lower(), affiliation=house, website=url)
        for name, house, url in authors
    ]
    with translation.override(language):
        template = Template("{% load byline %}{% byline authors linked=linked %}")
        return strip_tags(template.render(Context({"authors": made, "linked": linked}))).strip()


@pytest.mark.parametrize(
    ("authors", "dutch", "english"),
    [
        ([("A", "", "")], "Door A", "By A"),
        ([("A", "C", ""), ("B", "C", "")], "Door A en B van C", "By A and B from C"),
        (
            [("A", "", SITE), ("B", "", SITE)],
            "Door A en B van c.example",
            "By A and B from c.example",
        ),
        ([("A", "", ""), ("B", "", ""), ("D", "", "")], "Door A, B en D", "By A, B and D"),
        ([("A", "X", ""), ("B", "Y", "")], "Door A van X en B van Y", "By A from X and B from Y"),
        # C is not A's.
        ([("A", "", ""), ("B", "C", "")], "Door A en door B van C", "By A and by B from C"),
        (
            [("A", "X", ""), ("B", "X", ""), ("D", "Y", ""), ("E", "", "")],
            "Door A en B van X, door D van Y en door E",
            "By A and B from X, by D from Y and by E",
        ),
    ],
)
def test_authors_join_as_one_writes(authors, dutch, english):
    assert written("nl", *authors) == dutch
    assert written("en", *authors) == english


def test_lists_leave_the_houses_out():
    assert written("nl", ("A", "C", ""), ("B", "C", ""), linked=False) == "Door A en B"


def test_the_form_keeps_the_order_that_is_sent(client):
    anna, bram, cor = (make_author(name) for name in ("Anna", "Bram", "Cor"))
    article = make_article(authors=[anna, bram])
    client.force_login(make_user(role=Role.EDITOR))
    sent = fields(people=[cor.pk, bram.pk, anna.pk], opened_on=article.version, slug=article.slug)
    assert client.post(edit(article), sent).status_code == 302
    article.refresh_from_db()
    assert article.byline == [cor, bram, anna]
    page = client.get(edit(article)).text
    assert page.index("Cor</span>") < page.index("Bram</span>") < page.index("Anna</span>")


def test_who_left_keeps_her_page_and_is_not_offered(client):
    gone = make_author("Vertrokken", former=True, user=make_user(is_active=False))
    article = make_article("Oud stuk", authors=[gone])
    page = client.get(gone.get_absolute_url())
    assert "Schreef hier eerder" in page.text
    assert "Oud stuk" in page.text
    client.force_login(make_user(role=Role.EDITOR))
    assert "Vertrokken</span>" not in client.get("/admin/blog/article/add/").text
    assert "Vertrokken</span>" in client.get(edit(article)).text


class TestMerging:
    def merge(self, client, model, keep, *others):
        url = f"/admin/{model}/"
        values = {"action": "merge", "_selected_action": [keep.pk, *(one.pk for one in others)]}
        assert 'name="keep"' in client.post(url, values).text
        return client.post(url, {**values, "keep": keep.pk}, follow=True)

    def test_two_pages_of_one_author_become_one(self, client):
        account = make_user()
        kept, gone = make_author("Anna"), make_author("A. de Wit", user=account)
        other = make_author("Bram")
        alone = make_article(authors=[gone])
        both = make_article(authors=[other, gone, kept])
        client.force_login(make_user(role=Role.EDITOR))
        self.merge(client, "authors/author", kept, gone)
        assert alone.byline == [kept]
        assert both.byline == [other, kept]
        assert Author.objects.get(pk=kept.pk).user == account
        assert not Author.objects.filter(pk=gone.pk).exists()
        for part in ("", "feed/"):
            answer = client.get(gone.get_absolute_url() + part)
            assert (answer.status_code, answer["Location"]) == (301, kept.get_absolute_url() + part)

    def test_two_accounts_are_not_made_one(self, client):
        kept, gone = make_author(user=make_user()), make_author(user=make_user())
        client.force_login(make_user(role=Role.EDITOR))
        assert "account" in self.merge(client, "authors/author", kept, gone).text
        assert Author.objects.filter(pk=gone.pk).exists()

    def test_subjects_merge_without_chains(self, client):
        first, second, third = (make_tag(name) for name in ("Werk", "Werken", "Arbeid"))
        article = make_article(tags=[first, second])
        client.force_login(make_user(role=Role.EDITOR))
        self.merge(client, "blog/tag", second, first)
        self.merge(client, "blog/tag", third, second)
        assert [tag.name for tag in article.tags.all()] == ["Arbeid"]
        answer = client.get("/tag/werk/")
        assert (answer.status_code, answer["Location"]) == (301, "/tag/arbeid/")
        assert client.get("/tag/werk/feed/")["Location"] == "/tag/arbeid/feed/"

    def test_authors_merge_nothing(self, client):
        mine = make_author(user=make_user(role=Role.AUTHOR))
        other = make_author()
        client.force_login(mine.user)
        values = {"action": "merge", "_selected_action": [mine.pk, other.pk], "keep": mine.pk}
        client.post("/admin/authors/author/", values)
        assert Author.objects.filter(pk=other.pk).exists()
        tags = [make_tag(), make_tag()]
        values = {
            "action": "merge",
            "_selected_action": [tag.pk for tag in tags],
            "keep": tags[0].pk,
        }
        assert client.post("/admin/blog/tag/", values).status_code == 403
        assert Tag.objects.count() == 2


def test_renamed_pages_lead_on_and_deleted_ones_say_goodbye(client):
    tag = make_tag("Werk")
    client.force_login(make_user(role=Role.EDITOR))
    url = f"/admin/blog/tag/{tag.pk}/change/"
    client.post(url, {"name": "Arbeid", "slug": "arbeid"})
    assert client.get("/tag/werk/")["Location"] == "/tag/arbeid/"
    client.post(url, {"name": "Werk", "slug": "werk"})
    assert client.get("/tag/werk/").status_code == 200
    assert client.get("/tag/arbeid/")["Location"] == "/tag/werk/"
    assert not Redirect.objects.filter(old_path="/tag/werk/").exists()
    client.post(f"/admin/blog/tag/{tag.pk}/delete/", {"post": "yes"})
    assert client.get("/tag/werk/").status_code == 410
    assert client.get("/tag/arbeid/").status_code == 410


def test_what_stands_twice_after_a_merge_stands_once():
    kept, gone = make_author(), make_author()
    article = make_article(authors=[kept, gone])
    subjects.author_merge(kept=kept, gone=gone)
    assert ArticleAuthor.objects.filter(article=article).count() == 1
