"""What touches text from outside works twice as long for twice the text, up to its bounds.

Each entry is driven by texts pumped up from pieces that make parsers look ahead, go back or nest.
Refusing a text is an answer too.
"""

import contextlib
import sqlite3

import pytest
import yaml

from authors import naming
from blog.admin import difference
from blog.content import pasted_media, pasting, quality, sanitiser
from blog.content.figures import without_picture
from blog.publishing import own_links
from blog.search.terms import parse_query, tame_query
from comments.mail_parsing import addresses, answers, reading
from comments.mail_parsing.known import Known
from comments.models import Comment
from comments.posting import by_mail
from comments.screening import rules, spam
from comments.screening.contribution import Contribution
from comments.thread import markup, names, plain_text, quotes
from core import html_bounds
from core.text import TextRefused
from interchange import html, words
from interchange.sources import blocks, isso, markdown, shortcodes, wpautop, xmlstream
from tests.hostile.pumping import MOST_GROWTH, growth

MARKUP = (
    "<",
    ">",
    "<!--",
    "<!",
    "<?",
    "</",
    "<a",
    "<a ",
    "<a href=",
    "<a href='x",
    '<a x="',
    "<b>",
    "<div>",
    "<p>",
    "</p>",
    "<br>",
    "<li><b>",
    "<ul><li>",
    "<td>x",
    "<table><tr>",
    "<pre>",
    "<script>",
    "<style>",
    "<blockquote>",
    "<![CDATA[",
    "&",
    "&amp",
    "<u>x</u>",
    "<s>x</s>",
    "x<br>",
    "<em></em>",
    "</b><div>",
    "<hr",
    "<p> </p>",
    "<o:p>",
    "<img>",
    "<font color=1>",
    "a b",
)
CLIPBOARD = (
    "<div><p>x</p></div>",
    "<span style='font-weight:700'>x</span>y",
    "<span style='display:block'>x</span>",
    "<b style='font-weight:normal'>x</b>y",
    "<a href='x:'>x</a>y",
    "<sup><a href='#_ftn1'>1</a></sup>",
    "<p id=_ftn1><a href='#_ftn1'>1</a>",
    "<p style='mso-list:l0 level1 lfo1'>1. x",
    "<div class=ListContainerWrapper><ul><li data-aria-level=1>x</ul></div>",
    "<dl><dt>x</dt></dl>",
    "<table><caption>x</caption><tr><td>y</table>",
    "<i> </i>x",
    "<img src='https://x.example/a.png' alt=x>y",
    "<p><b><img src=/media/pictures/a-0123456789abcdef-400.jpg></b>y",
    "<img alt=☺ src=x>y",
    "<iframe src='//youtu.be/dQw4w9WgXcQ'></iframe>y",
    "<video><source src=x>y</video>",
    "<svg><title>x</title></svg>",
)
MARKDOWN = (
    "[",
    "](",
    "![",
    "[a](",
    "[a](http://b",
    "<http://",
    "`",
    "``a",
    "*",
    "**a _b",
    "*_",
    "> ",
    "- ",
    "1. ",
    "#",
    "\\",
    "://",
    "http://",
    "http://a,",
    "x http://[",
    "a@a",
    "a@",
    "@",
    "mailto:a@",
)
PLAIN = (" ", "\n", "\t\n", "a", "a ", ".", "-", "_", "a\u0301", "\xa0 ", "1.", '"', "'", "[", "=")
WORDPRESS = (
    "[caption ",
    '[caption "',
    "[caption]",
    "[gallery",
    "[foo a=",
    "<p>[embed",
    "<!-- wp:a {",
    "<!-- wp:a ",
    "<source> ",
    "<p>\n",
    "<pre",
    "[/caption]",
    "]",
)
XML = (
    "<a>",
    "<a",
    "<a b='",
    "<![CDATA[",
    "]]>",
    "<a><![CDATA[",
    "<!DOCTYPE [",
    "&",
    "<item>",
    "<a>x",
)
MAILS = (
    "Sent from ",
    "\nSent from ",
    "\n-- \n",
    "Op a schreef ",
    "\nOp a",
    "On a wrote:",
    "Van: a\n",
    "_",
    "> ",
    "\n>",
    "a@a ",
    "Op ",
    "mail",
)


def previewed(text):
    markup.render(text[: markup.MAX_SOURCE])


def said(source):
    return plain_text.words_of(Comment(html=markup.render_clean(source, bounded=False)))


def xml(text):
    pieces = iter([text[at : at + 9_000] for at in range(0, len(text), 9_000)])
    list(xmlstream.nodes(pieces, xmlstream.Faults(), tops=frozenset({"item"})))


