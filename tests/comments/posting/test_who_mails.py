"""Who answers by mail, and with what: reactions, proof of the sender, names, pictures, locks."""

import json

import pytest
from django.utils import timezone

from blog.models import Hold, SiteSettings
from comments.models import (
    Comment,
    Commenter,
    Delivery,
    Reaction,
    Signal,
    SignalKind,
    State,
    Trust,
)
from comments.posting import by_mail
from comments.posting.by_mail import Result
from tests.comments.posting.mails import message, receive

OWN_SERVER = "mx.site.example"
PROOF = f"{OWN_SERVER}; dmarc=pass header.from=lezer.example"
FORGED = f"{OWN_SERVER}; dmarc=fail header.from=lezer.example"


def react(comment, person, emoji, **headers):
    made = message(comment, person, text=f"Bo reacted with {emoji}", **headers)
    payload = json.dumps({"emoji": emoji, "version": 1}).encode()
    made.add_alternative(payload, "text", "vnd.google.email-reaction+json")
    return by_mail.receive(made.as_bytes())


class TestReactions:
    def test_one_counts_once_as_valuable(self, scene):
        comment, bo = scene
        assert react(comment, bo, "👍") is Result.VALUED
        assert react(comment, bo, "❤️", Message_ID="<2@lezer.example>") is Result.VALUED
        comment.refresh_from_db()
        assert (comment.reaction_count, Comment.objects.count()) == (1, 1)
        assert not Delivery.objects.filter(commenter=bo).exists()

    def test_what_is_no_praise_or_of_nobody_counts_nothing(self, scene, settings):
        comment, bo = scene
        assert react(comment, bo, "👎") is Result.AUTOMATIC
        assert react(comment, bo, "👍", Auto_Submitted="auto-replied") is Result.AUTOMATIC
        assert react(comment, comment.commenter, "👍") is Result.STRANGER
        sender = "anna@lezer.example"
        made = message(comment, comment.commenter, sender=sender)
        assert made["From"] == sender
        assert react(comment, comment.commenter, "👍", From=sender) is Result.AUTOMATIC
        settings.INBOUND_AUTHSERV = OWN_SERVER
        assert react(comment, bo, "👍") is Result.AUTOMATIC
        assert react(comment, bo, "👍", Authentication_Results=FORGED) is Result.AUTOMATIC
        Comment.objects.update(state=State.REJECTED)
        assert react(comment, bo, "👍", Authentication_Results=PROOF) is Result.AUTOMATIC
        assert not Reaction.objects.exists()
        assert Comment.objects.count() == 1


class TestWhoseItIs:
    @pytest.fixture(autouse=True)
    def checked(self, settings):
        settings.INBOUND_AUTHSERV = OWN_SERVER

    def test_the_own_servers_word_lets_it_through(self, scene):
        comment, bo = scene
        SiteSettings.objects.update(hold=Hold.UNKNOWN)
        assert receive(comment, bo, Authentication_Results=PROOF) is Result.POSTED
        assert Comment.objects.get(parent=comment).state == State.APPROVED

    @pytest.mark.parametrize("header", [FORGED, "elders.example; dmarc=pass", None])
    def test_without_it_the_address_is_asked(self, scene, header):
        comment, bo = scene
        SiteSettings.objects.update(hold=Hold.UNKNOWN)
        more = {"Authentication_Results": header} if header else {}
        assert receive(comment, bo, **more) is Result.POSTED
        reply = Comment.objects.get(parent=comment)
        assert reply.state == State.PENDING
        [event] = reply.events.all()
        assert event.spoke_for_it == [Signal(SignalKind.BROWSER)]
        assert Delivery.objects.get(commenter=bo).kind == "confirm"

    def test_an_account_answers_with_it_alone(self, scene):
        comment, _bo = scene
        user = comment.article.article_authors.get().author.user
        femke = Commenter.objects.create(user=user, name="Femke", trust=Trust.TRUSTED)
        sender = "femke@site.example"
        assert receive(comment, femke, sender=sender) is Result.REFUSED
        told = Delivery.objects.get(kind="unposted")
        assert OWN_SERVER in told.body
        assert "Dat zie ik anders." in told.body
        good = f"{OWN_SERVER}; dkim=pass header.d=site.example"
        more = {"Authentication_Results": good, "Message_ID": "<2@site.example>"}
        assert receive(comment, femke, sender=sender, **more) is Result.POSTED


class TestNames:
    @pytest.fixture
    def follower(self, scene):
        return Commenter.objects.create(
            name="", email="kim@lezer.example", confirmed_at=timezone.now(), trust=Trust.KNOWN
        )

    def test_who_follows_by_address_alone_is_called_as_the_mail_says(self, scene, follower):
        comment, _bo = scene
        sender = "Kim de Wit <kim@lezer.example>"
        assert receive(comment, follower, sender=sender) is Result.POSTED
        assert Comment.objects.get(parent=comment).name == "Kim de Wit"
        follower.refresh_from_db()
        assert follower.name == "Kim de Wit"
        other = {"Message_ID": "<2@lezer.example>", "text": "Nog iets."}
        assert receive(comment, follower, sender="Piet <kim@lezer.example>", **other) is (
            Result.POSTED
        )
        assert Comment.objects.latest("pk").name == "Kim de Wit"

    @pytest.mark.parametrize("name", ["", '"kim@lezer.example" ', '"lezer.example" ', "Femke "])
    def test_without_a_name_of_a_person_it_is_refused_and_told(self, scene, follower, name):
        comment, _bo = scene
        assert receive(comment, follower, sender=f"{name}<kim@lezer.example>") is Result.REFUSED
        assert "Dat zie ik anders." in Delivery.objects.get(kind="unposted").body
        assert Comment.objects.count() == 1


class TestWhatIsLeftOut:
    def test_pictures_are_left_out_and_that_is_told(self, scene):
        comment, bo = scene
        made = message(comment, bo)
        made.add_attachment(b"GIF89a", maintype="image", subtype="gif", filename="brug.gif")
        assert by_mail.receive(made.as_bytes()) is Result.POSTED
        reply = Comment.objects.get(parent=comment)
        assert reply.state == State.APPROVED
        told = Delivery.objects.get(commenter=bo)
        assert (told.kind, told.comment_id) == ("left_out", reply.pk)
        assert "Dat zie ik anders." in told.body

    def test_pictures_alone_are_refused_and_told(self, scene):
        comment, bo = scene
        made = message(comment, bo, text="\n")
        made.add_attachment(b"GIF89a", maintype="image", subtype="gif", filename="brug.gif")
        assert by_mail.receive(made.as_bytes()) is Result.REFUSED
        assert Delivery.objects.get(commenter=bo).kind == "unposted"

    def test_what_is_encrypted_is_refused_and_told(self, scene):
        comment, bo = scene
        text = "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n"
        assert receive(comment, bo, text=text) is Result.REFUSED
        assert Delivery.objects.get(commenter=bo).kind == "unposted"

    def test_an_absence_in_words_alone_waits(self, scene):
        comment, bo = scene
        text = "Beste lezer,\n\nIk ben tot 9 mei met vakantie. Mail mijn collega.\n"
        assert receive(comment, bo, text=text) is Result.POSTED
        assert Comment.objects.get(parent=comment).state == State.PENDING
