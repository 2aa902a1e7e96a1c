"""A comment that quotes the article says so when the passage has been changed."""

import pytest
from django_tasks_db.models import DBTaskResult

from blog.models import Article, Hold, SiteSettings
from blog.publishing.articles import article_save
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.thread import quotes
from tests.factories import make_author

pytestmark = pytest.mark.django_db
PASSAGE = "Vergaderen op dinsdag werkt voor niemand in dit huis."
NOTE = "wat eruit is aangehaald, is sindsdien gewijzigd"


def save(article, body):
    article.body_source = body
    return article_save(
        article=article, authors=None, tags=None, editor=None, expected_version=None
    )


def work():
    for task in DBTaskResult.objects.filter(task_path="comments.thread.quotes.review"):
        quotes.review.call(*task.args_kwargs["args"])
    DBTaskResult.objects.all().delete()


def test_the_mark_comes_with_the_change_and_goes_when_it_is_undone(client):
    SiteSettings.objects.create(pk=1, hold=Hold.NOBODY)
    article = article_save(
        article=Article(title="Dinsdag", body_source=f"<p>{PASSAGE}</p>", status="published"),
        authors=[make_author()],
        tags=None,
        editor=None,
        expected_version=None,
    )
    for text in (
        f"> {PASSAGE}\n\nDat is te stellig.",
        "> Iets dat nooit in het artikel heeft gestaan.\n\nToch?",
        f"Zonder aanhaling: {PASSAGE}",
    ):
        comment_post(
            submission=Submission(article=article, name="Anna", text=text),
            site=SiteSettings.objects.get(),
        )
    work()
    url = article.get_absolute_url()
    save(article, f"<p>{PASSAGE}</p><p>Nieuw slot.</p>")
    work()
    assert NOTE not in client.get(url).text
    save(article, "<p>Vergaderen op dinsdag werkt voor bijna niemand.</p>")
    work()
    assert client.get(url).text.count(NOTE) == 1
    save(article, f"<p>{PASSAGE}</p>")
    work()
    assert NOTE not in client.get(url).text


def test_a_draft_s_change_asks_for_nothing():
    article = article_save(
        article=Article(title="Concept", body_source="<p>x</p>"),
        authors=[make_author()],
        tags=None,
        editor=None,
        expected_version=None,
    )
    save(article, "<p>y</p>")
    assert not DBTaskResult.objects.filter(task_path="comments.thread.quotes.review").exists()
