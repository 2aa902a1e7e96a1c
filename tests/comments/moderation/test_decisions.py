"""The desk: decisions by plain forms and by script, nothing decided twice."""

import html
import re

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from authors.roles import Role
from comments.commenters import own_comments
from comments.models import Comment, Commenter, ModerationEvent, ReadyReason, State
from comments.moderation import states
from comments.screening import bans
from tests.comments.desks import (
    BULK,
    HOLD,
    JSON,
    OPEN,
    QUEUE,
    UNDO,
    decide,
    door,
    page_of,
    post,
    remove_and_appeal,
    report,
    seen,
)
from tests.comments.payloads import ALL
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    """An author, of `article`."""
    return make_user("femke", role=Role.AUTHOR)


@pytest.fixture
def article(owner):
    return make_article("Roosters", authors=[make_author(user=owner)])


@pytest.fixture
def mo(client):
    user = make_user("mo", role=Role.MODERATOR)
    client.force_login(user)
    return user


class TestDecisions:
    def test_every_one_of_them(self, client, article, mo):
        first = post(article)
        answer = decide(client, first, "approve")
        assert answer.url.startswith(f"{QUEUE}?tab=held&did=")
        assert first.state == State.APPROVED
        for decision, field in (("feature", "featured_at"), ("credit", "credited_at")):
            decide(client, first, decision)
            assert getattr(first, field)
            decide(client, first, f"un{decision}")
            assert getattr(first, field) is None
        decide(client, first, "reword", text="Iets anders.", reason="Korter.")
        assert (first.source, first.edits.count()) == ("Iets anders.", 1)
        report(first)
        decide(client, first, "dismiss")
        assert first.reports.get().outcome == "dismissed"
        decide(client, first, "remove", reason="Toch niet.")
        assert (first.state, first.reason) == (State.REMOVED, "Toch niet.")
        second = post(article, "Nog een.")
        decide(client, second, "refuse", reason="Al gezegd.")
        assert (second.state, second.reason) == (State.REJECTED, "Al gezegd.")
        decide(client, second, "spam")
        assert second.state == State.SPAM
        assert set(ModerationEvent.objects.filter(actor=mo).values_list("action", flat=True)) == {
            "approved", "featured", "credited", "reworded", "dismissed", "removed", "rejected",
            "spam",
        }  # fmt: skip

    def test_a_ready_made_reason_with_own_words(self, client, article, mo):
        comment = post(article)
        ready = ReadyReason.objects.filter(language="nl").first()
        assert ready.words in html.unescape(client.get(QUEUE).text)
        decide(client, comment, "refuse", ready=ready.pk, reason="Zie boven.")
        assert comment.reason == f"{ready.words} Zie boven."

    @pytest.mark.parametrize(
        ("decision", "more", "words"),
        [
            ("remove", {"reason": " "}, "Zeg waarom"),
            ("reword", {"text": " \n "}, "Schrijf wat er"),
            ("reword", {"text": "x" * 10_001, "reason": "Mijn reden"}, "10001"),
            ("ban", {"target": "pattern", "pattern": "*@*", "duration": "7"}, "patroon"),
            ("ban", {"target": "pattern", "pattern": "*", "duration": "7"}, "patroon"),
            ("ban", {"target": "person"}, "Kies wie"),
            ("ban", {"target": "nobody", "duration": "1"}, "nobody"),
            ("refuse", {"reason": "x" * 301}, "300"),
            ("nonsense", {}, "nonsense"),
            ("approve", {"seen": "later"}, ""),
        ],
    )
    def test_what_lacks_something_comes_back_with_what_was_typed(
        self, client, article, mo, decision, more, words
    ):
        comment = post(article, site=OPEN)
        before = ModerationEvent.objects.count()
        answer = decide(client, comment, decision, **more)
        assert answer.status_code == 422
        text = html.unescape(answer.text)
        assert words in text
        for typed in (more.get("reason", "").strip(), more.get("text", "").strip()):
            assert typed in text
        assert ModerationEvent.objects.count() == before
        again = client.post(door(comment), {"decision": decision, **more}, headers=JSON)
        assert again.status_code == 422
        assert again.json()["cards"] == {}

    @pytest.mark.parametrize(
        ("target", "more", "email", "client_key"),
        [
            ("person", {}, "bo@lezer.example", None),
            ("pattern", {"pattern": "*@lezer.example"}, "cor@lezer.example", None),
            ("network", {}, "", b"n" * 8 + b"z" * 8),
        ],
    )
    @pytest.mark.parametrize("days", ["1", "7", "30", "0"])
    def test_bans(self, client, article, mo, target, more, email, client_key, days):
        comment = post(article)
        decide(client, comment, "ban", target=target, duration=days, reason="Reclame.", **more)
        ban = bans.ban_for(email=email, client=client_key)
        assert (ban.reason, ban.actor) == ("Reclame.", mo)
        assert (ban.until is None) == (days == "0")
        if days != "0":
            assert (ban.until - ban.created_at).days in (int(days), int(days) - 1)
        assert bans.ban_for(email="x@elders.example", client=b"q" * 16) is None
        event = comment.events.first()
        assert (event.action, event.reason) == ("banned", "Reclame.")

    @pytest.mark.parametrize(("decision", "state"), [("uphold", "approved"), ("stand", "removed")])
    def test_appeals(self, client, article, mo, decision, state):
        comment = post(article, site=OPEN)
        appeal = remove_and_appeal(comment)
        decide(client, comment, decision, reason="Nu begrijp ik het.")
        appeal.refresh_from_db()
        assert comment.state == state
        assert appeal.answer == "Nu begrijp ik het."
        assert appeal.outcome == ("upheld" if decision == "uphold" else "dismissed")

    def test_an_answer_without_an_appeal(self, client, article, mo):
        assert decide(client, post(article), "uphold").status_code == 409

    def test_back_leads_nowhere_else(self, client, article, mo):
        answer = decide(client, post(article), "approve", back="//evil.example/?tab=spam")
        assert answer.url.startswith(QUEUE)


