"""Who is told of a comment: once, in her language, only what may be read, only if she wants."""

import datetime
import re
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.utils import timezone

from authors.roles import Role
from blog.models import Article, Hold, SiteSettings
from comments.models import (
    Comment,
    Commenter,
    Delivery,
    DeliveryState,
    Pace,
    Subscription,
    Trust,
)
from comments.moderation import states
from comments.notifications import deliveries, following, notices
from comments.thread import access
from tests.comments.notifications.telling import person, post, told
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


class TestWhoIsTold:
    def test_the_author_hears_of_a_new_comment(self, scene):
        assert told() == ["femke@site.example"]
        [sent] = outbox.outbox
        assert sent.subject == "Anna reageerde op ‘Roosters’"
        assert "Een gedachte." in sent.body
        [(html, kind)] = [(part.content, part.mimetype) for part in sent.alternatives]
        assert kind == "text/html"
        assert "Een gedachte." in html
        assert told() == []

    def test_who_is_answered_hears_of_it(self, scene):
        article, first = scene
        told()
        post(article, "Mee oneens.", "Bo", first)
        assert told() == ["anna@lezer.example", "femke@site.example"]
        assert "Bo antwoordde u onder ‘Roosters’" in {m.subject for m in outbox.outbox}

    def test_followers_of_the_article_and_of_a_branch(self, scene):
        article, first = scene
        wide, deep, other = person("Cor"), person("Dirk"), person("Els")
        elsewhere = post(article, "Iets anders.")
        following.follow(commenter=wide, article=article)
        following.follow(commenter=deep, article=article, comment=first)
        following.follow(commenter=other, article=article, comment=elsewhere)
        told()
        reply = post(article, "Een antwoord.", "Bo", first)
        post(article, "Dieper.", "Bo", reply)
        told()
        assert sorted(Delivery.objects.filter(commenter=deep).values_list("event", flat=True)) == [
            f"comment {reply.pk}",
            f"comment {reply.pk + 1}",
        ]
        assert not Delivery.objects.filter(commenter=other).exists()
        assert Delivery.objects.filter(commenter=wide, state="sent").count() == 4

    def test_one_mail_for_one_comment_whatever_the_reasons(self, scene):
        article, first = scene
        told()
        anna = Commenter.objects.get(name="Anna")
        following.follow(commenter=anna, article=article)
        following.follow(commenter=anna, article=article, comment=first)
        post(article, "Een antwoord.", "Bo", first)
        assert told().count("anna@lezer.example") == 1

    def test_nobody_is_told_of_her_own(self, scene):
        article, first = scene
        told()
        following.follow(commenter=Commenter.objects.get(name="Anna"), article=article)
        post(article, "Nog iets van mij.", "Anna", first)
        assert told() == ["femke@site.example"]

    @pytest.mark.parametrize(
        "fields",
        [
            {"muted": True},
            {"confirmed_at": None},
            {"trust": Trust.BLOCKED},
            {"bounced_at": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)},
        ],
    )
    def test_who_does_not_want_or_may_not_get_mail(self, scene, fields):
        article, first = scene
        told()
        Commenter.objects.filter(name="Anna").update(**fields)
        post(article, "Een antwoord.", "Bo", first)
        assert told() == ["femke@site.example"]

    def test_a_held_comment_is_told_when_it_is_approved_and_not_before(self, scene):
        article, first = scene
        told()
        moderator = make_user(role=Role.MODERATOR, email="")
        strict = SiteSettings(hold=Hold.EVERYONE)
        held = post(article, "Te lezen?", "Bo", first, site=strict)
        assert "anna@lezer.example" not in told()
        states.comment_approve(comment=held, actor=moderator)
        assert "anna@lezer.example" in told()

    def test_what_is_removed_meanwhile_is_not_sent(self, scene):
        article, first = scene
        told()
        reply = post(article, "Een antwoord.", "Bo", first)
        following.tell_waiting()
        states.comment_remove(comment=reply, actor=None, reason="Fout")
        outbox.outbox.clear()
        for number in Delivery.objects.filter(state="queued").values_list("pk", flat=True):
            deliveries.deliver.call(number)
        assert outbox.outbox == []
        assert set(Delivery.objects.filter(comment=reply).values_list("state", flat=True)) == {
            DeliveryState.DROPPED
        }

    def test_in_the_recipients_language(self, scene):
        article, first = scene
        told()
        Commenter.objects.filter(name="Anna").update(language="en")
        post(article, "Een antwoord.", "Bo", first)
        told()
        assert "Bo answered you under “Roosters”" in {m.subject for m in outbox.outbox}

    def test_links_of_strangers_are_not_mailed(self, scene):
        article, first = scene
        told()
        text = "Kijk op https://lok.example/x, [hier](https://lok.example/y) of mail a@lok.example"
        post(article, text, "Bo", first)
        told()
        for message in outbox.outbox:
            for words in (message.body, message.alternatives[0].content):
                assert "lok.example" not in words

    def test_followers_do_not_cost_queries_each(self, scene, django_assert_max_num_queries):
        article, _first = scene
        for number in range(40):
            following.follow(commenter=person(f"Lezer{number}"), article=article)
        with django_assert_max_num_queries(25):
            following.tell_waiting()
        assert Delivery.objects.filter(event__startswith="comment").count() == 41

    def test_one_that_cannot_be_told_does_not_hold_up_the_others(self, scene, monkeypatch):
        article, first = scene
        second = post(article, "Nog een.")
        real = notices.comment_letter

        def broken(comment, *rest):
            if comment.pk == first.pk:
                raise ValueError("kapot")
            return real(comment, *rest)

        monkeypatch.setattr(notices, "comment_letter", broken)
        assert told() == ["femke@site.example"]
        assert Delivery.objects.get().comment_id == second.pk
        assert not Comment.objects.filter(to_tell=True).exists()


