"""An account that cannot work is not saved, and one owner who can log in always remains."""

import re
import threading

import pytest
from django.conf import settings as site
from django.contrib.auth.models import Group
from django.core import mail
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authors import accounts
from authors.account_mail import deliver
from authors.models import AccountMail, User
from authors.roles import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db
WORD = "geheim-woord"
LIST = "/admin/authors/user/"
DELETE = {"account": "delete"}


def numbers(*roles):
    return list(Group.objects.filter(name__in=roles).values_list("pk", flat=True))


def fields(user, *roles, active=True, **changed):
    values = {"username": user.username, "email": user.email, "groups": numbers(*roles)}
    if active:
        values["is_active"] = "on"
    return {**values, "_save": "1", **changed}


def change(client, user, *roles, **changed):
    return client.post(f"{LIST}{user.pk}/change/", fields(user, *roles, **changed))


@pytest.fixture
def owner(client):
    made = make_user("baas", role=Role.OWNER)
    client.force_login(made)
    return made


def still(owner):
    fresh = User.objects.get(pk=owner.pk)
    return fresh.is_active and fresh.is_staff and fresh.has_usable_password() and (
        fresh.is_superuser or fresh.groups.filter(name=Role.OWNER).exists()
    )  # fmt: skip


@pytest.mark.parametrize("roles", [(Role.OWNER,), (Role.EDITOR,), ()])
@pytest.mark.parametrize("active", [True, False])
def test_the_form_says_why_the_only_owner_stays(client, owner, roles, active):
    answer = change(client, owner, *roles, active=active, first_name="Getypt")
    assert still(owner)
    if active and Role.OWNER in roles:
        assert answer.status_code == 302
    else:
        assert answer.status_code == 200
        found = answer.context["adminform"].form.errors
        assert set(found) == {"groups" if active else "is_active"}
        assert "Getypt" in answer.text


def test_another_who_cannot_log_in_is_no_other_owner(client, owner):
    invited = make_user("nieuw", role=Role.OWNER)
    invited.set_unusable_password()
    invited.save()
    make_user("slaapt", role=Role.OWNER, is_active=False)
    assert change(client, owner, Role.EDITOR).status_code == 200
    assert still(owner)
    make_user("ander", role=Role.OWNER)
    assert change(client, owner, Role.EDITOR).status_code == 302
    assert not still(owner)


def test_deleting_and_taking_the_password_away_leave_an_owner(client, owner):
    answer = client.post(f"{LIST}{owner.pk}/delete/", DELETE, follow=True)
    assert "Niemand anders kan zich aanmelden als beheerder" in answer.text
    other = make_user("ander", role=Role.EDITOR)
    chosen = {"action": "delete_selected", "_selected_action": [owner.pk, other.pk], "post": "yes"}
    # Accounts are deleted one by one, each with a choice for its byline.
    client.post(LIST, chosen, follow=True)
    assert User.objects.filter(pk__in=[owner.pk, other.pk]).count() == 2
    off = {"usable_password": "false", "unset-password": "1"}
    answer = client.post(f"{LIST}{owner.pk}/password/", off)
    assert "Niemand anders kan zich aanmelden als beheerder" in answer.text
    assert still(owner)
    second = make_user("tweede", role=Role.OWNER)
    assert client.post(f"{LIST}{second.pk}/password/", off).status_code == 302
    assert not User.objects.get(pk=second.pk).has_usable_password()
    client.post(f"{LIST}{other.pk}/delete/", DELETE)
    assert not User.objects.filter(pk=other.pk).exists()


@pytest.mark.parametrize("role", Role.values)
def test_a_role_lets_its_holder_log_in(client, owner, role):
    user = make_user("femke", is_staff=False)
    assert change(client, user, role).status_code == 302
    browser = Client()
    answer = browser.post("/admin/login/", {"username": "femke", "password": WORD})
    assert answer.status_code == 302
    assert browser.get("/admin/").status_code == 200
    # Without a role she could do nothing: inactive, or not saved.
    refused = change(client, user)
    assert set(refused.context["adminform"].form.errors) == {"groups"}
    assert change(client, user, active=False).status_code == 302
    assert not User.objects.get(pk=user.pk).is_staff


