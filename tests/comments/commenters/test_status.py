"""The writer of a held or refused comment reads why, and asks once to look again."""

import re

import pytest
from django.core import mail as outbox

from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments import tokens
from comments.models import Appeal, Commenter, Delivery, Outcome, Signal, SignalKind, State, Trust
from comments.moderation import reports, states
from comments.notifications import deliveries
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.thread import counters
from comments.thread.refusals import Refused, StateConflict
from comments.tokens import Purpose
from tests.comments.payloads import ALL
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return make_user(role=Role.MODERATOR)


@pytest.fixture
def article():
    return make_article("Een stuk")


def post(article, text="Mijn mening.", email="anna@lezer.example", **site):
    site.setdefault("spam_filter", False)
    writer = {"name": "Anna", "email": email}
    settings = SiteSettings(**site)
    return comment_post(submission=Submission(article=article, text=text, **writer), site=settings)[
        0
    ]


def own_url(comment, tail=""):
    token = tokens.make(Purpose.OWN, comment.pk)
    return f"{comment.get_absolute_url()}{tail}?own={token}"


def page_of(client, comment):
    answer = client.get(own_url(comment))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"] or "private" in answer["Cache-Control"]
    return re.sub(r"\s+", " ", answer.content.decode())


class TestWhy:
    @pytest.mark.parametrize(
        ("site", "email", "text", "said"),
        [
            ({"hold": Hold.EVERYONE}, "a@b.example", "Iets.", "leest elke reactie onder dit"),
            ({"hold": Hold.UNKNOWN}, "a@b.example", "Iets.", "Wij mailden a…@b.example: bevestig"),
            ({"hold": Hold.UNKNOWN}, "", "Iets.", "U gaf geen e-mailadres op"),
            (
                {"hold": Hold.NOBODY, "max_links": 0},
                "a@b.example",
                "Zie https://elders.example/ nu.",
                "meer links",
            ),
        ],
    )
    def test_why_it_waits(self, client, article, site, email, text, said):
        assert said in page_of(client, post(article, text, email, **site))

    def test_what_was_caught_exactly_is_not_told(self, client, article):
        comment = post(article, "Win nu geld in ons casino!", hold=Hold.NOBODY)
        states.decide(
            comment, None, State.PENDING, states.Action.HELD, "", (State.APPROVED,),
            held_by=(Signal(SignalKind.RULE, "casino"),
                     Signal(SignalKind.FILTER, "0.97 (words: casino)")),
        )  # fmt: skip
        page = page_of(client, comment)
        assert "De redactie wil deze reactie eerst lezen." in page
        assert "0.97" not in page

    def test_a_decision_with_its_reason_and_date(self, client, article, moderator):
        comment = post(article)
        states.comment_reject(comment=comment, actor=moderator, reason="Niet ter zake")
        page = page_of(client, comment)
        assert "De redactie plaatst deze reactie niet." in page
        assert "De reden: Niet ter zake" in page
        assert "<time" in page
        assert moderator.username not in page

    def test_a_machine_is_not_called_the_editors(self, client, article):
        comment = post(article)
        states.comment_spam(comment=comment, actor=None)
        assert "Deze reactie werd aangezien voor reclame." in page_of(client, comment)

    def test_only_the_writer_reads_it(self, client, article, moderator):
        comment = post(article)
        states.comment_reject(comment=comment, actor=moderator, reason="Niet ter zake")
        assert client.get(comment.get_absolute_url()).status_code in (404, 410)
        other = post(article, "Ander.", "bo@lezer.example")
        stolen = f"{comment.get_absolute_url()}?own={tokens.make(Purpose.OWN, other.pk)}"
        assert "Niet ter zake" not in client.get(stolen).content.decode()

    def test_a_removed_one_still_shows_her_own_words_to_her(self, client, article, moderator):
        comment = post(article, hold=Hold.NOBODY)
        states.comment_remove(comment=comment, actor=moderator, reason="Grof")
        assert "Mijn mening." in page_of(client, comment)
        public = client.get(article.get_absolute_url()).content.decode()
        assert "Mijn mening." not in public
        assert "Grof" in public


