"""The article sanitiser: what gets through, what never does, and what it costs."""

import re
import unicodedata

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.content import embeds, sanitiser, slugs
from core import html_bounds
from tests.comments.payloads import ALL

PIECES = st.lists(
    st.sampled_from(
        [
            *("<p>", "</p>", "<h2>", "</h2>", "<h3>", "<b>", "<strong>", "<h2 id='x'>"),
            *("<a href='https://x'>", "<a href='javascript:x'>", "</a>", "<iframe>"),
            *("<figure data-image='3'></figure>", "<figure>", "<img src=x onerror=x>"),
            *("<img src='https://foreign.example/x.png'>", "<script>x</script>"),
            *("<style>p{}</style>", "<table><tr><td>", "<ul><li>", "tekst & meer", "<"),
            *("<figure data-gallery='3,4'>", "<figure data-card>", "</figure>", "<sup data-note>"),
            *("<a href='article:12#s-x'>", "<a href='article:x'>", "<sup>", "</sup>", "<th>"),
            *("<a href='https://youtu.be/abcdefghijk'>", "<ol start='3'>", "<ol start='x'>"),
            *("<figure class='link-card' data-video='youtube:x'>", "<a id='fn-1' role='x'>"),
            *("<noframes>", "</noframes>", "<plaintext>", "<noscript>", "</noscript>"),
            *("&lt;", "\x00", "<!-- x -->", "<svg><a>", "<div class='picture' style='x'>", "é"),
        ]
    ),
    max_size=25,
).map("".join)


def elements(html):
    return list(html5lib.parseFragment(html, namespaceHTMLElements=False).iter())


@pytest.mark.parametrize(
    "tag", ["noframes", "plaintext", "noscript", "noembed", "iframe", "NoFrames"]
)
@pytest.mark.parametrize("end", ["</{}>", ""])
def test_elements_of_raw_text_show_no_marks(tag, end):
    """What a browser would read as text in them is the markup that it was meant to be."""
    source = (
        f"<p>a</p><{tag} class='x'><p>b <b>c</b> <strong>d</strong></p>{end.format(tag)}<p>e</p>"
    )
    cleaned = sanitiser.clean(source)
    assert cleaned == "<p>a</p><p>b c <strong>d</strong></p><p>e</p>"
    assert "&lt;" not in sanitiser.render(cleaned, {}, "/media/").html


def test_marks_that_are_meant_stay():
    source = "<pre>&lt;noframes&gt;&lt;p&gt;</pre>"
    assert sanitiser.clean(source) == source


def test_raw_text_opens_no_way_for_scripts():
    for inner in ("<script>x()</script>", "<img src=x onerror=x()>", "<style>p{}</style>"):
        for source in (
            f"<noframes>{inner}</noframes>",
            f"<plaintext>{inner}",
            f"<nofr<noframes>ames>{inner}",
            f"<scr<plaintext>ipt>x()</scr</noframes>ipt>{inner}",
            f"<p title='<noscript>'>{inner}</p>",
        ):
            page = sanitiser.render(sanitiser.clean(source), {}, "/media/").html
            names = {str(one.tag) for one in elements(page)}
            assert not names & {"script", "style", "img", "noframes", "plaintext"}, source


@given(PIECES)
def test_cleaning_twice_is_cleaning_once(source):
    once = sanitiser.clean(source)
    assert sanitiser.clean(once) == once


@given(PIECES)
def test_nothing_but_what_an_article_may_hold_gets_through(source):
    shown = sanitiser.render(sanitiser.clean(source), {}, "/media/", {12: "/2012/11/x/"}).html
    for html in (sanitiser.clean(source), shown):
        for node in elements(html):
            assert node.tag in {*sanitiser._SHOWN_TAGS, "DOCUMENT_FRAGMENT", "tbody"}
            assert not any(name.startswith("on") or name == "style" for name in node.keys())  # noqa: SIM118
            assert not str(node.get("href", "")).lower().startswith(("javascript", "data"))
            assert node.tag != "img" or node.get("src", "").startswith("/media/")
    for node in elements(shown):
        assert not str(node.get("href", "")).startswith("article:")
        assert node.tag not in ("iframe", "video", "span")
        assert not node.get("data-video") or embeds.VIDEO.fullmatch(node.get("data-video"))


