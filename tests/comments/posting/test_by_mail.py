"""Answers by mail: what becomes a reply, and everything that does not."""

import io
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from authors.roles import Role
from blog.models import Article
from comments.commenters import own_comments
from comments.models import (
    Comment,
    Commenter,
    Delivery,
    DeliveryState,
    Effect,
    HeldMail,
    Origin,
    Rule,
    Signal,
    SignalKind,
    State,
    Trust,
)
from comments.moderation.states import comment_approve, comment_remove
from comments.notifications import deliveries, reply_address
from comments.posting import by_mail
from comments.posting.by_mail import Result
from tests.comments.posting.mails import ANSWER, message, receive
from tests.factories import make_user

CASES = Path(__file__).parents[1] / "mail_parsing" / "data"


class TestReplies:
    def test_an_answer_becomes_a_reply_once(self, scene):
        comment, bo = scene
        assert receive(comment, bo) is Result.POSTED
        assert receive(comment, bo) is Result.KNOWN
        reply = Comment.objects.get(parent=comment)
        assert reply.source == "Dat zie ik anders.\n\nNog een alinea."
        assert (reply.name, reply.origin, reply.state) == ("Bo", Origin.MAIL, State.APPROVED)
        assert reply.commenter == bo

    def test_an_author_answers_as_the_author(self, scene):
        comment, _bo = scene
        user = comment.article.article_authors.get().author.user
        femke = Commenter.objects.create(user=user, name="Femke", trust=Trust.TRUSTED)
        sender = "femke@site.example"
        assert receive(comment, femke, sender=sender) is Result.POSTED
        reply = Comment.objects.get(parent=comment)
        assert reply.by_article_author
        assert reply.author.name == "Femke"

    def test_capitals_in_the_address_do_not_matter(self, scene):
        comment, bo = scene
        address = reply_address.make(comment.pk, bo.pk).upper()
        assert receive(comment, bo, To=address) is Result.POSTED

    def test_html_alone_is_read_too(self, scene):
        comment, bo = scene
        made = message(comment, bo)
        made.set_content(
            "<div>Mee eens &amp; klaar.</div><script>alert(1)</script><blockquote>oud</blockquote>",
            subtype="html",
        )
        assert by_mail.receive(made.as_bytes()) is Result.POSTED
        assert Comment.objects.get(parent=comment).source == "Mee eens & klaar."


