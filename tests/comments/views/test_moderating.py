"""Deciding in the conversation: every act by every role, undone; who may not; what readers get."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from authors.roles import Role
from blog.models import Article, Hold, SiteSettings
from comments.models import Ban, Comment, ModerationEvent, State, page_address
from comments.moderation import states, undo
from tests.comments.desks import JSON, OPEN, post, report, seen
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db

# What is decided about a comment in which state, with what, and what it is then.
ACTS = (
    (State.PENDING, {"decision": "approve"}, {"state": State.APPROVED}),
    (State.PENDING, {"decision": "refuse", "reason": "Te kort."}, {"state": State.REJECTED}),
    (State.PENDING, {"decision": "spam"}, {"state": State.SPAM}),
    (State.PENDING, {"decision": "reword", "text": "Beter."}, {"source": "Beter."}),
    (State.APPROVED, {"decision": "remove", "reason": "Nee."}, {"state": State.REMOVED}),
    (State.APPROVED, {"decision": "spam"}, {"state": State.SPAM}),
    (State.APPROVED, {"decision": "feature"}, {"is_featured": True}),
    (State.APPROVED, {"decision": "credit"}, {"is_credited": True}),
    (State.APPROVED, {"decision": "reword", "text": "Beter."}, {"source": "Beter."}),
    (State.APPROVED, {"decision": "dismiss"}, {"open_reports": 0}),
    (
        State.APPROVED,
        {"decision": "ban", "target": "person", "duration": "7", "reason": "Genoeg."},
        {"bans": 1},
    ),
)
MODERATORS = (Role.MODERATOR, Role.EDITOR, Role.OWNER)


def standing(comment):
    """All that a decision can change, read anew."""
    row = Comment.objects.get(pk=comment.pk)
    return {
        "state": row.state,
        "shown": row.shown,
        "reason": row.reason,
        "source": row.source,
        "html": row.html,
        "is_featured": row.featured_at is not None,
        "is_credited": row.credited_at is not None,
        "is_reworded": row.reworded_at is not None,
        "open_reports": row.reports.filter(outcome="open").count(),
        "bans": Ban.objects.exclude(until__lte=timezone.now()).count(),
        "count": type(row.article).objects.get(pk=row.article_id).comment_count,
    }


@pytest.fixture
def article():
    SiteSettings.objects.update_or_create(pk=1, defaults={"hold": Hold.EVERYONE})
    writer = make_user(role=Role.AUTHOR)
    return make_article(authors=[make_author(user=writer)])


def act(client, comment, **data):
    data.setdefault("seen", seen(comment))
    return client.post(comment.moderate_url, data, headers=JSON)


@pytest.mark.parametrize("role", ["author", *MODERATORS])
def test_every_act_by_every_role_and_undone(client, article, role):
    own = article.authors.get().user
    user = own if role == "author" else make_user(role=role)
    client.force_login(user)
    for state, data, then in ACTS:
        site = OPEN if state == State.APPROVED else SiteSettings(hold=Hold.EVERYONE)
        comment = post(article, f"Over {data}.", site=site)
        if data["decision"] == "dismiss":
            report(comment)
        before = standing(comment)
        answer = act(client, comment, **data)
        if role == "author" and data["decision"] == "ban":
            assert answer.status_code == 422
            assert standing(comment) == before
            continue
        told = json.loads(answer.content)
        assert answer.status_code == 200, (data, told)
        after = standing(comment)
        assert {name: after[name] for name in then} == then, data
        assert comment.name in told["message"]
        assert told["count"] == after["count"]
        assert f'id="comment-{comment.pk}"' in told["html"]
        # The same form again is not carried out again, and says who was before.
        again = act(client, comment, **{**data, "seen": 0})
        assert again.status_code == 409, data
        assert user.shown_name in json.loads(again.content)["message"]
        event = ModerationEvent.objects.filter(comment=comment, actor=user).latest("pk")
        assert f'value="{event.pk}"' in told["html"]
        for status in (200, 409):
            back = client.post(comment.moderate_url, {"undo": event.pk}, headers=JSON)
            assert back.status_code == status, data
            assert standing(comment) == before, data


def held(client, article):
    return client.get(page_address("held", article), headers=JSON).json()


def test_nobody_else_decides_or_sees_what_waits(client, article):
    waiting, shown = post(article, "Geheim dat wacht."), post(article, "Staat er.", site=OPEN)
    others = make_user(role=Role.AUTHOR)
    make_author(user=others)
    former = make_user(role=Role.MODERATOR, is_active=False)
    without = make_user(role=Role.MODERATOR, is_staff=False)
    for user in (None, make_user(), others, former, without):
        client.logout()
        if user is not None:
            client.force_login(user)
        assert held(client, article) == {}
        for comment in (waiting, shown):
            page = client.get(comment.moderate_url)
            assert page.status_code in (302, 404)
            assert b"Geheim" not in page.content
            answer = act(client, comment, decision="spam")
            assert answer.status_code in (403, 404), user
            assert b"comment-" not in answer.content
            assert client.post(comment.moderate_url, {"decision": "spam"}).status_code in (403, 404)
    assert ModerationEvent.objects.filter(actor__isnull=False).count() == 0
    # Nor does anybody under an article that readers do not see, or without its conversation.
    client.force_login(make_user(role=Role.MODERATOR))
    for change in ({"comment_policy": "hidden"}, {"status": "draft"}):
        Article.objects.filter(pk=article.pk).update(**change)
        assert act(client, waiting, decision="approve").status_code == 404
        assert b"Geheim" not in client.get(page_address("held", article)).content
    # A comment is found under its own article alone.
    elsewhere = make_article()
    url = f"{page_address('comment', elsewhere)}{waiting.pk}/moderate/"
    assert client.post(url, {"decision": "approve"}).status_code == 404


def test_another_sites_page_decides_nothing(article):
    comment = post(article)
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(role=Role.MODERATOR))
    data = {"decision": "spam", "seen": seen(comment)}
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"origin": "https://elders.example"},
        {"referer": "https://elders.example/lok"},
    ):
        assert client.post(comment.moderate_url, data, headers=headers).status_code == 403
    assert client.get(comment.moderate_url, data).status_code == 200
    assert standing(comment)["state"] == State.PENDING


def test_a_lost_session_loses_nothing_typed(client, article):
    comment = post(article)
    typed = {"decision": "refuse", "reason": "Dit is <te> kort.", "seen": seen(comment)}
    page = client.post(comment.moderate_url, typed)
    assert page.status_code == 403
    assert "Dit is &lt;te&gt; kort.</textarea>" in page.content.decode()
    assert f'name="seen" value="{typed["seen"]}"' in page.content.decode()
    answer = client.post(comment.moderate_url, typed, headers=JSON)
    assert answer.status_code == 403
    login = urlsplit(answer.json()["login"])
    assert login.path == "/admin/login/"
    assert parse_qs(login.query)["next"] == [comment.moderate_url]
    assert login.path in client.get(comment.moderate_url).url
    client.force_login(make_user(role=Role.MODERATOR))
    # Logged in again, what is sent again is done.
    assert client.post(comment.moderate_url, typed).status_code == 303
    assert standing(comment)["reason"] == "Dit is <te> kort."


def test_what_was_deleted_for_good_meanwhile_is_gone(client, article, monkeypatch):
    client.force_login(make_user(role=Role.MODERATOR))
    comment = post(article)
    assert act(client, comment, decision="approve").status_code == 200
    event = ModerationEvent.objects.filter(comment=comment).latest("pk")
    taken_back = undo.decision_undo

    def late(*, event, actor):
        Comment.objects.filter(pk=comment.pk).delete()
        return taken_back(event=event, actor=actor)

    monkeypatch.setattr(undo, "decision_undo", late)
    gone = client.post(comment.moderate_url, {"undo": event.pk}, headers=JSON)
    assert gone.status_code == 404
    assert gone.json()["message"]


def test_the_page_does_the_same_without_scripts(client, article):
    user, colleague = make_user(role=Role.MODERATOR), make_user("anja", role=Role.MODERATOR)
    parent = post(article, "Waar gaat dit over?", site=OPEN)
    comment = post(article, "Over de rust.", parent=parent)
    client.force_login(user)
    page = client.get(comment.moderate_url)
    text = page.content.decode()
    assert "Waar gaat dit over?" in text
    assert "Over de rust." in text
    assert 'value="approve"' in text
    assert 'name="undo"' not in text
    assert "noindex" in text
    assert {"private", "no-store"} <= set(page["Cache-Control"].split(", "))
    for data, status in (
        ({"decision": "remove", "seen": seen(comment)}, 422),
        ({"decision": "reword", "text": "", "reason": "Getypt.", "seen": seen(comment)}, 422),
    ):
        back = client.post(comment.moderate_url, data)
        assert back.status_code == status
        assert data.get("reason", "") in back.content.decode()
    done = client.post(comment.moderate_url, {"decision": "approve", "seen": seen(comment)})
    assert (done.status_code, done.url) == (303, f"{comment.moderate_url}#comment-{comment.pk}")
    assert 'name="undo"' in client.get(comment.moderate_url).content.decode()
    # A colleague who saw what was before is told who decided, and keeps what was typed.
    client.force_login(colleague)
    typed = {"decision": "refuse", "reason": "Mijn reden.", "seen": seen(comment) - 1}
    late = client.post(comment.moderate_url, typed)
    assert late.status_code == 409
    assert user.shown_name in late.content.decode()
    assert "Mijn reden." in late.content.decode()
    assert 'name="undo"' not in late.content.decode()
    # Whatever became of a comment, its moderator finds it there.
    for step in (states.comment_spam, states.comment_delete):
        one = post(article, f"Straks weg: {step.__name__}.", site=OPEN)
        step(comment=one, actor=None)
        assert client.get(one.moderate_url).status_code == 200


def test_readers_pages_hold_nothing_of_it(client, article):
    waiting, shown = post(article, "Geheim dat wacht."), post(article, "Staat er.", site=OPEN)
    pages = [
        article.get_absolute_url(),
        f"{article.get_absolute_url()}?at={shown.pk}",
        f"{article.get_absolute_url()}?sort=newest",
        shown.get_absolute_url(),
        page_address("arrivals", article),
        f"{page_address('arrivals', article)}?after=0",
    ]
    before = [client.get(url).content for url in pages]
    client.force_login(make_user(role=Role.MODERATOR))
    # Also when it was just shown to a moderator, and cached.
    assert client.get(shown.moderate_url).status_code == 200
    assert held(client, article)["held"]
    assert [client.get(url).content for url in pages] == before
    for content in before:
        assert b"/moderate/" not in content
        assert b"Geheim" not in content
    assert client.get(waiting.get_absolute_url()).status_code == 404
    # Pages that are made for one person lead there.
    for url in (f"{shown.get_absolute_url()}report/", shown.reply_url):
        assert shown.moderate_url in client.get(url).content.decode()
        client.logout()
        assert shown.moderate_url not in client.get(url).content.decode()
        client.force_login(make_user(role=Role.MODERATOR))


def test_what_waits_costs_as_many_queries_for_many_as_for_one(
    client, article, django_assert_max_num_queries
):
    client.force_login(make_user(role=Role.MODERATOR))
    parent = post(article, "Staat er.", site=OPEN)
    first = post(article, "Wacht.", parent=parent, email="eerste@lezer.example")
    given = held(client, article)
    assert [(one["id"], one["parent"]) for one in given["held"]] == [(first.pk, parent.pk)]
    assert "Wacht." in given["held"][0]["html"]
    with django_assert_max_num_queries(30) as one:
        held(client, article)
    for number in range(6):
        post(article, f"Wacht {number}.", email=f"lezer{number}@lezer.example")
    with django_assert_max_num_queries(len(one)):
        given = held(client, article)
    assert given["count"] == len(given["held"]) == 7