def converted(source):
    html.convert(source, pictures=lambda picture: [], links=lambda href: href)


def written(source):
    source = sanitiser.clean(source)
    sanitiser.render(source, {}, "/media/")
    quality.findings(
        quality.Draft("t", "l", source), quality.World({}, frozenset(), frozenset(), frozenset())
    )
    own_links.own_addresses(source)
    difference.paragraphs(source)


def mail_of(content):
    head = b"From: a@example.org\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    message = by_mail.email.message_from_bytes(
        head + content.encode("utf-8", "replace"), policy=by_mail._POLICY
    )
    answers.split(reading.read(message).lines, Known())


CODED = ("%25", "%2540", "%7C", "http://", "=40", "\\@", "&#64;", "＠", "3a", "[at]")
NAMES = naming.Names(["Zoë de Quintelier", "Zoë Quintelier", "De Boer"])
ENTRIES = {
    "preview": (
        lambda text: markup.render(text[: markup.MAX_SOURCE]),
        MARKDOWN + MARKUP[:12],
        8_000,
    ),
    "comment of an import": (
        lambda text: markup.render_clean(markup.clean_source(text), bounded=False),
        MARKDOWN + PLAIN,
        20_000,
    ),
    "words of a comment": (said, MARKDOWN[-8:] + PLAIN, 16_000),
    "text of a comment": (
        lambda text: plain_text.text_of(text),
        ("<p>a", "<b>", "<br>", "a "),
        16_000,
    ),
    "quotations": (
        quotes.quotations,
        ("<blockquote><p>a</p></blockquote>", "<p>a", "</blockquote>"),
        16_000,
    ),
    "name": (lambda text: names.clean_name(text[: names.MAX_NAME]), PLAIN, 16_000),
    "website": (names.clean_website, ("a", ".", "a.", "http://", "/", "-"), 16_000),
    "spam": (lambda text: spam.features(Contribution(text)), PLAIN + MARKDOWN[-8:], 16_000),
    "search": (lambda text: parse_query(tame_query(text)), PLAIN, 16_000),
    "answer by mail": (by_mail.answer_of, MAILS + PLAIN, 32_000),
    "addresses in a mail": (
        lambda text: addresses.without(text, ["bo@lezer.example", "0123456789"]),
        MAILS + PLAIN + CODED,
        32_000,
    ),
    "names in others' texts": (
        lambda text: list(NAMES.spans(text)),
        (
            *PLAIN,
            *MARKDOWN,
            "Zoë",
            "zoe de ",
            "Quintelier, ",
            "zoë**",
            "de-",
            "s'",
            "ZoëQuintelier",
        ),
        32_000,
    ),
    "mail": (mail_of, MARKUP + MAILS, 32_000),
    "paste": (
        lambda text: pasting.clean_pasted(text, {"0123456789abcdef": 1}),
        (*MARKUP, *CLIPBOARD),
        32_000,
    ),
    "marks of own pictures": (pasted_media.own_marks, (*MARKUP, "/pictures/", "a-"), 64_000),
    "a picture out of a text": (
        lambda text: without_picture(sanitiser.clean(text), 7),
        (*MARKUP, '<figure data-image="7"></figure>', '<figure data-gallery="7,8"></figure>x'),
        32_000,
    ),
    "article": (written, MARKUP, 32_000),
    "difference": (difference.paragraphs, MARKUP, 32_000),
    "article of an import": (converted, MARKUP, 32_000),
    "comment in HTML": (lambda text: words.from_html(text, lines=True), MARKUP + PLAIN, 32_000),
    "cost": (html_bounds.cost, MARKUP, 64_000),
    "shortcodes": (
        lambda text: (shortcodes.expand(text, "1"), list(shortcodes.unknown(text))),
        WORDPRESS + MARKUP,
        32_000,
    ),
    "blocks": (
        lambda text: blocks.blocks_as_html(text, lambda ref: "", lambda what, name: None),
        WORDPRESS + MARKUP,
        32_000,
    ),
    "autop": (wpautop.autop, WORDPRESS + MARKUP + PLAIN, 32_000),
    "export in XML": (xml, XML + MARKUP[:12], 64_000),
    "front matter": (
        lambda text: (markdown.split(f"---\n{text}\n---\n"), markdown.split(text)),
        (
            "a: b\n",
            "[",
            "{",
            "- ",
            "a: &a\n",
            "? ",
            "a:\n ",
            "'",
            '"',
            "#",
            "1:",
            "|\n",
            " ",
            "-\n",
        ),
        16_000,
    ),
}
CASES = [
    pytest.param(run, piece, size, id=f"{name}-{piece!r}")
    for name, (run, pieces, size) in ENTRIES.items()
    for piece in pieces
]


