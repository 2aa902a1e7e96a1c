"""Parts of one conversation: what its authors wrote, what holds certain words, what is valued."""

import lxml.html
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.models import Hold, SiteSettings, Status
from blog.publishing.shared_conversation import article_translates
from comments.models import Comment, State
from comments.moderation import marks
from comments.moderation.states import comment_remove
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.thread import reactions, selectors
from tests.comments.thread.test_cost import reads
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db
OPEN = SiteSettings(hold=Hold.NOBODY, posts_per_hour=0, posts_per_person=0, flood_limit=0)


@pytest.fixture
def femke():
    SiteSettings.objects.create(pk=1, hold=Hold.NOBODY)
    return make_author("Femke")


@pytest.fixture
def article(femke):
    return make_article("Een stuk", authors=[femke])


def say(article, text, parent=None, name="Anna", author=None):
    return comment_post(
        submission=Submission(
            article=article, parent=parent, name=author.name if author else name, text=text,
            author=author, user=author and author.user,
        ),
        site=OPEN,
    )[0]  # fmt: skip


def words(node):
    return " ".join(node.text_content().split())


def listed(client, url):
    """For each comment of the authors: its number, what stands above it, and its links."""
    tree = lxml.html.fromstring(client.get(url).text)
    return [
        (
            item.xpath("./article/@id")[0],
            [words(quote) for quote in item.find_class("answered")],
            item.xpath("./p[@class='meta']/a/@href"),
        )
        for item in tree.xpath("//ol[contains(@class, 'by-authors')]/li")
    ]


class TestByAuthor:
    def test_each_stands_below_the_first_words_of_what_it_answers(self, client, article, femke):
        here, asked = article.get_absolute_url(), say(article, "> Een citaat\n\nWaarom eigenlijk?")
        say(article, "Een lezer antwoordt.", asked, "Bram")
        told = say(article, "Daarom.", asked, author=femke)
        below = say(article, "Dank u.", told)
        gone = say(article, "Verdwijnt straks.")
        late = say(article, "Zeker.", gone, author=femke)
        own = say(article, "Voor allen.", author=femke)
        comment_remove(comment=gone, actor=None, reason="Reclame.")
        assert listed(client, f"{here}author/") == [
            (
                f"comment-{told.pk}",
                ["Antwoord op Anna Waarom eigenlijk?"],
                [f"{here}?at={told.pk}#comment-{told.pk}", told.get_absolute_url()],
            ),
            (
                f"comment-{late.pk}",
                ["antwoord op een verwijderde reactie"],
                [f"{here}?at={late.pk}#comment-{late.pk}"],
            ),
            (f"comment-{own.pk}", [], [f"{here}?at={own.pk}#comment-{own.pk}"]),
        ]
        page = client.get(f"{here}author/")
        assert below.name not in page.text.partition("Voor allen.")[2]
        assert '<meta name="robots" content="noindex, follow">' in page.text
        assert "public" in page["Cache-Control"]
        assert not page.cookies

    def test_the_conversation_leads_there_once_an_author_wrote(self, client, article, femke):
        here = article.get_absolute_url()
        say(article, "Een lezer.")
        assert f'href="{here}author/"' not in client.get(here).text
        comment = say(article, "De auteur.", author=femke)
        assert f'href="{here}author/"' in client.get(here).text
        comment_remove(comment=comment, actor=None, reason="")
        assert f'href="{here}author/"' not in client.get(here).text
        assert listed(client, f"{here}author/") == []

    def test_pages_hold_each_once_and_cost_the_same(self, client, article, femke, monkeypatch):
        monkeypatch.setattr("comments.thread.highlights.PAGE", 3)
        asked = say(article, "Vraag?")
        made = [say(article, f"Antwoord {n}.", asked, author=femke).pk for n in range(8)]
        there, url = [], f"{article.get_absolute_url()}author/"
        first = url
        while True:
            with CaptureQueriesContext(connection) as asked_for:
                tree = lxml.html.fromstring(client.get(url).text)
            assert len(asked_for) <= 9
            there.append(tree.xpath("//ol[contains(@class, 'by-authors')]/li/article/@id"))
            links = tree.xpath("//nav[@class='thread-pages']/a[@rel='next']/@href")
            if not links:
                break
            url = first + links[0]
        assert [[int(one[8:]) for one in page] for page in there] == [
            made[:3], made[3:6], made[6:]
        ]  # fmt: skip
        back = tree.xpath("//nav[@class='thread-pages']/a[@rel='prev']/@href")[0]
        ids = [one for one, *_more in listed(client, first + back)]
        assert [int(one[8:]) for one in ids] == made[3:6]

    def test_it_reads_no_more_of_a_longer_conversation(self, client, article, femke):
        asked = say(article, "Vraag?")
        say(article, "Antwoord.", asked, author=femke)
        url, figures = f"{article.get_absolute_url()}author/", []
        from bench import threads

        for size in (10, 3_000):
            threads.grow(article, size)
            client.get(url)
            with CaptureQueriesContext(connection) as found:
                client.get(url)
            figures.append(sum(reads(one["sql"])[1] for one in found.captured_queries))
        assert figures[1] <= figures[0] + 5


