"""One's own page in the admin, for every role."""

import pytest

from authors.models import User
from authors.roles import Role, role_described
from tests.factories import make_author, make_user

pytestmark = pytest.mark.django_db
URL = "/admin/profile/"


@pytest.mark.parametrize("role", Role.values)
def test_everybody_has_the_author_the_account_and_the_log_in_in_one_place(client, role):
    user = make_user("femke", role=role, email="femke@proef.example")
    client.force_login(user)
    assert f'href="{URL}"' in client.get("/admin/").text
    page = client.get(URL).text
    for part in (
        "femke@proef.example",
        role_described(role),
        "/admin/second-factor/",
        "/admin/password_change/",
        "U hebt geen auteursprofiel",
    ):
        assert part in page
    author = make_author("Femke Brouwer", user=user, bio="Schrijft over werk.")
    page = client.get(URL).text
    assert "Schrijft over werk." in page
    assert f"/admin/authors/author/{author.pk}/change/" in page
    assert client.get(f"/admin/authors/author/{author.pk}/change/").status_code == 200


def test_one_changes_ones_own_details_and_nothing_else(client, django_capture_on_commit_callbacks):
    user = make_user("femke", role=Role.AUTHOR, email="oud@proef.example", article_mail=True)
    client.force_login(user)
    sent = {
        "first_name": "Femke", "last_name": "Brouwer", "language": "en",
        "email": "nieuw@proef.example", "is_superuser": "on", "username": "baas", "groups": ["4"],
    }  # fmt: skip
    answer = client.post(URL, sent, follow=True)
    assert "Your profile is saved." in answer.text
    fresh = User.objects.get(pk=user.pk)
    assert (fresh.get_full_name(), fresh.language, fresh.article_mail) == (
        "Femke Brouwer",
        "en",
        False,
    )
    assert (fresh.username, fresh.email, fresh.is_superuser) == (
        "femke",
        "oud@proef.example",
        False,
    )
    assert [group.name for group in fresh.groups.all()] == [Role.AUTHOR]
    refused = client.post(URL, {"language": "klingon"})
    assert set(refused.context["form"].errors) == {"language"}


def test_a_stranger_is_asked_to_log_in(client):
    assert client.get(URL).status_code == 302
    assert client.get(URL)["Location"].startswith("/admin/login/")
