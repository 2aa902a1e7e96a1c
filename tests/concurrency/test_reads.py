"""Reads counted by many threads and written by several at once: none is lost."""

import threading

import pytest
from django.db import connection
from django.test import RequestFactory

from blog.models import Reads
from blog.reading import page_counts
from tests.blog.reading.test_page_counts import FIREFOX
from tests.factories import make_article


@pytest.mark.django_db(transaction=True)
def test_every_read_is_written_once():
    articles = [make_article(), make_article()]
    request = RequestFactory().get("/", headers={"user-agent": FIREFOX})
    page_counts._counts.clear()

    def read():
        for _turn in range(200):
            for article in articles:
                page_counts.note(request, article.pk)
        page_counts.flush()
        connection.close()

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    page_counts.flush()
    assert sorted(Reads.objects.values_list("count", flat=True)) == [1600, 1600]


@pytest.mark.django_db(transaction=True)
def test_a_timer_writes_after_a_while(monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(page_counts, "_SECONDS", 0.05)
    article = make_article()
    request = RequestFactory().get("/", headers={"user-agent": FIREFOX})
    page_counts.note(request, article.pk)
    page_counts._timer.join()
    assert Reads.objects.get().count == 1
