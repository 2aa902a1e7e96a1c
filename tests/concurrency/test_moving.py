"""Conversations that are written in while they move, and random trees grown by several at once."""

import copy
import random

import pytest

from blog.models import Article, Status
from blog.publishing.articles import article_save
from blog.publishing.shared_conversation import article_translates
from blog.publishing.trash import article_delete, article_put_back, article_trash
from comments.models import Comment, State
from comments.moderation.states import comment_approve, comment_delete, comment_remove
from comments.thread import access, counters, tree
from comments.thread.refusals import Refused, StateConflict
from tests.concurrency.test_together import post, together
from tests.factories import make_article, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def assert_whole():
    """Every comment is where readers look for it, under its parent, and counted."""
    rows = list(Comment.objects.select_related("parent", "article"))
    assert len({bytes(row.path) for row in rows}) == len(rows)
    for row in rows:
        assert access.home_id(row.article) == row.article_id
        assert row.depth == tree.depth_of(row.path)
        assert tree.ids_of(row.path)[-1] == row.pk
        if row.parent is None:
            assert len(tree.ids_of(row.path)) == 1
        else:
            assert tree.is_below(row.path, row.parent.path)
            assert row.article_id == row.parent.article_id
    assert counters.recount() == 0


def status_to(article, status):
    mine = Article.objects.get(pk=article.pk)
    mine.status = status
    article_save(article=mine, authors=None, tags=None, editor=None, expected_version=None)


def move(home, other, round_):
    """One of the ways in which a conversation goes to another article, and back."""
    if round_ % 3 == 0:
        article_translates(article=Article.objects.get(pk=other.pk), original=home)
    elif round_ % 3 == 1:
        status_to(home, Status.ARCHIVED)
        status_to(home, Status.PUBLISHED)
    else:
        article_trash(article=other, editor=None)
        article_put_back(article=other)


def test_writers_go_on_while_a_conversation_moves():
    home, other = make_article("Thuis"), make_article("Home", language="en")
    roots = [post(article, number) for number in range(3) for article in (home, other)]

    def work(turn):
        if turn == 0:
            for round_ in range(9):
                move(home, other, round_)
            return 0
        posted = 0
        for round_ in range(12):
            # As a form that was opened before the move: what it knows of the article is old.
            article = (home, other)[(turn + round_) % 2]
            try:
                # Replies reach deep, so that the locks are many.
                parent = post(article, turn * 100 + round_, roots[(turn + round_) % len(roots)])
                post(parent.article, turn * 100 + round_ + 50, parent)
                posted += 1
            except Refused:
                pass
            try:
                post(copy.copy(article), turn * 1000 + round_)
                posted += 1
            except Refused:
                pass
        return posted

    results = together(8, work)
    assert sum(results) > 0
    # Both were joined in the end, whatever was in between.
    assert len({access.home_id(row) for row in Article.objects.all()}) == 1
    assert_whole()


def test_writers_answer_while_the_article_that_holds_the_conversation_is_deleted():
    home, other = make_article("Thuis"), make_article("Home", language="en")
    article_translates(article=other, original=home)
    other.refresh_from_db()
    roots = [post(home, number) for number in range(4)]

    def work(turn):
        if turn == 0:
            article_delete(article=home)
            return "deleted"
        for round_ in range(8):
            try:
                post(other, turn * 100 + round_, roots[(turn + round_) % 4])
            except Refused:
                return "refused"
        return "posted"

    assert "refused" not in together(8, work)
    assert Comment.objects.count() == 4 + 7 * 8
    assert_whole()


@pytest.mark.parametrize("seed", range(4))
def test_any_tree_that_several_grow_and_prune_at_once_stays_whole(seed):
    article = make_article()
    actor = make_user()
    for number in range(3):
        post(article, number)

    def work(turn):
        chance = random.Random(seed * 100 + turn)
        done = []
        for step in range(20):
            rows = list(Comment.objects.order_by("pk"))
            target = chance.choice(rows)
            act = chance.choice(("reply", "reply", "reply", "root", "delete", "remove", "approve"))
            try:
                if act == "reply":
                    post(article, turn * 100 + step, target)
                elif act == "root":
                    post(article, turn * 100 + step)
                elif act == "delete":
                    comment_delete(comment=target)
                elif act == "remove":
                    comment_remove(comment=target, actor=actor, reason="Niet vriendelijk.")
                else:
                    comment_approve(comment=target, actor=actor)
            except (Refused, StateConflict):
                continue
            done.append(act)
        return done

    done = {act for acts in together(6, work) for act in acts}
    assert {"reply", "root", "delete", "remove"} <= done
    assert Comment.objects.filter(state=State.APPROVED).exists()
    assert_whole()
