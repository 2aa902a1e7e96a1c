"""The desk: who sees what, decisions by plain forms and by script, nothing decided twice."""

import html
import re

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authors.models import Role
from blog.models import Hold, SiteSettings
from comments import bans, desk, reports, services
from comments.models import Ban, Comment, Commenter, Complaint, ModerationEvent, ReadyReason, State
from comments.services import Writer, comment_post
from tests.comments.payloads import ALL
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db
QUEUE = reverse("admin:comments_comment_changelist")
BULK = reverse("admin:comments_comment_bulk")
UNDO = reverse("admin:comments_comment_undo")
HOLD = SiteSettings(hold=Hold.EVERYONE, spam_filter=False, posts_per_hour=0, posts_per_person=0)
OPEN = SiteSettings(hold=Hold.NOBODY, spam_filter=False, posts_per_hour=0, posts_per_person=0,
                    report_threshold=0)  # fmt: skip
JSON = {"accept": "application/json"}


def post(
    article, words="Een vraag.", *, site=HOLD, parent=None, name="Bo", email="bo@lezer.example"
):
    writer = Writer(name=name, email=email, client=b"n" * 8 + b"a" * 8)
    return comment_post(article=article, parent=parent, writer=writer, source=words, site=site)[0]


def door(comment):
    return reverse("admin:comments_comment_decide", args=[comment.pk])


def page_of(comment):
    return reverse("admin:comments_comment_change", args=[comment.pk])


def seen(comment):
    return desk.version(comment.events.all())


def decide(client, comment, decision, **more):
    data = {"decision": decision, "seen": seen(comment), "back": "tab=held", **more}
    answer = client.post(door(comment), data)
    comment.refresh_from_db()
    return answer


def report(comment, number=1, note=""):
    reports.report_make(
        comment=comment, complaint=Complaint.INSULT, note=note, email="", language="nl",
        client=bytes([number]) * 16, site=OPEN,
    )  # fmt: skip


def remove_and_appeal(comment, words="Ik bedoelde het anders."):
    services.comment_remove(comment=comment, actor=make_user(), reason="Nee.")
    comment.refresh_from_db()
    return reports.appeal_make(comment=comment, text=words)


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


class TestAccess:
    WHO = pytest.mark.parametrize(
        ("who", "may"),
        [("owner", True), ("colleague", False), (Role.MODERATOR, True), (Role.EDITOR, True),
         (Role.OWNER, True)],
    )  # fmt: skip

    def enter(self, client, who, owner):
        role = Role.AUTHOR if who == "colleague" else who
        user = owner if who == "owner" else make_user(role=role)
        client.force_login(user)
        return user

    @WHO
    def test_who_sees_and_decides(self, client, article, owner, who, may):
        comment = post(article, "Mag dit hier?")
        self.enter(client, who, owner)
        assert ("Mag dit hier?" in client.get(QUEUE).text) == may
        assert client.get(page_of(comment)).status_code == (200 if may else 404)
        writer = reverse("admin:comments_comment_writer", args=[comment.pk])
        assert client.get(writer).status_code == (200 if may else 404)
        assert decide(client, comment, "approve").status_code == (302 if may else 404)
        assert comment.state == (State.APPROVED if may else State.PENDING)

    @WHO
    def test_bulk_is_no_way_around(self, client, article, owner, who, may):
        comment = post(article)
        self.enter(client, who, owner)
        client.post(BULK, {"decision": "spam", "chosen": f"{comment.pk}:{seen(comment)}"})
        comment.refresh_from_db()
        assert comment.state == (State.SPAM if may else State.PENDING)

    def test_strangers_are_kept_out(self, client, article):
        comment = post(article)
        doors = (door(comment), BULK, UNDO)
        for url in doors:
            assert client.post(url).status_code == 302
        client.force_login(make_user())
        assert client.get(QUEUE).status_code == 403
        assert client.get(page_of(comment)).status_code == 403
        assert [client.post(url).status_code for url in doors] == [404, 403, 403]

    def test_who_lost_the_role_decides_no_more(self, client, article, mo):
        comment = post(article)
        mo.groups.clear()
        assert decide(client, comment, "approve").status_code == 404

    def test_a_decision_is_never_a_get(self, client, article, mo):
        comment = post(article)
        for url in (door(comment), BULK, UNDO):
            assert client.get(url, {"decision": "approve"}).status_code == 405
        assert client.head(door(comment)).status_code == 405

    def test_a_form_from_elsewhere_is_refused(self, article):
        from django.test import Client

        strict = Client(enforce_csrf_checks=True)
        strict.force_login(make_user(role=Role.MODERATOR))
        comment = post(article)
        assert strict.post(door(comment), {"decision": "approve"}).status_code == 403

    def test_an_author_bans_nobody(self, client, article, owner):
        comment = post(article)
        client.force_login(owner)
        assert 'value="ban"' not in client.get(page_of(comment)).text
        answer = decide(client, comment, "ban", target="person", duration="7")
        assert answer.status_code == 422
        assert not Ban.objects.exists()

    def test_an_author_does_not_read_what_was_said_elsewhere(self, client, article, owner):
        elsewhere = make_article("Elders")
        post(elsewhere, "Geheim tot goedgekeurd.")
        post(article, "Hier.")
        client.force_login(owner)
        assert "Geheim" not in client.get(QUEUE).text
        client.force_login(make_user(role=Role.MODERATOR))
        assert "Geheim" in client.get(QUEUE, {"article": article.pk}).text

    def test_nobody_undoes_for_another(self, client, article, mo):
        comment = post(article)
        event = services.comment_approve(comment=comment, actor=make_user(role=Role.EDITOR))
        client.post(UNDO, {"event": event.pk})
        comment.refresh_from_db()
        assert comment.state == State.APPROVED


