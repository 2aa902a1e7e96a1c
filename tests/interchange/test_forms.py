"""Texts of other sites in our own forms, however strange; pure functions, no database."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.content import sanitiser
from comments.thread import markup
from interchange import html, words
from interchange.report import MOST_WORDS, RunReport
from interchange.sources import blocks, shortcodes, wpautop, xmlstream

TAGS = (
    "<p> </p> <div> </div> <b> </i> <li> <ul> </ul> <table> <tr> <td> </table> <figure> <pre>"
    " </pre> <img/src='/a.jpg'> <figcaption> <blockquote> <a/href='http://x.example/'> </a>"
    " <br> tekst < & [caption] [/caption] [gallery] <script> </script> <iframe> <h5> <dl><dt>"
    " ]]> * _ # ' \""
)
PIECES = st.sampled_from([*str.split(TAGS), "\n", "\n\n", " ", "<!-- wp:x -->", "<!-- /wp:x -->"])
SOUP = st.lists(PIECES, max_size=30).map("".join)


def convert(text):
    return html.convert(text, pictures=lambda shown: [], links=lambda href: href).html


@given(SOUP)
def test_no_soup_breaks_anything_and_all_is_clean(text):
    told = []
    plain = blocks.blocks_as_html(text, lambda ref: "", lambda *words_: told.append(words_))
    made = convert(shortcodes.expand(plain, "1"))
    cleaned = sanitiser.clean(made)
    # What the converter writes is what an article may hold: the sanitiser finds nothing to drop.
    assert (
        sanitiser.render(cleaned, {}, "/media/").text
        == sanitiser.render(sanitiser.clean(cleaned), {}, "/").text
    )
    markup.render(words.from_html(text, lines=True), bounded=False)
    list(shortcodes.unknown(text))
    wpautop.autop(text)


@pytest.mark.parametrize("tag", ["div", "blockquote", "ul><li", "b><i", "table><tr><td", "figure"])
def test_deep_nesting_keeps_the_words(tag):
    text = f"<{tag}>" * 400 + "diep"
    assert "diep" in convert(text)
    assert "diep" in words.from_html(text, lines=True)


@pytest.mark.parametrize(("given_", "expected"), [
    ("<h1>Kop</h1>", "<h2>Kop</h2>"),
    ("<div>a<p>b</p>c</div>", "<p>a</p>\n<p>b</p>\n<p>c</p>"),
    ("<b>a <em>b</b></em>", "<p><strong>a <em>b</em></strong></p>"),
    ("<iframe src='//www.youtube.com/embed/abcdefghijk'></iframe>",
     '<p><a href="https://www.youtube.com/watch?v=abcdefghijk">'
     "https://www.youtube.com/watch?v=abcdefghijk</a></p>"),
    ("<ul><li>a<ul><li>b</li></ul></li></ul>", "<ul><li>a\n<ul><li>b</li></ul></li></ul>"),
    ("<p>https://x.example/a</p>", '<p><a href="https://x.example/a">https://x.example/a</a></p>'),
    ("<table><tr><th>a</th></tr></table>", "<table><tbody><tr><th>a</th></tr></tbody></table>"),
])  # fmt: skip
def test_what_becomes_of_markup(given_, expected):
    assert convert(given_) == expected


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading(data):
    faults = xmlstream.Faults()
    start = b"<item><title>" + data
    pieces = xmlstream.decoded(io.BytesIO(start), faults, lambda done: None)
    list(xmlstream.nodes(pieces, faults, tops=frozenset({"item"})))


def tree(node):
    return (node.name, node.attributes, node.text, node.broken, [tree(x) for x in node.children])


XML = str.split(
    "<item> </item> <a> </a> <b> </b> <a>x</a> <a><![CDATA[x]]></a> <![CDATA[ ]]> ] & <c/>"
)


@given(st.lists(st.sampled_from([*XML, "<b k='v'>", "<title>", "</title>", " ", "w"]), max_size=25))
def test_elements_read_at_once_are_those_read_in_steps(pieces):
    def read(leaf):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(xmlstream, "_LEAF", leaf)
            text = "<item>" + "".join(pieces)
            tops = frozenset({"item", "title"})
            found = xmlstream.nodes(iter([text]), xmlstream.Faults(), tops=tops)
            return [tree(node) for node, _above in found]

    assert read(xmlstream._LEAF) == read(re.compile("(?!)"))


def test_strays_by_the_thousand_are_read_in_time():
    faults = xmlstream.Faults()
    text = "<item>" + '<a "' * 5_000 + "</item>"
    found = list(xmlstream.nodes(iter([text]), faults, tops=frozenset({"item"})))
    assert len(found) == 1


def test_a_report_does_not_grow_without_end():
    report = RunReport()
    for number in range(5000):
        report.tell(f"shortcode x{number}")
    assert len(report.told) <= MOST_WORDS + 1
    assert sum(found["count"] for found in report.told.values()) == 5000


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a ~~b~~ ~c ~~~", "<p>a ~~b~~ ~c ~~~</p>\n"),
        ("a <del>b</del> <s>c</s>", "<p>a <s>b</s> <s>c</s></p>\n"),
        (r"¯\_(ツ)_/¯ \_a_", "<p>¯\\_(ツ)_/¯ \\_a_</p>\n"),
        (
            '<ol start="3"><li>a</li><li value="7">b</li></ol>',
            '<ol start="3">\n<li>a</li>\n<li value="7">b</li>\n</ol>\n',
        ),
        ('<ol start="x"><li>a</li></ol>', "<ol>\n<li>a</li>\n</ol>\n"),
        ("<blockquote>a</blockquote>b", "<blockquote>\n<p>a</p>\n</blockquote>\n<p>b</p>\n"),
    ],
)
def test_comments_of_others_say_what_they_said(text, shown):
    assert markup.render(words.from_html(text, lines=True)) == shown


def test_lists_of_articles_begin_where_they_began():
    assert convert('<ol start="4"><li>a</li></ol>') == '<ol start="4"><li>a</li></ol>'
    assert convert('<ol start="x"><li>a</li></ol>') == "<ol><li>a</li></ol>"
