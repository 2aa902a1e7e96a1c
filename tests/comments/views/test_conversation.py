"""Posting and reading through the client: what is stored, what comes back, who sees what."""

import json
import uuid

import pytest
from django.db import OperationalError

from authors.roles import Role
from blog.models import Article, Hold, SiteSettings
from comments.models import Comment, Effect, Rule, State
from comments.moderation.states import comment_remove, comment_spam
from comments.thread import selectors
from comments.views import conversation
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db

GUEST = {"name": "Bo Jansen", "email": "bo@lezer.example", "text": "Een *mooi* stuk."}


@pytest.fixture
def open_site():
    return SiteSettings.objects.update_or_create(pk=1, defaults={"hold": Hold.NOBODY})[0]


def send(client, article, json_answer=False, **fields):
    headers = {"sec-fetch-site": "same-origin"}
    if json_answer:
        headers["accept"] = "application/json"
    return client.post(f"{article.get_absolute_url()}reply/", {**GUEST, **fields}, headers=headers)


def page(client, article, query=""):
    return client.get(article.get_absolute_url() + query).content.decode()


def test_a_guest_posts_and_her_comment_waits_for_others(client):
    article = make_article()
    answer = send(client, article)
    assert answer.status_code == 303
    place = answer["Location"].partition("#")[0]
    mine = client.get(place)
    assert "<em>mooi</em>" in mine.content.decode()
    assert "no-store" in mine["Cache-Control"]
    assert 'content="noindex' in mine.content.decode()
    assert client.get(place.partition("?")[0]).status_code == 404
    assert client.get(f"{place}x").status_code == 404
    assert "mooi" not in page(client, article)
    assert "bo@lezer.example" not in mine.content.decode()


def test_a_reply_is_nested_under_its_parent(client, open_site):
    article = make_article()
    send(client, article)
    root = Comment.objects.get()
    send(client, article, text="Een antwoord.", parent=root.pk, name="Anna")
    html = page(client, article)
    assert html.index(f'id="comment-{root.pk}"') < html.index('<ol class="replies">')
    assert html.index('<ol class="replies">') < html.index("Een antwoord.")
    assert "2 reacties" in html


def test_an_author_answers_without_name_fields(client):
    user = make_user(role=Role.AUTHOR)
    author = make_author("Femke Oldenziel", user=user)
    article = make_article(authors=[author])
    client.force_login(user)
    form = client.get(f"{article.get_absolute_url()}reply/").content.decode()
    assert 'name="email"' not in form
    send(client, article, name="Iemand anders", text="Dank u.")
    comment = Comment.objects.get()
    assert (comment.name, comment.author, comment.state) == (
        "Femke Oldenziel",
        author,
        State.APPROVED,
    )


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"text": "  \n "}, "text"),
        ({"text": "x" * 10_001}, "text"),
        ({"text": "http://a.example " * 40}, "text"),
        ({"name": ""}, "name"),
        ({"name": "n" * 61}, "name"),
        ({"name": "F\u0435mk\u0435  OLDENZIEL"}, "name"),
        ({"email": "geen adres"}, "email"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"contact_by_fax": "ja"}, "contact_by_fax"),
    ],
)
@pytest.mark.parametrize("json_answer", [True, False])
def test_what_is_wrong_is_said_and_the_text_stays(client, open_site, fields, word, json_answer):
    make_author("Femke Oldenziel")
    article = make_article()
    answer = send(client, article, json_answer, **fields)
    assert answer.status_code == 422
    html = json.loads(answer.content)["html"] if json_answer else answer.content.decode()
    assert {**GUEST, **fields}["text"].strip()[:40] in html
    assert "field-error" in html or "error-summary" in html
    assert not Comment.objects.exists()


@pytest.mark.parametrize("state", ["spam", "removed", "elsewhere", "nonsense"])
def test_a_parent_that_cannot_be_answered_keeps_the_text(client, open_site, state):
    article = make_article()
    send(client, article)
    root = Comment.objects.get()
    target = article
    number = root.pk
    if state == "spam":
        comment_spam(comment=root, actor=None)
    elif state == "removed":
        comment_remove(comment=root, actor=None, reason="x")
    elif state == "elsewhere":
        target = make_article()
    else:
        number = "' OR 1=1"
    answer = send(client, target, parent=number, text="Mijn lange antwoord.")
    assert answer.status_code == 409
    assert "Mijn lange antwoord." in answer.content.decode()
    assert Comment.objects.count() == 1


def test_a_closed_conversation_keeps_the_text(client):
    article = make_article(comment_policy="closed")
    answer = send(client, article, text="Te laat gekomen.")
    assert answer.status_code == 403
    assert "Te laat gekomen." in answer.content.decode()


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_no_conversation_under_what_is_not_public(client, status):
    article = make_article(status=status)
    assert send(client, article).status_code == 404


def test_without_a_database_the_text_comes_back(client, monkeypatch, open_site):
    article = make_article()

    def away(**_):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(conversation, "comment_post", away)
    answer = send(client, article, text="Bewaar mij.")
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "Bewaar mij." in answer.content.decode()


def test_double_submit_posts_once(client, open_site):
    article = make_article()
    key = uuid.uuid4().hex
    places = {send(client, article, key=key)["Location"].partition("?")[0] for _ in range(5)}
    assert len(places) == 1
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://kwaad.example"},
        {"origin": "null"},
        {"referer": "https://kwaad.example/"},
        {"referer": "https://testserver@kwaad.example/testserver/"},
        {"referer": "http://["},
    ],
)
def test_other_sites_cannot_post(client, headers):
    strict = type(client)(enforce_csrf_checks=True)
    article = make_article()
    answer = strict.post(f"{article.get_absolute_url()}reply/", GUEST, headers=headers)
    assert answer.status_code == 403
    assert not Comment.objects.exists()


