"""Stored markup is rendered anew when the renderer changed, in batches."""

import pytest
from django_tasks_db.models import DBTaskResult

from comments.models import Comment
from comments.thread import rerendering
from tests.comments.notifications.telling import post
from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)


def test_old_markup_is_made_anew_and_shown(client, monkeypatch):
    monkeypatch.setattr(rerendering, "BATCH", 2)
    article = make_article()
    sources = ["> Citaat\nMijn antwoord", "Gewoon.", "1. een\n3. drie", "~~weg~~"]
    rows = [post(article, source, who) for source, who in zip(sources, "ABCD", strict=True)]
    good = {row.pk: row.html for row in rows}
    for row in (rows[0], rows[2], rows[3]):
        old = f"<p>{row.source.replace('>', '&gt;')} oud</p>\n"
        Comment.objects.filter(pk=row.pk).update(html=old, fragment_release="")
    url = article.get_absolute_url()
    version = client.get(url)["ETag"]
    untouched = Comment.objects.get(pk=rows[1].pk).fragment
    rerendering.markup_renew.call(0)
    for task in DBTaskResult.objects.filter(task_path="comments.thread.rerendering.markup_renew"):
        rerendering.markup_renew.call(*task.args_kwargs["args"])
    assert {row.pk: row.html for row in Comment.objects.all()} == good
    page = client.get(url)
    assert page["ETag"] != version
    assert "<p>Citaat</p>\n</blockquote>\n<p>Mijn antwoord</p>" in page.text
    assert '<li value="3">drie</li>' in page.text
    assert Comment.objects.get(pk=rows[1].pk).fragment == untouched
    assert article.comment_count == 0
    article.refresh_from_db()
    assert article.comment_count == 4
    version = page["ETag"]
    rerendering.markup_renew.call(0)
    assert client.get(url)["ETag"] == version