class TestDigest:
    def test_once_a_day_together(self, scene, time_machine):
        article, first = scene
        told()
        Commenter.objects.filter(name="Anna").update(pace=Pace.DAILY)
        replies = [post(article, f"Antwoord {n}.", "Bo", first) for n in range(3)]
        assert "anna@lezer.example" not in told()
        states.comment_remove(comment=replies[1], actor=None, reason="Fout")
        time_machine.move_to(timezone.localtime() + timedelta(days=1))
        time_machine.move_to(timezone.localtime().replace(hour=8))
        following.send_digests()
        following.send_digests()
        assert told() == ["anna@lezer.example"]
        [sent] = outbox.outbox
        assert sent.subject == "2 nieuwe reacties op Weerwoord"
        assert "Antwoord 0." in sent.body
        assert "Antwoord 1." not in sent.body
        assert "Antwoord 2." in sent.body
        assert not Delivery.objects.filter(state=DeliveryState.COLLECTED).exists()

    def test_not_before_seven(self, scene, time_machine):
        article, first = scene
        Commenter.objects.filter(name="Anna").update(pace=Pace.DAILY)
        post(article, "Antwoord.", "Bo", first)
        told()
        time_machine.move_to(timezone.localtime() + timedelta(days=1))
        time_machine.move_to(timezone.localtime().replace(hour=6))
        following.send_digests()
        assert told() == []

    def test_the_own_page_sets_the_pace_and_ends_a_following(self, scene, client):
        article, _first = scene
        cor = person("Cor")
        one = following.follow(commenter=cor, article=article)
        address = re.sub(r"^https?://[^/]+", "", notices.mine_url(cor).made())
        assert "Roosters" in client.get(address).text
        client.post(address, {"action": "daily"})
        cor.refresh_from_db()
        assert cor.pace == Pace.DAILY
        client.post(address, {"action": "stop", "following": str(one.pk)})
        assert not Subscription.objects.exists()
        client.post(address, {"action": "stop", "following": "0"})
        cor.refresh_from_db()
        assert not cor.muted


class TestFollowing:
    def address(self, article):
        return f"{article.get_absolute_url()}follow/"

    def test_a_reader_follows_after_pressing_the_mailed_button(self, scene, client):
        article, _first = scene
        told()
        answer = client.post(self.address(article), {"email": "Nieuw@lezer.example"})
        assert answer.status_code == 200
        assert told() == ["nieuw@lezer.example"]
        link = re.search(r"https?://[^/]+(/mail/follow/\S+)", outbox.outbox[0].body)[1]
        assert client.get(link).status_code == 200
        assert not Subscription.objects.exists()
        assert client.post(link).status_code == 200
        assert client.post(link).status_code == 200
        assert Subscription.objects.count() == 1
        post(article, "Iets nieuws.")
        assert "nieuw@lezer.example" in told()

    def test_an_address_is_not_flooded(self, client):
        others = [make_article(f"Stuk {n}") for n in range(6)]
        for other in others:
            client.post(self.address(other), {"email": "doel@lezer.example"})
        assert Delivery.objects.filter(commenter__email="doel@lezer.example").count() == 3

    def test_what_is_no_address_comes_back(self, scene, client):
        article, _first = scene
        answer = client.post(self.address(article), {"email": "geen adres"})
        assert answer.status_code == 422
        assert "geen adres" in answer.text

    def test_the_box_in_the_form_follows_the_article(self, scene, client):
        article, _first = scene
        cor = person("Cor")
        data = {"text": "Ik volg.", "name": "Cor", "email": cor.email, "follow": "on"}
        data["proof"] = access.browser_proof(cor)
        client.post(f"{article.get_absolute_url()}reply/", data)
        assert Subscription.objects.get().commenter.email == "cor@lezer.example"

    def test_articles_that_are_not_public_are_not_followed(self, scene, client):
        article, _first = scene
        Article.objects.update(status="draft")
        assert client.post(self.address(article), {"email": "a@b.example"}).status_code == 404