class TestNotPosted:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Auto_Submitted": "auto-replied"},
            {"Precedence": "bulk"},
            {"List_Id": "<een.lijst>"},
            {"Return_Path": "<>"},
            {"X_Autoreply": "yes"},
        ],
    )
    def test_machines_are_ignored_and_never_answered(self, scene, headers):
        comment, bo = scene
        assert receive(comment, bo, **headers) is Result.AUTOMATIC
        assert Comment.objects.count() == 1
        assert not Delivery.objects.filter(event__startswith="unposted").exists()

    def test_another_sender(self, scene):
        comment, bo = scene
        assert receive(comment, bo, sender="dief@lezer.example") is Result.STRANGER
        assert receive(comment, bo, sender='"bo@lezer.example" <dief@x.example>') is Result.STRANGER
        Commenter.objects.filter(pk=bo.pk).update(trust=Trust.BLOCKED)
        assert receive(comment, bo) is Result.STRANGER

    def test_forged_and_foreign_addresses(self, scene):
        comment, bo = scene
        good = reply_address.make(comment.pk, bo.pk)
        for address in (
            good.replace("in.site", "ander"),
            f"reply+{comment.pk:x}-{bo.pk + 1:x}-{good.partition('@')[0][-20:]}@in.site.example",
            "reply+zz@in.site.example",
            "iemand@in.site.example",
        ):
            assert receive(comment, bo, To=address) is Result.NOBODY
        assert Comment.objects.count() == 1

    def test_a_refusal_is_told_once_with_the_text(self, scene):
        comment, bo = scene
        comment_remove(comment=comment, actor=None, reason="Fout")
        assert receive(comment, bo) is Result.REFUSED
        assert receive(comment, bo) is Result.REFUSED
        told = Delivery.objects.get(event__startswith="unposted")
        assert told.commenter == bo
        assert "Dat zie ik anders." in told.body
        assert "is er niet meer" in told.body

    def test_rules_and_closed_conversations_hold_for_mail_too(self, scene):
        comment, bo = scene
        Rule.objects.create(pattern="anders", effect=Effect.REFUSE, active=True)
        assert receive(comment, bo) is Result.REFUSED
        assert "anders" in Delivery.objects.get(event__startswith="unposted").body
        Article.objects.update(comment_policy="closed")
        assert receive(comment, bo, Message_ID="<2@x>") is Result.REFUSED
        assert Comment.objects.count() == 1

    def test_nothing_but_the_quote(self, scene):
        comment, bo = scene
        assert receive(comment, bo, text="\n> Een gedachte.\n") is Result.REFUSED

    def test_a_bounce_marks_the_address(self, scene):
        comment, bo = scene
        address = reply_address.make(comment.pk, bo.pk)
        raw = (
            f"From: MAILER-DAEMON@mx.example\nTo: {address}\nReturn-Path: <>\n"
            "Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
            "--b\nContent-Type: text/plain\n\nniet bezorgd\n"
            "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
            "Final-Recipient: rfc822; bo@lezer.example\nAction: ACTION\nStatus: STATUS\n\n--b--\n"
        )
        late = raw.replace("ACTION", "delayed").replace("STATUS", "4.4.1").encode()
        assert by_mail.receive(late) is Result.AUTOMATIC
        gone = raw.replace("ACTION", "failed").replace("STATUS", "5.1.1").encode()
        assert by_mail.receive(gone) is Result.BOUNCE
        bo.refresh_from_db()
        assert bo.bounced_at is not None

    def test_too_large(self):
        assert by_mail.receive(b"x" * (by_mail.MAX_BYTES + 1)) is Result.BROKEN


@given(st.binary(max_size=600))
def test_no_bytes_break_it(raw):
    assert by_mail.receive(raw) in (Result.NOBODY, Result.BROKEN)


@given(st.integers(0, 2**63), st.integers(0, 2**63))
def test_an_address_says_whose_it_is(comment, person):
    address = reply_address.make(comment, person)
    assert len(address.partition("@")[0]) <= 64
    assert reply_address.read(address) == (comment, person)