class TestTwoAtOnce:
    def test_the_second_is_told_who_decided_what(self, client, article, mo):
        comment = post(article)
        stale = seen(comment)
        colleague = make_user("karim", role=Role.EDITOR, first_name="Karim", last_name="B.")
        states.comment_reject(comment=comment, actor=colleague, reason="Op de persoon.")
        answer = client.post(
            door(comment), {"decision": "approve", "seen": stale, "reason": "Mijn woorden"}
        )
        assert answer.status_code == 409
        text = html.unescape(answer.text)
        assert "Geweigerd door Karim B." in text
        assert "Op de persoon." in text
        comment.refresh_from_db()
        assert comment.state == State.REJECTED

    def test_what_was_typed_is_there_still(self, client, article, mo):
        comment = post(article)
        stale = seen(comment)
        states.comment_spam(comment=comment, actor=None)
        data = {"decision": "refuse", "seen": stale, "reason": "Lang nagedacht"}
        assert "Lang nagedacht" in client.post(door(comment), data).text

    def test_and_so_it_is_when_the_decision_is_not_offered_any_more(self, client, article, mo):
        comment = post(article)
        stale = seen(comment)
        states.comment_approve(comment=comment, actor=None)
        data = {"decision": "refuse", "seen": stale, "reason": "Lang nagedacht"}
        assert "Lang nagedacht" in client.post(door(comment), data).text

    def test_words_that_changed_are_looked_at_again(self, client, article, mo):
        comment = post(article)
        stale = seen(comment)
        own_comments.comment_edit(comment=comment, source="Nu met reclame.", site=HOLD)
        answer = client.post(door(comment), {"decision": "approve", "seen": stale})
        assert answer.status_code == 409
        assert "Nu met reclame." in answer.text

    def test_a_report_in_between_hinders_nobody(self, client, article, mo):
        comment = post(article, site=OPEN)
        stale = seen(comment)
        report(comment)
        answer = client.post(door(comment), {"decision": "remove", "seen": stale, "reason": "x"})
        assert answer.status_code == 302

    def test_what_its_writer_had_erased(self, client, article, mo):
        comment = post(article)
        event = states.comment_reject(comment=comment, actor=mo, reason="Nee.")
        own_comments.commenter_erase(commenter=comment.commenter)
        assert client.post(door(comment), {"decision": "approve"}).status_code == 409
        client.post(UNDO, {"event": event.pk})
        comment.refresh_from_db()
        assert (comment.state, comment.source) == (State.REJECTED, "")

    def test_a_comment_that_is_gone(self, client, article, mo):
        comment = post(article)
        Comment.objects.filter(pk=comment.pk).delete()
        assert client.post(door(comment), {"decision": "approve"}).status_code == 404

    def test_in_json_the_card_says_it(self, client, article, mo):
        comment = post(article)
        stale = seen(comment)
        states.comment_spam(comment=comment, actor=make_user("karim"))
        answer = client.post(
            door(comment), {"decision": "approve", "seen": stale, "back": "tab=held"}, headers=JSON
        )
        assert answer.status_code == 409
        assert "karim" in answer.json()["told"]
        assert "karim" in answer.json()["cards"][str(comment.pk)]


