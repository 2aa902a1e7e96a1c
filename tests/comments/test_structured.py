"""The conversation in schema.org's words: bounded, escaped, and free of queries."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.models import Hold, SiteSettings
from comments.services import Writer, comment_delete, comment_post
from comments.structured import MOST
from tests.factories import make_article

pytestmark = pytest.mark.django_db
OPEN = SiteSettings(hold=Hold.NOBODY, spam_filter=False)
HOSTILE = "</script><script>alert(1)</script> <!-- & ' \" **vet** [weg](https://x.example/)"


def say(article, text, name="Anna"):
    return comment_post(
        article=article, parent=None, writer=Writer(name=name), source=text, site=OPEN
    )[0]


def told(client, article):
    html = client.get(article.get_absolute_url()).content.decode()
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    return [json.loads(text) for text in found]


def test_it_is_part_of_the_article(client, settings):
    settings.SITE_URL = "https://blad.example"
    article = make_article()
    comment = say(article, "Een *eerste* gedachte\n\nEn meer", "Anna & Bo")
    whole, conversation = told(client, article)
    assert whole["@id"] == conversation["@id"]
    (one,) = conversation["comment"]
    assert one["text"] == "Een eerste gedachte En meer"
    assert one["author"] == {"@type": "Person", "name": "Anna & Bo"}
    assert one["url"] == f"https://blad.example{comment.get_absolute_url()}"
    assert one["dateCreated"].startswith(f"{comment.created_at:%Y-%m-}")


def test_hostile_words_stay_inside(client):
    article = make_article()
    say(article, HOSTILE)
    html = client.get(article.get_absolute_url()).content.decode()
    assert "<script>alert" not in html
    (_whole, conversation) = told(client, article)
    assert "</script>" in conversation["comment"][0]["text"]


def test_tombstones_and_held_comments_are_not_told(client):
    article = make_article()
    comment_delete(comment=say(article, "Verwijderd"))
    comment_post(article=article, parent=None, writer=Writer(name="B"), source="Wacht",
                 site=SiteSettings(hold=Hold.EVERYONE))  # fmt: skip
    assert len(told(client, article)) == 1


def test_so_many_and_no_query_more(client):
    article = make_article()

    def count():
        with CaptureQueriesContext(connection) as queries:
            found = told(client, article)
        return len(queries), found

    say(article, "Een")
    count()
    count()
    few, _found = count()
    for number in range(MOST + 5):
        say(article, f"Reactie {number}", f"Naam {number}")
    count()
    many, (_whole, conversation) = count()
    assert many == few
    assert len(conversation["comment"]) == MOST
