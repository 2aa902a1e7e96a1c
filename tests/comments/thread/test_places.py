"""The page of a conversation that holds a comment, and what pages beside the article show of it."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import threads
from blog.models import Article, Hold, SiteSettings
from comments.models import Comment, State
from comments.moderation import states
from comments.thread import places, selectors
from comments.thread.selectors import Sort
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def article_with(size):
    SiteSettings.objects.update_or_create(pk=1, defaults={"hold": Hold.NOBODY})
    article = make_article()
    threads.grow(article, size)
    return article


def page_for(article, number, sort):
    start = places.start_for(article, number, sort)
    page = selectors.page(article, start=start, sort=sort)
    return start, places.with_comment(page, article, number)


def test_in_every_order_there_is_a_page_with_each_comment(monkeypatch):
    article = article_with(120)
    monkeypatch.setattr(selectors, "PAGE", 8)
    monkeypatch.setattr(selectors, "ROOTS", 4)
    monkeypatch.setattr(places, "ROOTS", 4)
    monkeypatch.setattr(selectors, "REPLIES", 2)
    numbers = list(Comment.objects.values_list("pk", flat=True))
    for sort in Sort:
        first = [row.pk for row in selectors.page(article, sort=sort).rows]
        for number in numbers:
            start, page = page_for(article, number, sort)
            pks = [row.pk for row in page.rows]
            assert number in pks, (sort, number)
            assert len(set(pks)) == len(pks)
            # What the first page shows is shown there, and not a second time elsewhere.
            assert (start == 0) or number not in first, (sort, number)
            if sort is not Sort.OLDEST:
                # In reading order below each root, with what is left counted.
                for root in (row for row in page.rows if row.depth == 0):
                    stem = bytes(root.path)
                    paths = [bytes(row.path) for row in page.rows]
                    branch = [path for path in paths if path.startswith(stem)]
                    assert branch == sorted(branch)
                    left = page.hidden.get(root.pk, (root, 0))[1]
                    assert left == root.descendant_count + 1 - len(branch)


def test_what_is_not_shown_here_gives_the_first_page(client):
    article, other = article_with(20), article_with(3)
    hidden = Comment.objects.filter(article=article).last()
    Comment.objects.filter(pk=hidden.pk).update(shown=False, state=State.REJECTED)
    strange = Comment.objects.filter(article=other).first()
    url = article.get_absolute_url()
    shown = re.findall(r'id="comment-(\d+)"', client.get(url).text)
    for number in (0, hidden.pk, strange.pk, 2**62):
        assert places.start_for(article, number, Sort.OLDEST) == 0
    for text in (hidden.pk, strange.pk, "x", "9" * 30, "-1", "%00"[:2]):
        answer = client.get(url, {"at": text})
        assert re.findall(r'id="comment-(\d+)"', answer.text) == shown


def test_the_newest_stand_in_reading_order_and_are_bounded(client, monkeypatch):
    article = article_with(60)
    monkeypatch.setattr(places, "NEWEST", 40)
    newest = set(sorted(Comment.objects.values_list("pk", flat=True))[-40:])
    url = f"{article.get_absolute_url()}arrivals/"
    for sort in Sort:
        answer = client.get(url, {"sort": sort.value})
        data = answer.json()
        listed = [pk for pk, _at in data["latest"]]
        assert set(listed) == newest
        assert (data["more"], data["newest"], data["count"]) == (True, max(newest), 60)
        whole = selectors.page(article, sort=sort)
        whole = [row.pk for row in whole.rows if row.pk in newest]
        assert [pk for pk in listed if pk in whole] == whole
        # Who has it already costs nothing more, and all get the same.
        assert "public" in answer["Cache-Control"]
        assert not answer.cookies
        with CaptureQueriesContext(connection) as asked:
            again = client.get(url, {"sort": sort.value}, headers={"if-none-match": answer["ETag"]})
        assert again.status_code == 304
        assert len(asked) == 1
    tags = {client.get(url, {"sort": sort.value})["ETag"] for sort in Sort}
    assert len(tags | {client.get(url, {"after": 0})["ETag"]}) == 1 + len(Sort)


def test_what_was_approved_late_is_as_new_as_that(client, monkeypatch):
    article = article_with(12)
    long_ago = timezone.now() - datetime.timedelta(days=9)
    Comment.objects.update(created_at=long_ago)
    early = Comment.objects.order_by("pk").first()
    held, gone, back = Comment.objects.filter(article=article, descendant_count=0).order_by("pk")[
        :3
    ]
    Comment.objects.filter(pk=held.pk).update(state=State.PENDING, shown=False)
    states.comment_approve(comment=held, actor=None)
    # What went and comes back is not new, nor is what was never away.
    states.comment_remove(comment=back, actor=None, reason="")
    states.comment_approve(comment=back, actor=None)
    states.comment_remove(comment=gone, actor=None, reason="")
    held.refresh_from_db()
    for size in (200, 3):
        monkeypatch.setattr(places, "NEWEST", size)
        for sort in Sort:
            found = dict(places.newest(article, sort).comments)
            assert found[held.pk] == held.shown_at, (size, sort)
            assert {at for pk, at in found.items() if pk != held.pk} == {long_ago}
            assert gone.pk not in found
    url = f"{article.get_absolute_url()}arrivals/"
    last = Comment.objects.order_by("pk").last().pk
    said = int(held.shown_at.timestamp())
    (item,) = client.get(url, {"after": last}).json()["items"]
    assert (item["id"], item["shown"]) == (held.pk, said)
    assert f'data-shown="{said}"' in item["html"]
    # Those that were written after that one are given once, with no other time.
    whole = client.get(url, {"after": early.pk - 1}).json()["items"]
    assert sorted(one["id"] for one in whole) == sorted(found_ids(article))
    assert not any("shown" in one for one in whole)
    # An hour later no page that is open has missed it.
    Comment.objects.filter(pk=held.pk).update(shown_at=timezone.now() - selectors.LATE)
    assert client.get(url, {"after": last}).json()["items"] == []


def found_ids(article):
    return Comment.objects.filter(article=article, state="approved").values_list("pk", flat=True)


def test_every_page_that_shows_comments_gives_its_scripts_the_same(client):
    article = article_with(30)
    comment = Comment.objects.filter(depth=2).first()
    pages = {
        "article": article.get_absolute_url(),
        "comment": comment.get_absolute_url(),
        "branch": f"{comment.get_absolute_url()}?after={comment.pk}",
        "answer": comment.reply_url,
        "no parent": f"{article.get_absolute_url()}reply/",
        "by author": f"{article.get_absolute_url()}author/",
    }
    for name, url in pages.items():
        html = client.get(url).text
        thread = re.search(r"<div\s+data-thread([^>]*)>", html)
        assert thread is not None, name
        told = dict(re.findall(r'data-([\w-]+)="([^"]*)"', thread[1]))
        assert told["article"] == str(article.pk), name
        assert told["address"] == article.get_absolute_url(), name
        assert told["arrivals"] == f"{article.get_absolute_url()}arrivals/", name
        assert told["total"] == "30", name
        assert told.get("branch", "") == ("" if "comment/" not in url and "to=" not in url else
                                          str(comment.pk)), name  # fmt: skip
        assert html.count('id="conversation-words"') == 1, name
        assert "data-form" in html, name
        if name in ("comment", "branch", "answer"):
            where = f"{article.get_absolute_url()}?at={comment.pk}#comment-{comment.pk}"
            assert f'href="{where}"' in html, name
            # The form there is for the answer.
            assert f'name="parent" value="{comment.pk}"' in html, name


def test_a_conversation_that_is_hidden_leaves_no_trace(client):
    article = article_with(3)
    Article.objects.update(comment_policy="hidden")
    html = client.get(article.get_absolute_url()).text
    assert "#comments" not in html
    assert 'id="comments"' not in html


def test_a_comments_page_costs_the_same_with_any_branch(client):
    small, large = article_with(100), article_with(1_000)
    costs = []
    for article in (small, large):
        comment = Comment.objects.filter(article=article, depth=0).order_by("-descendant_count")[0]
        client.get(comment.get_absolute_url())
        with CaptureQueriesContext(connection) as asked:
            assert client.get(comment.get_absolute_url()).status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 6
