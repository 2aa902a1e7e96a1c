"""What writers may do without an account: confirm, change, delete, see, download, erase."""

import json
import re
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from blog.models import Article, Hold, SiteSettings
from comments import tokens
from comments.commenters import own_comments
from comments.jobs import forget_clients
from comments.models import Comment, Commenter, Delivery, Edit, MailKind, State, Trust
from comments.moderation.states import comment_reject
from comments.notifications import confirming, deliveries, notices
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.thread import counters
from comments.thread.refusals import Refused
from comments.tokens import Purpose
from core import mail, mail_refusals
from core import outbox as sending
from tests.factories import make_article, make_user
from tests.worker import work

pytestmark = pytest.mark.django_db
STRICT = SiteSettings(hold=Hold.UNKNOWN)
OPEN = SiteSettings(hold=Hold.NOBODY, posts_per_person=0)
ANNA = {"name": "Anna", "email": "anna@lezer.example"}


@pytest.fixture
def article():
    return make_article("Een stuk")


def post(article, text="Een gedachte.", site=STRICT, parent=None, writer=ANNA):
    return comment_post(
        submission=Submission(article=article, parent=parent, text=text, **writer), site=site
    )[0]


def later(time_machine, seconds):
    time_machine.move_to(timezone.now() + timedelta(seconds=seconds))


def path_of(url):
    return re.sub(r"^https?://[^/]+", "", url)


class TestConfirming:
    def test_a_first_comment_waits_and_its_address_is_asked(self, article):
        comment = post(article)
        assert comment.state == State.PENDING
        delivery = Delivery.objects.get()
        deliveries.deliver.call(delivery.pk)
        (sent,) = outbox.outbox
        assert sent.to == ["anna@lezer.example"]
        assert "/mine/confirm/" in sent.body
        assert "Een gedachte." in sent.body

    def test_opening_the_link_changes_nothing_and_the_button_confirms(self, client, article):
        comment = post(article)
        url = path_of(confirming.confirm_url(comment, comment.commenter).made())
        page = client.get(url)
        assert page.status_code == 200
        assert page["Referrer-Policy"] == "no-referrer"
        assert "no-store" in page["Cache-Control"]
        comment.refresh_from_db()
        assert comment.state == State.PENDING
        seen = {"seen": own_comments.digest(comment)}
        assert client.post(url, seen).status_code == 200
        comment.refresh_from_db()
        assert comment.state == State.APPROVED
        assert Commenter.objects.get().trust == Trust.KNOWN
        assert client.post(url, seen).status_code == 200  # Once more does no harm.
        assert counters.recount() == 0

    def test_what_a_moderator_refused_stays_refused(self, client, article):
        comment = post(article)
        comment_reject(comment=comment, actor=None)
        client.post(
            path_of(confirming.confirm_url(comment, comment.commenter).made()),
            {"seen": own_comments.digest(comment)},
        )
        comment.refresh_from_db()
        assert comment.state == State.REJECTED

    def test_where_everybody_is_read_first_confirming_shows_nothing(self, client, article):
        comment = post(article, site=SiteSettings(hold=Hold.EVERYONE))
        client.post(
            path_of(confirming.confirm_url(comment, comment.commenter).made()),
            {"seen": own_comments.digest(comment)},
        )
        comment.refresh_from_db()
        assert comment.state == State.PENDING

    def test_a_blocked_person_is_not_let_in(self, client, article):
        comment = post(article)
        Commenter.objects.update(trust=Trust.BLOCKED)
        client.post(
            path_of(confirming.confirm_url(comment, comment.commenter).made()),
            {"seen": own_comments.digest(comment)},
        )
        comment.refresh_from_db()
        assert comment.state == State.PENDING

    @pytest.mark.parametrize("purpose", [Purpose.OWN, Purpose.MINE, Purpose.READER])
    def test_a_token_of_another_purpose_is_none(self, client, article, purpose):
        person = post(article).commenter
        token = tokens.make(purpose, [person.pk, person.email])
        assert client.post(reverse("comments:confirm", args=[token])).status_code == 404

    def test_a_forged_or_old_token_is_none(self, client, article, time_machine):
        comment = post(article)
        url = path_of(confirming.confirm_url(comment, comment.commenter).made())
        assert client.get(url[:-2] + "x/").status_code == 404
        later(time_machine, 91 * 24 * 3600)
        assert client.get(url).status_code == 404


