"""A writer who waits has the mail sent again or elsewhere, and reads the same on every page."""

import re
import uuid

import pytest
from django.core import mail as outbox
from django.test import Client

from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments import tokens
from comments.commenters import own_comments
from comments.models import Comment, Commenter, Delivery, State, Subscription, Trust
from comments.moderation.states import comment_approve, comment_reject, comment_spam
from comments.moderation.undo import decision_undo
from comments.screening import bans
from comments.tokens import Purpose
from tests.comments.notifications.confirmation import confirm_path, send, sent
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
ASKED = "Wij mailden a…@lezer.example: bevestig, dan staat uw reactie er meteen."


@pytest.fixture(autouse=True)
def site():
    return SiteSettings.objects.create(
        pk=1, title="Het Blad", hold=Hold.UNKNOWN, flood_limit=0, posts_per_hour=0,
        posts_per_person=0, spam_filter=False,
    )  # fmt: skip


@pytest.fixture
def article():
    return make_article("Roosters")


def own(comment):
    return tokens.make(Purpose.OWN, comment.pk)


def ask(comment, **data):
    return Client().post(f"{comment.get_absolute_url()}address/?own={own(comment)}", data)


def change(comment, email):
    return ask(comment, email=email, send="1", own=own(comment))


def flat(answer):
    return re.sub(r"\s+", " ", answer.text)


def link(body):
    return re.search(r"https?://[^/]+(/mine/confirm/\S+)", body)[1]


# -- what is said after posting --------------------------------------------------------------------


def test_the_next_step_stands_at_the_comment_with_and_without_scripts(article):
    answer, comment = send(article, "Mijn mening.")
    assert answer["message"] == ASKED
    assert ASKED in answer["html"]
    assert f"comment/{comment.pk}/address/?own=" in answer["html"]
    data = {"name": "Anna", "email": "anna@lezer.example", "text": "Zonder script."}
    landed = Client().post(f"{article.get_absolute_url()}reply/", {**data, "key": uuid.uuid4().hex})
    # Inside the comment, so that nothing is above the anchor at which the reader lands.
    assert landed.url.endswith(f"#comment-{Comment.objects.latest('pk').pk}")
    page = flat(Client().get(landed.url))
    inside = page.partition('<article class="comment"')[2].partition("</article>")[0]
    assert ASKED in inside
    assert "address/?own=" in inside
    assert page.count(ASKED) == 1


def test_a_comment_that_shows_at_once_says_so_at_its_place(article, site):
    SiteSettings.objects.update(hold=Hold.NOBODY)
    answer, comment = send(article, "Meteen.")
    page = flat(Client().get(answer["url"]))
    inside = page.partition('<article class="comment"')[2].partition("</article>")[0]
    assert "Uw reactie is geplaatst." in inside
    assert "Uw reactie is geplaatst." not in Client().get(comment.get_absolute_url()).text


def known(comment):
    """What each page says of the comment to its writer."""
    url = f"{comment.get_absolute_url()}?own={own(comment)}"
    person = comment.commenter
    mine = tokens.make(Purpose.MINE, [person.pk, person.email])
    said = Client().get(url, headers={"accept": "application/json"}).json()
    pages = [flat(Client().get(url)), flat(Client().get(f"/mine/{mine}/"))]
    return said, pages


def test_every_page_says_the_same_in_every_state(article):
    _answer, comment = send(article, "Mijn mening.")
    said, _pages = known(comment)
    assert (said["state"], said["message"]) == ("pending", ASKED)
    assert "Mijn mening." in said["html"]
    editor = make_user("redactie")
    for decide, state, words in (
        (comment_approve, "approved", ["Uw reactie is geplaatst."]),
        (comment_spam, "spam", ["Uw reactie is niet geplaatst."]),
        (comment_approve, "approved", ["Uw reactie is geplaatst."]),
    ):
        decide(comment=Comment.objects.get(pk=comment.pk), actor=editor)
        said, pages = known(comment)
        assert said["state"] == state
        assert said["html"] == ""
        for one in words:
            assert one in said["message"]
            assert one in pages[0]
    _answer, other = send(article, "Een andere.")
    comment_reject(comment=other, actor=editor, reason="Niet ter zake")
    said, pages = known(other)
    assert said["state"] == "rejected"
    for text in (said["message"], *pages):
        assert "De reden: Niet ter zake" in text
    assert Client().get(confirm_path(other)).status_code == 410