class TestSearch:
    def test_it_finds_what_stands_in_this_conversation_alone(self, client, article):
        here = article.get_absolute_url()
        hit = say(article, "Een **fiets** & <b>meer</b>.", name="Karim")
        say(article, "Een trein.")
        say(make_article("Ander"), "Een fiets elders.")
        reactions.reaction_set(comment=hit, reader="een", client=None, valued=True)
        tree = lxml.html.fromstring(client.get(f"{here}search/?q=fietsen").text)
        (found,) = tree.xpath("//ol[@class='found-comments']/li")
        assert words(found.find_class("found-title")[0]) == "Karim"
        assert words(found.xpath(".//mark")[0]) == "fiets"
        assert "1 lezer vond dit waardevol" in words(found)
        assert f"{here}?at={hit.pk}#comment-{hit.pk}" in found.xpath(".//a/@href")
        assert tree.xpath("//meta[@name='robots']/@content") == ["noindex, follow"]
        assert tree.xpath("//main//form/@action") == [f"{here}search/"]
        assert tree.xpath("//main//input[@name='q']/@value") == ["fietsen"]

    def test_what_readers_do_not_see_is_not_found(self, client, article):
        comment = say(article, "Uniekwoord")
        url = f"{article.get_absolute_url()}search/?q=uniekwoord"
        assert [one.pk for one in client.get(url).context["results"]] == [comment.pk]
        for state in State:
            Comment.objects.filter(pk=comment.pk).update(state=state, shown=True)
            found = client.get(url).context["results"]
            assert bool(found) == (state == State.APPROVED)
        for change in ({"comment_policy": "hidden"}, {"status": Status.DRAFT}):
            other = make_article(**change)
            assert client.get(f"{other.get_absolute_url()}search/?q=x").status_code == 404
            assert client.get(f"{other.get_absolute_url()}author/").status_code == 404

    def test_pages_cover_every_hit_once_newest_first(self, client, article, monkeypatch):
        monkeypatch.setattr("comments.thread.search._WINDOWS", (4, 9))
        made = [say(article, f"Fiets {number}").pk for number in range(23)]
        for _ in range(5):
            say(make_article(), "Fiets elders")
        seen, url = [], f"{article.get_absolute_url()}search/?q=fiets"
        while url:
            page = client.get(url)
            seen += [one.pk for one in page.context["results"]]
            url = page.context["older_url"]
        assert seen == made[::-1]

    @pytest.mark.parametrize("query", ["", "'", "de het", "-x", '"', "x" * 9_000, "a:*&|!(", "日"])
    def test_no_query_is_an_error(self, client, article, query):
        say(article, "Fiets")
        url = f"{article.get_absolute_url()}search/"
        assert client.get(url, {"q": query, "before": "9" * 30}).status_code == 200

    def test_statements_do_not_grow(self, client, article):
        def count():
            with CaptureQueriesContext(connection) as queries:
                client.get(f"{article.get_absolute_url()}search/?q=fiets")
            return len(queries)

        say(article, "Fiets")
        count()
        few = count()
        for _ in range(12):
            say(article, "Fiets")
        assert count() == few

    def test_a_longer_conversation_offers_it(self, client, article):
        here = article.get_absolute_url()
        for number in range(10):
            assert f'action="{here}search/"' not in client.get(here).text
            say(article, f"Gedachte {number}.")
        assert f'action="{here}search/"' in client.get(here).text


def test_a_translation_searches_the_conversation_it_shares(client, article, femke):
    english = make_article("A piece", language="en", authors=[femke])
    article_translates(article=english, original=article)
    comment = say(article, "De fiets.", author=femke)
    here = english.get_absolute_url()
    found = client.get(f"{here}search/?q=fiets").text
    assert f'href="{here}?at={comment.pk}#comment-{comment.pk}"' in found
    assert "Search this conversation" in found
    ((_id, _above, links),) = listed(client, f"{here}author/")
    assert links == [f"{here}?at={comment.pk}#comment-{comment.pk}"]


def test_how_many_find_it_valuable_is_said_wherever_it_stands(client, article):
    comment = say(article, "Een gedachte.")
    for reader in "ab":
        reactions.reaction_set(comment=comment, reader=reader, client=None, valued=True)
    marks.comment_feature(comment=comment, actor=make_user(), featured=True)
    here, own = article.get_absolute_url(), comment.get_absolute_url()
    for url in (here, own, f"{here}reply/?to={comment.pk}"):
        tree = lxml.html.fromstring(client.get(url).text)
        (button,) = tree.xpath("//article//a[@class='value']")
        assert words(button) == "Waardevol: Anna 2 lezers", url
    said = "2 lezers vonden dit waardevol"
    for url in (here, f"{own}value/", "/search/comments/?q=gedachte"):
        tree = lxml.html.fromstring(client.get(url).text)
        assert [words(one) for one in tree.find_class("valued")] == [said], url
    assert selectors.page(article).rows[0].pk == comment.pk
