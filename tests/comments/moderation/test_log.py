"""The moderation log is only added to: the database refuses everything else."""

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from authors.models import User
from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments.commenters import own_comments
from comments.models import Action, Appeal, Ban, Comment, Commenter, ModerationEvent, ReadyReason
from comments.moderation import log, reports, states
from comments.posting import network_mark as marks
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.screening import bans
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
LOG, BANS = "/admin/comments/moderationevent/", "/admin/comments/ban/"
OPEN = SiteSettings(hold=Hold.NOBODY, spam_filter=False)


@pytest.fixture
def moderator():
    return make_user("mod", role=Role.MODERATOR)


def say(article=None, name="Anna", email="anna@x.example"):
    return comment_post(
        submission=Submission(
            article=article or make_article(), name=name, email=email, text="Een tekst."
        ),
        site=OPEN,
    )[0]


@pytest.fixture
def event(moderator):
    return states.comment_remove(comment=say(), actor=moderator, reason="Onheus.")


class TestKept:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE comments_moderationevent SET reason = 'anders'",
            "UPDATE comments_moderationevent SET actor_id = NULL",
            "UPDATE comments_moderationevent SET comment_id = NULL",
            "DELETE FROM comments_moderationevent",
        ],
    )
    def test_no_statement_changes_it(self, event, statement):
        refused = pytest.raises(IntegrityError, match="only added to")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert ModerationEvent.objects.get(pk=event.pk).reason == "Onheus."

    def test_no_code_changes_it(self, event):
        event.reason = "Anders."
        for attempt in (event.save, event.delete, ModerationEvent.objects.all().delete):
            with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
                attempt()

    def test_it_goes_with_its_comment_and_what_takes_it_back(self, event):
        ModerationEvent.objects.create(comment=event.comment, action=Action.UNDONE, undoes=event)
        Comment.objects.filter(pk=event.comment_id).delete()
        assert not ModerationEvent.objects.exists()

    def test_it_goes_with_the_article(self, event):
        event.comment.article.delete()
        assert not ModerationEvent.objects.exists()

    def test_it_loses_its_actor_with_the_account(self, event, moderator):
        User.objects.get(pk=moderator.pk).delete()
        kept = ModerationEvent.objects.get(pk=event.pk)
        assert (kept.actor_id, kept.reason) == (None, "Onheus.")

    def test_opened_it_may_change_and_then_no_more(self, event):
        with log.opened():
            ModerationEvent.objects.update(reason="–")
        with pytest.raises(IntegrityError), transaction.atomic():
            ModerationEvent.objects.update(reason="nog eens")
        assert ModerationEvent.objects.get(pk=event.pk).reason == "–"

    def test_a_fault_while_it_is_open_shuts_it(self, event):
        with pytest.raises(ZeroDivisionError), transaction.atomic(), log.opened():
            raise ZeroDivisionError
        with pytest.raises(IntegrityError), transaction.atomic():
            ModerationEvent.objects.update(reason="–")

    def test_who_is_forgotten_leaves_no_words_in_it(self, event):
        reports.appeal_make(comment=event.comment, text="Ik, Anna, ben het oneens.")
        own_comments.commenter_erase(commenter=Commenter.objects.get())
        said = ModerationEvent.objects.order_by("pk").values_list("action", "reason")
        assert list(said)[:2] == [("removed", ""), ("appealed", "")]
        appeal = Appeal.objects.get()
        assert (appeal.text, appeal.outcome) == ("", "dismissed")

    def test_a_reason_that_was_made_for_everybody_stays(self, event):
        ReadyReason.objects.create(language="nl", words="Onheus.")
        own_comments.commenter_erase(commenter=Commenter.objects.get())
        assert ModerationEvent.objects.order_by("pk").first().reason == "Onheus."
        assert Comment.objects.get().reason == "Onheus."


