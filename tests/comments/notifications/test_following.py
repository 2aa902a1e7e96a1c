"""Who is told of a comment: once, in her language, only what may be read, only if she wants."""

import datetime
import re
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.utils import timezone

from authors.roles import Role
from blog.models import Article, Hold, SiteSettings
from comments import tokens
from comments.commenters import giving
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
from comments.tokens import Purpose
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

    def test_late_ones_wait_for_tomorrows_and_one_fault_keeps_nobody_back(
        self, scene, time_machine, monkeypatch
    ):
        article, _first = scene
        told()
        for name in ("Gijs", "Cor"):
            following.follow(commenter=person(name), article=article, pace=Pace.DAILY)
        opened = datetime.datetime(2026, 10, 1, tzinfo=datetime.UTC)
        Article.objects.update(published_at=opened)
        # The night in which summer time ends: an hour longer, and still one mail.
        time_machine.move_to(datetime.datetime(2026, 10, 24, 12, tzinfo=datetime.UTC))
        article.refresh_from_db()
        post(article, "Gisteren.", "Dirk")
        assert told() == ["femke@site.example"]
        time_machine.move_to(datetime.datetime(2026, 10, 25, 5, 30, tzinfo=datetime.UTC))
        following.send_digests()
        assert told() == []
        # 7:30, winter time.
        time_machine.move_to(datetime.datetime(2026, 10, 25, 6, 30, tzinfo=datetime.UTC))
        write, faults = following._digest_letter, ["Gijs"]

        def odd(one, rows):
            if one.name in faults:
                raise ValueError(one.name)
            return write(one, rows)

        monkeypatch.setattr(following, "_digest_letter", odd)
        following.send_digests()
        assert told() == ["cor@lezer.example"]
        faults.clear()
        # Collected before seven, and stored only now.
        late = post(article, "Laat.", "Els")
        told()
        Delivery.objects.filter(comment=late).update(
            created_at=datetime.datetime(2026, 10, 25, 5, 59, tzinfo=datetime.UTC)
        )
        following.send_digests()
        assert told() == ["gijs@lezer.example"]
        [both] = outbox.outbox
        assert "Gisteren." in both.body
        assert "Laat." in both.body
        assert both.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        following.send_digests()
        assert told() == []
        assert Delivery.objects.get(state=DeliveryState.COLLECTED).commenter.name == "Cor"
        time_machine.move_to(datetime.datetime(2026, 10, 26, 6, 30, tzinfo=datetime.UTC))
        following.send_digests()
        assert told() == ["cor@lezer.example"]
        assert "Laat." in outbox.outbox[0].body
        assert "Gisteren." not in outbox.outbox[0].body

    def test_daily_for_one_conversation_alone(self, scene, client):
        article, first = scene
        cor = person("Cor")
        one = following.follow(commenter=cor, article=article, pace=Pace.DAILY)
        told()
        branch = post(article, "In de tak.", "Bo", first)
        assert "cor@lezer.example" not in told()
        # At once about the branch, daily about the rest.
        following.follow(commenter=cor, article=article, comment=first)
        post(article, "Dieper in de tak.", "Bo", branch)
        assert "cor@lezer.example" in told()
        address = re.sub(r"^https?://[^/]+", "", notices.mine_url(cor).made())
        client.post(address, {"action": "once", "following": str(one.pk)})
        one.refresh_from_db()
        cor.refresh_from_db()
        assert (one.pace, cor.pace) == (Pace.ONCE, Pace.ONCE)
        post(article, "Elders.", "Bo")
        assert "cor@lezer.example" in told()
        assert [row["how_often"] for row in giving.all_of(cor)["followed"]] == ["once", "once"]


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

    def test_how_often_is_kept_by_the_mailed_link_and_following_lifts_no_more_mail(
        self, scene, client
    ):
        article, _first = scene
        person("Cor", muted=True)
        told()
        page = client.get(self.address(article)).text
        assert "Atom-feed van de reacties" in page
        assert f"{article.get_absolute_url()}feed/" in page
        data = {"email": "cor@lezer.example", "pace": "daily"}
        assert client.post(self.address(article), {**data, "pace": "x"}).status_code == 422
        client.post(self.address(article), data)
        assert told() == ["cor@lezer.example"]
        link = re.search(r"https?://[^/]+(/mail/follow/\S+)", outbox.outbox[0].body)[1]
        assert "één mail per dag" in client.get(link).text
        assert Commenter.objects.get(name="Cor").muted
        done = client.post(link).text
        assert Subscription.objects.get().pace == Pace.DAILY
        assert not Commenter.objects.get(name="Cor").muted
        # What the browser keeps, to say so at the button and to end it.
        assert f'data-following="{article.pk}"' in done
        stop = re.search(r'data-stop="([^"]+)"', done)[1]
        said = {"accept": "application/json"}
        assert client.get(stop, headers=said).json() == {"following": True}
        assert f'data-following="{article.pk}"' in client.post(stop).text
        assert client.get(stop, headers=said).json() == {"following": False}
        assert not Subscription.objects.exists()

    def test_a_confirmed_browser_and_an_account_follow_at_once(self, scene, client):
        article, _first = scene
        cor, user = person("Cor"), make_user("henk", email="henk@site.example")
        told()
        data = {"email": cor.email, "pace": "daily", "proof": access.browser_proof(cor)}
        assert "data-following" in client.post(self.address(article), data).text
        forged = {**data, "email": "anna@lezer.example"}
        assert "data-following" not in client.post(self.address(article), forged).text
        assert told() == ["anna@lezer.example"]
        client.force_login(user)
        assert "henk@site.example" in client.get(self.address(article)).text
        answer = client.post(self.address(article), {"pace": "once"}, follow=True)
        assert answer.redirect_chain[-1][1] == 303
        assert "data-following" in answer.text
        assert {(one.commenter.address, one.pace) for one in Subscription.objects.all()} == {
            ("cor@lezer.example", "daily"),
            ("henk@site.example", "once"),
        }

    def test_a_link_of_before_says_nothing_of_how_often(self, scene, client):
        article, _first = scene
        cor = person("Cor")
        token = tokens.make(Purpose.FOLLOW, [cor.pk, cor.email, article.pk, 0])
        assert client.post(f"/mail/follow/{token}/").status_code == 200
        assert Subscription.objects.get().pace == Pace.ONCE

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
