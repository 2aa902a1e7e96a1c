"""The admin's pages for people: inviting, sending again, and taking leave."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from authors.account_mail import deliver
from authors.models import AccountMail, Author, User
from authors.roles import TASKS, Role
from blog.models import Hold, SiteSettings, Status
from comments.models import Comment
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/authors/user/"
FEMKE = {
    "name": "Femke Brouwer", "email": "femke@proef.example", "role": Role.AUTHOR, "profile": "new",
}  # fmt: skip


@pytest.fixture
def owner(client):
    made = make_user("baas", role=Role.OWNER)
    client.force_login(made)
    return made


def test_only_owners_invite_and_let_people_go(client):
    user = make_user("anna", email="anna@proef.example")
    user.set_unusable_password()
    user.save()
    addresses = (f"{LIST}invite/", f"{LIST}{user.pk}/invite/", f"{LIST}{user.pk}/delete/")
    for role in (Role.AUTHOR, Role.EDITOR, Role.MODERATOR):
        client.force_login(make_user(role=role))
        for address in addresses:
            answer = client.post(address, {**FEMKE, "account": "delete"})
            assert answer.status_code in (403, 404), (role, address)
        assert f"{LIST}invite/" not in client.get("/admin/authors/author/").text
    client.logout()
    for address in addresses:
        # What a stranger typed comes back with the page that asks to log in.
        client.post(address, {**FEMKE, "account": "delete"})
    assert not User.objects.filter(email=FEMKE["email"]).exists()
    assert User.objects.filter(pk=user.pk).exists()
    assert not AccountMail.objects.exists()


def test_an_invitation_is_made_seen_and_sent_again(client, owner):
    assert f"{LIST}invite/" in client.get("/admin/authors/author/").text
    page = client.get(f"{LIST}invite/").text
    for what in TASKS.values():
        assert str(what) in page
    answer = client.post(f"{LIST}invite/", FEMKE, follow=True)
    assert "Femke Brouwer is uitgenodigd" in answer.text
    assert "de uitnodiging is onderweg" in answer.text
    user = User.objects.get(email="femke@proef.example")
    assert LogEntry.objects.get(object_id=str(user.pk)).user == owner
    # The same once more: the form comes back with what was typed, and says why.
    answer = client.post(f"{LIST}invite/", FEMKE)
    assert "heeft dit e-mailadres al" in answer.text
    assert 'value="Femke Brouwer"' in answer.text
    AccountMail.objects.update(state="failed", error="550 onbekend")
    page = client.get(f"{LIST}{user.pk}/change/").text
    assert "kon niet worden bezorgd: 550 onbekend" in page
    answer = client.post(f"{LIST}{user.pk}/invite/", follow=True)
    assert "De uitnodiging aan femke@proef.example is onderweg." in answer.text
    deliver.call(AccountMail.objects.first().pk)
    assert len(mail.outbox) == 1
    assert "Auteur: schrijft artikelen" in mail.outbox[0].body
    listed = client.get(f"{LIST}?invitation=open")
    assert [row.username for row in listed.context["cl"].result_list] == ["femke-brouwer"]
    user.set_password("geheim-woord")
    user.save()
    assert "/invite/" not in client.get(f"{LIST}{user.pk}/change/").text
    answer = client.post(f"{LIST}{user.pk}/invite/", follow=True)
    assert "Er is niets verstuurd" in answer.text


def test_the_form_asks_for_what_is_missing(client, owner):
    assert "existing" not in client.get(f"{LIST}invite/").text
    guest = make_author("Bea Gast")
    for change, fields in (
        ({"name": ""}, {"name"}),
        ({"email": "geen adres"}, {"email"}),
        ({"email": "", "role": "Keizer", "profile": ""}, {"email", "role", "profile"}),
        ({"profile": "existing"}, {"author"}),
        ({"profile": "existing", "author": "9999999"}, {"author"}),
        ({"name": "bea gast"}, {"name"}),
    ):
        answer = client.post(f"{LIST}invite/", {**FEMKE, **change})
        assert answer.status_code == 200
        assert set(answer.context["form"].errors) == fields, change
    chosen = {**FEMKE, "name": "", "profile": "existing", "author": guest.pk}
    assert client.post(f"{LIST}invite/", chosen).status_code == 302
    assert Author.objects.get().user.email == "femke@proef.example"


def test_the_list_asks_as_much_for_many_as_for_few(client, owner):
    asked = []
    for number in (2, 20):
        for _turn in range(number):
            make_author(user=make_user(role=[Role.AUTHOR, Role.MODERATOR]))
        client.get(LIST)
        with CaptureQueriesContext(connection) as found:
            answer = client.get(LIST)
        asked.append(len(found))
        assert "Auteur, Moderator" in answer.text
    narrowed = client.get(f"{LIST}?role=Beheerder").context["cl"]
    assert list(narrowed.queryset) == [owner]
    assert asked[0] == asked[1]


def test_leaving_says_first_what_becomes_of_what(client, owner):
    author = make_author("Femke Brouwer", user=make_user("femke", role=Role.AUTHOR))
    anna = make_author("Anna de Wit")
    former = make_author("Oud Geweest", former=True)
    out = make_article(authors=[author])
    draft = make_article(authors=[author], status=Status.DRAFT)
    writer = {"name": author.name, "user": author.user, "author": author}
    site = SiteSettings(hold=Hold.NOBODY, posts_per_hour=0, posts_per_person=0, flood_limit=0)
    comment_post(submission=Submission(article=out, text="Dank.", **writer), site=site)
    url = f"{LIST}{author.user.pk}/delete/"
    assert f'href="{url}"' in client.get(f"{LIST}{author.user.pk}/change/").text
    page = client.get(url).text
    assert "1 artikel dat gepubliceerd of ingepland is" in page
    assert "1 concept, waarmee redacteuren verder kunnen" in page
    assert "1 reactie" in page
    assert former.name not in page
    refused = client.post(url, {"account": "close", "byline": "goes"})
    assert set(refused.context["form"].errors) == {"byline"}
    refused = client.post(url, {"account": "close", "byline": "moves"})
    assert set(refused.context["form"].errors) == {"successor"}
    moves = {"account": "close", "byline": "moves", "successor": anna.pk}
    answer = client.post(url, moves, follow=True)
    assert "Het account van Femke Brouwer is gesloten." in answer.text
    assert {out.authors.get(), draft.authors.get()} == {anna}
    assert Comment.objects.get().name == "Femke Brouwer"
    assert not User.objects.get(username="femke").is_active


def test_the_last_owner_is_told_before_anything_is_tried(client, owner):
    for page in ("change", "password", "delete"):
        answer = client.get(f"{LIST}{owner.pk}/{page}/")
        assert "de enige beheerder die zich kan aanmelden" in answer.text, page
    assert 'name="account"' not in answer.text
    make_user("ander", role=Role.OWNER)
    for page in ("change", "password", "delete"):
        answer = client.get(f"{LIST}{owner.pk}/{page}/")
        assert "de enige beheerder" not in answer.text, page
    assert re.search(r'name="account"', answer.text)
