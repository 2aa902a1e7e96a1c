"""A reader reports a comment; enough of them hide it until somebody looks; she hears the end."""

import pytest
from django.core import mail as outbox
from django.db import connection
from django.test.utils import CaptureQueriesContext

from authors import limits
from authors.roles import Role
from blog.models import Article, Hold, SiteSettings
from comments.jobs import forget_clients
from comments.models import (
    Comment,
    Commenter,
    Complaint,
    Delivery,
    Outcome,
    Report,
    Signal,
    SignalKind,
    State,
)
from comments.moderation import reports, states
from comments.notifications import deliveries
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.screening import bans
from comments.thread import counters, refusals
from comments.thread.refusals import Refused
from tests.comments.payloads import ALL
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
OPEN = SiteSettings(hold=Hold.NOBODY, posts_per_person=0, spam_filter=False)
FORM = {"complaint": "insult", "note": "Dit is grof.", "email": "Lezer@Post.example"}


@pytest.fixture
def article():
    SiteSettings.objects.update_or_create(pk=1, defaults={"report_threshold": 3})
    return make_article("Een stuk")


def post(article, text="Iets grofs.", parent=None, name="Anna"):
    writer = {"name": name, "email": f"{name.lower()}@lezer.example"}
    return comment_post(
        submission=Submission(article=article, parent=parent, text=text, **writer), site=OPEN
    )[0]


def url_of(comment):
    return f"{comment.get_absolute_url()}report/"


def report(comment, number, **more):
    """From a network address of its own."""
    return reports.report_make(
        comment=comment,
        complaint=Complaint.INSULT,
        note="",
        email=more.get("email", ""),
        language="nl",
        client=bytes([number]) * 16,
        site=SiteSettings.objects.get(),
    )


def sent():
    outbox.outbox.clear()
    for number in Delivery.objects.filter(state="queued").values_list("pk", flat=True):
        deliveries.deliver.call(number)
    return [(message.to[0], message.body) for message in outbox.outbox]


class TestTheForm:
    def test_every_comment_leads_to_it(self, client, article):
        comment = post(article)
        page = client.get(article.get_absolute_url()).content.decode()
        assert f'href="{url_of(comment)}"' in page
        form = client.get(url_of(comment))
        assert form.status_code == 200
        assert "Iets grofs." in form.content.decode()
        assert "no-store" in form["Cache-Control"]
        assert not form.cookies

    def test_a_report_is_stored_once_for_a_network_address(self, client, article):
        comment = post(article)
        assert "Dank u wel" in client.post(url_of(comment), FORM).content.decode()
        again = client.post(url_of(comment), FORM)
        assert again.status_code == 200
        assert "al eerder vanaf uw netwerk" in again.content.decode()
        [one] = Report.objects.all()
        assert (one.complaint, one.note, one.email) == (
            "insult", "Dit is grof.", "lezer@post.example",
        )  # fmt: skip
        assert "192." not in str(one.client)
        comment.refresh_from_db()
        assert comment.state == State.APPROVED

    def test_opening_it_reports_nothing(self, client, article):
        client.get(url_of(post(article)))
        assert not Report.objects.exists()

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"complaint": ""}, "Kies wat er mis mee is."),
            ({"email": "geen adres"}, "geen geldig e-mailadres"),
            ({"contact_by_fax": "robot"}, "verborgen veld"),
        ],
    )
    def test_what_can_be_mended_comes_back_with_its_words(self, client, article, change, said):
        answer = client.post(url_of(post(article)), {**FORM, **change})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert said in page
        assert "Dit is grof." in page
        assert not Report.objects.exists()

    @pytest.mark.parametrize("state", [State.PENDING, State.REJECTED, State.SPAM])
    def test_what_is_not_shown_has_no_form(self, client, article, state):
        comment = post(article)
        Comment.objects.update(state=state, shown=False)
        assert client.get(url_of(comment)).status_code == 404

    def test_a_comment_taken_away_meanwhile_says_so_and_keeps_the_words(self, client, article):
        comment = post(article)
        states.comment_delete(comment=comment)
        answer = client.post(url_of(comment), FORM)
        assert answer.status_code == 409
        assert "Dit is grof." in answer.content.decode()

    def test_of_a_hidden_article_nothing_is_told(self, client, article):
        comment = post(article)
        Article.objects.update(comment_policy="hidden")
        assert client.get(url_of(comment)).status_code == 404

    def test_too_many_from_one_network_are_asked_to_wait(self, client, article):
        comments = [post(article, f"Nummer {n}.") for n in range(limits.most("report") + 1)]
        for comment in comments[:-1]:
            assert client.post(url_of(comment), FORM).status_code == 200
        answer = client.post(url_of(comments[-1]), FORM)
        assert answer.status_code == 429
        assert "Dit is grof." in answer.content.decode()

    def test_a_banned_network_reports_nothing(self, client, article):
        comment = post(article)
        client.post(url_of(comment), FORM)
        network = bytes(Report.objects.get().client)[:8]
        bans.ban_add(actor=None, network=network, reason="Stoken")
        answer = client.post(url_of(post(article, "Ander.")), FORM)
        assert answer.status_code == 403
        assert "U kunt hier niet aan de gesprekken deelnemen." in answer.content.decode()
        # Why is nobody's business but hers who is banned, and she is not known here.
        assert "Stoken" not in answer.content.decode()

    def test_hostile_words_are_shown_as_words(self, client, article):
        comment = post(article)
        for payload in ALL[:60]:
            page = client.post(url_of(comment), {"note": payload}).content.decode()
            assert "<script>alert" not in page
            assert "onerror=alert" not in page.replace("&quot;", '"') or "&lt;" in page

    def test_it_comes_from_this_site_alone(self, article):
        from django.test import Client

        answer = Client(enforce_csrf_checks=True).post(
            url_of(post(article)), FORM, headers={"sec-fetch-site": "cross-site"}
        )
        assert answer.status_code == 403

    def test_a_long_thread_costs_no_more(self, client, article):
        comment = post(article)
        counts = []
        for _round in range(2):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(url_of(comment))
            counts.append(len(queries))
            for number in range(5):
                post(article, f"Meer {number} {_round}.", parent=comment, name=f"Bo{number}")
        assert counts[0] == counts[1]


