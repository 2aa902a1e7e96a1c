"""Redirects to other sites: set by owners, from where nothing answers, and no open door."""

import pytest
from django.urls import reverse

from authors.roles import Role
from blog.models import Redirect
from blog.publishing.articles import article_save
from blog.site import redirects
from tests.factories import make_article, make_tag, make_user

pytestmark = pytest.mark.django_db
ADD = reverse("admin:blog_redirect_add")


def add(client, **sent):
    return client.post(ADD, {"old_path": "/oud/", "article": "", "target": "", **sent})


def test_owners_alone_set_change_and_delete_them(client):
    client.force_login(make_user(role=Role.EDITOR))
    answer = add(client, target="https://elders.example/daar/")
    assert answer.status_code == 200
    assert not Redirect.objects.exists()
    row = Redirect.objects.create(old_path="/oud/", target="https://elders.example/daar/")
    change = reverse("admin:blog_redirect_change", args=[row.pk])
    client.post(change, {"old_path": "/oud/", "article": "", "target": "/ander/"})
    client.post(reverse("admin:blog_redirect_delete", args=[row.pk]), {"post": "yes"})
    client.post(reverse("admin:blog_redirect_changelist"), {
        "action": "delete_selected", "_selected_action": [row.pk], "post": "yes",
    })  # fmt: skip
    assert Redirect.objects.get().target == "https://elders.example/daar/"
    client.force_login(make_user(role=Role.OWNER))
    sent = {"old_path": "/oud/", "article": "", "target": "http://elders.example/é?a=b#c"}
    assert client.post(change, sent).status_code == 302
    assert Redirect.objects.get().target == "http://elders.example/%C3%A9?a=b#c"
    client.post(reverse("admin:blog_redirect_delete", args=[row.pk]), {"post": "yes"})
    assert not Redirect.objects.exists()


def test_what_is_no_address_of_another_site_is_not_taken(client, settings):
    settings.SITE_URL = "https://blad.example"
    client.force_login(make_user(role=Role.OWNER))
    for target in (
        "ftp://elders.example/", "javascript:alert(1)", "//elders.example/", "https://", "https:x",
        "https://naam:woord@elders.example/", "https://elders.example\\@kwaad.example/",
        "https://elders.example/a b", "https://zonder", "data:text/html,x", "/\\kwaad.example",
        "https://elders.example/" + "x" * 300,
    ):  # fmt: skip
        assert add(client, target=target).status_code == 200, target
    assert not Redirect.objects.exists()
    # The site's own address is a path of it.
    assert add(client, target="http://BLAD.example/nieuw/").status_code == 302
    assert Redirect.objects.get().target == "/nieuw/"


def test_never_from_an_address_that_is_in_use(client):
    client.force_login(make_user(role=Role.OWNER))
    article, tag = make_article(), make_tag()
    for path in (article.get_absolute_url(), tag.get_absolute_url(), "/", "/search/", "/feed/"):
        answer = add(client, old_path=path, target="https://elders.example/")
        assert answer.status_code == 200, path
    assert not Redirect.objects.exists()
    # What comes to an address later takes it.
    row = Redirect.objects.create(
        old_path=article.get_absolute_url().replace(article.slug, "later"),
        target="https://elders.example/",
    )
    assert client.get(row.old_path)["Location"] == "https://elders.example/"
    article.slug = "later"
    article_save(article=article, authors=None, tags=None, editor=None, expected_version=None)
    assert client.get(row.old_path).status_code == 200


def test_readers_are_sent_there_and_nothing_of_theirs_goes_along(client):
    Redirect.objects.create(old_path="/oud/", target="https://elders.example/daar/?a=b#c")
    Redirect.objects.create(old_path="/ouder/", target="/oud/")
    for path in ("/oud/", "/oud", "/ouder/", "/oud/?next=//kwaad.example&c=d"):
        for method in (client.get, client.head):
            answer = method(path)
            assert (answer.status_code, answer["Location"]) == (
                301, "https://elders.example/daar/?a=b#c",
            ), path  # fmt: skip
            assert "no-store" in answer["Cache-Control"]
    for method in (client.post, client.put, client.delete):
        assert method("/oud/", {"text": "Geheim"}).status_code in (404, 405)
    for below in ("/oud/feed/", "/oud//kwaad.example/", "/oud/.kwaad.example"):
        assert client.get(below).status_code == 404
    tagged = Redirect.objects.create(old_path="/tag/oud/", target="https://elders.example/")
    assert client.get(tagged.old_path)["Location"] == "https://elders.example/"
    assert client.get("/tag/oud/feed/").status_code == 404


def test_what_an_old_number_was_asked_with_stays_here(client):
    target = "https://elders.example/daar/"
    for old in ("/?p=12", "/blog/?p=12"):
        Redirect.objects.create(old_path=old, target=target)
        for path in (f"{old}&name=Anna", f"{old}&s=geheim"):
            answer = client.get(path)
            assert (answer.status_code, answer["location"]) == (301, target), path


def test_a_row_with_something_else_leads_nowhere(client):
    for number, target in enumerate(("javascript:alert(1)", "//kwaad.example/", "https://a@b/")):
        Redirect.objects.create(old_path=f"/oud{number}/", target=target)
        assert client.get(f"/oud{number}/").status_code == 410
        assert not redirects.is_elsewhere(target)
