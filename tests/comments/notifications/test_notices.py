"""What mails of the conversation say and carry: headers, decisions, the log of mails."""

import re
from email.utils import getaddresses

import pytest
from django.core import mail as outbox
from django.urls import reverse
from django.utils import timezone

from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments.models import (
    Comment,
    Commenter,
    Delivery,
    MailKind,
    Subscription,
)
from comments.moderation import states
from comments.notifications import deliveries, following, notices
from core import mail
from tests.comments.notifications.telling import person, post, told
from tests.factories import make_user

pytestmark = pytest.mark.django_db


class TestHeaders:
    def test_a_conversation_groups_and_can_be_stopped(self, scene, client):
        article, first = scene
        reply = post(article, "Een antwoord.", "Bo", first)
        post(article, "Terug.", "Anna", reply)
        told()
        to_author = [m for m in outbox.outbox if m.to == ["femke@site.example"]]
        one, two, three = (m.message() for m in to_author)
        root = f"<article.{article.pk}@localhost>"
        assert one["In-Reply-To"] == one["References"] == root
        assert two["In-Reply-To"] == one["Message-ID"]
        assert two["References"] == f"{root} {one['Message-ID']}"
        assert three["In-Reply-To"] == two["Message-ID"]
        assert one["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert one["From"] == "Anna via Weerwoord <weerwoord@localhost>"
        assert one["Auto-Submitted"] == "auto-generated"
        address = re.fullmatch(r"<https?://[^/]+(/.*)>", one["List-Unsubscribe"])[1]
        writer = Commenter.objects.get(user__email="femke@site.example")
        # Her page is for her, logged in; a mail program that stops the mail cannot be.
        assert client.get(address)["Location"].startswith("/admin/login/?next=")
        client.force_login(writer.user)
        assert client.get(address).status_code == 200
        client.logout()
        writer.refresh_from_db()
        assert not writer.muted  # A scanner that opens links changes nothing.
        answer = client.post(address, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        writer.refresh_from_db()
        assert writer.muted

    def test_stopping_a_followed_thread_leaves_the_rest(self, scene, client):
        article, _first = scene
        cor = person("Cor")
        one = following.follow(commenter=cor, article=article)
        address = re.sub(r"^https?://[^/]+", "", notices.stop_url(cor, one).made())
        assert client.get(address).status_code == 200
        assert Subscription.objects.count() == 1
        client.post(address)
        cor.refresh_from_db()
        assert not Subscription.objects.exists()
        assert not cor.muted
        assert client.get(address).status_code == 200
        client.post(address)
        cor.refresh_from_db()
        assert not cor.muted

    @pytest.mark.parametrize(
        "name", ["Anna\r\nBcc: x@y.example", 'A" <a@b.example>, "', "Ünï ©ode"]
    )
    def test_a_name_stays_a_name(self, scene, name):
        _article, first = scene
        Comment.objects.filter(pk=first.pk).update(name=name)
        told()
        message = outbox.outbox[0].message()
        assert message["Bcc"] is None
        assert len(getaddresses([message["From"]])) == 1
        assert message["From"].endswith("<weerwoord@localhost>")


class TestModerators:
    def test_a_held_comment_asks_for_a_decision_by_a_page(self, scene, client):
        article, _first = scene
        told()
        moderator = make_user(role=Role.MODERATOR, email="mo@site.example")
        held = post(article, "Mag dit?", "Cor", site=SiteSettings(hold=Hold.EVERYONE))
        assert set(told()) >= {"mo@site.example", "femke@site.example"}
        [sent] = [m for m in outbox.outbox if m.to == ["mo@site.example"]]
        link = re.search(r"https?://[^/]+(/mail/moderate/\S+)", sent.body)[1]
        assert client.get(link)["Location"].startswith("/admin/login/?next=")
        client.force_login(make_user(role=Role.OWNER))
        assert client.get(link).status_code == 403
        assert client.post(link, {"decision": "approve"}).status_code == 403
        client.logout()
        client.force_login(moderator)
        assert "Mag dit?" in client.get(link).text
        held.refresh_from_db()
        assert held.state == "pending"
        client.post(link, {"decision": "refuse", "reason": "Te kort"})
        held.refresh_from_db()
        assert (held.state, held.reason) == ("rejected", "Te kort")
        assert held.events.first().actor == moderator
        assert held.moderate_url in client.get(link).text
        again = client.post(link, {"decision": "approve"})
        assert again.status_code == 409
        held.refresh_from_db()
        assert held.state == "rejected"

    def test_what_looks_like_spam_is_not_mailed(self, scene):
        article, _first = scene
        told()
        make_user(role=Role.MODERATOR, email="mo@site.example")
        advert = "Best online casino bonus! Free spins now https://a.example https://b.example!!!"
        held = post(article, advert, "Cor", site=SiteSettings())
        assert held.state == "pending"
        assert "mo@site.example" not in told()

    def test_a_moderator_who_is_none_any_more(self, scene, client):
        article, _first = scene
        told()
        moderator = make_user(role=Role.MODERATOR, email="mo@site.example")
        post(article, "Mag dit?", "Cor", site=SiteSettings(hold=Hold.EVERYONE))
        told()
        [sent] = [m for m in outbox.outbox if m.to == ["mo@site.example"]]
        link = re.search(r"https?://[^/]+(/mail/moderate/\S+)", sent.body)[1]
        moderator.groups.clear()
        assert client.post(link, {"decision": "approve"}).status_code == 404

    @pytest.mark.parametrize(
        ("decide", "subject"),
        [
            (states.comment_approve, "Uw reactie onder ‘Roosters’ is te lezen"),
            (
                lambda comment, actor: states.comment_reject(
                    comment=comment, actor=actor, reason="Te scherp"
                ),
                "Uw reactie onder ‘Roosters’ is niet geplaatst",
            ),
        ],
    )
    def test_the_writer_hears_the_decision(self, scene, decide, subject):
        article, _first = scene
        told()
        moderator = make_user(role=Role.MODERATOR, email="")
        held = post(article, "Mag dit?", "Bo", site=SiteSettings(hold=Hold.EVERYONE))
        told()
        decide(comment=held, actor=moderator)
        assert "bo@lezer.example" in told()
        [sent] = [m for m in outbox.outbox if m.to == ["bo@lezer.example"]]
        assert sent.subject == subject
        assert ("De reden: Te scherp" in sent.body) == ("niet geplaatst" in subject)


def test_the_log_shows_what_failed_and_sends_it_again(client):
    client.force_login(make_user(role=Role.MODERATOR))
    anna = person("Anna", bounced_at=timezone.now())
    deliveries.queue(
        kind=MailKind.COMMENT,
        about="x",
        commenter=anna,
        letter=mail.Letter("Onderwerp", ("Tekst",)),
    )
    Delivery.objects.update(state="failed", tries=3, error="550 geen mailbox")
    address = reverse("admin:comments_delivery_changelist")
    assert "550 geen mailbox" in client.get(address).text
    number = Delivery.objects.get().pk
    assert client.get(reverse("admin:comments_delivery_change", args=[number])).status_code == 200
    client.post(address, {"action": "send_again", "_selected_action": [number]})
    deliveries.deliver.call(number)
    assert Delivery.objects.get().state == "sent"
    client.force_login(make_user(role=Role.AUTHOR))
    assert client.get(address).status_code == 403


def test_quotes_and_numbers_stay_what_they_are_in_both_forms(scene):
    article, first = scene
    post(article, "> Een *gedachte*.\nDat vind ik ook:\n\n3. drie\n5. vijf ~~zes~~", "Bo", first)
    told()
    for message in outbox.outbox:
        if message.to == ["anna@lezer.example"]:
            assert "> Een gedachte.\n\nDat vind ik ook:\n\n3. drie\n5. vijf ~~zes~~" in message.body
            html = re.sub(r"\s*\n\s*|(?<=>) +| +(?=<)", "", str(message.alternatives[0][0]))
            quoted = r"<blockquote[^>]*><p[^>]*>Een gedachte\.</p></blockquote>"
            assert re.search(
                f"{quoted}<p[^>]*>Dat vind ik ook:</p><p[^>]*>3. drie<br>5. vijf", html
            )
            return
    raise AssertionError("no mail")