class TestTheThreshold:
    def test_enough_reports_hide_it_until_somebody_looks(self, client, article):
        comment = post(article)
        for number in (1, 2):
            assert report(comment, number)
        comment.refresh_from_db()
        assert comment.state == State.APPROVED
        assert report(comment, 3)
        comment.refresh_from_db()
        assert comment.state == State.PENDING
        assert not comment.shown
        assert comment.events.get(action="held").spoke_for_it == [Signal(SignalKind.REPORTS, "3")]
        article.refresh_from_db()
        assert article.comment_count == 0
        assert "Iets grofs." not in client.get(article.get_absolute_url()).content.decode()
        assert counters.recount() == 0

    def test_what_was_answered_keeps_a_place_that_says_why(self, client, article):
        comment = post(article)
        post(article, "Een antwoord.", parent=comment, name="Bo")
        for number in (1, 2, 3):
            report(comment, number)
        page = client.get(article.get_absolute_url()).content.decode()
        assert "De redactie bekijkt deze reactie." in page
        assert "Een antwoord." in page
        assert "Iets grofs." not in page
        assert counters.recount() == 0

    def test_one_reader_alone_cannot_reach_it(self, article):
        comment = post(article)
        assert [report(comment, 1) for _ in range(5)] == [True, False, False, False, False]
        comment.refresh_from_db()
        assert comment.state == State.APPROVED

    def test_zero_never_hides(self, article):
        SiteSettings.objects.update(report_threshold=0)
        comment = post(article)
        for number in range(1, 6):
            report(comment, number)
        comment.refresh_from_db()
        assert comment.state == State.APPROVED

    def test_approved_again_it_takes_as_many_new_ones(self, article):
        moderator = make_user(role=Role.MODERATOR)
        comment = post(article)
        for number in (1, 2, 3):
            report(comment, number)
        states.comment_approve(comment=comment, actor=moderator)
        assert set(Report.objects.values_list("outcome", flat=True)) == {Outcome.DISMISSED}
        report(comment, 4)
        comment.refresh_from_db()
        assert comment.state == State.APPROVED

    def test_reported_spam_is_no_lesson_for_the_filter(self, article):
        comment = post(article)
        for number in (1, 2, 3):
            report(comment, number)
        assert not hasattr(Comment.objects.get(pk=comment.pk), "lesson")


class TestTheEnd:
    def test_who_left_an_address_hears_it_once_and_is_forgotten(self, article):
        moderator = make_user(role=Role.MODERATOR)
        comment = post(article)
        report(comment, 1, email="lezer@post.example")
        states.comment_remove(comment=comment, actor=moderator, reason="Grof")
        [(to, body)] = [pair for pair in sent() if pair[0] == "lezer@post.example"]
        assert "is het met u eens" in body
        assert "Iets grofs." not in body
        assert Report.objects.get().email == ""
        assert Report.objects.get().outcome == Outcome.UPHELD
        assert not [pair for pair in sent() if pair[0] == to]

    def test_found_wrong_the_comment_stays(self, article):
        moderator = make_user(role=Role.MODERATOR)
        comment = post(article)
        report(comment, 1, email="lezer@post.example")
        reports.report_dismiss(comment=comment, actor=moderator)
        with pytest.raises(refusals.StateConflict):
            reports.report_dismiss(comment=comment, actor=moderator)
        [body] = [body for to, body in sent() if to == "lezer@post.example"]
        assert "laat de reactie staan" in body
        comment.refresh_from_db()
        assert comment.state == State.APPROVED
        assert comment.events.filter(action="dismissed").count() == 1

    def test_an_address_that_may_take_no_mail_gets_none(self, article):
        """A bounced address is not tried, and no stranger becomes a known writer by reporting."""
        moderator = make_user(role=Role.MODERATOR)
        comment = post(article)
        report(comment, 1, email="vreemd@post.example")
        states.comment_remove(comment=comment, actor=moderator, reason="")
        person = Commenter.objects.get(email="vreemd@post.example")
        assert person.confirmed_at is None
        assert person.trust == "new"

    def test_the_writer_deleting_it_ends_the_report(self, article):
        comment = post(article)
        report(comment, 1)
        states.comment_delete(comment=comment)
        assert Report.objects.get().outcome == Outcome.GONE
        with pytest.raises(Refused, match="gone"):
            report(comment, 2)

    def test_traces_of_the_network_go_in_time(self, article, time_machine):
        from datetime import timedelta

        from django.utils import timezone

        report(post(article), 1)
        days = SiteSettings.objects.get().client_days
        time_machine.move_to(timezone.now() + timedelta(days=days + 1))
        forget_clients()
        assert Report.objects.get().client is None