class TestChanging:
    def url(self, comment, part, token=None):
        token = tokens.make(Purpose.OWN, comment.pk) if token is None else token
        return f"{comment.get_absolute_url()}{part}/?own={token}"

    def test_words_change_and_the_earlier_ones_are_kept(self, client, article):
        comment = post(article, site=OPEN)
        answer = client.post(self.url(comment, "edit"), {"text": "Anders *gezegd*."})
        assert answer.status_code == 303
        comment.refresh_from_db()
        assert comment.source == "Anders *gezegd*."
        assert Edit.objects.get().source == "Een gedachte."
        page = client.get(article.get_absolute_url()).text
        assert "<em>gezegd</em>" in page
        assert "bewerkt" in page

    def test_when_it_is_too_late_the_text_comes_back(self, client, article, time_machine):
        comment = post(article, site=OPEN)
        url = self.url(comment, "edit")
        later(time_machine, 31 * 60)
        answer = client.post(url, {"text": "Te laat bedacht."})
        assert answer.status_code == 403
        assert "Te laat bedacht." in answer.text
        comment.refresh_from_db()
        assert comment.source == "Een gedachte."

    def test_hostile_words_are_cleaned_like_new_ones(self, client, article):
        comment = post(article, site=OPEN)
        client.post(self.url(comment, "edit"), {"text": "<script>x</script>[a](javascript:1)"})
        comment.refresh_from_db()
        assert "<script" not in comment.html
        assert 'href="javascript' not in comment.html

    def test_a_preview_stores_nothing(self, client, article):
        comment = post(article, site=OPEN)
        answer = client.post(self.url(comment, "edit"), {"text": "**Vet**", "preview": "1"})
        assert "<strong>Vet</strong>" in answer.text
        comment.refresh_from_db()
        assert comment.source == "Een gedachte."

    @pytest.mark.parametrize("part", ["edit", "delete"])
    def test_others_find_nothing_there(self, client, article, part):
        comment = post(article, site=OPEN)
        other = post(article, "Van een ander.", site=OPEN, writer={"name": "Bram"})
        stolen = tokens.make(Purpose.OWN, other.pk)
        for token in ("", "x", stolen):
            assert client.get(self.url(comment, part, token)).status_code == 404
            assert client.post(self.url(comment, part, token), {"text": "x"}).status_code == 404
        client.force_login(make_user())
        assert client.post(self.url(comment, part, ""), {"text": "x"}).status_code == 404

    def test_deleting_asks_first_and_leaves_the_answers(self, client, article):
        comment = post(article, site=OPEN)
        post(article, "Een antwoord.", site=OPEN, parent=comment, writer={"name": "Bram"})
        url = self.url(comment, "delete")
        client.get(url)
        comment.refresh_from_db()
        assert comment.state == State.APPROVED
        assert client.post(url).status_code == 200
        assert client.post(url).status_code == 200
        page = client.get(article.get_absolute_url()).text
        assert "Een gedachte." not in page
        assert "Een antwoord." in page
        assert Article.objects.get().comment_count == 1
        assert counters.recount() == 0

    def test_the_permalink_of_a_comment_that_is_gone_says_so(self, client, article):
        comment = post(article)
        client.post(self.url(comment, "delete"))
        assert client.get(comment.get_absolute_url()).status_code == 410


class TestMine:
    def page(self, person):
        return path_of(notices.mine_url(person).made())

    def test_known_and_unknown_addresses_get_the_same_answer(self, client, article):
        post(article)
        Delivery.objects.all().delete()
        url = reverse("comments:request_mine")
        known = client.post(url, {"email": "ANNA@lezer.example"})
        unknown = client.post(url, {"email": "niemand@lezer.example"})
        assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
        assert work("mine_send") == 2
        assert Delivery.objects.get().event.startswith("mine ")
        client.post(url, {"email": "anna@lezer.example"})
        assert work("mine_send") == 1
        assert Delivery.objects.count() == 1

    def test_everything_written_is_there_and_can_be_downloaded(self, client, article):
        post(article, "Wachtend woord.")
        person = Commenter.objects.get()
        post(make_article("Ander stuk"), "Ander woord.", site=OPEN)
        page = client.get(self.page(person)).text
        assert "Wachtend woord." in page
        assert "Ander woord." in page
        answer = client.get(self.page(person) + "export/")
        data = json.loads(answer.content)
        assert [item["text"] for item in data["comments"]] == ["Wachtend woord.", "Ander woord."]
        assert data["person"]["email"] == "anna@lezer.example"
        assert "attachment" in answer["Content-Disposition"]

    def test_mail_can_be_muted_and_asked_again(self, client, article):
        person = post(article).commenter
        for action, muted in (("mute", True), ("unmute", False)):
            assert client.post(self.page(person), {"action": action}).status_code == 303
            person.refresh_from_db()
            assert person.muted is muted

    def test_erasing_asks_to_be_sure_and_keeps_the_thread(self, client, article):
        comment = post(article, "Mijn geheim.", site=OPEN)
        reply = post(article, "Antwoord.", site=OPEN, parent=comment, writer={"name": "Bram"})
        waiting = post(article, "Nog een geheim.")
        own_comments.comment_edit(comment=comment, source="Mijn groot geheim.", site=SiteSettings())
        person = comment.commenter
        client.post(self.page(person), {"action": "erase"})
        assert Commenter.objects.exists()
        answer = client.post(self.page(person), {"action": "erase", "sure": "yes"})
        assert answer.status_code == 200
        assert not Commenter.objects.exists()
        assert not Edit.objects.exists()
        assert not Delivery.objects.exists()
        for row in Comment.objects.filter(pk__in=(comment.pk, waiting.pk)):
            assert (row.source, row.html, row.state) == ("", "", State.DELETED)
            assert "Anna" not in row.fragment
        reply.refresh_from_db()
        assert "Anna" not in reply.fragment
        page = client.get(article.get_absolute_url()).text
        assert "geheim" not in page
        assert "Antwoord." in page
        assert counters.recount() == 0
        assert client.get(self.page(person)).status_code == 404


