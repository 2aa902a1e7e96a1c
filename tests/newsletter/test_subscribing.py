"""Subscribing: only by the button in a mail, without telling who is known, never a flood."""

import datetime
import re

import pytest
from django.core import mail as outbox_of
from django.test import Client
from django.utils import timezone

from authors import limits
from blog.models import SiteSettings
from comments import tokens
from comments.commenters.own_comments import commenter_erase, commenter_export
from comments.models import Commenter, Delivery, MailKind, Trust, mailing
from comments.notifications import deliveries
from newsletter import letters, services
from newsletter.models import MailPace, Subscription
from tests.factories import make_article, make_author, make_tag
from tests.newsletter.readers import make_reader

pytestmark = pytest.mark.django_db
URL = "/newsletter/"


def ask(client, email="anna@lezer.example", **values):
    return client.post(URL, {"email": email, "pace": "once", "to": "", **values})


def link(number=-1):
    """The address in the last mail that asks to confirm."""
    for delivery in Delivery.objects.filter(event__startswith="join"):
        deliveries.deliver.call(delivery.pk)
    return re.search(r"https?://[^/]+(/newsletter/\S+)", outbox_of.outbox[number].body)[1]


class TestDoubleOptIn:
    def test_nobody_is_subscribed_before_the_button(self, client):
        assert ask(client).status_code == 200
        url = link()
        assert not Subscription.objects.exists()
        page = client.get(url)
        assert page.status_code == 200
        assert client.head(url).status_code == 200
        assert not Subscription.objects.exists()
        assert Commenter.objects.get().confirmed_at is None
        assert client.post(url).status_code == 200
        assert client.post(url).status_code == 200
        one = Subscription.objects.get()
        assert (one.author, one.tag, one.pace) == (None, None, "once")
        assert one.person.confirmed_at is not None
        assert page["Referrer-Policy"] == "no-referrer"
        assert "no-store" in page["Cache-Control"]

    def test_to_an_author_or_a_subject_weekly(self, client):
        author, tag = make_author("Anna", slug="anna"), make_tag("Werk", slug="werk")
        ask(client, to="author:anna", pace="weekly")
        client.post(link())
        ask(client, to="tag:werk")
        client.post(link())
        found = set(Subscription.objects.values_list("author", "tag", "pace"))
        assert found == {(author.pk, None, "weekly"), (None, tag.pk, "once")}

    def test_a_token_of_another_purpose_or_a_forged_one_is_404(self, client):
        person = make_reader()
        wanted = [person.pk, person.email, 0, 0, "once"]
        for token in (
            tokens.make(tokens.Purpose.CONFIRM, wanted),
            tokens.make(tokens.Purpose.LEAVE, wanted),
            tokens.make(tokens.Purpose.JOIN, [person.pk, "ander@lezer.example", 0, 0, "once"]),
            tokens.make(tokens.Purpose.JOIN, [person.pk, person.email, 999, 0, "once"]),
            "x" * 600,
        ):
            assert client.post(f"/newsletter/confirm/{token}/").status_code == 404
        token = tokens.make(tokens.Purpose.JOIN, [person.pk, person.email])
        assert client.post(f"/newsletter/stop/{token}/").status_code == 404

    def test_one_link_cannot_subscribe_another_address(self, client):
        ask(client)
        url = link()
        Commenter.objects.update(email="ander@lezer.example")
        assert client.post(url).status_code == 404


class TestSilence:
    def test_the_answer_is_the_same_whoever_is_known(self, client):
        make_reader("bekend@lezer.example")
        make_reader("geweerd@lezer.example", subscribed=False, trust=Trust.BLOCKED)
        make_reader("kapot@lezer.example", subscribed=False, bounced_at=timezone.now())
        pages = {
            re.sub(r"nonce-\S+", "", ask(client, f"{name}@lezer.example").content.decode())
            for name in ("bekend", "onbekend", "geweerd", "kapot")
        }
        assert len(pages) == 1

    def test_wrong_input_keeps_what_was_typed(self, client):
        page = ask(client, "geen adres", pace="weekly", to="tag:weg")
        html = page.content.decode()
        assert page.status_code == 422
        assert 'value="geen adres"' in html
        assert "geen geldig e-mailadres" in html
        assert ask(client, pace="altijd").status_code == 422
        assert ask(client, to="author:niemand").status_code == 422
        assert not Delivery.objects.exists()

    @pytest.mark.parametrize("email", ["a@b.example\nBcc: x@y.example", "a@b.example\x00", "<a@b>"])
    def test_no_header_comes_in_through_an_address(self, client, email):
        assert ask(client, email).status_code in (400, 422)
        assert not Delivery.objects.exists()

    def test_from_another_site_it_is_refused(self):
        client = Client(enforce_csrf_checks=True)
        values = {"email": "anna@lezer.example", "pace": "once"}
        assert (
            client.post(URL, values, headers={"origin": "https://kwaad.example"}).status_code == 403
        )
        assert not Commenter.objects.exists()


