"""The report of dead links: who sees which, and what each act does."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from authors.roles import Role
from blog.discovery import dead_links
from blog.models import CheckedLink, LinkFault, SiteSettings, Status
from tests.blog.site.test_settings import make_page
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db
LIST = reverse("admin:blog_linkuse_changelist")


@pytest.fixture
def scene():
    anna = make_author(user=make_user(role=Role.AUTHOR))
    link = '<p>Zie <a href="https://weg.example/{}">daar</a>.</p>'
    hers = make_article("Van Anna", authors=[anna], body=link.format("a&amp;b") + link.format("c"))
    make_article("Van Bo", body=link.format("bo") + '<p><a href="article:77">x</a></p>')
    make_article("Concept", status=Status.DRAFT, body=link.format("concept"))
    make_page("Een pagina", slug="pagina", body=link.format("pagina"))
    dead_links.links_read()
    now = timezone.now()
    CheckedLink.objects.exclude(host="").update(dead=True, status=404, failing_since=now,
                                                asked_at=now)  # fmt: skip
    CheckedLink.objects.filter(url__endswith="/c").update(dead=False)
    CheckedLink.objects.filter(url__endswith="/bo").update(status=None, fault=LinkFault.NAME)
    dead_links.own_links_look()
    return anna, hers


def act(client, name, *links):
    rows = [link.uses.first().pk for link in links]
    return client.post(LIST, {"action": name, "_selected_action": rows}, follow=True)


def test_editors_see_all_of_what_readers_see_and_authors_their_own(client, scene):
    anna, hers = scene
    client.force_login(make_user(role=Role.EDITOR))
    page = client.get(LIST).text
    for told in ("Van Anna", "Van Bo", "Een pagina", "Zie daar.", "404", "weg.example/a&amp;b"):
        assert told in page, told
    for hidden in ("Concept", "weg.example/c"):
        assert hidden not in page, hidden
    assert reverse("admin:blog_article_change", args=[hers.pk]) in page
    client.force_login(anna.user)
    page = client.get(LIST).text
    assert "Van Anna" in page
    assert "Van Bo" not in page
    assert 'value="look_again"' in page
    assert 'value="ignore"' not in page
    for user in (make_user(), make_user(role=Role.MODERATOR)):
        client.force_login(user)
        assert client.get(LIST).status_code in (302, 403)
    client.logout()
    assert client.get(LIST).status_code == 302


def test_looked_at_again(client, scene):
    client.force_login(make_user(role=Role.EDITOR))
    far = timezone.now() + datetime.timedelta(days=30)
    CheckedLink.objects.update(next_at=far)
    own, bo = CheckedLink.objects.get(host=""), CheckedLink.objects.get(url__endswith="/bo")
    answer = act(client, "look_again", own, bo)
    assert answer.status_code == 200
    bo.refresh_from_db()
    assert bo.next_at < far
    assert bo.dead
    assert len(list(answer.context["messages"])) == 1  # Switched off: nobody is asked.
    make_article(pk=77)
    SiteSettings.objects.update(check_links=True)
    answer = act(client, "look_again", own, bo)
    own.refresh_from_db()
    assert not own.dead
    assert len(list(answer.context["messages"])) == 2


def test_ignored_and_taken_back_by_editors_alone(client, scene):
    anna, _hers = scene
    link = CheckedLink.objects.get(url__contains="a&b")
    client.force_login(anna.user)
    act(client, "ignore", link)
    link.refresh_from_db()
    assert not link.ignored
    client.force_login(make_user(role=Role.EDITOR))
    act(client, "ignore", link)
    assert "weg.example/a&amp;b" not in client.get(LIST).text
    assert "weg.example/a&amp;b" in client.get(LIST, {"ignored": "yes"}).text
    link.refresh_from_db()
    assert link.ignored
    rows = [link.uses.first().pk]
    client.post(f"{LIST}?ignored=yes", {"action": "take_back", "_selected_action": rows})
    assert "weg.example/a&amp;b" in client.get(LIST).text


def test_it_costs_the_same_for_few_and_many(client, scene):
    client.force_login(make_user(role=Role.OWNER))

    def cost():
        client.get(LIST)
        with CaptureQueriesContext(connection) as found:
            client.get(LIST)
        return len(found)

    few = cost()
    body = "".join(f'<p><a href="https://weg{n}.example/">x</a></p>' for n in range(60))
    make_article("Veel", body=body + '<p><a href="article:1">x</a><a href="article:2">y</a></p>')
    dead_links.links_read()
    CheckedLink.objects.update(dead=True)
    assert cost() <= few + 1