def test_a_blocked_address_reads_as_any_other(article):
    Commenter.objects.create(name="B", email="anna@lezer.example", trust=Trust.BLOCKED)
    answer, blocked = send(article, "Van wie geblokkeerd is.")
    assert blocked.state == State.REJECTED
    assert answer["message"] == ASKED
    said, pages = known(blocked)
    assert (said["state"], said["message"]) == ("pending", ASKED)
    assert ASKED in pages[0]
    assert "geweigerd" not in pages[0].lower()
    assert sent() == []
    # It can be changed and taken back like any other, and is gone then.
    _answer, usual = send(article, "Van wie dat niet is.", email="karel@lezer.example")
    for comment, words in ((usual, "Anders."), (blocked, "Anders gezegd.")):
        said, pages = known(comment)
        for page in pages:
            assert f"{comment.get_absolute_url()}edit/?own=" in page
            assert f"{comment.get_absolute_url()}delete/?own=" in page
        at = f"{comment.get_absolute_url()}%s/?own={own(comment)}"
        assert Client().post(at % "edit", {"text": words, "own": own(comment)}).status_code == 303
        assert Client().post(at % "delete", {"own": own(comment)}).status_code == 200
        comment.refresh_from_db()
        assert (comment.state, comment.source) == (State.DELETED, words)


def test_what_is_promised_comes_after_a_decision_was_taken_back(article):
    """What held the comment is what held it; that a refusal was undone holds nothing."""
    _answer, comment = send(article, "Mijn mening.")
    editor = make_user(role=Role.MODERATOR)
    event = comment_reject(comment=comment, actor=editor, reason="Te kort")
    decision_undo(event=event, actor=editor)
    assert ASKED in known(comment)[0]["message"]
    Client().post(confirm_path(comment), {"seen": own_comments.digest(comment)})
    comment.refresh_from_db()
    assert comment.state == State.APPROVED


def test_after_the_click_the_mailed_page_says_how_it_stands(article):
    _answer, comment = send(article, "Mijn mening.")
    path = confirm_path(comment)
    Client().post(path, {"seen": own_comments.digest(comment)})
    page = flat(Client().get(path))
    assert "U hebt deze reactie bevestigd." in page
    assert "Iedereen kan uw reactie nu lezen." in page
    assert "Uw reactie is geplaatst." in known(comment)[0]["message"]


# -- the mail again, and elsewhere -----------------------------------------------------------------


def test_the_mail_comes_again_from_the_name_of_the_site(article):
    _answer, comment = send(article, "Mijn mening.", follow="on")
    sent()
    page = Client().get(f"{comment.get_absolute_url()}address/?own={own(comment)}")
    assert "a…@lezer.example" in page.text
    assert "anna@lezer" not in page.text
    assert "onderweg" in ask(comment).text
    [(to, body)] = sent()
    assert to == "anna@lezer.example"
    assert "Mijn mening." in body
    assert article.get_absolute_url() in body
    assert outbox.outbox[0].extra_headers["From"].startswith("Het Blad <")
    Client().post(link(body), {"seen": own_comments.digest(comment)})
    comment.refresh_from_db()
    assert comment.state == State.APPROVED
    # What the first mail would have begun, the second does.
    assert Subscription.objects.get().article == article
    assert ask(comment).status_code == 303


