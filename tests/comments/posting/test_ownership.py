"""A right over a comment goes to the browser that wrote it, never to who names the comment.

What is named here: a name with words, an address, a number, a made-up key.
"""

import re
import uuid

import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from blog.models import Hold, SiteSettings
from blog.site import token_kinds
from comments import tokens
from comments.forms import is_random
from comments.models import Comment, Commenter, State, Trust
from comments.moderation.states import comment_reject
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.tokens import Purpose
from core import tokens as signed
from newsletter.models import Subscription
from tests.factories import make_article, make_user

GUEST = {"name": "Anna", "text": "Een gedachte die u al las."}
WEAK = ["", "a", "1", "k" * 32, "0" * 32, "01" * 16, "x" * 64, "x" * 5000, "anna-2026", "é" * 32]
# What a signed token looks like (django.core.signing): value, time, signature.
TOKEN = re.compile(r"[\w-]+:\w{6}:[\w-]{43}")


def send(client, article, json=False, **fields):
    headers = {"accept": "application/json"} if json else {}
    url = f"{article.get_absolute_url()}reply/"
    return client.post(url, {**GUEST, **fields}, headers=headers)


def tokens_in(answer):
    """Every signed token in an answer, its headers included."""
    return set(TOKEN.findall(f"{answer.content.decode()} {answer.headers}"))


@pytest.fixture
def article(db):
    SiteSettings.objects.create(pk=1, hold=Hold.NOBODY, flood_limit=0, posts_per_hour=0)
    return make_article()


class TestRepeat:
    @pytest.mark.parametrize("hold", Hold.values)
    @pytest.mark.parametrize("json", [False, True])
    def test_by_another_gives_no_right_and_no_double(self, client, article, json, hold):
        SiteSettings.objects.update(hold=hold)
        shown = hold == Hold.NOBODY
        for number, key in enumerate(WEAK):
            text = f"Gedachte {number}."
            assert tokens_in(send(client, article, json, key=key, text=text))
            stored = Comment.objects.get(source=text)
            other = send(Client(), article, json, key=key, text=text)
            assert Comment.objects.filter(source=text).count() == 1
            assert not tokens_in(other), key
            url = stored.get_absolute_url()
            if json:
                assert other.status_code == 200
                assert "al geplaatst" in other.json()["message"]
                assert other.json()["url"] == (url if shown else "")
            elif shown:
                assert other.status_code == 303
                assert other["Location"] == f"{url}#comment-{stored.pk}"
            else:
                assert other.status_code == 200
                assert "al geplaatst" in other.text

    def test_of_a_refused_one_tells_nothing_of_the_decision(self, client, article):
        SiteSettings.objects.update(hold=Hold.UNKNOWN)
        send(client, article)
        waiting = send(Client(), article).text
        comment_reject(comment=Comment.objects.get(), actor=None, reason="Geheime reden")
        refused = send(Client(), article).text
        assert re.sub(r"nonce-\S+", "", refused) == re.sub(r"nonce-\S+", "", waiting)

    def test_with_the_random_key_of_the_form_is_the_writer_s_own(self, client, article):
        for key in (uuid.uuid4().hex, str(uuid.uuid4())):
            places = {send(client, article, key=key)["Location"].partition("?")[0] for _ in "ab"}
            assert len(places) == 1
            answer = send(client, article, json=True, key=key)
            assert answer.status_code == 201
            assert tokens.read(Purpose.OWN, answer.json()["own"]) == answer.json()["id"]
        assert Comment.objects.count() == 2

    def test_with_another_random_key_is_another_comment(self, client, article):
        send(client, article, key=uuid.uuid4().hex)
        answer = send(Client(), article, json=True, key=uuid.uuid4().hex)
        first, second = Comment.objects.order_by("pk")
        assert tokens.read(Purpose.OWN, answer.json()["own"]) == second.pk != first.pk

    def test_the_page_to_write_on_gives_each_browser_a_key_of_its_own(self, client, article):
        url = f"{article.get_absolute_url()}reply/"
        keys = {re.search(r'name="key" value="([^"]+)"', client.get(url).text)[1] for _ in range(3)}
        assert len(keys) == 3
        assert all(map(is_random, keys))
        assert "no-store" in client.get(url)["Cache-Control"]
        assert (
            re.search(r'name="key"[^>]*value="[^"]', client.get(article.get_absolute_url()).text)
            is None
        )

    def test_by_the_same_account_is_its_own_and_by_a_guest_is_not(self, client, article):
        user = make_user(first_name="Anna", last_name="")
        client.force_login(user)
        first, again = (send(client, article, json=True).json()["own"] for _ in range(2))
        assert tokens.read(Purpose.OWN, first) == tokens.read(Purpose.OWN, again)
        assert Comment.objects.count() == 1
        # A guest under her name is nobody else than a guest, and is refused it.
        assert send(Client(), article).status_code == 422
        assert Comment.objects.count() == 1


