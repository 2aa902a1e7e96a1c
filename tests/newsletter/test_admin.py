"""The newsletter at the desk: numbers for who may see them, addresses for nobody."""

import lxml.html
import pytest
from django.core import mail as outbox_of

from authors.roles import Role
from comments.models import Delivery
from comments.notifications import deliveries
from newsletter.models import Issue
from tests.factories import make_article, make_author, make_user
from tests.newsletter.readers import make_news, make_reader
from tests.newsletter.test_sending import work

pytestmark = pytest.mark.django_db
LIST = "/admin/newsletter/issue/"


@pytest.fixture
def author(client):
    user = make_user(role=Role.AUTHOR, email="anna@blad.example")
    return make_author("Anna", user=user)


def test_an_editor_sees_numbers_and_no_address(client):
    make_reader("geheim@adres.example")
    make_news("Gemaild")
    work()
    client.force_login(make_user(role=Role.EDITOR))
    html = client.get(LIST).content.decode()
    assert "1 lezer krijgt de nieuwsbrief" in html
    assert "Gemaild" in html
    assert "adres.example" not in html


def test_an_author_sees_her_own_and_no_numbers_of_subscribers(client, author):
    make_reader()
    make_news("Van mij", authors=[author])
    make_news("Van een ander")
    work()
    client.force_login(author.user)
    html = client.get(LIST).content.decode()
    assert "Van mij" in html
    assert "Van een ander" not in html
    assert "krijgt de nieuwsbrief" not in html


@pytest.mark.parametrize("role", [None, Role.MODERATOR])
def test_others_see_nothing(client, role):
    article = make_article()
    client.force_login(make_user(role=role))
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}preview/{article.pk}/").status_code == 404
    client.logout()
    assert client.get(LIST).status_code == 302


def test_nothing_can_be_changed(client):
    make_reader()
    make_news()
    work()
    client.force_login(make_user(role=Role.OWNER))
    issue = Issue.objects.get()
    assert client.post(f"{LIST}{issue.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{issue.pk}/change/", {"title": "x"}).status_code == 403


class TestPreview:
    def test_it_shows_the_mail_of_a_draft_and_sends_a_sample_to_oneself(self, client, author):
        article = make_article("Een stuk", status="draft", lead="De <lead>.", authors=[author])
        client.force_login(author.user)
        url = f"{LIST}preview/{article.pk}/"
        html = client.get(url).content.decode()
        assert "De &lt;lead&gt;." in html
        assert not Delivery.objects.exists()
        assert client.post(url).status_code == 302
        deliveries.deliver.call(Delivery.objects.get().pk)
        (message,) = outbox_of.outbox
        assert message.to == ["anna@blad.example"]
        assert message.subject == "[Test] Een stuk"

    def test_its_layout_is_shown_in_a_frame_that_may_do_nothing(self, client, author):
        article = make_article("Een <b>stuk</b>", lead="De <script>.", authors=[author])
        client.force_login(author.user)
        url = f"{LIST}preview/{article.pk}/"
        page = lxml.html.fromstring(client.get(url).content)
        (frame,) = page.xpath("//iframe")
        assert frame.get("src").partition("?")[0] == f"{url}mail/"
        assert frame.get("sandbox") == "allow-popups allow-popups-to-escape-sandbox"
        framed = client.get(f"{url}mail/")
        assert "De &lt;script&gt;." in framed.content.decode()
        assert framed["X-Frame-Options"] == "SAMEORIGIN"
        policy = dict(
            part.strip().partition(" ")[::2]
            for part in framed["Content-Security-Policy"].split(";")
        )
        assert policy == {
            "default-src": "'none'",
            "style-src-attr": "'unsafe-inline'",
            "style-src-elem": "'unsafe-inline'",
            "img-src": "'self'",
            "frame-ancestors": "'self'",
            "base-uri": "'none'",
            "sandbox": "allow-popups allow-popups-to-escape-sandbox",
        }
        assert "unsafe" not in client.get(url)["Content-Security-Policy"]
        assert client.post(f"{url}mail/").status_code == 405
        client.force_login(make_user(role=Role.MODERATOR))
        assert client.get(f"{url}mail/").status_code == 404

    def test_of_another_s_article_it_is_not_found(self, client, author):
        client.force_login(author.user)
        for method in (client.get, client.post):
            assert method(f"{LIST}preview/{make_article().pk}/").status_code == 404
        assert not Delivery.objects.exists()

    def test_without_an_address_nothing_is_sent(self, client):
        client.force_login(make_user(role=Role.EDITOR))
        page = client.post(f"{LIST}preview/{make_article().pk}/", follow=True)
        assert "geen e-mailadres" in page.content.decode()
        assert not Delivery.objects.exists()
