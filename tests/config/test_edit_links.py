"""From a page of the site to the form of what it shows, for who may change it and nobody else."""

import pytest

from authors.roles import Role
from blog.models import Page, Series
from blog.publishing.pages import page_save
from comments.models import Comment
from tests.factories import make_article, make_author, make_tag, make_user

pytestmark = pytest.mark.django_db
ASK = "/admin/edit/"


@pytest.fixture
def site():
    author = make_author("Femke", user=make_user("femke", role=Role.AUTHOR))
    tag = make_tag("Werk")
    series = Series.objects.create(title="Een reeks", slug="reeks")
    article = make_article(authors=[author], tags=[tag], series=series, series_place=1)
    page = page_save(
        page=Page(title="Over ons", slug="over", body_source="<p>Wij.</p>"), editor=None
    )
    return {"article": article, "page": page, "author": author, "series": series, "tag": tag}


def asked(client, path):
    answer = client.get(ASK, {"path": path})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return answer.json().get("url")


def form_of(row):
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


@pytest.mark.parametrize(
    ("role", "theirs"),
    [
        (Role.EDITOR, {"article", "page", "author", "series", "tag"}),
        (Role.OWNER, {"article", "page", "author", "series", "tag"}),
        (Role.AUTHOR, {"article", "author"}),
        (Role.MODERATOR, set()),
    ],
)
def test_each_kind_of_page_leads_who_may_to_a_form_that_opens(client, site, role, theirs):
    user = site["author"].user if role == Role.AUTHOR else make_user(role=role)
    client.force_login(user)
    for name, row in site.items():
        found = asked(client, row.get_absolute_url())
        assert found == (form_of(row) if name in theirs else None), name
        assert found is None or client.get(found).status_code == 200


def test_another_author_edits_neither_article_nor_profile(client, site):
    client.force_login(make_author("Yassin", user=make_user(role=Role.AUTHOR)).user)
    assert asked(client, site["article"].get_absolute_url()) is None
    assert asked(client, site["author"].get_absolute_url()) is None


def test_pages_below_an_article_lead_to_it(client, site):
    article = site["article"]
    comment = Comment.objects.create(article=article, path=b"\x01\x01", name="K", source="x")
    client.force_login(make_user(role=Role.EDITOR))
    for below in ("reply/", "search/", f"comment/{comment.pk}/"):
        assert asked(client, f"{article.get_absolute_url()}{below}") == form_of(article)


@pytest.mark.parametrize(
    "path",
    ["", "/", "/search/", "/2020/01/weg/", "//x.example/", "/%00", "x" * 9000, "/niet/te/vinden"],
)
def test_other_addresses_lead_nowhere(client, path):
    client.force_login(make_user(role=Role.OWNER))
    assert asked(client, path) is None


def test_strangers_learn_nothing_and_get_no_cookie(client, site):
    draft = make_article(status="draft")
    for path in (site["article"].get_absolute_url(), "/", f"/2020/01/{draft.slug}/"):
        answer = client.get(ASK, {"path": path})
        assert answer.json() == {"known": False}
        assert not answer.cookies
    for row in site.values():
        page = client.get(row.get_absolute_url())
        assert "/admin/" not in page.text
        assert not page.cookies


def test_the_label_speaks_the_language_of_who_reads_it(client, site):
    user = make_user(role=Role.EDITOR, language="en")
    client.force_login(user)
    answer = client.get(ASK, {"path": site["series"].get_absolute_url()}).json()
    assert (answer["label"], answer["language"]) == ("Edit this series", "en")


def test_it_costs_the_same_on_every_page(client, site, django_assert_max_num_queries):
    client.force_login(make_user(role=Role.EDITOR))
    for row in site.values():
        with django_assert_max_num_queries(8):
            asked(client, row.get_absolute_url())