@given(st.text(max_size=80) | st.from_regex(r"\A[0-9a-f]{1,40}\Z"))
def test_a_key_counts_only_with_the_shape_of_128_random_bits(key):
    bare = key.replace("-", "").lower()
    if is_random(key):
        assert re.fullmatch("[0-9a-f]{32}", bare)
        assert len(set(bare)) >= 8
    assert is_random(uuid.uuid4().hex)


def everywhere(patterns=None, before=""):
    """The route of every page outside the admin, as Django writes it."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(one.pattern)
        if "admin" in route or "namespace" in getattr(one, "default_args", {}):
            continue
        if isinstance(one, URLResolver):
            yield from everywhere(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            yield route


def gives_no_right(token, path, anna, comments):
    for purpose in Purpose:
        found = tokens.read(purpose, token)
        mine = [one.pk for one in comments] if purpose == Purpose.OWN else []
        named = isinstance(found, list) and found[0] == anna.pk
        assert found not in mine, (path, purpose, found)
        assert not named, (path, purpose, found)
    assert signed.read(token_kinds.ARTICLE_MAIL, token) is None


def test_no_page_hands_out_a_right_for_what_is_only_named(article, client):
    """Ask every page for everything, with what a stranger knows of Anna: nothing signed comes back
    that names her or her comments."""
    email = "anna@lezer.example"
    comments = [
        comment_post(
            submission=Submission(
                article=article, name="Anna", email=email, client=b"a" * 16, text=text
            ),
            site=SiteSettings(hold=hold, flood_limit=0),
        )[0]
        for text, hold in ((GUEST["text"], Hold.NOBODY), ("Wacht nog.", Hold.UNKNOWN))
    ]
    anna = Commenter.objects.get()
    Commenter.objects.update(trust=Trust.KNOWN, confirmed_at=timezone.now())
    Subscription.objects.create(person=anna)
    day = timezone.localtime(article.published_at)
    asked = 0
    for route in everywhere():
        for comment in comments:
            values = {
                "year": day.year, "month": f"{day.month:02}", "slug": article.slug,
                "comment_id": comment.pk, "article_id": article.pk, "token": "x",
            }  # fmt: skip
            path = re.sub(
                r"<(?:\w+:)?(\w+)>", lambda m, known=values: str(known.get(m[1], "1")), route
            )
            if re.search(r"[\\^$(]", path):
                continue
            fields = {
                "name": "Anna", "email": email, "text": comment.source, "key": "", "own": "",
                "proof": "", "reader": "", "to": comment.pk, "parent": "", "complaint": "insult",
                "note": "", "pace": "once", "valued": "1", "action": "confirm", "sure": "yes",
                "comment": comment.pk, "decision": "approve", "follow": "on", "send": "1",
            }  # fmt: skip
            query = {"own": comment.pk, "to": comment.pk, "secret": ""}
            stranger = Client()
            for headers in ({}, {"accept": "application/json"}):
                answers = [
                    stranger.get(f"/{path}", query, headers=headers),
                    stranger.post(f"/{path}", fields, headers=headers),
                    stranger.post(f"/{path}", {**fields, "key": "1"}, headers=headers),
                ]
                for answer in answers:
                    asked += 1
                    for token in [] if answer.streaming else tokens_in(answer):
                        gives_no_right(token, path, anna, comments)
    assert asked > 300
    # Nor did anything of hers change; mail went to her alone.
    for comment in comments:
        before = (comment.source, comment.state, comment.name)
        comment.refresh_from_db()
        assert (comment.source, comment.state, comment.name) == before
    assert Subscription.objects.count() == 1
    anna.refresh_from_db()
    assert (anna.muted, anna.name, anna.trust) == (False, "Anna", Trust.KNOWN)
    assert all(message.to == [email] for message in outbox.outbox)
    assert comments[1].state == State.PENDING
