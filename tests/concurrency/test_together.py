"""Several people at once, with real transactions."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.test import Client

from authors import limits
from blog.models import Article, Hold, Revision, SiteSettings
from blog.publishing.articles import StaleText, article_save
from blog.publishing.shared_conversation import article_translates
from comments import tokens
from comments.commenters import own_comments
from comments.models import Comment, Commenter, Reaction, State
from comments.moderation.states import comment_approve, comment_delete
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.thread import counters, reactions, tree
from comments.thread.refusals import Refused, StateConflict
from tests.factories import make_article, make_author

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
OPEN = SiteSettings(hold=Hold.NOBODY, posts_per_hour=0, flood_limit=0)


def together(count, work):
    """`work(turn)` by so many threads that start at one moment; their results."""
    barrier = Barrier(count)

    def run(turn):
        try:
            barrier.wait(20)
            return work(turn)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def post(article, turn, parent=None, key=""):
    return comment_post(
        submission=Submission(
            article=article, parent=parent, name=f"Lezer {turn}", text=f"Bijdrage {turn}.", key=key
        ),
        site=OPEN,
    )[0]


def test_of_two_editors_one_is_stopped_and_nothing_is_lost():
    article = make_article("Oud")
    opened = article.version

    def save(turn):
        mine = Article.objects.get(pk=article.pk)
        mine.title = f"Van {turn}"
        try:
            article_save(
                article=mine, authors=None, tags=None, editor=None, expected_version=opened
            )
        except StaleText as stale:
            return stale.current.title
        return "saved"

    results = together(6, save)
    assert results.count("saved") == 1
    stored = Article.objects.get().title
    assert {result for result in results if result != "saved"} == {stored}
    assert Revision.objects.count() == 1


def test_articles_of_one_title_get_slugs_of_their_own():
    author = make_author()

    def save(turn):
        made = article_save(
            article=Article(title="Dezelfde kop", body_source="<p>x</p>"),
            authors=[author],
            tags=None,
            editor=None,
            expected_version=None,
        )
        return made.slug

    assert len(set(together(6, save))) == 6


def test_one_form_sent_twenty_times_is_one_comment():
    article = make_article()
    numbers = together(20, lambda turn: post(article, 0, key="dezelfde").pk)
    assert len(set(numbers)) == 1
    assert Comment.objects.count() == 1
    assert counters.recount() == 0


def test_writers_answer_while_what_they_answer_is_deleted():
    article = make_article()
    # Four of the six are deleted: whoever comes first, some answers are taken.
    parents = [post(article, number) for number in range(6)]

    def work(turn):
        parent = parents[turn % 6]
        try:
            if turn % 5 == 0:
                comment_delete(comment=parent)
                return "deleted"
            first = post(article, turn, parent)
            post(article, turn + 100, first)
            return "posted"
        except (Refused, StateConflict):
            return "refused"

    results = together(16, work)
    assert "posted" in results
    assert "deleted" in results
    assert counters.recount() == 0
    for comment in Comment.objects.select_related("parent"):
        assert comment.depth == tree.depth_of(comment.path)
        if comment.parent:
            assert tree.is_below(comment.path, comment.parent.path)


def test_valuing_at_once_counts_every_reader_once():
    article = make_article()
    comment = post(article, 0)

    def value(turn):
        reactions.reaction_set(comment=comment, reader=f"r{turn % 5}", client=None, valued=True)

    together(15, value)
    comment.refresh_from_db()
    assert comment.reaction_count == Reaction.objects.count() == 5
    assert counters.recount() == 0


@pytest.mark.parametrize("shared", [False, True])
def test_sixteen_write_in_one_conversation_without_waiting_in_a_circle(shared):
    articles = [make_article("Thuis")]
    if shared:
        articles.append(make_article("Home", language="en"))
        article_translates(article=articles[1], original=articles[0])
        articles = list(Article.objects.order_by("pk"))
    roots = [post(articles[0], f"begin {number}") for number in range(3)]

    def work(turn):
        for round_ in range(40):
            parent = roots[(turn + round_) % 3] if round_ % 2 else None
            post(articles[turn % len(articles)], f"{turn}-{round_}", parent)

    together(16, work)
    assert Comment.objects.count() == 3 + 16 * 40
    assert set(Article.objects.values_list("comment_count", flat=True)) == {3 + 16 * 40}
    assert counters.recount() == 0


@pytest.mark.parametrize("many", [False, True])
def test_counting_never_makes_a_circle(many):
    article = make_article()
    comments = [post(article, number) for number in range(16)]

    def work(turn):
        for round_ in range(150):
            with transaction.atomic(), connection.cursor() as cursor:
                if (turn + round_) % 3:
                    if many:
                        counters.count_many({article.pk: 1})
                    else:
                        counters.visibility_changed(comments[turn], by=1)
                # What the foreign key of each new comment does at its commit.
                cursor.execute(
                    "SELECT 1 FROM blog_article WHERE id = %s FOR KEY SHARE", [article.pk]
                )

    together(16, work)
    article.refresh_from_db()
    assert article.comment_count == 16 + 16 * 100


def test_the_same_words_sent_by_twenty_browsers_are_one_comment_of_one_of_them():
    """From a kept page without scripts the key is empty; by script the key is a browser's own."""
    SiteSettings.objects.create(pk=1, hold=Hold.UNKNOWN, posts_per_hour=0, flood_limit=0)
    article = make_article()
    url = f"{article.get_absolute_url()}reply/"

    def send(key):
        data = {"name": "Anna", "text": "Dezelfde woorden.", "key": key}
        return Client().post(url, data, headers={"accept": "application/json"}).json()

    answers = together(20, lambda turn: send("a" if turn % 2 else ""))
    assert Comment.objects.count() == 1
    [mine] = [answer["own"] for answer in answers if "own" in answer]
    assert tokens.read(tokens.Purpose.OWN, mine) == Comment.objects.get().pk
    keys = [uuid.uuid4().hex for _ in range(4)]
    answers = together(20, lambda turn: send(keys[turn % 4]))
    assert Comment.objects.count() == 1 + 4
    assert (
        len({(answer["id"], tokens.read(tokens.Purpose.OWN, answer["own"])) for answer in answers})
        == 4
    )


def test_confirmed_and_decided_at_once_it_ends_in_one_state():
    SiteSettings.objects.create(pk=1, hold=Hold.UNKNOWN, posts_per_hour=0, flood_limit=0)
    article, site = make_article(), SiteSettings.objects.get()
    for round_ in range(5):
        writer = {"name": "Anna", "email": "anna@lezer.example"}
        comment, _new = comment_post(
            submission=Submission(article=article, text=f"Tekst {round_}.", **writer), site=site
        )

        def work(turn, comment=comment):
            mine = Comment.objects.get(pk=comment.pk)
            if turn % 3 == 0:
                return own_comments.comment_confirm(
                    comment=mine, seen=own_comments.digest(mine), follow=True
                )
            try:
                if turn % 3 == 1:
                    comment_approve(comment=mine, actor=None)
                else:
                    comment_delete(comment=mine)
            except StateConflict:
                return None

        together(9, work)
    assert set(Comment.objects.values_list("state", flat=True)) <= {State.APPROVED, State.DELETED}
    assert Commenter.objects.get().trust == "known"
    assert counters.recount() == 0


def test_a_limit_is_one_limit_for_all_who_count():
    def use(_turn):
        return sum(limits.allows(limits.Use("ask", "198.51.100.7", 15)) for _try in range(5))

    assert sum(together(8, use)) == 15
