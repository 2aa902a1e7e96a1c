"""The admin's answers say which typed text they took, and who is logged in."""

import pytest
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory

from authors.roles import Role
from config.drafts import COOKIE
from tests.blog.admin.test_articles import edit, fields
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db
KEY = "0b7c1a52-6a4e-4b62-9a7e-3d1f2c9e8a10"
OTHER = KEY.replace("0b7c", "ffff")


@pytest.fixture
def femke():
    return make_author("Femke", user=make_user("femke", role=Role.AUTHOR))


def save(client, author, **changed):
    values = {"name": author.name, "slug": author.slug, "role": "x", "bio": "Kort.",
              "links-TOTAL_FORMS": 0, "links-INITIAL_FORMS": 0, "draft_key": KEY}  # fmt: skip
    url = f"/admin/authors/author/{author.pk}/change/"
    return client.post(url, {**values, **changed})


def test_only_what_was_stored_is_named(client, femke):
    client.force_login(femke.user)
    assert client.get("/admin/").cookies.get(COOKIE) is None
    refused = save(client, femke, name="")
    assert (refused.status_code, refused.cookies.get(COOKIE)) == (200, None)
    taken = save(client, femke)
    assert taken.status_code == 302
    assert taken.cookies[COOKIE].value == KEY
    assert taken.cookies[COOKIE]["path"] == "/admin/"
    # A second save before another page was seen names both.
    again = save(client, femke, draft_key=OTHER)
    assert again.cookies[COOKIE].value == f"{KEY}.{OTHER}"
    for odd in ("", "x", f"{KEY}; Path=/", KEY.upper() + "\n"):
        assert save(client, femke, draft_key=odd).cookies.get(COOKIE) is None


def test_a_post_that_ends_at_the_login_took_nothing(client, femke):
    for who in (None, make_user(role=Role.MODERATOR), make_user(is_staff=False)):
        browser = Client()
        if who:
            browser.force_login(who)
        assert save(browser, femke).cookies.get(COOKIE) is None


def test_a_stale_text_is_not_named(client, femke):
    article = make_article(authors=[femke], status="draft")
    client.force_login(femke.user)
    old = article.version
    values = {"people": [femke.pk], "status": "draft", "draft_key": KEY}
    assert COOKIE in client.post(edit(article), fields(**values, opened_on=old)).cookies
    stale = client.post(edit(article), fields(**values, opened_on=old))
    assert (stale.status_code, stale.cookies.get(COOKIE)) == (409, None)


def test_the_session_says_who_is_there_and_gives_a_token_that_works(femke):
    browser = Client(enforce_csrf_checks=True)
    stranger = browser.get("/admin/session/")
    assert stranger.json() == {"user": "", "token": ""}
    assert "no-store" in stranger["Cache-Control"]
    browser.force_login(femke.user)
    # A form that was opened in an earlier session has another token.
    old = get_token(RequestFactory().get("/"))
    assert save(browser, femke, csrfmiddlewaretoken=old).status_code == 403
    answer = browser.get("/admin/session/").json()
    assert answer["user"] == str(femke.user.pk)
    assert save(browser, femke, csrfmiddlewaretoken=answer["token"]).status_code == 302
    assert browser.post("/admin/session/").status_code == 405
