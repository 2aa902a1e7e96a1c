"""Who answers a comment that was taken away does not tell whose it was."""

import pytest
from django.urls import reverse
from django.utils import translation

from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments.models import Comment
from comments.moderation import states, undo
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.thread import counters, fragments
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
OPEN = SiteSettings(hold=Hold.NOBODY, posts_per_person=0, flood_limit=0)
NAME = "Wilhelmina Quispel"


def say(article, name, parent=None):
    return comment_post(
        submission=Submission(article=article, parent=parent, name=name, text="Iets."), site=OPEN
    )[0]


@pytest.fixture
def scene():
    article = make_article()
    parent = say(article, NAME)
    answer = say(article, "Bo", parent)
    say(article, "Cor", answer)
    return article, parent


LEAVES = {
    "deleted": lambda row, user: states.comment_delete(comment=row),
    "removed": lambda row, user: states.comment_remove(comment=row, actor=user, reason="Nee"),
    "spam": lambda row, user: states.comment_spam(comment=row, actor=user),
}


def told(client, article):
    page = client.get(article.get_absolute_url())
    assert page.status_code == 200
    return page.text


@pytest.mark.parametrize("way", LEAVES)
def test_an_answer_names_nobody_whose_comment_is_gone(client, scene, way):
    article, parent = scene
    assert NAME in told(client, article)
    LEAVES[way](parent, make_user(role=Role.MODERATOR))
    page = told(client, article)
    assert NAME not in page
    assert "antwoord op een verwijderde reactie" in page
    assert "antwoord op Bo" in page
    for one in Comment.objects.filter(shown=True):
        assert NAME not in client.get(one.get_absolute_url()).text
        answering = client.get(f"{article.get_absolute_url()}reply/?to={one.pk}")
        assert NAME not in answering.text
    assert NAME not in client.get(reverse("comments:feed")).text
    assert counters.recount() == 0


def test_in_another_language_too(client, scene):
    _article, parent = scene
    with translation.override("en"):
        rows = list(Comment.objects.order_by("path"))
        assert NAME in fragments.renewed(rows[1], "en")
    states.comment_delete(comment=parent)
    fresh = Comment.objects.get(pk=rows[1].pk)
    assert fresh.fragment_release == ""
    assert NAME not in fragments.renewed(fresh, "en")


def test_back_in_view_it_is_named_again(client, scene):
    article, parent = scene
    actor = make_user(role=Role.MODERATOR)
    event = states.comment_remove(comment=parent, actor=actor, reason="Nee")
    assert NAME not in told(client, article)
    undo.decision_undo(event=event, actor=actor)
    assert f"antwoord op {NAME}" in told(client, article)
    parent.refresh_from_db()
    states.comment_spam(comment=parent, actor=actor)
    assert NAME not in told(client, article)
    states.comment_approve(comment=parent, actor=actor)
    assert f"antwoord op {NAME}" in told(client, article)


def test_what_nobody_answered_costs_no_statement_more(scene, django_assert_num_queries):
    article, parent = scene
    alone = say(article, "Dora")
    with django_assert_num_queries(9):
        states.comment_delete(comment=alone)
    with django_assert_num_queries(10):
        states.comment_delete(comment=parent)
