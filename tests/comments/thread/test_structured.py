"""The conversation in schema.org's words: bounded, escaped, and free of queries."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.models import Hold, SiteSettings
from comments import tokens
from comments.moderation.states import comment_delete
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.thread.structured import MOST, MOST_REPLIES
from tests.factories import make_article

pytestmark = pytest.mark.django_db
OPEN = SiteSettings(hold=Hold.NOBODY, spam_filter=False)
HOSTILE = "</script><script>alert(1)</script> <!-- & ' \" **vet** [weg](https://x.example/)"


def say(article, text, name="Anna"):
    return comment_post(submission=Submission(article=article, name=name, text=text), site=OPEN)[0]


def all_told(html):
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    return [one for text in found for one in json.loads(text)]


def told(client, article):
    html = client.get(article.get_absolute_url()).content.decode()
    return [one for one in all_told(html) if one["@type"] != "BreadcrumbList"]


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
    comment_post(
        submission=Submission(article=article, name="B", text="Wacht"),
        site=SiteSettings(hold=Hold.EVERYONE),
    )
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


class TestBranch:
    """The page of one comment: a reader's words come first there."""

    def page(self, client, comment):
        return client.get(comment.get_absolute_url())

    def told(self, client, comment):
        return all_told(self.page(client, comment).content.decode())

    def answer(self, parent, text, name="Bo"):
        return comment_post(
            submission=Submission(article=parent.article, parent=parent, name=name, text=text),
            site=OPEN,
        )[0]

    def test_it_is_a_posting_with_its_replies_below_what_they_answer(self, client, settings):
        settings.SITE_URL = "https://blad.example"
        article = make_article("Het stuk")
        root = say(article, "Begin", "Anna")
        first = self.answer(root, "Eerste")
        self.answer(first, "Dieper", "Cor")
        self.answer(root, "Tweede")
        say(article, "Los daarvan")
        posting, crumbs = self.told(client, root)
        url = f"https://blad.example{article.get_absolute_url()}"
        assert posting["@type"] == "DiscussionForumPosting"
        assert (posting["text"], posting["author"]["name"]) == ("Begin", "Anna")
        # What Google asks for: an author, a date, and words.
        assert posting["datePublished"] == posting["dateCreated"]
        assert posting["url"] == f"https://blad.example{root.get_absolute_url()}"
        assert posting["isPartOf"]["@id"] == f"{url}#article"
        assert [one["text"] for one in posting["comment"]] == ["Eerste", "Tweede"]
        assert [one["text"] for one in posting["comment"][0]["comment"]] == ["Dieper"]
        steps = crumbs["itemListElement"]
        assert [(one["position"], one["name"], one["item"]) for one in steps] == [
            (1, "Weerwoord", "https://blad.example/"),
            (2, "Het stuk", url),
            (3, "Anna", posting["url"]),
        ]  # fmt: skip

    def test_of_a_reply_it_is_the_reply(self, client):
        root = say(make_article(), "Begin")
        first = self.answer(root, "Eerste")
        self.answer(first, "Dieper")
        posting, _crumbs = self.told(client, first)
        assert posting["text"] == "Eerste"
        assert [one["text"] for one in posting["comment"]] == ["Dieper"]

    def test_what_was_taken_away_is_passed_over(self, client):
        root = say(make_article(), "Begin")
        first = self.answer(root, "Eerste")
        self.answer(first, "Dieper")
        comment_delete(comment=first)
        posting, _crumbs = self.told(client, root)
        assert [one["text"] for one in posting["comment"]] == ["Dieper"]

    def test_it_is_bounded(self, client):
        root = say(make_article(), "Begin")
        for number in range(MOST_REPLIES + 3):
            self.answer(root, f"Reactie {number}", f"Naam {number}")
        posting, _crumbs = self.told(client, root)
        assert len(posting["comment"]) == MOST_REPLIES

    def test_hostile_words_stay_inside(self, client):
        root = say(make_article("<b>Kop</b></script>"), HOSTILE)
        html = self.page(client, root).content.decode()
        assert "<script>alert" not in html
        assert "</script>" in all_told(html)[0]["text"]

    def test_a_comment_that_waits_is_told_to_nobody(self, client):
        article = make_article()
        comment, _new = comment_post(
            submission=Submission(article=article, name="B", text="Wacht"),
            site=SiteSettings(hold=Hold.EVERYONE),
        )
        own = client.get(
            f"{comment.get_absolute_url()}?own={tokens.make(tokens.Purpose.OWN, comment.pk)}"
        )
        assert own.status_code == 200
        assert "ld+json" not in own.content.decode()


def test_quotes_and_numbers_stay_what_they_are(client):
    article = make_article()
    say(article, "> Wat *zij* zei\nEigen woorden\n\n2. een\n4. twee")
    one = told(client, article)[-1]["comment"][0]
    assert one["text"] == "“Wat zij zei” Eigen woorden 2. een 4. twee"
