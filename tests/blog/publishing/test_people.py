"""People come whole or not at all, and what they leave is settled before they go."""

import threading

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection

from authors import accounts, invitations
from authors.account_mail import deliver
from authors.models import AccountMail, Author, User
from authors.roles import Role
from blog.models import Article, Status
from blog.publishing import people
from blog.publishing.people import Byline
from comments.models import Comment
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db
FEMKE = {"name": "Femke Brouwer", "email": "femke@proef.example", "role": Role.AUTHOR}


def counts():
    return User.objects.count(), Author.objects.count(), AccountMail.objects.count()


def test_account_author_and_mail_are_made_together():
    make_author("Femke Anders", slug="femke-brouwer")
    user = people.invite(**{**FEMKE, "email": "Femke@Proef.example"})
    assert user.author.name == "Femke Brouwer"
    assert user.author.slug == "femke-brouwer-2"
    assert (user.first_name, user.last_name) == ("Femke", "Brouwer")
    assert (user.email, user.is_staff) == ("femke@proef.example", True)
    assert not user.has_usable_password()
    assert [group.name for group in user.groups.all()] == [Role.AUTHOR]
    deliver.call(AccountMail.objects.get().pk)
    (sent,) = mail.outbox
    assert sent.to == ["femke@proef.example"]
    assert "/admin/reset/" in sent.body


def test_an_author_who_is_here_gets_the_account_and_nobody_needs_a_profile():
    guest = make_author("Gast de Vries", slug="gast")
    user = people.invite(**{**FEMKE, "name": "", "author": guest})
    assert (user.author, user.username, user.get_full_name()) == (guest, "gast", "Gast de Vries")
    only = people.invite(
        name="Mo Moderator", email="mo@proef.example", role=Role.MODERATOR, profile=False
    )
    assert not Author.objects.filter(user=only).exists()
    assert Author.objects.count() == 1


def test_what_somebody_has_already_is_refused_by_its_field_and_nothing_is_made():
    make_user("anna", email="anna@proef.example", first_name="Anna", last_name="Wit")
    make_user("weg", email="weg@proef.example", is_active=False)
    make_author("Bea Gast")
    taken = make_author("Bram Baas", user=make_user("bram", email="bram@proef.example"))
    before = counts()
    wrong = [
        ({"email": "ANNA@proef.example"}, "email", "anna"),
        ({"email": "weg@proef.example"}, "email", "weg"),
        ({"name": "anna  WIT"}, "name", ""),
        ({"name": "Anna Wit", "profile": False}, "name", ""),
        ({"name": "bea gast"}, "name", ""),
        ({"name": "Bram Baas"}, "name", ""),
        ({"author": taken}, "author", ""),
    ]
    for change, field, word in wrong:
        with pytest.raises(ValidationError) as refused:
            people.invite(**{**FEMKE, **change})
        assert list(refused.value.message_dict) == [field]
        assert word in refused.value.message_dict[field][0]
        assert counts() == before


def test_a_fault_on_the_way_leaves_no_half_account(monkeypatch):
    before = counts()

    def break_off(user):
        raise RuntimeError

    monkeypatch.setattr(accounts, "password_link_mail", break_off)
    with pytest.raises(RuntimeError):
        people.invite(**FEMKE)
    assert counts() == before