def test_a_new_account_has_a_role_from_the_start(client, owner):
    new = {"username": "femke", "email": "femke@proef.example", "usable_password": "false",
           "password1": "", "password2": "", "_save": "1"}  # fmt: skip
    refused = client.post(f"{LIST}add/", new)
    assert set(refused.context["adminform"].form.errors) == {"groups"}
    made = client.post(f"{LIST}add/", {**new, "groups": numbers(Role.AUTHOR)}, follow=True)
    user = User.objects.get(username="femke")
    assert (user.is_staff, user.email) == (True, "femke@proef.example")
    assert "Nog geen wachtwoord" in made.text
    # Neither a password nor an address to mail a link to: nobody could ever log in.
    mute = {**new, "username": "anil", "email": "", "groups": numbers(Role.AUTHOR)}
    refused = client.post(f"{LIST}add/", mute)
    assert set(refused.context["adminform"].form.errors) == {"email"}


def opens(link):
    path = link.removeprefix(site.SITE_URL)
    return Client().get(path, follow=True).context["validlink"]


def test_a_link_that_a_save_ends_is_replaced_and_said_to_be(client, owner):
    user = make_user("femke", email="oud@proef.example", role=Role.AUTHOR)
    user.set_unusable_password()
    user.save()
    url = f"{LIST}{user.pk}/change/"
    shown = accounts.password_link(user)
    assert opens(shown)
    for harmless in ({"first_name": "Femke"}, {"language": "en"}, {"article_mail": "on"}):
        answer = client.post(url, fields(user, Role.AUTHOR, **harmless), follow=True)
        assert "werken niet meer" not in answer.text
    assert opens(shown)
    changed = fields(user, Role.AUTHOR, email="nieuw@proef.example")
    answer = client.post(url, changed, follow=True)
    assert "werken niet meer" in answer.text
    assert not opens(shown)
    deliver.call(AccountMail.objects.get().pk)
    (sent,) = mail.outbox
    assert sent.to == ["nieuw@proef.example"]
    assert opens(re.search(r"http\S+/admin/reset/\S+", sent.body)[0])


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_demote_each_other_at_once_leave_one():
    both = [make_user(f"baas{number}", role=Role.OWNER) for number in range(2)]
    ready = threading.Barrier(2)
    refused = []

    def demote(asking, other):
        client = Client()
        client.force_login(asking)
        ready.wait(10)
        refused.append(change(client, other, Role.EDITOR).status_code)
        connection.close()

    threads = [threading.Thread(target=demote, args=pair) for pair in (both, both[::-1])]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    # The second has no right to it any more, or is told that nobody would be left.
    assert sorted(refused)[0] in (200, 302)
    assert accounts.working_owners().count() == 1


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["form", "delete", "action", "password", "service"]),
        st.integers(0, 2),
        st.integers(0, 2),
        st.sets(st.sampled_from(Role.values)),
        st.booleans(),
    ),
    max_size=8,
)


@given(STEPS)
@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
def test_no_way_through_the_admin_leaves_the_site_without_an_owner(steps):
    User.objects.all().delete()
    people = [
        make_user("een", role=Role.OWNER),
        make_user("twee", role=[Role.OWNER, Role.AUTHOR]),
        make_user("drie", is_superuser=True),
    ]
    for way, asking, on, roles, flag in steps:
        asker = User.objects.filter(pk=people[asking].pk).first()
        user = User.objects.filter(pk=people[on].pk).first()
        if user is None or asker is None:
            continue
        client = Client()
        client.force_login(asker)
        if way == "form":
            change(client, user, *roles, active=flag)
        elif way == "delete":
            client.post(f"{LIST}{user.pk}/delete/", {"account": "delete" if flag else "close"})
        elif way == "action":
            client.post(LIST, {"action": "delete_selected", "post": "yes",
                               "_selected_action": [user.pk, asker.pk]})  # fmt: skip
        elif way == "password":
            client.post(f"{LIST}{user.pk}/password/",
                        {"usable_password": "false", "unset-password": "1"})  # fmt: skip
        else:
            user.is_active = flag
            try:
                accounts.account_save(user=user, roles=Group.objects.filter(name__in=roles))
            except accounts.ValidationError:
                pass
        assert accounts.working_owners().exists(), (way, user, roles, flag)
        cannot = User.objects.filter(is_active=True, is_staff=False)
        assert not cannot.exists(), (way, user, roles, flag)