class TestByScript:
    def test_the_card_leaves_and_comes_back(self, client, article, mo):
        comment, other = post(article), post(article, "Nog een.")
        data = {"decision": "refuse", "seen": seen(comment), "back": "tab=held"}
        answer = client.post(door(comment), data, headers=JSON).json()
        assert answer["cards"] == {str(comment.pk): ""}
        assert answer["counts"]["held"] == "1"
        assert answer["told"] == "Geweigerd: Bo."
        event = re.search(r'name="event" value="(\d+)"', answer["undo"])[1]
        back = client.post(UNDO, {"event": event, "back": "tab=held"}, headers=JSON).json()
        assert "Een vraag." in back["cards"][str(comment.pk)]
        assert back["counts"]["held"] == "2"
        # The version on the card that came back is of now.
        assert f'name="seen" value="{seen(comment)}"' in back["cards"][str(comment.pk)]
        assert other.state == State.PENDING

    def test_what_stays_comes_anew(self, client, article, mo):
        comment = post(article)
        data = {"decision": "reword", "text": "Netter.", "back": "tab=held"}
        answer = client.post(door(comment), data, headers=JSON).json()
        assert "Netter." in answer["cards"][str(comment.pk)]


class TestBulk:
    def test_one_decision_about_several_and_back(self, client, article, mo):
        made = [post(article, f"Nummer {number}") for number in range(3)]
        chosen = [f"{comment.pk}:{seen(comment)}" for comment in made]
        answer = client.post(BULK, {"decision": "refuse", "chosen": chosen, "reason": "Dubbel."})
        assert {c.state for c in Comment.objects.all()} == {State.REJECTED}
        assert {c.reason for c in Comment.objects.all()} == {"Dubbel."}
        page = client.get(answer.url)
        assert "3 reacties: Geweigerd." in page.text
        assert "3 besluiten" in page.text
        events = page.context["undo"]["events"]
        client.post(UNDO, {"event": events})
        assert {c.state for c in Comment.objects.all()} == {State.PENDING}

    def test_a_colleague_s_decision_stands(self, client, article, mo):
        made = [post(article, f"Nummer {number}") for number in range(2)]
        chosen = [f"{comment.pk}:{seen(comment)}" for comment in made]
        states.comment_approve(comment=made[0], actor=make_user("karim"))
        answer = client.post(BULK, {"decision": "spam", "chosen": chosen}, follow=True)
        assert "1 reactie: Als spam gemarkeerd." in answer.text
        assert "karim" in answer.text
        assert [c.state for c in Comment.objects.order_by("pk")] == [State.APPROVED, State.SPAM]

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ({"decision": "spam"}, "Kies ten minste"),
            ({"decision": "spam", "chosen": ["x", "1", "1:y", ":"]}, "Kies ten minste"),
            ({"decision": "ban", "chosen": "1:1"}, "Uitsluiten"),
            ({"decision": "remove", "chosen": "1:1"}, "Zeg waarom"),
            ({"decision": "reword", "text": "Alles", "chosen": "1:1"}, "Kies een besluit"),
        ],
    )
    def test_what_lacks_something(self, client, article, mo, data, words):
        comment = post(article)
        data["reason"] = data.get("reason", "")
        answer = client.post(BULK, data)
        assert answer.status_code == 422
        assert words in answer.text
        comment.refresh_from_db()
        assert comment.state == State.PENDING

    def test_boxes_and_words_are_kept(self, client, article, mo):
        comment = post(article)
        chosen = f"{comment.pk}:{seen(comment)}"
        answer = client.post(BULK, {"decision": "x", "chosen": chosen, "reason": "Mijn woorden"})
        assert "Mijn woorden" in answer.text
        assert re.search(rf'value="{chosen}"[^>]* checked', answer.text)


