"""Kept pages while others write: nothing is kept from before a change, and no writer waits."""

import threading

import pytest
from django.db import connection, transaction

from blog.models import Article, ShownVersion
from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)


def elsewhere(work):
    """Run `work` on a connection of its own, as another process would."""
    faults = []

    def run():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET statement_timeout = '20s'")
            work()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert not faults


def test_a_page_made_before_the_commit_is_gone_with_it(client):
    article = make_article("Eerst")
    url = article.get_absolute_url()
    found = []
    with transaction.atomic():
        Article.objects.filter(pk=article.pk).update(title="Daarna")
        # Readers meanwhile get, and keep, what holds for them.
        elsewhere(lambda: found.extend(client.get(path).text for path in (url, "/")))
    assert all("Eerst" in text and "Daarna" not in text for text in found)
    for path in (url, "/"):
        assert "Daarna" in client.get(path).text


def test_writers_do_not_wait_for_each_other_and_every_change_is_told(client):
    articles = [make_article() for _ in range(3)]
    before = dict(ShownVersion.objects.values_list("pk", "number"))

    def told():
        numbers = ShownVersion.objects.filter(said=False).values_list("number", flat=True)
        return sum(numbers)

    known = told()

    def change(left):
        with transaction.atomic():
            Article.objects.filter(pk=left[0].pk).update(title="Anders")
            if left[1:]:
                elsewhere(lambda: change(left[1:]))

    change(articles)
    assert told() == known + len(articles)
    assert ShownVersion.objects.count() > len(before)