@pytest.mark.django_db
@pytest.mark.parametrize(("run", "piece", "size"), CASES)
def test_work_grows_with_the_text(run, piece, size):
    def tried(text):
        with contextlib.suppress(TextRefused, html_bounds.TooLarge):
            run(text)

    def make(many):
        return (piece * (many // len(piece) + 1))[:many]

    ratio = growth(tried, make, (250, 4_000, size), floor=0.05)
    assert ratio <= MOST_GROWTH, f"{ratio:.1f} times the work for twice the text"


def test_headers_of_a_mail_are_read_to_a_bound(settings):
    """Before a signature is checked: addresses by the thousand, comments in comments."""
    settings.INBOUND_DOMAIN = "example.org"
    for piece in ("a@example.org, ", "(", "<", '"', "=?utf-8?q?a?= ", "a ", ";a=b", "a,"):
        for name in ("To", "From", "Content-Type", "Return-Path", "Auto-Submitted"):

            def make(size, piece=piece, name=name):
                return f"{name}: {(piece * (size // len(piece) + 1))[:size]}\r\n\r\nx".encode()

            assert growth(by_mail.receive, make, (24, 2_000, 200_000), floor=0.1) <= MOST_GROWTH


@pytest.mark.django_db
def test_a_mail_of_too_many_parts_or_lines_is_refused():
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(40))
    assert by_mail.receive(nested.encode()) is by_mail.Result.BROKEN
    assert by_mail.receive(b"To: a@b.nl\n\n" + b"\n" * 60_000) is by_mail.Result.BROKEN


def test_markup_is_refused_by_what_it_costs():
    costly = (
        "<div>" * 61,
        "</b>" * 100 + "<div>" * 61,
        "<div></b>" * 61,
        "<div><b></div>" * 61,
        "<a " + " ".join(f"a{n}" for n in range(1_500)) + ">",
        '<a x=">" ' + " ".join(f"a{n}" for n in range(1_500)) + ">",
        '<a "' + " ".join(f"a{n}" for n in range(1_500)) + ">",
        "<br>" * 20_001,
    )
    for source in costly:
        with pytest.raises(html_bounds.TooLarge):
            sanitiser.bounded(source)
    sanitiser.bounded(
        "<p><b>x</b></p>" * 5_000 + f'<img src="data:image/png;base64,{"a/" * 9_000}">'
    )


def test_front_matter_takes_no_aliases():
    bomb = "a: &a [x]\n" + "".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert markdown.split(f"---\n{bomb}---\ntext")[0] is None
    assert markdown.split("---\ntitle: x\n---\ntext")[0] == {"title": "x"}
    assert yaml.SafeLoader in markdown._Loader.__mro__


def database(tmp_path, *statements):
    file = tmp_path / "isso.db"
    file.unlink(missing_ok=True)
    db = sqlite3.connect(file)
    db.executescript("".join(f"{one};" for one in statements))
    db.close()
    return [type(found).__name__ for found in isso.read(file)]


THREADS = "CREATE TABLE threads (id INTEGER, uri TEXT)"
ENDLESS = "WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id"


def test_a_database_is_read_from_its_tables_alone(tmp_path):
    comments = "CREATE TABLE comments (id INTEGER, tid INTEGER, parent INTEGER, text TEXT)"
    row = "INSERT INTO comments VALUES (1, 1, NULL, 'x')"
    assert database(tmp_path, THREADS, comments, row) == ["Site", "Comment"]
    view = f"CREATE VIEW comments AS {ENDLESS}, 1 AS tid, '' AS text FROM n"
    assert database(tmp_path, THREADS, view) == ["Note"]
    threads = f"CREATE VIEW threads AS {ENDLESS}, '' AS uri FROM n"
    assert database(tmp_path, threads, comments, row) == ["Note"]
    computed = comments[:-1] + ", name TEXT AS (hex(text)))"
    assert database(tmp_path, THREADS, computed) == ["Note"]
    preferences = f"CREATE VIEW preferences AS {ENDLESS}, 'session-key' AS key, '' AS value FROM n"
    assert database(tmp_path, THREADS, comments, row, preferences) == ["Site", "Comment"]


def test_rules_of_editors_end():
    rule = type("Rule", (), {"pk": 1, "target": "text", "match": "regex", "effect": "hold"})()
    rule.pattern = "(a+)+$"
    _caught, slow = rules.prepare([rule]).check(Contribution("a" * 5_000 + "!"))
    assert slow
