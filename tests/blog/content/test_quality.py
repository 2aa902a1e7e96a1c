"""The check before publishing: what it finds, what it leaves alone, and where it says it is."""

from types import SimpleNamespace

import pytest
from hypothesis import given

from blog.content import sanitiser
from blog.content.quality import Draft, World, findings
from blog.models import Article, Redirect, Status
from blog.publishing import articles, checking, rendering
from blog.publishing.trash import article_trash
from tests.blog.content.test_sanitiser import PIECES
from tests.factories import make_article, make_image

EMPTY = World(pictures={})
GOOD = "<h2>Kop</h2><p>Een alinea met <a href='https://x.example/'>het rapport over loon</a>.</p>"


def codes(source, world=EMPTY, title="Titel", lead="Kort."):
    return [one.code for one in findings(Draft(title, lead, sanitiser.clean(source)), world)]


def test_a_good_text_is_left_alone():
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("<h3>Te diep</h3><p>x</p>", "heading-order"),
        ("<h2>a</h2><h4>b</h4><p>x</p>", "heading-order"),
        ("<h2> </h2><p>x</p>", "heading-empty"),
        ("<p><a href='https://x.example/'>Klik hier!</a></p>", "link-text"),
        ("<p>Lees <a href='https://x.example/'>hier</a> meer.</p>", "link-text"),
        ("<p><a href='https://x.example/'>https://x.example/een/pad</a></p>", "link-text"),
        ("<p><a href='https://x.example/'></a>x</p>", "link-text"),
        ("<p><a href='article:7'>stuk</a></p>", "dead-link"),
        ("<p><a href='#s-weg'>stuk</a></p>", "dead-link"),
        (f"<p>{'woord ' * 200}</p>", "long-paragraph"),
        ("<table><tr><td>a</td></tr></table>", "table-header"),
        ("<p><strong>Dit lijkt een kop</strong></p><p>x</p>", "bold-heading"),
        ("<p>x</p><figure data-image='9'></figure>", "picture-gone"),
        ("<p>x</p><figure data-card><a href='https://x.example/'></a></figure>", "card-title"),
        ("", "empty"),
        ("<p>kort</p>" * 701, "no-headings"),
    ],
)
def test_what_is_found(source, code):
    assert code in codes(source)


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        ("<p>a</p>" + "<p></p>" * 13 + "<p>b</p>", [1]),
        ("<p></p><p>a</p><p> </p><p>b</p><p><br></p>", [0, 2, 4]),
        ("<p>a</p><ul><li><p></p></li></ul><blockquote><p></p></blockquote>", [1]),
        ("<ul><li>a</li><li><p></p></li><li></li></ul>", [0]),
        ("<blockquote><p>a</p><p></p></blockquote>", [0]),
        ("<p>a</p><p>\xa0</p><pre></pre>", [1]),
    ],
)
def test_empty_blocks_are_one_finding_for_each_gap(source, blocks):
    found = findings(Draft("Titel", "Kort.", sanitiser.clean(source)), EMPTY)
    assert [(one.code, one.block) for one in found] == [("empty-block", at) for at in blocks]


@pytest.mark.parametrize(
    "source",
    [
        "<h2>a</h2><h3>b</h3><h4>c</h4><h2>d</h2><p>x</p>",
        "<h2>Kop</h2><p><a href='#s-kop'>terug naar de kop</a></p>",
        "<p><strong>Let op:</strong> dit is gewoon een zin.</p>",
        "<table><tr><th>a</th></tr><tr><td>b</td></tr></table>",
        "<table><tr><th>a</th></tr><tr><td><p></p></td></tr></table>",
        "<p>a</p><hr><p>b</p>",
        "<p>x</p><figure data-card><a href='https://youtu.be/abcdefghijk'>Het gesprek</a></figure>",
    ],
)
def test_what_is_fine_is_not_found(source):
    assert codes(source) == []


def test_pictures_and_leads():
    plain = SimpleNamespace(alt="", caption="")
    world = World(pictures={3: plain, 4: SimpleNamespace(alt="Een brug", caption="")})
    source = "<p>x</p><figure data-gallery='3,4'></figure>"
    assert codes(source, world) == ["alt"]
    found = findings(Draft("T", "", sanitiser.clean("<p>x</p>"), plain), world)
    assert [one.code for one in found] == ["no-lead", "alt"]
    assert "long-title" in codes("<p>x</p>", title="lang " * 20)


def test_a_finding_says_where_it_is():
    source = "<p>x</p><h2>a</h2><p>Zie <a href='https://x.example/'>hier</a>.</p>"
    (found,) = findings(Draft("T", "L", sanitiser.clean(source)), EMPTY)
    assert (found.block, found.excerpt) == (2, "Zie hier.")


@given(PIECES)
def test_it_reads_whatever_a_text_may_hold(source):
    findings(Draft("T", "L", sanitiser.clean(source)), EMPTY)


@pytest.mark.django_db
class TestAgainstTheSite:
    def test_links_to_own_articles(self):
        seen, draft = make_article(), make_article(status=Status.DRAFT)
        thrown = make_article()
        article_trash(article=thrown, editor=None)
        source = "".join(
            f"<p>Zie <a href='article:{one.pk}'>dat stuk</a>.</p>" for one in (seen, draft, thrown)
        )
        found = checking.check(title="T", lead="L", source=source, picture=None)
        assert [(one.code, one.block) for one in found] == [("link-waiting", 1), ("dead-link", 2)]

    def test_links_to_own_pages(self):
        article = make_article()
        links = [article.get_absolute_url(), "/", "/search/", "/tag/weg/", "/2012/11/weg/", "/x/y/"]
        links += ["/weg/voor/goed/", "/verhuisd/"]
        Redirect.objects.create(old_path="/weg/voor/goed/")
        Redirect.objects.create(old_path="/verhuisd/", article=article)
        source = "".join(f"<p>Zie <a href='{url}'>die bladzijde</a>.</p>" for url in links)
        found = checking.check(title="T", lead="L", source=source, picture=None)
        assert [(one.code, one.block) for one in found] == [("dead-link", n) for n in (3, 4, 5, 6)]

    def test_a_stored_article_with_its_picture(self):
        image = make_image(alt="")
        article = make_article(picture=image, lead="L", body="<p>x</p>")
        assert [one.code for one in checking.check_text(article)] == ["alt"]

    def test_texts_follow_the_articles_that_they_link_to(self, client):
        target, other = make_article("Doel", slug="doel"), make_article("Ander")
        other.body_source = f'<p>Zie <a href="{target.get_absolute_url()}#s-a">dat stuk</a>.</p>'
        save = {"authors": None, "tags": None, "editor": None, "expected_version": None}
        articles.article_save(article=other, **save)
        other.refresh_from_db()
        assert f'href="article:{target.pk}#s-a"' in other.body_source
        assert other.links_to == [target.pk]
        target.slug = "elders"
        articles.article_save(article=target, **save)
        assert rendering.links_renew(number=target.pk) == 1
        page = client.get(other.get_absolute_url()).text
        assert f'href="{target.get_absolute_url()}#s-a"' in page
        version = Article.objects.get(pk=other.pk).version
        article_trash(article=target, editor=None)
        rendering.links_renew(number=target.pk)
        other.refresh_from_db()
        assert "Zie dat stuk." in other.body_html
        assert other.version == version
