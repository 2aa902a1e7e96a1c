"""Names and titles in the order in which Dutch readers look for them, on any PostgreSQL."""

import random

import pytest
from django.db.models.functions import Collate
from django.urls import reverse

from authors.models import Author
from blog.models import Page, Series, Tag
from core.sorting import AlphabeticalOrder
from tests.factories import make_article, make_author, make_tag, make_user

pytestmark = pytest.mark.django_db

TITLES = [
    "¿Aanpak of aanklacht?",
    "belonen",
    "van den Berg",
    "Beter",
    "D'66 in de raad",
    "De stad",
    "Één",
    "eén twee",
    "Ëllen",
    "IJsberg",
    "“Kom binnen”",
    "Łódź",
    "Ørsted",
    "Paard",
    "van werk naar werk",
    "de Vries",
    "Zeker",
    "zo",
]
PEOPLE = [
    "Anna van den Berg",
    "van den Berg",
    "Van den Berg-Zwart",
    "Bram",
    "Çelik",
    "Elif",
    "d'Hondt",
    "in 't Veld",
    "De Vries",
    "’t Wout",
    "Zoë",
]


def shuffled(names):
    mixed = list(names)
    random.Random(4).shuffle(mixed)
    return mixed


def test_titles_and_subjects():
    # "De stad" and "van werk naar werk" are titles: nothing before a small letter goes.
    for name in shuffled(TITLES):
        make_tag(name, slug=f"s{TITLES.index(name)}")
        Series.objects.create(title=name, slug=f"s{TITLES.index(name)}")
        Page.objects.create(title=name, slug=f"s{TITLES.index(name)}", body_source="", public=True)
    assert [tag.name for tag in Tag.objects.all()] == TITLES
    assert [series.title for series in Series.objects.all()] == TITLES
    assert [page.title for page in Page.objects.filter(slug__startswith="s")] == TITLES


def test_people_by_their_family_name_where_it_stands_first():
    for name in shuffled(PEOPLE):
        make_author(name, slug=f"s{PEOPLE.index(name)}")
    assert [author.name for author in Author.objects.all()] == PEOPLE


@pytest.mark.parametrize("collation", ["C", "POSIX", "default"])
def test_it_does_not_depend_on_the_server_s_locale(collation):
    for name in shuffled(PEOPLE):
        make_author(name)
    there = Author.objects.annotate(stored=Collate("name", collation))
    found = there.order_by(AlphabeticalOrder("stored", person=True), "name")
    assert list(found.values_list("name", flat=True)) == PEOPLE


def test_everywhere_that_names_are_listed(client):
    people = [make_author(name) for name in ("Zeker", "Één", "belonen")]
    tags = [make_tag(name) for name in ("Zeker", "Één", "belonen")]
    article = make_article("Fiets", authors=people, tags=tags)
    for title in ("zebra", "Ápen", "Brood"):
        make_article(title, authors=people)
    wanted = ["belonen", "Één", "Zeker"]
    assert [tag.name for tag in article.tag_list] == wanted
    page = client.get("/search/?q=fiets")
    offered = {name: options for name, _label, options, _chosen in page.context["narrow"]}
    assert [name for _slug, name in offered["author"]] == wanted
    assert [name for _slug, name in offered["tag"]] == wanted
    client.force_login(make_user(role="Redacteur"))
    for model in ("authors_author", "blog_tag"):
        listed = client.get(reverse(f"admin:{model}_changelist"))
        assert [str(row) for row in listed.context["cl"].result_list] == wanted
        down = client.get(reverse(f"admin:{model}_changelist"), {"o": "-1"})
        assert [str(row) for row in down.context["cl"].result_list] == wanted[::-1]
    articles = reverse("admin:blog_article_changelist")
    column = client.get(articles).context["cl"].list_display.index("title")
    listed = client.get(articles, {"o": str(column)})
    rows = [row.title for row in listed.context["cl"].result_list]
    assert rows == ["Ápen", "Brood", "Fiets", "zebra"]