class TestLimits:
    def test_too_many_from_one_network_are_asked_to_wait(self, article):
        site = SiteSettings(hold=Hold.NOBODY, posts_per_hour=3)
        writer = {"name": "Vlug", "client": b"x" * 16}
        for number in range(3):
            post(article, f"Bijdrage {number}.", site=site, writer=writer)
        with pytest.raises(Refused, match="rate"):
            post(article, "Bijdrage 4.", site=site, writer=writer)
        post(article, "Van elders.", site=site, writer={"name": "Rustig", "client": b"y" * 16})

    def test_the_form_says_so_and_gives_the_text_back(self, client, article):
        SiteSettings.objects.create(pk=1, hold=Hold.NOBODY, posts_per_hour=1)
        url = f"{article.get_absolute_url()}reply/"
        assert client.post(url, {"text": "Een.", "name": "Vlug"}).status_code == 303
        answer = client.post(url, {"text": "Twee van mijn hand.", "name": "Vlug"})
        assert answer.status_code == 429
        assert "Twee van mijn hand." in answer.text
        assert answer["Retry-After"]

    def test_addresses_are_kept_as_a_keyed_hash_and_forgotten(self, client, article, time_machine):
        SiteSettings.objects.create(pk=1, hold=Hold.NOBODY)
        url = f"{article.get_absolute_url()}reply/"
        client.post(url, {"text": "Een.", "name": "Vlug"})
        stored = bytes(Comment.objects.get().client)
        assert len(stored) == 16
        assert b"127.0.0.1" not in stored
        later(time_machine, 15 * 24 * 3600)
        forget_clients()
        assert Comment.objects.get().client is None


class TestMail:
    def test_a_mail_is_sent_once(self, article):
        post(article)
        number = Delivery.objects.get().pk
        deliveries.deliver.call(number)
        deliveries.deliver.call(number)
        assert len(outbox.outbox) == 1
        assert Delivery.objects.get().state == "sent"

    def test_a_mail_that_fails_is_tried_again_and_given_up_in_the_end(
        self, article, settings, time_machine
    ):
        post(article)
        number = Delivery.objects.get().pk
        settings.EMAIL_BACKEND = "tests.comments.commenters.test_own_comments.Broken"
        deliveries.deliver.call(number)
        assert Delivery.objects.get().state == "queued"
        assert "weg" in Delivery.objects.get().error
        later(time_machine, 10 * 60)
        before = DBTaskResult.objects.count()
        deliveries.send_waiting()
        assert DBTaskResult.objects.count() == before + 1
        for _try in sending.PAUSES:
            mail_refusals.forget()
            deliveries.deliver.call(number)
        assert Delivery.objects.get().state == "failed"

    def test_a_name_cannot_add_headers(self, article):
        writer = {"name": "Anna", "email": "a@lezer.example"}
        person = post(article, writer=writer).commenter
        letter = mail.Letter("Een\r\nBcc: b@x.example", ("-",))
        deliveries.queue(kind=MailKind.COMMENT, about="x", commenter=person, letter=letter)
        deliveries.deliver.call(Delivery.objects.get(event="comment x").pk)
        assert outbox.outbox[-1].subject == "Een Bcc: b@x.example"


def Broken(*args, **kwargs):
    raise ConnectionRefusedError("de mailserver is weg")
