"""A form of the desk that is not taken comes back with its text, and leads to pages that open."""

import re
from html import unescape

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, resolve, reverse

from authors.roles import Role
from blog.models import Article, SiteSettings
from comments.models import Comment
from config import kept
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db
EVIL = '</textarea><script>alert(1)</script>"\nregel twee'
ADD = "/admin/blog/article/add/"


def onward(answer):
    return re.search(r'href="(/admin/login/\?next=[^"]*)" target="_blank"', answer.text)[1]


def addresses(resolver=None, base="/"):
    """Every address of the desk, with numbers in the place of its arguments."""
    for one in (resolver or get_resolver()).url_patterns:
        route = base + re.sub(
            r"<([^:>]*:)?(\w+)>",
            lambda m: "x" if m[1] in ("slug:", None) else "1",
            str(one.pattern),
        )
        if isinstance(one, URLResolver):
            yield from addresses(one, route)
        elif isinstance(one, URLPattern) and route.startswith("/admin/") and "(" not in route:
            yield route


def test_who_is_not_logged_in_any_more_gets_her_text_back(client):
    sent = {
        "title": "Wie is er van de vergadering?", "body_source": EVIL, "words": "Werk, Zorg",
        "people": ["3", "4"], "csrfmiddlewaretoken": "abc123abc", "password1": "geheim-woord",
        "links-TOTAL_FORMS": "2", "copy_key": "0b7c1a52", "lead": "  ", "_save": "Opslaan",
        "links-0-url": "https://x.example",
    }  # fmt: skip
    answer = client.post(ADD, sent, headers={"Referer": f"http://testserver{ADD}?original=3"})
    assert answer.status_code == 403
    assert "no-store" in answer["Cache-Control"]
    page = answer.text
    assert "U bent niet meer aangemeld" in page
    for value in ("Wie is er van de vergadering?", "Werk, Zorg", "https://x.example"):
        assert f'value="{value}" readonly' in page
    assert EVIL not in page
    body = re.search(r"<textarea[^>]*readonly>\n(.*?)</textarea>", page, re.DOTALL)[1]
    assert unescape(body) == EVIL
    assert re.search(r'<label for="kept-1">Titel</label>', page)
    for secret in ("abc123abc", "geheim-woord", "0b7c1a52", "Opslaan"):
        assert secret not in page
    assert onward(answer) == "/admin/login/?next=%2Fadmin%2Fblog%2Farticle%2Fadd%2F%3Foriginal%3D3"


@pytest.mark.parametrize(
    ("referer", "target"),
    [
        ("", "/admin/"),
        ("https://kwaad.example/admin/blog/article/add/", "/admin/"),
        ("http://testserver@kwaad.example/admin/blog/article/add/", "/admin/"),
        ("http://testserver/2025/11/stuk/", "/admin/"),
        ("http://testserver//kwaad.example/", "/admin/"),
        ("http://[", "/admin/"),
        ("http://testserver/admin/nergens/", "/admin/"),
        ("http://testserver/admin/login/", "/admin/"),
        ("http://testserver/admin/logout/", "/admin/"),
        ("http://testserver/admin/comments/comment/8/decide/", "/admin/comments/comment/"),
        ("http://testserver/admin/comments/comment/?tab=x", "/admin/comments/comment/%3Ftab%3Dx"),
    ],
)
def test_the_login_leads_to_the_page_that_the_form_stood_on(client, referer, target):
    answer = client.post(
        "/admin/comments/comment/8/decide/", {"note": "x"}, headers={"Referer": referer}
    )
    assert onward(answer).partition("=")[2].replace("%2F", "/") == target


def test_every_form_of_the_desk_gives_its_text_back():
    """Whatever page takes it, and whoever is there: nobody, a reader, one without her factor."""
    SiteSettings.objects.create(pk=1)
    article = make_article()
    reader = Client()
    reader.force_login(make_user(is_staff=False))
    asked = [
        address for address in addresses() if address not in ("/admin/login/", "/admin/logout/")
    ]
    asked = [
        address for address in asked
        if not re.match(
            r"/admin/(second-factor|reset|password_reset|session|jsi18n|edit)/", address
        )
    ]  # fmt: skip
    assert len(asked) > 60
    for address in asked:
        for browser in (Client(REMOTE_ADDR=f"10.0.{len(address)}.1"), reader):
            answer = browser.post(address, {"note": "Een halve dag werk."})
            if answer.status_code in (301, 302) and answer["Location"].startswith("/admin/"):
                # An address without its end: the browser sends nothing there.
                continue
            assert answer.status_code == 403, address
            assert 'value="Een halve dag werk."' in answer.text, address
    assert Article.objects.get() == article