class TestHeld:
    """An answer that is not plain waits, with the whole mail beside it; nothing is lost."""

    TEXT = (
        "Zie onder.\n\nVan: Anna via Weerwoord <weerwoord@localhost>\nVerzonden: 24-11-2026\n"
        "Aan: bo@lezer.example\nOnderwerp: Roosters\n\n"
        "– Schrijf uw antwoord boven deze regel. –\n\nEen gedachte.\n\n"
        "Hier ben ik volstrekt tegen, want bruggen moeten altijd toegankelijk blijven.\n"
    )

    @pytest.fixture
    def held(self, scene):
        comment, bo = scene
        assert receive(comment, bo, text=self.TEXT) is Result.POSTED
        return Comment.objects.get(parent=comment)

    def test_it_waits_with_the_mail_and_its_writer_is_told_once(self, held, scene):
        comment, bo = scene
        assert (held.source, held.state) == ("Zie onder.", State.PENDING)
        assert [event.spoke_for_it for event in held.events.all()] == [[Signal(SignalKind.MAIL)]]
        assert "toegankelijk blijven" in held.held_mail.text
        assert "lezer.example" not in held.held_mail.text
        assert receive(comment, bo, text=self.TEXT) is Result.KNOWN
        told = Delivery.objects.get(event__startswith="unsure")
        assert told.commenter == bo
        assert "Zie onder." in told.body
        assert "de redactie heeft de hele tekst" in " ".join(told.body.split())

    def test_the_mail_about_it_goes_out(self, held, mailoutbox):
        told = Delivery.objects.get(event=f"unsure {held.pk}")
        deliveries.deliver.call(told.pk)
        told.refresh_from_db()
        assert (told.state, told.tries) == (DeliveryState.SENT, 1)
        [sent] = mailoutbox
        assert sent.to == ["bo@lezer.example"]
        assert "Zie onder." in sent.body
        assert f"/comment/{held.pk}/?own=" in sent.body

    def test_moderators_see_it_and_a_decision_lets_it_go(self, held, client):
        client.force_login(make_user("mo", role=Role.MODERATOR))
        for page in ("/admin/comments/comment/", f"/admin/comments/comment/{held.pk}/change/"):
            assert "toegankelijk blijven" in client.get(page).text
        comment_approve(comment=held, actor=None)
        assert not HeldMail.objects.exists()
        assert "toegankelijk" not in client.get(f"/admin/comments/comment/{held.pk}/change/").text

    def test_confirming_an_address_does_not_show_it(self, held):
        assert not own_comments.waits_for_address(held)
        own_comments.comment_confirm(comment=held, seen=own_comments.digest(held))
        held.refresh_from_db()
        assert held.state == State.PENDING
        assert HeldMail.objects.exists()

    def test_who_wrote_it_gets_it_in_the_export_and_erases_it(self, held, scene):
        export = own_comments.commenter_export(scene[1])
        assert "toegankelijk blijven" in export["comments"][0]["whole_mail"]
        own_comments.commenter_erase(commenter=scene[1])
        assert not HeldMail.objects.exists()

    def test_who_is_quoted_in_it_is_erased_from_it(self, held, scene):
        own_comments.commenter_erase(commenter=scene[0].commenter)
        assert not HeldMail.objects.exists()
        held.refresh_from_db()
        assert (held.source, held.state) == ("Zie onder.", State.PENDING)

    def test_an_author_waits_too(self, scene):
        comment, _bo = scene
        user = comment.article.article_authors.get().author.user
        femke = Commenter.objects.create(user=user, name="Femke", trust=Trust.TRUSTED)
        text = "Mail mij op femke@site.example."
        assert receive(comment, femke, text=text, sender="femke@site.example") is Result.POSTED
        reply = Comment.objects.get(parent=comment)
        assert (reply.source, reply.state) == ("Mail mij op [e-mailadres].", State.PENDING)

    def test_a_mail_too_long_to_read_waits(self, scene):
        comment, bo = scene
        text = "Mee eens.\n\n" + ANSWER.partition("\n\n")[2] + "> Oud.\n" * 20_000
        assert receive(comment, bo, text=text) is Result.POSTED
        assert Comment.objects.get(parent=comment).state == State.PENDING


class TestWholeMails:
    """Mails as programs send them, headers and all."""

    @pytest.fixture
    def post(self, scene):
        comment, bo = scene

        def post(raw):
            address = reply_address.make(comment.pk, bo.pk).partition("@")[0]
            raw = raw.replace("reply+ADRES", address)
            assert by_mail.receive(raw.encode()) is Result.POSTED
            stored = Comment.objects.get(parent=comment)
            assert "@" not in stored.source + stored.html
            return stored

        return post

    HEAD = (
        "From: Bo <bo@lezer.example>\nTo: reply+ADRES@in.site.example\nMessage-ID: <9@l.example>\n"
        "MIME-Version: 1.0\n"
    )

    def test_an_iphone(self, post):
        stored = post((CASES / "iphone-nl.eml").read_text())
        assert stored.source == (
            "Op 3 mei 1940 schreef mijn oma in haar dagboek dat het stil was op straat en dat "
            "niemand wist waarom."
        )
        assert stored.state == State.APPROVED

    @pytest.mark.parametrize("alone", [True, False])
    def test_outlook(self, post, alone):
        html = (CASES / "outlook-nl.html").read_text()
        part = f"Content-Type: text/html; charset=utf-8\n\n{html}\n"
        plain = "Content-Type: text/plain; charset=utf-8\n\nIk ben het hier niet mee eens.\n"
        both = f"Content-Type: multipart/alternative; boundary=b\n\n--b\n{plain}--b\n{part}--b--\n"
        stored = post(self.HEAD + (part if alone else both))
        assert stored.source in (
            "Ik ben het hier niet mee eens, want de brug was toen al gesloten.",
            *(() if alone else ("Ik ben het hier niet mee eens.",)),
        )
        assert stored.state == State.APPROVED

    def test_text_on_both_sides_of_a_picture(self, post):
        text = "Content-Type: text/plain; charset=utf-8\n\n"
        picture = "Content-Type: image/gif\nContent-Disposition: inline\n\nGIF89a\n"
        stored = post(
            f"{self.HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\n{text}Hiervoor.\n"
            f"--b\n{picture}--b\n{text}En hierna.\n--b--\n"
        )
        assert stored.source == "Hiervoor.\nEn hierna."

    def test_a_reserved_name_is_refused_and_told(self, scene):
        comment, bo = scene
        Commenter.objects.filter(pk=bo.pk).update(name="Femke (auteur)")
        assert receive(comment, bo) is Result.REFUSED
        told = Delivery.objects.get(event__startswith="unposted")
        assert "lijkt op, die van een auteur" in " ".join(told.body.split())
        assert "Dat zie ik anders." in told.body