class TestBans:
    def logged(self):
        return list(
            ModerationEvent.objects.order_by("pk").values_list("action", "comment", "reason")
        )

    def ban(self, client, moderator, **data):
        client.force_login(moderator)
        return client.post(f"{BANS}add/", {"duration": "7", "reason": "Reclame.", **data})

    def test_of_a_person_and_of_an_address_stand_at_the_last_comment(self, client, moderator):
        first, last = say(name="Anna"), say(name="Anna B.")
        person = Commenter.objects.get()
        assert self.ban(client, moderator, commenter=person.pk).status_code == 302
        assert self.ban(client, moderator, email="Anna@x.example").status_code == 302
        assert first.pk != last.pk
        assert self.logged() == [("banned", last.pk, "Reclame.")] * 2

    @pytest.mark.parametrize("data", [{"email": "*@x.example"}, {"network_address": "203.0.113.7"}])
    def test_without_a_comment_the_line_leads_to_the_ban(self, client, moderator, data):
        assert self.ban(client, moderator, **data).status_code == 302
        ban = Ban.objects.get()
        assert self.logged() == [("banned", None, "Reclame.")]
        page = client.get(LOG)
        assert f'href="{BANS}{ban.pk}/change/"' in page.text
        bans.ban_lift(ban=ban, actor=moderator)
        assert self.logged()[1:] == [("unbanned", None, "")]
        assert client.get(LOG).status_code == 200
        client.force_login(make_user(role=Role.AUTHOR))
        assert f"{BANS}{ban.pk}/" not in client.get(LOG).text

    def test_a_line_of_a_ban_can_be_opened(self, client, moderator):
        self.ban(client, moderator, email="*@x.example")
        number = ModerationEvent.objects.get().pk
        assert client.get(f"{LOG}{number}/change/").status_code == 200

    def test_it_is_ended_on_its_page_not_taken_back_in_the_queue(self, client, moderator):
        self.ban(client, moderator, email="*@x.example")
        number = ModerationEvent.objects.get().pk
        assert client.post("/admin/comments/comment/undo/", {"event": number}).status_code == 302
        assert Ban.objects.get().until > timezone.now()
        assert len(self.logged()) == 1

    @pytest.mark.parametrize(
        ("typed", "held", "free"),
        [
            ("203.0.113.7", ["203.0.113.7"], ["203.0.113.8", "203.0.114.7"]),
            ("203.0.113.7/32", ["203.0.113.7"], ["203.0.113.8"]),
            ("203.0.113.0/24", ["203.0.113.7", "203.0.113.250"], ["203.0.114.7"]),
            ("203.0.113.9/24", ["203.0.113.7"], ["203.0.114.9"]),
            ("2001:db8:1:2::/64", ["2001:db8:1:2::1", "2001:db8:1:2:9::"], ["2001:db8:1:3::1"]),
            ("2001:db8:1:2::7", ["2001:db8:1:2::1"], ["2001:db8:1:3::7"]),
        ],
    )
    def test_of_a_network(self, client, moderator, typed, held, free):
        assert self.ban(client, moderator, network_address=typed).status_code == 302
        for address in held:
            assert bans.ban_for(email="", client=client_of(address)) is not None
        for address in free:
            assert bans.ban_for(email="", client=client_of(address)) is None
        stored = bytes(Ban.objects.get().network)
        assert typed.encode() not in stored

    @pytest.mark.parametrize(
        "typed",
        ["x", "203.0.113.300", "0.0.0.0/0", "203.0.0.0/16", "::/0", "2001:db8::/48", "1/24"],
    )
    def test_what_is_no_network_or_too_large_is_refused_with_its_text(
        self, client, moderator, typed
    ):
        page = self.ban(client, moderator, network_address=typed)
        assert page.status_code == 200
        assert re.search(rf'name="network_address" value="{re.escape(typed)}"', page.text)
        assert "geen netwerkadres" in page.text
        assert not Ban.objects.exists()

    def test_nobody_is_asked_again(self, client, moderator):
        page = self.ban(client, moderator)
        assert page.context["errors"]
        assert not ModerationEvent.objects.exists()


def client_of(address):
    return marks.digest_of(address)
