"""Posting and deciding: states, counters, idempotency, and real concurrency."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from authors.roles import Role
from blog.models import Article, Hold, SiteSettings
from comments.models import Comment, Commenter, ModerationEvent, SignalKind, State, Trust
from comments.moderation.states import (
    comment_approve,
    comment_delete,
    comment_reject,
    comment_remove,
    comment_spam,
)
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.thread import access, counters, tree
from comments.thread.refusals import Refused, StateConflict
from tests.factories import make_article, make_author, make_user

ANNA = {"name": "Anna", "email": "anna@lezer.example"}
OPEN = SiteSettings(hold=Hold.NOBODY, posts_per_person=0, flood_limit=0)


def held_by(event):
    return [one.kind for one in event.spoke_for_it]


def post(article, source="Een gedachte.", parent=None, writer=ANNA, site=OPEN, key=""):
    comment, _new = comment_post(
        submission=Submission(article=article, parent=parent, text=source, key=key, **writer),
        site=site,
    )
    return comment


def counts(article):
    return Article.objects.values_list("comment_count", "thread_version").get(pk=article.pk)


def assert_counters_hold():
    assert counters.recount() == 0


@pytest.mark.django_db
class TestPosting:
    def test_a_root_comment_and_a_reply(self):
        article = make_article()
        root = post(article)
        reply = post(article, "Een antwoord.", parent=root)
        assert tree.ids_of(reply.path) == [root.pk, reply.pk]
        assert (reply.depth, reply.parent_id) == (1, root.pk)
        assert counts(article) == (2, 2)
        root.refresh_from_db()
        assert root.descendant_count == 1
        assert_counters_hold()

    def test_unknown_people_wait_and_known_people_do_not(self):
        article, site = make_article(), SiteSettings()
        first = post(article, site=site)
        assert (first.state, first.shown) == (State.PENDING, False)
        assert counts(article) == (0, 0)
        assert held_by(ModerationEvent.objects.get(comment=first)) == [SignalKind.FIRST]
        comment_approve(comment=first, actor=None)
        assert Commenter.objects.get().trust == Trust.KNOWN
        # Whoever types the known address waits; from a browser that confirmed it, nobody does.
        assert post(article, "Nog een.", site=site).state == State.PENDING
        assert held_by(ModerationEvent.objects.latest("pk")) == [SignalKind.BROWSER]
        proven = {**ANNA, "proof": access.browser_proof(Commenter.objects.get())}
        assert post(article, "En nog een.", writer=proven, site=site).state == State.APPROVED
        assert counts(article)[0] == 2

    def test_without_an_address_a_comment_waits(self):
        comment = post(make_article(), writer={"name": "Bo"}, site=SiteSettings())
        assert comment.state == State.PENDING
        assert comment.commenter is None

    def test_blocked_people_are_refused(self):
        Commenter.objects.create(email=ANNA["email"], name="Anna", trust=Trust.BLOCKED)
        assert post(make_article()).state == State.REJECTED

    def test_the_author_is_marked_and_never_held(self):
        user = make_user(role=Role.AUTHOR)
        author = make_author("Femke", user=user)
        article = make_article(authors=[author])
        writer = {"name": "Femke", "user": user, "author": author}
        comment = post(article, writer=writer, site=SiteSettings(hold=Hold.EVERYONE))
        assert comment.state == State.APPROVED
        assert comment.by_article_author
        assert "badge" in comment.fragment

    @pytest.mark.parametrize("fields", [{"comment_policy": "closed"}, {"status": "draft"}])
    def test_no_comment_where_none_may_be(self, fields):
        with pytest.raises(Refused, match="closed"):
            post(make_article(**fields))

    def test_a_parent_that_is_hidden_by_now(self):
        article = make_article()
        root = post(article)
        comment_spam(comment=root, actor=None)
        with pytest.raises(Refused, match="parent"):
            post(article, parent=root)

    def test_a_parent_of_another_article(self):
        root = post(make_article())
        with pytest.raises(Refused, match="parent"):
            post(make_article(), parent=root)

    def test_the_same_form_twice_is_one_comment(self):
        article = make_article()
        assert post(article, key="k").pk == post(article, key="k").pk
        assert post(article, "Anders.", key="k").pk != post(article, key="k").pk
        assert counts(article)[0] == 2

    def test_a_parent_that_has_another_name_by_now(self):
        article = make_article()
        root = post(article)
        Comment.objects.filter(pk=root.pk).update(name="Iemand anders")
        assert root.name == "Anna"
        assert "Iemand anders" in post(article, "Een antwoord.", parent=root).fragment

    def test_a_stored_comment_is_as_the_row_says(self):
        comment = post(make_article())
        stored = Comment.objects.get(pk=comment.pk)
        for field in Comment._meta.concrete_fields:
            was, became = (field.value_from_object(row) for row in (comment, stored))
            assert became == was or bytes(became) == bytes(was), field.name

    def test_what_it_costs(self, django_assert_num_queries):
        article, guest = make_article(), {"name": "Bo"}
        root = post(article, writer=guest)
        with django_assert_num_queries(10):
            post(article, "Nog een gedachte.", writer=guest)
        with django_assert_num_queries(11):
            post(article, "Een antwoord.", parent=root, writer=guest)

    def test_depth_is_capped_and_the_parent_stays_true(self):
        article = make_article()
        parent = None
        for number in range(tree.MAX_DEPTH + 3):
            parent = post(article, f"{number}", parent=parent)
        assert parent.depth == tree.MAX_DEPTH
        assert Comment.objects.get(pk=parent.parent_id).depth == tree.MAX_DEPTH
        assert_counters_hold()


@pytest.mark.django_db
class TestDeciding:
    def test_each_decision_is_logged_and_counted(self):
        article, moderator = make_article(), make_user(role=Role.MODERATOR)
        comment = post(article)
        event = comment_remove(comment=comment, actor=moderator, reason="Scheldt")
        assert (event.actor, event.action, event.reason) == (moderator, "removed", "Scheldt")
        assert counts(article)[0] == 0
        comment.refresh_from_db()
        assert comment.shown
        assert "Scheldt" in comment.fragment
        assert "Een gedachte" not in comment.fragment
        comment_approve(comment=comment, actor=moderator)
        assert counts(article)[0] == 1
        assert_counters_hold()

    def test_a_second_moderator_is_told(self):
        comment = post(make_article(), site=SiteSettings())
        comment_approve(comment=comment, actor=None)
        with pytest.raises(StateConflict) as conflict:
            comment_reject(comment=comment, actor=None)
        assert conflict.value.comment.state == State.APPROVED

    def test_a_deleted_comment_keeps_its_replies(self):
        article = make_article()
        root = post(article)
        reply = post(article, "Antwoord.", parent=root)
        comment_delete(comment=root)
        root.refresh_from_db()
        assert root.shown
        assert "tombstone" in root.fragment
        assert Comment.objects.shown().filter(pk=reply.pk).exists()
        assert counts(article)[0] == 1
        assert_counters_hold()


def in_threads(count, work):
    """Run `work(number)` in `count` threads, all released at once; gives what each returned."""
    barrier = threading.Barrier(count)

    def run(number):
        barrier.wait()
        try:
            return work(number)
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.django_db(transaction=True)
class TestConcurrency:
    def test_one_form_sent_by_many_tabs_at_once_posts_once(self):
        article = make_article()
        numbers = {comment.pk for comment in in_threads(12, lambda _: post(article, key="k"))}
        assert len(numbers) == 1
        assert counts(article)[0] == Comment.objects.count() == 1

    def test_writers_and_deleters_at_once_leave_true_counters(self):
        article = make_article()
        roots = [post(article, f"wortel {number}") for number in range(4)]

        def work(number):
            chance = random.Random(number)
            parent = roots[number % 4]
            for step in range(4):
                if chance.random() < 0.2:
                    try:
                        comment_delete(comment=parent)
                    except StateConflict:
                        continue
                else:
                    try:
                        parent = post(article, f"{number}-{step}", parent=parent)
                    except Refused:
                        parent = roots[chance.randrange(4)]

        in_threads(8, work)
        assert_counters_hold()
        for comment in Comment.objects.select_related("parent"):
            above = bytes(comment.parent.path) if comment.parent else b""
            assert tree.parent_path(comment.path) == above