class TestAppeal:
    def refused(self, article, moderator):
        comment = post(article)
        Commenter.objects.update(trust=Trust.KNOWN, confirmed_at="2026-01-01T00:00Z")
        states.comment_reject(comment=comment, actor=moderator, reason="Niet ter zake")
        Delivery.objects.all().delete()
        return comment

    def test_once_through_the_page(self, client, article, moderator):
        comment = self.refused(article, moderator)
        assert "Vragen om opnieuw te kijken" in page_of(client, comment)
        assert client.get(own_url(comment, "appeal/")).status_code == 200
        answer = client.post(own_url(comment, "appeal/"), {"text": "Het gaat wél hierover."})
        assert answer.status_code == 303
        page = page_of(client, comment)
        assert "Het gaat wél hierover." in page
        assert "De redactie kijkt er opnieuw naar." in page
        again = client.post(own_url(comment, "appeal/"), {"text": "Nog eens."})
        assert again.status_code == 403
        assert Appeal.objects.get().text == "Het gaat wél hierover."

    def test_no_words_are_no_appeal(self, client, article, moderator):
        comment = self.refused(article, moderator)
        answer = client.post(own_url(comment, "appeal/"), {"text": " "})
        assert answer.status_code == 422
        assert "Schrijf waarom" in answer.content.decode()

    def test_not_for_strangers(self, client, article, moderator):
        comment = self.refused(article, moderator)
        url = f"{comment.get_absolute_url()}appeal/"
        assert client.get(url).status_code == 404
        assert client.post(url, {"text": "x"}).status_code == 404
        assert not Appeal.objects.exists()

    @pytest.mark.parametrize("state", [State.PENDING, State.APPROVED, State.DELETED])
    def test_nothing_to_look_at_again(self, article, state):
        comment = post(article)
        type(comment).objects.update(state=state)
        with pytest.raises(Refused, match="appeal"):
            reports.appeal_make(comment=comment, text="Waarom?")

    def test_upheld_it_is_shown_and_the_writer_hears_it(self, client, article, moderator):
        comment = self.refused(article, moderator)
        appeal = reports.appeal_make(comment=comment, text="Toch wel.")
        reports.appeal_decide(appeal=appeal, actor=moderator, upheld=True, answer="U hebt gelijk.")
        comment.refresh_from_db()
        assert comment.state == State.APPROVED
        appeal.refresh_from_db()
        assert (appeal.outcome, appeal.answer) == (Outcome.UPHELD, "U hebt gelijk.")
        assert counters.recount() == 0
        [delivery] = Delivery.objects.all()
        deliveries.deliver.call(delivery.pk)
        assert outbox.outbox[-1].to == ["anna@lezer.example"]

    def test_dismissed_the_writer_reads_the_answer(self, client, article, moderator):
        comment = self.refused(article, moderator)
        appeal = reports.appeal_make(comment=comment, text="Toch wel.")
        reports.appeal_decide(appeal=appeal, actor=moderator, upheld=False, answer="Zie regel 3.")
        comment.refresh_from_db()
        assert comment.state == State.REJECTED
        page = page_of(client, comment)
        assert "blijft bij haar besluit" in page
        assert "Zie regel 3." in page
        deliveries.deliver.call(Delivery.objects.get().pk)
        assert "Zie regel 3." in outbox.outbox[-1].body

    def test_two_moderators_decide_it_once(self, article, moderator):
        comment = self.refused(article, moderator)
        appeal = reports.appeal_make(comment=comment, text="Toch wel.")
        reports.appeal_decide(appeal=appeal, actor=moderator, upheld=False, answer="")
        with pytest.raises(StateConflict):
            reports.appeal_decide(appeal=appeal, actor=moderator, upheld=True, answer="")
        comment.refresh_from_db()
        assert comment.state == State.REJECTED

    def test_shown_after_all_by_the_queue_ends_it_too(self, article, moderator):
        comment = self.refused(article, moderator)
        appeal = reports.appeal_make(comment=comment, text="Toch wel.")
        states.comment_approve(comment=comment, actor=moderator)
        appeal.refresh_from_db()
        assert appeal.outcome == Outcome.UPHELD

    def test_hostile_words_stay_words(self, client, article, moderator):
        comment = self.refused(article, moderator)
        text = "".join(ALL)[:900] + "<script>alert(1)</script>"
        reports.appeal_make(comment=comment, text=text.replace("\0", ""))
        assert "<script>alert" not in page_of(client, comment)