class TestFloods:
    def test_a_mailbox_gets_three_mails_a_day(self, client):
        for number in range(6):
            email = "anna@lezer.example" if number % 2 else f"anna+{number}@lezer.example"
            assert ask(client, email).status_code == 200
        assert Delivery.objects.count() == 3

    def test_a_network_asks_so_often_an_hour(self, client, time_machine):
        most = limits.most("ask")
        for number in range(most):
            assert ask(client, f"lezer{number}@lezer.example").status_code == 200
        page = ask(client, "meer@lezer.example")
        assert page.status_code == 429
        assert 'value="meer@lezer.example"' in page.content.decode()
        assert Delivery.objects.count() == most
        time_machine.move_to(timezone.now() + datetime.timedelta(hours=2))
        assert ask(client, "meer@lezer.example").status_code == 200

    def test_all_together_they_are_counted_among_the_mails_to_strangers(self):
        assert any(MailKind.JOIN in kinds for kinds in mailing.STRANGERS.values())


class TestEnding:
    def test_a_mail_program_stops_it_with_one_post(self, client):
        person = make_reader()
        make_reader(author=make_author())
        url = letters.stop_url(person).made().partition("127.0.0.1:8000")[2]
        assert client.get(url).status_code == 200
        assert Subscription.objects.count() == 2
        # RFC 8058: no cookie, no Origin.
        assert client.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert not Subscription.objects.exists()
        assert client.post(url).status_code == 200

    def test_one_of_several_and_never_somebody_else_s(self, client):
        person, other = make_reader(), make_reader("bram@lezer.example")
        make_reader(tag=make_tag("Werk"))
        url = letters.stop_url(person).made().partition("127.0.0.1:8000")[2]
        client.post(url, {"subscription": other.newsletters.get().pk})
        assert Subscription.objects.count() == 3
        client.post(url, {"subscription": person.newsletters.get(tag=None).pk})
        assert [str(one) for one in person.newsletters.all()] == ["Werk"]
        assert "Artikelen over ‘Werk’" in client.get(url).content.decode()


class TestOwnData:
    def test_the_own_page_shows_and_ends_them(self, client):
        person = make_reader(author=make_author("Anna Schrijver"))
        token = tokens.make(tokens.Purpose.MINE, [person.pk, person.email])
        html = client.get(f"/mine/{token}/").content.decode()
        assert "Artikelen van Anna Schrijver" in html
        action = re.search(r'action="[^"]*(/newsletter/stop/[^"]+)"', html)[1]
        client.post(action, {"subscription": person.newsletters.get().pk})
        assert not person.newsletters.exists()

    def test_export_and_erasure_include_them(self):
        person = make_reader(tag=make_tag("Werk"))
        (one,) = commenter_export(person)["newsletter"]["subscriptions"]
        assert (one["to"], one["how_often"]) == ("Werk", "once")
        commenter_erase(commenter=person)
        assert not Subscription.objects.exists()

    def test_a_subscriber_is_no_stranger_to_forget(self):
        from comments.jobs import forget_strangers

        make_reader()
        make_reader("los@lezer.example", subscribed=False)
        Commenter.objects.update(created_at=timezone.now() - datetime.timedelta(days=100))
        forget_strangers()
        assert [person.email for person in Commenter.objects.all()] == ["anna@lezer.example"]


class TestForms:
    def test_they_stand_below_pages_and_need_no_cookie(self, client):
        author, tag = make_author("Anna", slug="anna"), make_tag("Werk", slug="werk")
        article = make_article(authors=[author], tags=[tag])
        for url, wanted in [
            ("/", [""]),
            ("/author/anna/", ["author:anna", ""]),
            ("/tag/werk/", ["tag:werk", ""]),
            (article.get_absolute_url(), ["", "author:anna", "tag:werk"]),
        ]:
            page = client.get(url)
            html = page.content.decode()
            form = html[html.index('action="/newsletter/"') :]
            chosen = form[form.index("<select") : form.index("</select>")]
            assert re.findall(r'value="([^"]*)"', chosen) == wanted, url
            assert not page.cookies
            assert "csrfmiddlewaretoken" not in form

    def test_a_site_without_a_newsletter(self, client):
        SiteSettings.objects.update_or_create(pk=1, defaults={"newsletter": False})
        assert 'action="/newsletter/"' not in client.get("/").content.decode()
        assert client.get(URL).status_code == 404
        assert ask(client).status_code == 404


def test_subscribing_again_changes_how_often():
    person = make_reader()
    services.subscribe(person=person, author=None, tag=None, pace=MailPace.WEEKLY)
    assert person.newsletters.get().pace == "weekly"