@given(PIECES)
def test_every_reference_has_its_note_and_every_note_its_way_back(source):
    nodes = elements(sanitiser.render(sanitiser.clean(source), {}, "/media/").html)
    ids = [node.get("id") for node in nodes if node.get("id")]
    assert len(ids) == len(set(ids))
    for node in nodes:
        if node.get("role") in ("doc-noteref", "doc-backlink"):
            assert node.get("href").removeprefix("#") in ids


@pytest.mark.parametrize("payload", ALL)
def test_no_known_attack_survives(payload):
    html = sanitiser.render(sanitiser.clean(payload), {}, "/media/").html
    names = {name for node in elements(html) for name in node.keys()}  # noqa: SIM118
    assert not any(name.startswith("on") for name in names)
    tags = {node.tag for node in elements(html)}
    assert not tags & {"script", "style", "iframe", "object", "embed", "svg", "math", "img", "form"}


def test_headings_get_anchors_of_their_own():
    source = "<h2>Kop</h2><h2>Kop</h2><h3>Ander <em>woord</em></h3><h2></h2>"
    rendered = sanitiser.render(sanitiser.clean(source), {}, "/media/")
    ids = re.findall(r'id="([^"]+)"', rendered.html)
    assert len(ids) == len(set(ids))
    assert [heading["id"] for heading in rendered.toc] == ids[: len(rendered.toc)]
    assert sanitiser.render(sanitiser.clean(source), {}, "/media/").html == rendered.html


def test_figures_are_numbers_of_pictures():
    source = '<figure data-image="7"></figure><figure data-image="x"></figure><p>t</p>'
    assert sanitiser.picture_numbers(sanitiser.clean(source)) == [7]
    rendered = sanitiser.render(sanitiser.clean(source), {}, "/media/")
    assert rendered.missing == [7]
    assert "<figure" not in rendered.html


def test_bounds_come_before_the_costly_work(monkeypatch):
    monkeypatch.setattr(
        sanitiser.nh3, "clean", lambda *a, **k: pytest.fail("the sanitiser was asked")
    )
    for source in ("x" * (sanitiser.MAX_BYTES + 1), "<blockquote>" * (sanitiser.MAX_NESTING + 1)):
        with pytest.raises(html_bounds.TooLarge):
            sanitiser.clean(source)


def test_words_are_counted_without_markup():
    rendered = sanitiser.render(
        sanitiser.clean("<p>Een <em>twee</em></p><p>drie</p>"), {}, "/media/"
    )
    assert rendered.word_count == 3


@given(st.text(max_size=300))
def test_slugs_are_short_plain_words(text):
    slug = slugs.slug_from(text)
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug)
    assert len(slug) <= slugs.MAX_LENGTH
    assert slugs.slug_from(slug) == slug
    assert slugs.slug_from(unicodedata.normalize("NFD", text)) == slugs.slug_from(
        unicodedata.normalize("NFC", text)
    )


@given(st.sets(st.sampled_from(["a", "a-2", "a-3", "feed", "feed-2"])))
def test_a_taken_or_reserved_slug_gets_a_number(taken):
    for stem in ("a", "feed"):
        found = slugs.unique(stem, taken)
        assert found not in taken
        assert found not in slugs.RESERVED
        assert found.startswith(stem)


def test_text_that_looks_like_markup_stays_text():
    rendered = sanitiser.render(
        sanitiser.clean("&lt;img src=x&gt; is een <em>element</em>"), {}, "/media/"
    )
    assert rendered.html == "&lt;img src=x&gt; is een <em>element</em>"
