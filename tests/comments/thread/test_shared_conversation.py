"""A conversation that translations share, when the article that holds it goes away."""

import pytest

from blog.models import Article, SiteSettings, Status
from blog.publishing.articles import article_save
from blog.publishing.shared_conversation import article_translates
from blog.publishing.trash import article_delete
from comments.models import Comment, Commenter, Subscription
from comments.notifications.following import follow
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.thread import access, counters
from tests.factories import make_article

OPEN = SiteSettings(hold="nobody", posts_per_hour=0, flood_limit=0)
pytestmark = pytest.mark.django_db


def say(article, text, parent=None):
    writer = {"name": "Anna de Wit"}
    return comment_post(
        submission=Submission(article=article, parent=parent, text=text, **writer), site=OPEN
    )[0]


@pytest.fixture
def pair():
    """A Dutch article that holds the conversation, and its English translation."""
    home = make_article("Wie is er van de vergadering?")
    other = make_article("Who owns the meeting?", language="en")
    article_translates(article=other, original=home)
    home, other = Article.objects.get(pk=home.pk), Article.objects.get(pk=other.pk)
    first = say(home, "Een Nederlandse gedachte.")
    say(other, "An English answer.", first)
    return Article.objects.get(pk=home.pk), Article.objects.get(pk=other.pk)


def withdraw(article):
    article.status = Status.ARCHIVED
    article_save(article=article, authors=None, tags=None, editor=None, expected_version=None)


def assert_whole(client, other, *gone):
    """Both comments are under `other`, no link on its page leads to what is gone."""
    other = Article.objects.get(pk=other.pk)
    assert (access.home_id(other), other.comment_count) == (other.pk, 2)
    page = client.get(other.get_absolute_url()).text
    assert "Een Nederlandse gedachte." in page
    assert "An English answer." in page
    assert not [url for url in gone if url in page]
    for comment in Comment.objects.all():
        assert client.get(comment.get_absolute_url()).status_code == 200
        assert client.get(comment.reply_url).status_code == 200
    assert Comment.objects.public().count() == 2
    assert counters.recount() == 0


@pytest.mark.parametrize("go", ["withdrawn", "deleted"])
def test_the_conversation_goes_to_the_translation_that_stays(client, pair, go):
    home, other = pair
    url = home.get_absolute_url()
    client.get(other.get_absolute_url())  # With links to the first home, kept as markup.
    if go == "withdrawn":
        withdraw(home)
    else:
        article_delete(article=home)
    assert client.get(url).status_code == (404 if go == "withdrawn" else 410)
    assert_whole(client, other, url)
    say(Article.objects.get(pk=other.pk), "And it goes on.")
    assert Article.objects.get(pk=other.pk).comment_count == 3


def test_back_again_it_shares_what_was_said_meanwhile(client, pair):
    home, other = pair
    withdraw(home)
    home = Article.objects.get(pk=home.pk)
    home.status = Status.PUBLISHED
    article_save(article=home, authors=None, tags=None, editor=None, expected_version=None)
    say(Article.objects.get(pk=other.pk), "Meanwhile.")
    home = Article.objects.get(pk=home.pk)
    assert home.comment_count == 3
    assert "Meanwhile." in client.get(home.get_absolute_url()).text


def test_followers_go_along_once(pair):
    home, other = pair
    both, one = (
        Commenter.objects.create(name=name, email=f"{name}@lezer.example") for name in ("bo", "an")
    )
    follow(commenter=both, article=home)
    follow(commenter=both, article=other)
    follow(commenter=one, article=home, comment=Comment.objects.first())
    article_delete(article=home)
    assert sorted(Subscription.objects.values_list("commenter__name", "article")) == [
        ("an", other.pk),
        ("bo", other.pk),
    ]


def test_without_a_public_translation_it_stays_where_it_is(pair):
    home, other = pair
    withdraw(other)
    withdraw(Article.objects.get(pk=home.pk))
    assert set(Comment.objects.values_list("article", flat=True)) == {home.pk}