def test_a_second_factor_that_is_due_takes_no_text_away(client, settings):
    settings.SECOND_FACTOR_FOR = "everyone"
    settings.SECOND_FACTOR_GRACE = 0
    client.force_login(make_user(role=Role.EDITOR))
    answer = client.post(ADD, {"title": "Een stuk"})
    assert answer.status_code == 403
    assert 'value="Een stuk"' in answer.text
    assert not Article.objects.exists()


def test_nothing_but_what_was_sent_is_shown(client):
    article = make_article("Geheim concept", status="draft", body="<p>Geheime tekst.</p>")
    answer = client.post(f"/admin/blog/article/{article.pk}/change/", {"title": "Mijn"})
    assert "Mijn" in answer.text
    assert "Geheim" not in answer.text


class TestTokens:
    def strict(self, user):
        browser = Client(enforce_csrf_checks=True)
        if user:
            browser.force_login(user)
        return browser

    def test_a_form_of_an_earlier_login_comes_back(self):
        browser = self.strict(make_user(role=Role.EDITOR))
        answer = browser.post(
            ADD, {"title": "Een stuk"}, headers={"Referer": f"http://testserver{ADD}"}
        )
        assert answer.status_code == 403
        assert 'value="Een stuk"' in answer.text
        assert "Uw tekst staat hieronder" in answer.text
        assert f'href="{ADD}" target="_blank"' in answer.text
        assert "niet meer aangemeld" not in answer.text
        assert "ververs" not in answer.text.lower()
        assert "uw tekst staat er nog" not in answer.text.lower()

    def test_without_a_login_it_says_that(self):
        answer = self.strict(None).post(ADD, {"title": "Een stuk"})
        assert "U bent niet meer aangemeld" in answer.text

    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://kwaad.example"},
            {"Origin": "null"},
            {"Referer": "https://kwaad.example/"},
            {"Referer": "http://testserver.kwaad.example/"},
        ],
        ids=str,
    )
    @pytest.mark.parametrize("user", [None, Role.EDITOR])
    def test_the_words_of_another_site_are_not_shown(self, headers, user):
        browser = self.strict(make_user(role=user) if user else None)
        answer = browser.post(ADD, {"title": "Bel dit nummer"}, headers=headers)
        assert answer.status_code == 403
        assert "Bel dit nummer" not in answer.text


class TestPostOnly:
    HTML = {"Accept": "text/html,*/*;q=0.8"}

    def test_what_only_takes_forms_is_known_as_such(self, client):
        """`takes_get` agrees with what every named address of the desk answers."""
        client.force_login(make_user(role=Role.OWNER, is_superuser=True))
        only = set()
        for address in addresses():
            named = resolve(address).url_name and not address.endswith(("/login/", "/logout/"))
            if client.get(address).status_code == 405:
                only.add(address)
                assert not kept.takes_get(address), address
            elif named:
                assert kept.takes_get(address), address
        assert len(only) > 10

    def test_who_opens_one_is_led_to_its_list(self, client):
        client.force_login(make_user(role=Role.OWNER, is_superuser=True))
        make_author()
        seen = 0
        for address in addresses():
            if client.get(address).status_code != 405:
                continue
            seen += 1
            answer = client.get(address, headers=self.HTML, follow=True)
            assert len(answer.redirect_chain) >= 1, address
            assert answer.status_code == 200, address
            assert "neemt alleen aan wat een formulier verstuurt" in answer.text, address
        assert seen > 10

    def test_a_login_that_leads_to_one_ends_at_the_queue(self, client):
        make_user("femke", role=Role.MODERATOR)
        target = "/admin/comments/comment/82/decide/"
        sent = {"username": "femke", "password": "geheim-woord", "next": target}
        answer = client.post(f"/admin/login/?next={target}", sent, headers=self.HTML, follow=True)
        assert answer.redirect_chain[-1][0] == "/admin/comments/comment/"
        assert answer.status_code == 200
        assert not Comment.objects.exists()

    def test_every_model_of_the_desk_has_its_list(self):
        for model in admin.site._registry:
            name = f"{model._meta.app_label}/{model._meta.model_name}"
            try:
                reverse(f"admin:{name.replace('/', '_')}_changelist")
            except NoReverseMatch:
                pytest.fail(name)
            assert kept.list_of(f"/admin/{name}/1/act/").endswith(f"/{name}/")