def test_script_in_every_field_of_a_comment_is_text(client, open_site):
    article = make_article()
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    send(client, article, name=evil[:55], text=evil, website='https://a.example/"onload="x')
    send(client, article, name=evil[:55], text=evil)
    html = page(client, article)
    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_the_website_shows_after_approval_only(client):
    article = make_article()
    place = send(client, article, website="https://spam.example")["Location"]
    assert "spam.example" not in client.get(place.partition("#")[0]).content.decode()


class TestMe:
    def test_strangers_are_nobody(self, client):
        assert client.get("/me/").json() == {}

    def test_an_author_is_named_and_nothing_is_shared(self, client):
        user = make_user(role=Role.AUTHOR)
        make_author("Femke", user=user)
        client.force_login(user)
        answer = client.get("/me/")
        assert answer.json()["name"] == "Femke"
        assert "no-store" in answer["Cache-Control"]


class TestLongThreads:
    @pytest.fixture
    def article(self, client, open_site, monkeypatch):
        monkeypatch.setattr(selectors, "PAGE", 7)
        return make_article()

    def grow(self, client, article, count):
        parent = ""
        for number in range(count):
            send(client, article, text=f"Reactie {number}.", parent=parent)
            newest = Comment.objects.order_by("-id").first()
            parent = newest.pk if number % 4 else ""

    def test_the_pages_walk_every_comment_once(self, client, article):
        self.grow(client, article, 25)
        seen, query = [], ""
        while query is not None:
            answer = client.get(article.get_absolute_url() + query)
            html = answer.content.decode()
            seen += [
                pk
                for pk in Comment.objects.values_list("pk", flat=True)
                if f'id="comment-{pk}"' in html
            ]
            query = None
            if "?after=" in html:
                query = html.partition("?after=")[2].partition("#")[0].join(["?after=", ""])
        assert sorted(seen) == sorted(Comment.objects.values_list("pk", flat=True))
        assert len(seen) == len(set(seen))

    def test_a_page_costs_the_same_for_any_thread(self, client, article, django_assert_num_queries):
        client.get(article.get_absolute_url())  # The settings are known from here on.
        self.grow(client, article, 3)
        with django_assert_num_queries(5):  # The rest of the page is still there.
            client.get(article.get_absolute_url())
        with django_assert_num_queries(1):
            client.get(article.get_absolute_url())
        self.grow(client, article, 30)
        with django_assert_num_queries(5):
            client.get(article.get_absolute_url())
        with django_assert_num_queries(1):
            client.get(article.get_absolute_url())

    @pytest.mark.parametrize("query", ["?after=999999999", "?before=x", "?after=-1", "?after=²"])
    def test_unknown_pages_are_the_first(self, client, article, query):
        self.grow(client, article, 2)
        assert "Reactie 0." in page(client, article, query)


def test_counts_follow_decisions(client, open_site):
    article = make_article()
    send(client, article)
    assert "1 reactie<" in page(client, article)
    comment_remove(comment=Comment.objects.get(), actor=None, reason="Scheldt")
    html = page(client, article)
    assert Article.objects.get().comment_count == 0
    assert "Scheldt" in html
    assert "mooi" not in html


@pytest.mark.django_db
def test_a_rule_refuses_with_its_words_and_keeps_the_text(client):
    Rule.objects.create(pattern="casino", effect=Effect.REFUSE, active=True)
    article = make_article()
    address = f"{article.get_absolute_url()}reply/"
    data = {"text": "Een casino, waarom niet?", "name": "Anna", "email": "anna@lezer.example"}
    response = client.post(address, data, headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 403
    page = response.content.decode()
    assert "Een casino, waarom niet?" in page
    assert "Reacties met ‘casino’ nemen wij hier niet op." in page
    assert not Comment.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "kept"), [("3", 3), ("99999999", 32_767), ("-1", None), ("²", None), ("", None)]
)
def test_how_fast_it_was_typed_is_a_hint(client, sent, kept):
    article = make_article()
    data = {"text": "Een gedachte.", "name": "Anna", "seconds": sent}
    client.post(
        f"{article.get_absolute_url()}reply/", data, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert Comment.objects.get().seconds == kept


def test_the_front_page_quotes_the_newest_of_each_conversation(client, open_site):
    first, second = make_article("Eerste"), make_article("Tweede", language="en")
    send(client, first, text="Oud woord.", name="Anna")
    send(client, first, text="> Oud woord.\n\n" + "Nieuw woord van mij. " * 20, name="Bo Jansen")
    send(client, second, text="> Alleen een citaat.", name="Cas")
    send(client, second, text="Said <here>.", name="Dirk")
    comment_spam(comment=Comment.objects.get(name="Dirk"), actor=None)
    front = client.get("/").text
    now = front.partition('class="now"')[2].partition("</section>")[0]
    assert now.count("<blockquote") == 1
    assert "Nieuw woord van mij. Nieuw" in now
    assert "Oud woord" not in now
    assert "Alleen een citaat" not in now
    assert f"#comment-{Comment.objects.get(name='Bo Jansen').pk}" in now
    # The article in the other language says so.
    assert '<span class="language">English</span>' in front
    assert 'class="now"' not in client.get(f"/?before=9-{first.pk}").text
