"""An address confirms what its mail says, in the browser where the button was pressed; no more."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments import tokens
from comments.commenters import own_comments
from comments.models import (
    Comment,
    Commenter,
    Delivery,
    ModerationEvent,
    State,
    Subscription,
    Trust,
)
from comments.moderation.states import comment_approve, comment_reject
from comments.notifications import notices
from comments.thread import access
from comments.tokens import Purpose
from newsletter.models import Subscription as Reading
from tests.comments.notifications.confirmation import (
    EMAIL,
    confirm_path,
    path_of,
    press,
    send,
    sent,
)
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site():
    return SiteSettings.objects.create(
        pk=1, hold=Hold.UNKNOWN, flood_limit=0, posts_per_hour=0, posts_per_person=0
    )


@pytest.fixture
def article():
    return make_article("Roosters")


# -- the mail ------------------------------------------------------------------------------------


class TestMail:
    def test_it_says_which_comment_by_text_and_article(self, article):
        _answer, comment = send(article, "Kijk op https://kwaad.example/ of www.kwaad.example nu.")
        [(to, body)] = sent()
        assert to == EMAIL
        assert "Roosters" in body
        assert "Kijk op" in body
        assert "kwaad.example" not in body
        page = Client().get(confirm_path(comment)).text
        assert "Roosters" in page
        assert "Kijk op" in page

    def test_a_long_text_of_a_stranger_is_not_relayed_whole(self, article):
        send(article, "woord " * 500)
        [(_to, body)] = sent()
        assert body.count("woord") < 60

    def test_as_many_as_a_mailbox_may_get_and_the_own_page_for_the_rest(self, article, settings):
        settings.LIMITS = {"mailbox-confirm": 5}
        for number in range(8):
            send(article, f"Poging {number}.")
        assert Delivery.objects.count() == 5
        page = Client().get(path_of(notices.mine_url(Commenter.objects.get()).made())).text
        assert page.count('value="confirm"') == 8

    def test_a_comment_that_was_refused_meanwhile_asks_nothing(self, article):
        _answer, comment = send(article, "Eerst.")
        send(article, "Dan.")
        comment_reject(comment=comment, actor=None)
        [(_to, body)] = sent()
        assert "Dan." in body
        answer = Client().post(confirm_path(comment))
        assert answer.status_code == 410
        assert Commenter.objects.get().confirmed_at is None

    def test_one_of_before_leads_to_the_own_page(self, client, article):
        person = send(article, "Eerst.")[1].commenter
        token = tokens.make(Purpose.CONFIRM, [person.pk, person.email])
        answer = client.get(reverse("comments:confirm", args=[token]), follow=True)
        assert "Eerst." in answer.text
        assert 'value="confirm"' in answer.text
        client.post(reverse("comments:confirm", args=[token]))
        assert Comment.objects.get().state == State.PENDING


# -- a known address -----------------------------------------------------------------------------


class TestKnownAddress:
    @pytest.fixture
    def proof(self, article):
        return press(send(article, "De eerste keer.")[1])

    def test_posts_at_once_from_the_browser_that_confirmed_it(self, article, proof):
        answer, comment = send(article, "Meteen.", proof=proof)
        assert (comment.state, answer["state"]) == (State.APPROVED, "approved")
        assert not ModerationEvent.objects.filter(comment=comment).exists()
        assert not Delivery.objects.filter(comment=comment).exists()

    def test_waits_for_a_click_from_any_other(self, article, proof):
        answer, comment = send(article, "Van elders.")
        assert (comment.state, answer["state"]) == (State.PENDING, "pending")
        assert "Wij mailden a…@lezer.example" in answer["message"]
        assert any("Van elders." in body for _to, body in sent())
        status = Client().get(answer["url"]).text
        assert "Wij mailden a…@lezer.example" in status
        press(comment)
        comment.refresh_from_db()
        assert comment.state == State.APPROVED

    def test_waits_without_scripts(self, client, article, proof):
        data = {"name": "Anna", "email": EMAIL, "text": "Zonder script."}
        client.post(f"{article.get_absolute_url()}reply/", data)
        assert Comment.objects.get(source="Zonder script.").state == State.PENDING

    def test_waits_with_a_token_of_anything_else(self, article, proof):
        person = Commenter.objects.get()
        _answer, other = send(article, "Van Bo.", name="Bo", email="bo@lezer.example")
        wrong = [
            tokens.make(purpose, [person.pk, person.email, person.proof_number])
            for purpose in Purpose
            if purpose != Purpose.BROWSER
        ]
        wrong += [press(other), proof[:-2], f"{proof}x", "x", "y" * 2000]
        for number, token in enumerate(wrong):
            _answer, comment = send(article, f"Poging {number}.", proof=token)
            assert comment.state == State.PENDING, token

    def test_waits_again_after_a_year(self, article, proof, time_machine):
        time_machine.move_to(timezone.now() + timedelta(days=366))
        assert send(article, "Later.", proof=proof)[1].state == State.PENDING

    @pytest.mark.parametrize("trust", [Trust.NEW, Trust.BLOCKED])
    def test_waits_again_once_trust_was_taken_away(self, client, article, proof, trust):
        person = Commenter.objects.get()
        client.force_login(make_user(role=Role.MODERATOR))
        change = reverse("admin:comments_commenter_change", args=[person.pk])
        assert client.post(change, {"trust": trust}).status_code == 302
        assert send(article, "Eerst.", proof=proof)[1].state != State.APPROVED
        assert client.post(change, {"trust": Trust.TRUSTED}).status_code == 302
        assert send(article, "Dan.", proof=proof)[1].state == State.PENDING
        assert client.post(change, {"trust": Trust.TRUSTED}).status_code == 302
        renewed = press(Comment.objects.get(source="Dan."))
        assert send(article, "Weer bekend.", proof=renewed)[1].state == State.APPROVED

    def test_waits_again_after_erasure(self, article, proof):
        own_comments.commenter_erase(commenter=Commenter.objects.get())
        assert send(article, "Opnieuw.", proof=proof)[1].state == State.PENDING

    def test_a_moderator_s_approval_is_no_proof_of_the_address(self, article):
        comment_approve(comment=send(article, "Eerst.")[1], actor=make_user(role=Role.MODERATOR))
        assert Commenter.objects.get().trust == Trust.KNOWN
        assert send(article, "Dan.")[1].state == State.PENDING

    def test_an_account_is_believed_by_its_session_and_not_by_its_address(self, client, article):
        user = make_user(role=Role.AUTHOR, email="femke@site.example", first_name="Femke")
        client.force_login(user)
        assert send(article, "Ingelogd.", client=client)[1].state == State.APPROVED
        _answer, comment = send(article, "Als zij.", name="Gast", email="femke@site.example")
        assert comment.state == State.PENDING
        assert comment.commenter.user is None

    def test_where_nobody_waits_it_ends_no_flood(self, site, article, proof):
        SiteSettings.objects.update(hold=Hold.NOBODY, flood_limit=1)
        send(article, "Een vreemde.", email="")
        assert send(article, "Ook ik?")[1].state == State.PENDING
        assert send(article, "Ik wel.", proof=proof)[1].state == State.APPROVED


class TestSilence:
    """Who posts with an address learns nothing about it."""

    def test_the_answers_are_the_same_whoever_is_known(self, article):
        make_user(role=Role.AUTHOR, email="account@lezer.example")
        press(send(article, "Bekend.", email="bekend@lezer.example")[1])
        Reading.objects.create(person=Commenter.objects.create(email="brief@lezer.example"))
        Commenter.objects.create(email="kapot@lezer.example", bounced_at=timezone.now())
        Commenter.objects.create(email="geweerd@lezer.example", trust=Trust.BLOCKED)
        for hold in Hold.values:
            SiteSettings.objects.update(hold=hold)
            answers, pages = {}, {}
            for who in ("nieuw", "account", "bekend", "brief", "kapot", "geweerd"):
                email = f"{who}@lezer.example"
                answer, comment = send(article, "Zelfde tekst.", email=email, follow="on")
                # What differs by itself: numbers, how many there are by now, the own address.
                clean = re.compile(
                    rf"\b{comment.pk}\b|data-total=.\d+|\d+ reacties?\b|own=[\w:-]+|nonce-\S+|"
                    rf"{email[0]}…|\d+:\d+:?\d*"
                )
                told = {name: answer[name] for name in ("state", "message")}
                answers[who] = clean.sub("", str(told))
                page = Client().get(answer["url"]).text
                pages[who] = clean.sub("", page.split("<main")[1].split("</main")[0])
            if hold == Hold.NOBODY:
                # Blocked, it does not show, wherever everybody else's does.
                assert answers.pop("geweerd")
            assert len(set(answers.values())) == 1, answers
            pages.pop("geweerd")
            assert len(set(pages.values())) == 1, hold

    def test_the_form_takes_the_address_of_an_account_as_any_other(self, client, article):
        make_user(email="account@x.example")
        data = {"name": "Gast", "text": "Proef.", "preview": "1"}
        url = f"{article.get_absolute_url()}reply/"
        pages = {
            re.sub(
                rf"{who}@|nonce-\S+",
                "",
                client.post(url, {**data, "email": f"{who}@x.example"}).text,
            )
            for who in ("account", "niemand")
        }
        assert len(pages) == 1


class TestName:
    def test_another_name_does_not_rename_the_person(self, article):
        proof = press(send(article, "Eerst.")[1])
        assert send(article, "Anders genoemd.", name="Anna B.", proof=proof)[1].name == "Anna B."
        press(send(article, "Elders.", name="Annemarie")[1])
        assert Commenter.objects.get().name == "Anna"

    def test_nor_does_a_stranger_name_her(self, article):
        send(article, "Eerder.", name="Vreemde", website="https://kwaad.example/")
        press(send(article, "Van haar.", name="Anna")[1])
        person = Commenter.objects.get()
        assert (person.name, person.website) == ("Anna", "")


class TestFollowing:
    def test_the_box_waits_for_the_same_button(self, article):
        _answer, comment = send(article, "Ik volg.", follow="on")
        assert not Subscription.objects.exists()
        [(_to, body)] = sent()
        assert "alle nieuwe reacties" in body
        url = re.search(r"https?://[^/\s]+(/mine/confirm/\S+)", body)[1]
        assert "alle nieuwe reacties" in Client().get(url).text
        Client().post(url, {"seen": own_comments.digest(comment)})
        assert Subscription.objects.get().commenter == comment.commenter

    def test_where_nothing_waits_it_is_asked_by_mail(self, article):
        SiteSettings.objects.update(hold=Hold.NOBODY)
        send(article, "Ik volg.", follow="on")
        assert not Subscription.objects.exists()
        [(_to, body)] = sent()
        Client().post(re.search(r"https?://[^/\s]+(/mail/follow/\S+)", body)[1])
        assert Subscription.objects.count() == 1

    def test_a_browser_that_confirmed_follows_at_once(self, article):
        proof = press(send(article, "Eerst.")[1])
        send(article, "Ik volg.", follow="on", proof=proof)
        assert Subscription.objects.count() == 1


def test_a_proof_is_not_to_be_read_for_an_address_alone():
    person = Commenter.objects.create(email=EMAIL)
    assert not access.is_proven(person, "")
    assert access.is_proven(person, access.browser_proof(person))
    moved = Commenter.objects.create(email="ander@lezer.example")
    assert not access.is_proven(moved, access.browser_proof(person))
