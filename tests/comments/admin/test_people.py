"""People, bans, reports and the log in the admin: who may, and that nothing can be forged."""

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments.models import Ban, Comment, Commenter, Complaint, ModerationEvent
from comments.moderation import reports, states
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.screening import bans
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db
OPEN = SiteSettings(hold=Hold.NOBODY, spam_filter=False, posts_per_hour=0, posts_per_person=0)


def page(name, *args):
    return reverse(f"admin:comments_{name}", args=args)


PEOPLE, BANS = page("commenter_changelist"), page("ban_changelist")
LOG, REPORTS = page("moderationevent_changelist"), page("report_changelist")


def post(article, words="Een vraag.", who="bo"):
    writer = {"name": who.title(), "email": f"{who}@lezer.example"}
    return comment_post(submission=Submission(article=article, text=words, **writer), site=OPEN)[0]


@pytest.fixture
def femke():
    return make_user("femke", role=Role.AUTHOR)


@pytest.fixture
def article(femke):
    return make_article("Roosters", authors=[make_author(user=femke)])


@pytest.fixture
def bo(article):
    return post(article).commenter


@pytest.fixture
def enter(client):
    def enter(role, username=""):
        user = make_user(username, role=role)
        client.force_login(user)
        return user

    return enter


class TestPeople:
    @pytest.mark.parametrize(("role", "status"), [(Role.MODERATOR, 200), (Role.AUTHOR, 403)])
    def test_only_moderators_find_people(self, client, bo, enter, role, status):
        enter(role)
        for url in (PEOPLE, f"{PEOPLE}?q=bo@lezer", page("commenter_change", bo.pk), BANS):
            answer = client.get(url)
            assert answer.status_code == status
            assert ("bo@lezer.example" in answer.text) == (status == 200 and url != BANS)

    def test_an_author_finds_nobody_by_an_address(self, client, femke, bo):
        client.force_login(femke)
        desk = page("comment_changelist")
        for url in (f"{desk}?tab=all&q=bo@lezer", f"{LOG}?q=bo@lezer"):
            assert "bo@lezer.example" not in client.get(url).text.replace('value="bo@lezer"', "")
        assert client.get(f"{desk}?tab=all&q=lezer").context["cards"] == []
        forged = f"{LOG}?comment__commenter__email__startswith=bo"
        assert client.get(forged).status_code in (302, 400)

    def test_trust_is_changed_and_the_rest_is_not(self, client, bo, enter):
        enter(Role.MODERATOR)
        data = {"trust": "blocked", "name": "Anders", "email": "x@y.zz"}
        assert client.post(page("commenter_change", bo.pk), data).status_code == 302
        bo.refresh_from_db()
        assert (bo.trust, bo.name, bo.email) == ("blocked", "Bo", "bo@lezer.example")

    def test_the_history(self, client, article, bo, enter):
        enter(Role.MODERATOR)
        states.comment_spam(comment=post(article, "Koop nu."), actor=None)
        text = client.get(page("commenter_change", bo.pk)).text
        assert "Goedgekeurd: 1, Spam: 1" in text
        assert "Koop nu." in text

    def test_nobody_adds_or_deletes(self, client, bo, enter):
        enter(Role.OWNER)
        assert client.get(page("commenter_add")).status_code == 403
        assert client.post(page("commenter_delete", bo.pk), {"post": "yes"}).status_code == 403

    @pytest.mark.parametrize("role", [Role.AUTHOR, Role.MODERATOR, Role.EDITOR])
    def test_export_and_erasing_are_the_owner_s(self, client, bo, enter, role):
        enter(role)
        assert client.post(page("commenter_export", bo.pk)).status_code == 403
        assert client.post(page("commenter_erase", bo.pk), {"sure": "yes"}).status_code == 403
        assert Commenter.objects.filter(pk=bo.pk).exists()

    def test_export(self, client, bo, enter):
        owner = enter(Role.OWNER)
        assert client.get(page("commenter_export", bo.pk)).status_code == 405
        answer = client.post(page("commenter_export", bo.pk))
        assert "attachment" in answer["Content-Disposition"]
        kept = json.loads(answer.content)
        assert kept["person"]["email"] == "bo@lezer.example"
        assert kept["comments"][0]["text"] == "Een vraag."
        assert LogEntry.objects.get().user == owner

    def test_erasing_asks_first_and_leaves_nothing(self, client, article, bo, enter):
        enter(Role.OWNER)
        client.post(page("commenter_export", bo.pk))
        url = page("commenter_erase", bo.pk)
        assert client.get(url).status_code == 200
        assert client.post(url).status_code == 422
        assert Commenter.objects.filter(pk=bo.pk).exists()
        assert client.post(url, {"sure": "yes"}).status_code == 302
        assert not Commenter.objects.filter(pk=bo.pk).exists()
        assert Comment.objects.get().source == ""
        assert LogEntry.objects.get().object_repr == "–"
        assert client.get(url).status_code == 404

    def test_an_account_is_not_forgotten_here(self, client, enter):
        owner = enter(Role.OWNER)
        person = Commenter.objects.create(name="Ik", user=owner)
        assert client.post(page("commenter_erase", person.pk), {"sure": "yes"}).status_code == 403