@pytest.mark.django_db(transaction=True)
def test_a_double_click_invites_once():
    ready = threading.Barrier(2)
    found = []

    def ask():
        ready.wait(10)
        try:
            found.append(people.invite(**FEMKE).username)
        except ValidationError as error:
            found.append(list(error.message_dict))
        connection.close()

    threads = [threading.Thread(target=ask) for _turn in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert sorted(map(str, found)) == ["['email']", "femke-brouwer"]
    assert counts() == (1, 1, 1)


def test_a_mail_that_waits_is_enough_and_an_old_one_is_asked_for_anew():
    user = people.invite(**FEMKE)
    assert accounts.password_link_mail(user)
    assert AccountMail.objects.count() == 1
    deliver.call(AccountMail.objects.get().pk)
    # By the page for a forgotten password: nobody else has to be asked.
    accounts.password_reset_mail("femke@proef.example")
    assert AccountMail.objects.filter(kind="first").count() == 2
    # A password that was taken away later comes back through an owner alone.
    user.last_login = user.date_joined
    user.save()
    deliver.call(AccountMail.objects.first().pk)
    accounts.password_reset_mail("femke@proef.example")
    assert AccountMail.objects.count() == 2


def standing(user):
    return invitations.standing_of(invitations.with_invitations(User.objects).get(pk=user.pk))


def test_how_far_an_invitation_is(settings, time_machine):
    user = people.invite(**FEMKE)
    opened = invitations.not_accepted(User.objects.all())
    said = [standing(user)]
    AccountMail.objects.update(state="failed", error="550 onbekend")
    said.append(standing(user))
    assert "550 onbekend" in said[-1]
    AccountMail.objects.all().delete()
    said.append(standing(user))
    accounts.password_link_mail(user)
    deliver.call(AccountMail.objects.get().pk)
    said.append(standing(user))
    settings.PASSWORD_RESET_TIMEOUT = -1
    said.append(standing(user))
    assert list(opened.all()) == [user]
    user.set_password("geheim-woord")
    user.save()
    said.append(standing(user))
    assert list(opened.all()) == []
    user.is_active = False
    user.save()
    said.append(standing(user))
    assert len(set(said)) == len(said)


class TestLeaving:
    @pytest.fixture
    def femke(self):
        make_user("baas", role=Role.OWNER)
        return make_author("Femke Brouwer", user=make_user("femke", role=Role.AUTHOR))

    def test_a_closed_account_keeps_everything_but_the_log_in(self, femke):
        article = make_article(authors=[femke])
        people.leave(user=femke.user, erase=False, byline=Byline.STAYS)
        femke.refresh_from_db()
        assert (femke.former, femke.user.is_active, femke.name) == (True, False, "Femke Brouwer")
        assert article.authors.get() == femke
        assert femke.user.groups.get().name == Role.AUTHOR

    @pytest.mark.parametrize("erase", [False, True])
    def test_articles_go_to_another_in_their_place_and_comments_do_not(self, femke, erase):
        anna, bea = make_author("Anna"), make_author("Bea")
        alone = make_article(authors=[femke], status=Status.DRAFT)
        middle = make_article(authors=[bea, femke], card="cards/1.png", card_version=3)
        both = make_article(authors=[anna, femke])
        other = make_article(authors=[bea])
        versions = dict(Article.objects.values_list("pk", "version"))
        people.leave(user=femke.user, erase=erase, byline=Byline.MOVES, successor=anna)
        lines = [article.article_authors.all() for article in (alone, middle, both, other)]
        assert [[str(one) for one in line] for line in lines] == [
            ["Anna"],
            ["Bea", "Anna"],
            ["Anna"],
            ["Bea"],
        ]
        after = dict(Article.objects.values_list("pk", "version"))
        moved = {number for number in after if after[number] != versions[number]}
        assert moved == {alone.pk, middle.pk, both.pk}
        middle.refresh_from_db()
        assert middle.card_version == 0
        assert User.objects.filter(username="femke").exists() is not erase
        assert Author.objects.filter(name="Femke Brouwer").exists() is not erase
        assert not Comment.objects.exists()

    def test_what_makes_no_sense_is_refused_and_changes_nothing(self, femke):
        for byline, successor, field in (
            (Byline.GOES, None, "byline"),
            (Byline.MOVES, None, "successor"),
            (Byline.MOVES, femke, "successor"),
        ):
            with pytest.raises(ValidationError) as refused:
                people.leave(user=femke.user, erase=False, byline=byline, successor=successor)
            assert list(refused.value.message_dict) == [field]
        owner = User.objects.get(username="baas")
        for erase in (False, True):
            with pytest.raises(accounts.NoOwnerLeft):
                people.leave(user=owner, erase=erase, byline=Byline.STAYS)
        assert User.objects.filter(is_active=True).count() == 2
