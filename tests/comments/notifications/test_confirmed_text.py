"""What is shown is what is confirmed, and stays hers who confirmed it."""

import re

import pytest
from django.test import Client

from blog.models import Hold, SiteSettings
from comments import tokens
from comments.models import Comment, Delivery, State
from comments.moderation.states import comment_reject, comment_remove
from comments.notifications import notices
from comments.tokens import Purpose
from tests.comments.notifications.confirmation import (
    EMAIL,
    confirm_path,
    path_of,
    press,
    send,
)
from tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site():
    return SiteSettings.objects.create(
        pk=1, hold=Hold.UNKNOWN, flood_limit=0, posts_per_hour=0, posts_per_person=0
    )


@pytest.fixture
def article():
    return make_article("Roosters")


def fields_of(page):
    """The hidden fields and the button of the form with the confirming button, as pressed."""
    form = re.search(r"<form(?:(?!</form>).)*value=\"confirm\".*?</form>", page, re.S)[0]
    pairs = re.findall(r'name="(\w+)" value="([^"]*)"', form)
    return dict(pairs) | {"action": "confirm"}


@pytest.mark.parametrize("where", ["mail", "mine"])
def test_what_was_changed_after_it_was_shown_is_shown_anew(article, where):
    posted, comment = send(article, "Lieve woorden.")
    person = comment.commenter
    url = confirm_path(comment) if where == "mail" else path_of(notices.mine_url(person).made())
    first = fields_of(Client().get(url).text)
    edit = f"{comment.get_absolute_url()}edit/"
    changed = Client().post(edit, {"text": "Koop mijn pillen.", "own": posted["own"]})
    assert changed.status_code == 303

    for pressed in (first, {**first, "seen": ""}):
        answer = Client().post(url, pressed)
        assert answer.status_code == 409
        assert "Koop mijn pillen." in answer.text
        assert "data-proof" not in answer.text
        comment.refresh_from_db()
        person.refresh_from_db()
        assert (comment.state, person.confirmed_at) == (State.PENDING, None)
    # The page shown anew has the button for what it shows.
    assert Client().post(url, fields_of(answer.text)).status_code == 200
    comment.refresh_from_db()
    assert comment.state == State.APPROVED


ATTEMPTS = {"edit": {"text": "Koop mijn pillen."}, "delete": {}, "appeal": {"text": "Onterecht!"}}


@pytest.mark.parametrize("act", ATTEMPTS)
@pytest.mark.parametrize("hold", [Hold.UNKNOWN, Hold.EVERYONE, Hold.NOBODY])
def test_once_confirmed_elsewhere_the_own_token_alone_changes_nothing(article, site, act, hold):
    site.hold = hold
    site.save()
    posted, comment = send(article, "Lieve woorden.")
    proof = press(comment)
    if act == "appeal":
        comment_reject(comment=comment, actor=None) if hold == Hold.EVERYONE else comment_remove(
            comment=comment, actor=None, reason=""
        )
    url = f"{comment.get_absolute_url()}{act}/"
    fields = {**ATTEMPTS[act], "own": posted["own"]}
    before = Comment.objects.values().get(pk=comment.pk)
    for more in ({}, {"proof": "x"}, {"proof": posted["own"]}):
        answer = Client().post(url, fields | more)
        assert answer.status_code == 403
        assert "Mijn reacties" in answer.text
        assert ATTEMPTS[act].get("text", "") in answer.text
    assert Comment.objects.values().get(pk=comment.pk) == before
    assert not comment.edits.exists()
    # Her own browser, which may hold the proofs of a few addresses, and her own page may.
    mine = tokens.make(Purpose.MINE, [comment.commenter_id, EMAIL])
    ways = ({"own": mine}, {"own": posted["own"], "proof": f"x {proof}"})
    answer = Client().post(url, fields | ways[hold == Hold.UNKNOWN])
    assert answer.status_code in (200, 303), answer.text


@pytest.mark.parametrize("act", ["", *ATTEMPTS])
def test_what_would_be_refused_is_not_offered(article, act):
    posted, comment = send(article, "Lieve woorden.")
    url = comment.get_absolute_url() + (f"{act}/" if act else "")
    if act != "appeal":
        assert "data-unproven" not in Client().get(url, {"own": posted["own"]}).text
    press(comment)
    if act == "appeal":
        comment_remove(comment=comment, actor=None, reason="")
    page = Client().get(url, {"own": posted["own"]}).text
    assert "data-unproven" in page
    # Shown by the script of a browser that holds a proof.
    offer = {"": f"/{comment.pk}/edit/", "delete": 'name="proof"'}
    before = page[: page.index(offer.get(act, "<textarea"))]
    assert before.rindex("data-proven hidden") > before.rindex("data-unproven")
    mine = tokens.make(Purpose.MINE, [comment.commenter_id, EMAIL])
    assert "data-unproven" not in Client().get(url, {"own": mine}).text


@pytest.mark.parametrize("where", ["mail", "mine"])
def test_the_website_is_shown_before_it_is_confirmed(article, where):
    site = "https://winkel.example/aanbod"
    # With a web site it waits for the editors, too, and has no button on the page of her own.
    _posted, comment = send(article, "Lieve woorden.", website=site if where == "mail" else "")
    Comment.objects.filter(pk=comment.pk).update(website=site)
    url = path_of(notices.mine_url(comment.commenter).made())
    url = confirm_path(comment) if where == "mail" else url
    page = Client().get(url).text
    assert site in page
    assert "Anna" in page
    assert f'href="{site}' not in page
    body = Delivery.objects.get(kind="confirm", comment=comment).body
    assert ("winkel[.]example" in body) is (where == "mail")
    assert "Anna" in body
    assert "winkel.example" not in body

    first = fields_of(page)
    Comment.objects.filter(pk=comment.pk).update(website="https://elders.example/")
    answer = Client().post(url, first)
    assert answer.status_code == 409
    assert "https://elders.example/" in answer.text
    comment.refresh_from_db()
    assert comment.state == State.PENDING


def test_a_confirmed_browser_changes_what_it_posts(article):
    proof = press(send(article, "De eerste.")[1])
    posted, comment = send(article, "De tweede.", proof=proof)
    assert comment.state == State.APPROVED
    edit = f"{comment.get_absolute_url()}edit/"
    answer = Client().post(edit, {"text": "De tweede, beter.", "own": posted["own"]})
    assert answer.status_code == 303