class TestDoors:
    def pipe(self, monkeypatch, raw):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        try:
            call_command("receive_mail", stdout=io.StringIO())
        except SystemExit as left:
            return left.code
        return 0

    def test_the_pipe(self, scene, monkeypatch):
        comment, bo = scene
        assert self.pipe(monkeypatch, message(comment, bo).as_bytes()) == 0
        assert Comment.objects.count() == 2
        assert self.pipe(monkeypatch, b"To: x@y.example\n\nniets") == 67
        assert self.pipe(monkeypatch, b"x" * (by_mail.MAX_BYTES + 5)) == 65

    def test_the_webhook(self, scene, client, settings):
        comment, bo = scene
        raw = message(comment, bo).as_bytes()
        good = {"Authorization": "Bearer geheim-van-de-postbode"}

        def call(headers, **more):
            body = {"data": raw, "content_type": "message/rfc822"} | more
            return client.post("/mail/inbound/", headers=headers, **body)

        assert call({"Authorization": "Bearer fout"}).status_code == 403
        assert call({}).status_code == 403
        assert Comment.objects.count() == 1
        answer = call(good)
        assert (answer.status_code, answer.text) == (200, "posted")
        form = {"body-mime": raw.decode()}
        again = client.post("/mail/inbound/", form, headers=good)
        assert again.text == "posted before"
        settings.INBOUND_SECRET = ""
        assert call({"Authorization": "Bearer "}).status_code == 403

    def test_more_of_one_person_is_to_be_brought_again(self, scene, client, settings, monkeypatch):
        comment, bo = scene
        settings.LIMITS = {"mail-person": 2}
        good = {"Authorization": "Bearer geheim-van-de-postbode"}
        codes = []
        for number in range(3):
            made = message(comment, bo, text="%25" * number, Message_ID=f"<{number}@lezer.example>")
            raw = made.as_bytes()
            codes.append(client.post("/mail/inbound/", raw, "message/rfc822", headers=good))
        assert [one.status_code for one in codes] == [200, 200, 429]
        assert codes[2]["Retry-After"] == "3600"
        assert self.pipe(monkeypatch, raw) == 75

    def test_half_a_signature_of_our_address_makes_it_wait(self, scene):
        comment, bo = scene
        part = reply_address.signature(comment.pk, bo.pk)[:10]
        assert receive(comment, bo, text=f"Ik vond {part} in mijn mail.") is Result.POSTED
        found = Comment.objects.get(parent=comment)
        assert part not in found.source
        assert found.state == State.PENDING

    def test_without_a_domain_no_address_is_given_or_read(self, settings):
        address = reply_address.make(1, 2)
        settings.INBOUND_DOMAIN = ""
        assert reply_address.make(1, 2) == ""
        assert reply_address.read(address) is None