def test_another_address_takes_over_and_the_old_link_ends(article):
    _answer, comment = send(article, "Mijn mening.")
    old = confirm_path(comment)
    assert change(comment, "geen adres").status_code == 422
    answer = change(comment, "Bo@lezer.example")
    assert "b…@lezer.example" in answer.text
    # The first mail, which had not gone out, never does.
    [(to, body)] = sent()
    assert to == "bo@lezer.example"
    assert Client().get(old).status_code == 410
    assert Client().post(old, {"seen": own_comments.digest(comment)}).status_code == 410
    comment.refresh_from_db()
    assert comment.state == State.PENDING
    Client().post(link(body), {"seen": own_comments.digest(comment)})
    comment.refresh_from_db()
    assert (comment.state, comment.commenter.email) == (State.APPROVED, "bo@lezer.example")
    assert Commenter.objects.get(email="anna@lezer.example").confirmed_at is None


def test_a_click_that_crosses_a_change_confirms_nothing(article):
    _answer, seen = send(article, "Mijn mening.")
    change(seen, "bo@lezer.example")
    row = own_comments.comment_confirm(comment=seen, seen=own_comments.digest(seen))
    assert row is None
    assert not Commenter.objects.exclude(confirmed_at=None).exists()


def test_only_for_who_holds_the_key_of_the_comment(article):
    _answer, comment = send(article, "Mijn mening.")
    _answer, other = send(article, "Van Bo.", email="bo@lezer.example")
    Delivery.objects.all().delete()
    url = f"{comment.get_absolute_url()}address/"
    for tail in ("", f"?own={own(other)}", "?own=x"):
        for answer in (Client().get(url + tail), Client().post(url + tail)):
            assert answer.status_code == 404
    assert not Delivery.objects.exists()


def test_the_answer_is_the_same_for_known_new_full_and_blocked_addresses(article, settings):
    settings.LIMITS = {"ask": 0, "mailbox-confirm": 1}
    Commenter.objects.create(name="K", email="kim@lezer.example", trust=Trust.KNOWN,
                             confirmed_at="2026-01-01T00:00Z")  # fmt: skip
    Commenter.objects.create(name="K", email="kwaad@lezer.example", trust=Trust.BLOCKED)
    send(article, "Eerder.", email="kees@lezer.example")
    pages = set()
    for number, address in enumerate(("kim", "kira", "kees", "kwaad")):
        _answer, comment = send(article, f"Poging {number}.", email=f"x{number}@lezer.example")
        page = flat(change(comment, f"{address}@lezer.example"))
        pages.add(re.sub(r"Poging \d|[\w-]+:\w{6}:[\w-]{43}|comment[-/]\d+", "", page))
        said, _pages = known(Comment.objects.get(pk=comment.pk))
        assert said["message"] == ASKED.replace("a…", "k…")
    assert len(pages) == 1
    to = [to for to, _body in sent()]
    assert "kwaad@lezer.example" not in to
    assert to.count("kees@lezer.example") == 1


def test_no_bombs(article, settings):
    settings.LIMITS = {"ask": 0}
    _answer, comment = send(article, "Mijn mening.")
    for number in range(5):
        assert change(comment, f"doel{number}@lezer.example").status_code == 200
    late = change(comment, "doel9@lezer.example")
    assert late.status_code == 429
    assert int(late["Retry-After"]) > 0
    assert not Commenter.objects.filter(email="doel9@lezer.example").exists()
    # Each change withdrew the one before that had not gone out.
    assert [to for to, _body in sent()] == ["doel4@lezer.example"]


def test_a_banned_address_is_refused_as_in_the_form(article):
    bans.ban_add(actor=None, email="bo@lezer.example", reason="Geheim")
    _answer, comment = send(article, "Mijn mening.")
    answer = change(comment, "bo@lezer.example")
    assert answer.status_code == 403
    assert "Geheim" not in answer.text
    comment.refresh_from_db()
    assert comment.commenter.email == "anna@lezer.example"