class TestBans:
    def test_adding(self, client, bo, enter):
        mo = enter(Role.MODERATOR)
        data = {"commenter": bo.pk, "email": "", "duration": "7", "reason": "Reclame."}
        assert client.post(page("ban_add"), data).status_code == 302
        ban = Ban.objects.get()
        assert (ban.commenter, ban.actor, ban.reason) == (bo, mo, "Reclame.")
        assert 6 <= (ban.until - timezone.now()).days <= 7
        assert ModerationEvent.objects.filter(action="banned", actor=mo).count() == 1
        assert "Reclame." in client.get(f"{BANS}?active=1").text
        assert "Reclame." not in client.get(f"{BANS}?active=0").text
        assert client.get(page("ban_change", ban.pk)).status_code == 200

    @pytest.mark.parametrize("email", ["", "*", "*@*", "@", "*@*.nl x", "a b@c.nl", "*@nl"])
    def test_a_pattern_that_bans_everybody_is_refused(self, client, enter, email):
        enter(Role.MODERATOR)
        data = {"commenter": "", "email": email, "duration": "0", "reason": ""}
        assert client.post(page("ban_add"), data).status_code == 200
        assert not Ban.objects.exists()

    @pytest.mark.parametrize("email", ["*@reclame.example", "jan@x.example", "*@*.x.example"])
    def test_patterns(self, client, enter, email):
        enter(Role.MODERATOR)
        data = {"commenter": "", "email": email, "duration": "0", "reason": ""}
        assert client.post(page("ban_add"), data).status_code == 302
        assert Ban.objects.get().email == email

    def test_ending(self, client, bo, enter):
        mo = enter(Role.MODERATOR)
        ban = bans.ban_add(actor=mo, commenter=bo)
        client.post(BANS, {"action": "end_chosen", "_selected_action": [ban.pk]})
        ban.refresh_from_db()
        assert ban.until <= timezone.now()
        assert ModerationEvent.objects.filter(action="unbanned", actor=mo).exists()
        assert client.post(page("ban_delete", ban.pk), {"post": "yes"}).status_code == 403
        assert client.post(page("ban_change", ban.pk), {"reason": "x"}).status_code == 403

    def test_authors_do_not_ban(self, client, femke, bo):
        client.force_login(femke)
        assert client.get(page("ban_add")).status_code == 403
        data = {"commenter": bo.pk, "duration": "0"}
        assert client.post(page("ban_add"), data).status_code == 403


class TestLog:
    @pytest.fixture
    def decided(self, article, enter):
        mo = enter(Role.MODERATOR, "mo")
        elsewhere = make_article("Elders")
        states.comment_remove(comment=post(article), actor=mo, reason="Op de persoon.")
        states.comment_spam(comment=post(elsewhere, "Koop.", "cor"), actor=mo)
        return mo

    def test_filters(self, client, article, decided):
        for query, there in {
            "": 2, f"actor__id__exact={decided.pk}": 2, "actor__isnull=True": 0,
            "action__exact=removed": 1, f"article={article.pk}": 1, "article=x": 2,
        }.items():  # fmt: skip
            answer = client.get(f"{LOG}?{query}")
            assert answer.status_code == 200
            assert len(answer.context["cl"].result_list) == there, query
        assert "Op de persoon." in client.get(LOG).text

    def test_an_author_reads_of_her_own_articles(self, client, femke, decided):
        client.force_login(femke)
        text = client.get(LOG).text
        assert "Op de persoon." in text
        assert "Koop." not in text

    def test_it_cannot_be_added_to_changed_or_emptied(self, client, decided, enter):
        enter(Role.OWNER)
        event = ModerationEvent.objects.first()
        assert client.get(page("moderationevent_add")).status_code == 403
        change = page("moderationevent_change", event.pk)
        assert client.post(change, {"reason": "x"}).status_code == 403
        delete = page("moderationevent_delete", event.pk)
        assert client.post(delete, {"post": "yes"}).status_code == 403
        client.post(LOG, {"action": "delete_selected", "_selected_action": [event.pk]})
        assert ModerationEvent.objects.count() == 2

    def test_the_number_of_queries_is_the_same_for_10_and_20(self, client, article, decided):
        def count():
            with CaptureQueriesContext(connection) as queries:
                client.get(LOG)
            return len(queries)

        def fill():
            for number in range(10):
                comment = post(article, f"Tekst {number}", f"p{Comment.objects.count()}")
                states.comment_remove(comment=comment, actor=decided, reason="Nee.")

        fill()
        client.get(LOG)
        ten = count()
        fill()
        assert count() == ten


def test_reports_are_read_by_who_moderates(client, article, femke, enter):
    elsewhere = make_article("Elders")
    for place, note in ((article, "Hier naar."), (elsewhere, "Daar naar.")):
        reports.report_make(
            comment=post(place), complaint=Complaint.INSULT, note=note, email="r@lezer.example",
            language="nl", client=b"x" * 16, site=OPEN,
        )  # fmt: skip
    client.force_login(femke)
    text = client.get(REPORTS).text
    assert "Hier naar." in text
    assert "Daar naar." not in text
    assert "r@lezer.example" not in text
    enter(Role.MODERATOR)
    assert "Daar naar." in client.get(REPORTS).text
    assert client.get(page("report_add")).status_code == 403
    client.force_login(make_user())
    assert client.get(REPORTS).status_code == 403