def test_too_late_to_take_back(client, article, mo):
    comment = post(article)
    event = states.comment_approve(comment=comment, actor=mo)
    states.comment_remove(comment=comment, actor=make_user("karim"), reason="Nee.")
    answer = client.post(UNDO, {"event": event.pk}, follow=True)
    assert "karim" in answer.text
    comment.refresh_from_db()
    assert comment.state == State.REMOVED
    assert client.post(UNDO, {"event": "x"}).status_code == 302


def test_the_page_of_a_comment_shows_its_whole_log(client, article, mo):
    comment = post(article)
    event = states.comment_reject(comment=comment, actor=mo, reason="Niet hier.")
    client.post(UNDO, {"event": event.pk})
    page = html.unescape(client.get(page_of(comment)).text)
    assert "besluit teruggenomen: geweigerd" in page


def test_what_the_writer_sees_gives_no_right_of_hers(client, article, mo):
    comment = post(article)
    states.comment_reject(comment=comment, actor=mo, reason="Op de persoon.")
    page = client.get(reverse("admin:comments_comment_writer", args=[comment.pk]))
    assert "Op de persoon." in page.text
    assert not re.search(r"own=[^\"&]", page.text)


@pytest.mark.parametrize("payload", ALL[::7])
def test_hostile_words_stay_words(client, article, mo, payload):
    """In name, text, parent, report, appeal, reason, ban, website: escaped or cleaned."""
    parent = post(article, payload[:9000] or "x", site=OPEN, name=payload[:60] or "x")
    Comment.objects.filter(pk=parent.pk).update(name=payload[:80], reason=payload[:300])
    child = post(article, payload[:9000] or "x", site=OPEN, parent=parent)
    report(child, note=payload[:500])
    Commenter.objects.update(name=payload[:60], website=payload[:200])
    bans.ban_add(actor=mo, commenter=child.commenter, reason=payload, comment=child)
    remove_and_appeal(child, payload)
    ReadyReason.objects.create(language="nl", words=payload[:300], position=1)
    lists = [reverse(f"admin:comments_{name}_changelist") for name in
             ("moderationevent", "report", "ban", "commenter")]  # fmt: skip
    person = reverse("admin:comments_commenter_change", args=[child.commenter_id])
    for url in (f"{QUEUE}?tab=appeals", page_of(child), person, *lists):
        page = client.get(url)
        assert page.status_code == 200
        shown = page.text[page.text.index("<main") : page.text.index("<!-- END Content -->")]
        # What the admin itself puts on its pages.
        shown = re.sub(r'<(?:script|img|svg) [^<>]*"/?static/admin/[^<>]*>', "", shown)
        found = re.search(r"<(script|img|svg|iframe|object|embed|math|style|base|meta)\b", shown)
        assert not found, shown[found.start() - 200 : found.end() + 200]
        assert not re.search(r'href="\s*(javascript|data|vbscript):', shown, re.I)


def test_no_role_grows_by_the_admin(client, article, mo):
    """A moderator makes nobody a moderator: accounts and groups are not hers."""
    assert client.get("/admin/authors/user/").status_code in (403, 404)
    person = Commenter.objects.create(name="Mo", user=mo, trust="known")
    url = reverse("admin:comments_commenter_change", args=[person.pk])
    client.post(url, {"trust": "trusted"})
    person.refresh_from_db()
    assert person.trust == "known"
    assert Group.objects.filter(user=mo).count() == 1