class TestTheQueue:
    def test_its_parts_and_their_numbers(self, client, article, mo):
        post(article, "Wachtend")
        rude = post(article, "Naar", site=OPEN)
        report(rude, note="Dit kwetst.")
        remove_and_appeal(post(article, "Bezwaard", site=OPEN), "Kijk nog eens.")
        services.comment_spam(comment=post(article, "Reclame", site=OPEN), actor=None)
        texts = {"held": "Wachtend", "reported": "Naar", "appeals": "Bezwaard", "spam": "Reclame"}
        for tab, words in texts.items():
            page = client.get(QUEUE, {"tab": tab})
            assert [item["comment"].source for item in page.context["cards"]] == [words]
            assert all(number == 1 for _tab, number, _url, _here in page.context["tabs"][:5])
        assert "Dit kwetst." in client.get(QUEUE, {"tab": "reported"}).text
        assert "Kijk nog eens." in client.get(QUEUE, {"tab": "appeals"}).text
        assert len(client.get(QUEUE, {"tab": "all"}).context["cards"]) == 4
        assert desk.waiting(mo) == desk.Waiting(held=1, reported=1, appeals=1)

    def test_what_there_is_to_judge_by(self, client, article, mo):
        parent = post(
            article, "Waar het mee begon.", site=OPEN, name="Anna", email="a@lezer.example"
        )
        post(article, "Eerder gezegd.", site=OPEN)
        comment = comment_post(
            article=article, parent=parent, source="Kijk op https://x.example en https://y.example",
            writer=Writer(name="Bo", email="bo@lezer.example", website="https://bo.example"),
            site=SiteSettings(hold=Hold.UNKNOWN, max_links=1, spam_filter=False),
        )[0]  # fmt: skip
        page = html.unescape(client.get(QUEUE).text)
        for words in ("Waar het mee begon.", "eerste reactie", "links: 3", "niveau 2", "Roosters",
                      "Eerder gezegd.", "https://y.example", "goedgekeurd 1",
                      "Voor het eerst gezien"):  # fmt: skip
            assert words in page, words
        assert "bo@lezer.example" not in page
        assert comment.get_absolute_url() not in page  # Not shown, so not led to.

    def test_a_guest_without_address_is_known_by_the_network(self, client, article, mo):
        post(article, "Eerste van hier.", email="")
        post(article, "Tweede van hier.", email="")
        assert "hetzelfde netwerkadres" in client.get(QUEUE).text

    def test_filters(self, client, article, mo):
        other = make_article("Anders")
        mine = post(article, "Hier gezegd")
        there = post(other, "Daar gezegd", name="Cor", email="cor@lezer.example")
        author = article.authors.get()

        def found(**choice):
            page = client.get(QUEUE, choice)
            assert page.status_code == 200
            return [item["comment"].pk for item in page.context["cards"]]

        assert found() == [mine.pk, there.pk]
        assert found(article=article.pk) == [mine.pk]
        assert found(author=author.pk) == [mine.pk]
        assert found(person=there.commenter_id) == [there.pk]
        assert found(q="DAAR") == [there.pk]
        assert found(after=mine.pk) == [there.pk]
        # What is no choice counts for nothing.
        assert found(article="x", author="9" * 40, after="-1", tab="nope", q="") == found()
        assert client.get(QUEUE, {"state__exact": "pending", "q": "%_'\""}).status_code == 200

    def test_pages(self, client, article, mo, monkeypatch):
        monkeypatch.setattr(desk, "PAGE", 2)
        made = [post(article, f"Nummer {number}") for number in range(3)]
        first = client.get(QUEUE)
        assert len(first.context["cards"]) == 2
        second = client.get(QUEUE + first.context["next_url"])
        assert [item["comment"].pk for item in second.context["cards"]] == [made[2].pk]
        assert second.context["next_url"] == ""

    def test_the_number_of_queries_is_the_same_for_10_and_20(self, client, article, mo):
        def fill(start):
            for number in range(start, start + 10):
                comment = post(article, f"Tekst {number}", email=f"p{number}@lezer.example" if
                               number % 3 else "", site=OPEN)  # fmt: skip
                report(comment, number + 1, "Hm.")
                if number % 2:
                    bans.ban_add(actor=mo, commenter=comment.commenter, email="x@y.zz")

        def count():
            with CaptureQueriesContext(
                connection,
            ) as queries:
                page = client.get(QUEUE, {"tab": "reported"})
            return len(page.context["cards"]), len(queries), queries.captured_queries

        fill(0)
        client.get(QUEUE)
        ten = count()
        fill(10)
        twenty = count()
        assert (ten[0], twenty[0]) == (10, 20)
        assert ten[1] == twenty[1], "\n".join(query["sql"][:200] for query in twenty[2])
        assert twenty[1] < 35

    def test_the_counts_for_the_front_page(self, article, mo, django_assert_num_queries):
        desk.waiting(mo)
        with django_assert_num_queries(3):
            desk.waiting(mo)


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
        services.comment_reject(comment=comment, actor=colleague, reason="Op de persoon.")
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
        services.comment_spam(comment=comment, actor=None)
        data = {"decision": "refuse", "seen": stale, "reason": "Lang nagedacht"}
        assert "Lang nagedacht" in client.post(door(comment), data).text

    def test_and_so_it_is_when_the_decision_is_not_offered_any_more(self, client, article, mo):
        comment = post(article)
        stale = seen(comment)
        services.comment_approve(comment=comment, actor=None)
        data = {"decision": "refuse", "seen": stale, "reason": "Lang nagedacht"}
        assert "Lang nagedacht" in client.post(door(comment), data).text

    def test_words_that_changed_are_looked_at_again(self, client, article, mo):
        from comments import rights

        comment = post(article)
        stale = seen(comment)
        rights.comment_edit(comment=comment, source="Nu met reclame.", site=HOLD)
        answer = client.post(door(comment), {"decision": "approve", "seen": stale})
        assert answer.status_code == 409
        assert "Nu met reclame." in answer.text

    def test_a_report_in_between_hinders_nobody(self, client, article, mo):
        comment = post(article, site=OPEN)
        stale = seen(comment)
        report(comment)
        answer = client.post(door(comment), {"decision": "remove", "seen": stale, "reason": "x"})
        assert answer.status_code == 302

    def test_a_comment_that_is_gone(self, client, article, mo):
        comment = post(article)
        Comment.objects.filter(pk=comment.pk).delete()
        assert client.post(door(comment), {"decision": "approve"}).status_code == 404

    def test_in_json_the_card_says_it(self, client, article, mo):
        comment = post(article)
        stale = seen(comment)
        services.comment_spam(comment=comment, actor=make_user("karim"))
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
        assert answer["counts"]["held"] == 1
        assert answer["told"] == "Geweigerd: Bo."
        event = re.search(r'name="event" value="(\d+)"', answer["undo"])[1]
        back = client.post(UNDO, {"event": event, "back": "tab=held"}, headers=JSON).json()
        assert "Een vraag." in back["cards"][str(comment.pk)]
        assert back["counts"]["held"] == 2
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
        services.comment_approve(comment=made[0], actor=make_user("karim"))
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
    event = services.comment_approve(comment=comment, actor=mo)
    services.comment_remove(comment=comment, actor=make_user("karim"), reason="Nee.")
    answer = client.post(UNDO, {"event": event.pk}, follow=True)
    assert "karim" in answer.text
    comment.refresh_from_db()
    assert comment.state == State.REMOVED
    assert client.post(UNDO, {"event": "x"}).status_code == 302


def test_the_page_of_a_comment_shows_its_whole_log(client, article, mo):
    comment = post(article)
    event = services.comment_reject(comment=comment, actor=mo, reason="Niet hier.")
    client.post(UNDO, {"event": event.pk})
    page = html.unescape(client.get(page_of(comment)).text)
    assert "besluit teruggenomen: geweigerd" in page


def test_what_the_writer_sees_gives_no_right_of_hers(client, article, mo):
    comment = post(article)
    services.comment_reject(comment=comment, actor=mo, reason="Op de persoon.")
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
