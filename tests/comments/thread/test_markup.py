"""Whatever is typed, only our few tags come out, and the words survive."""

from __future__ import annotations

import re
import sys
from typing import Any
from urllib.parse import urlsplit

import html5lib
import pytest
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from comments.thread import markup, plain_text
from core.text import TextRefused
from tests.comments import payloads

ATTRIBUTES = {
    "a": {"href", "rel"},
    "p": {"dir"},
    "blockquote": {"dir"},
    "ul": {"dir"},
    "ol": {"start", "dir"},
    "li": {"value"},
}

# What people type, what attackers type, and what glues them.
SNIPPETS = st.sampled_from(
    [
        *"\n <>[]()*_`\\\"'&#!-+~:=/|",
        *("\n\n", "> ", "- ", "3. ", "```", "  \n", "](", "](<", "https://", "http://a.example"),
        *("javascript:", "data:", "&#58;", "&quot;", "<!--", "-->", "onclick=", "\t", "\r\n", "\0"),
        *("a@b.example", "woord", "é", "\u0301", "\u202e", "\u200b", "🙂", "ا", "\ud800"),
        *payloads.ALL,
    ]
)
TEXTS = st.one_of(
    st.text(st.characters(), max_size=300), st.lists(SNIPPETS, max_size=20).map("".join)
)


def assert_harmless(html: str) -> Any:
    """Fails when a browser, reading `html`, finds a tag, attribute or address we do not allow."""
    root: Any = html5lib.parse(html, namespaceHTMLElements=False)
    assert len(root.find("head")) == 0
    body = root.find("body")
    for element in body.iterfind(".//*"):
        assert element.tag in markup.TAGS, html
        assert set(element.attrib) <= ATTRIBUTES.get(element.tag, set()), html
        if "href" in element.attrib:
            assert urlsplit(element.attrib["href"]).scheme in markup.SCHEMES, html
    return body


def assert_allowed(html: str) -> None:
    """As assert_harmless, and every link is whole: an honest address, our rel, words to see."""
    body = assert_harmless(html)
    for link in body.iterfind(".//a"):
        assert "@" not in urlsplit(link.attrib["href"]).netloc, html
        assert link.attrib["rel"] == markup.LINK_REL
        assert "".join(link.itertext()).strip(" \u200b"), html
        assert link.find(".//a") is None, html
    assert {element.get("dir", "auto") for element in body.iter()} == {"auto"}
    for numbered in body.iterfind(".//ol"):
        assert numbered.get("start", "1").isdecimal()


@pytest.mark.parametrize("payload", payloads.ALL)
def test_attacks_come_out_harmless(payload: str) -> None:
    for source in (payload, f"> {payload}", f"- {payload}", f"**{payload}**", f"a {payload} b"):
        assert_allowed(markup.render(source))


class Permissive(MarkdownIt):
    """Lets all HTML and every link through."""

    def validateLink(self, url: str) -> bool:
        return True


@pytest.mark.parametrize("payload", payloads.ALL)
def test_the_sanitiser_holds_alone(payload: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "_MARKDOWN", Permissive("commonmark"))
    assert_harmless(markup.render(payload))


def test_the_check_itself_sees_an_attack() -> None:
    for html in ("<img src=x>", "<a href='javascript:x' rel='nofollow ugc noopener'>x</a>"):
        with pytest.raises(AssertionError):
            assert_allowed(html)


@given(TEXTS)
def test_any_text_gives_allowed_markup(source: str) -> None:
    try:
        html = markup.render(source)
    except markup.TooManyLinks:
        assert source.count("://") + source.count("](") + source.count("@") > markup.MAX_LINKS
        return
    assert isinstance(html, SafeString)
    assert_allowed(html)
    text = plain_text.text_of(html)
    assert type(text) is str


@given(st.lists(st.from_regex(r"[a-zé]{1,8}", fullmatch=True), max_size=30), st.data())
def test_no_word_is_lost(words: list[str], data: st.DataObject) -> None:
    glue = st.sampled_from(
        [" ", "\n", "\n\n", "\n> ", "\n- ", "\n\n3. ", " *", "* ", "\n>>>>>>>> "]
    )
    source = "".join(word + data.draw(glue) for word in words)
    found = re.findall(r"[a-zé]+", plain_text.text_of(markup.render(source)))
    assert found == words


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("", ""),
        ("een\ntwee", "<p>een<br>\ntwee</p>\n"),
        ("een\n\ntwee", "<p>een</p>\n<p>twee</p>\n"),
        ("*a* **b** `c <d>`", "<p><em>a</em> <strong>b</strong> <code>c &lt;d&gt;</code></p>\n"),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>\n"),
        ("> a\nb", "<blockquote>\n<p>a</p>\n</blockquote>\n<p>b</p>\n"),
        (
            "> > a\n> b\nc",
            "<blockquote>\n<blockquote>\n<p>a</p>\n</blockquote>\n<p>b</p>\n</blockquote>\n<p>c</p>\n",
        ),
        ("> - a\nb", "<blockquote>\n<ul>\n<li>a</li>\n</ul>\n</blockquote>\n<p>b</p>\n"),
        (
            "> a\n> b\n\n> c",
            "<blockquote>\n<p>a<br>\nb</p>\n</blockquote>\n<blockquote>\n<p>c</p>\n</blockquote>\n",
        ),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>\n'),
        ("1. a\n3. b\n4. c", '<ol>\n<li>a</li>\n<li value="3">b</li>\n<li>c</li>\n</ol>\n'),
        ("2. a\n1. b", '<ol start="2">\n<li>a</li>\n<li value="1">b</li>\n</ol>\n'),
        ("1. a\n1. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n"),
        ("een\n\nשלום", '<p dir="auto">een</p>\n<p dir="auto">שלום</p>\n'),
        (
            "> مرحبا\n\n- a",
            '<blockquote dir="auto">\n<p>مرحبا</p>\n</blockquote>\n'
            '<ul dir="auto">\n<li>a</li>\n</ul>\n',
        ),
        ("~~a~~ ~b~ ~5 c", "<p><s>a</s> ~b~ ~5 c</p>\n"),
        ("~~a ~~b~~ c~~ \\~~d~~", "<p><s>a b c</s> ~~d~~</p>\n"),
        (r"¯\_(ツ)_/¯ _a_", "<p>¯\\_(ツ)_/¯ <em>a</em></p>\n"),
        (r"¯\\_(ツ)_/¯ ¯\\\_(ツ)\_/¯", "<p>¯\\_(ツ)_/¯ ¯\\_(ツ)_/¯</p>\n"),
        (r"\(^o^)/ \(^_^)/ \_a\_", "<p>\\(^o^)/ \\(^_^)/ _a_</p>\n"),
        (
            r"[\_(ツ)_/](https://a.example)",
            '<p><a href="https://a.example" rel="nofollow ugc noopener">\\_(ツ)_/</a></p>\n',
        ),
        ("```js\n a < b\n```", "<pre><code> a &lt; b\n</code></pre>\n"),
        ("# Kop *a*", "<p><strong>Kop <em>a</em></strong></p>\n"),
        ("regel\n---", "<p>regel</p>\n<hr>\n"),
        ("    ingesprongen", "<p>ingesprongen</p>\n"),
        ("<b>x</b> &copy;", "<p>&lt;b&gt;x&lt;/b&gt; &amp;copy;</p>\n"),
        ("[1]: https", "<p>[1]: https</p>\n"),
        ("**a **b** c**", "<p><strong>a b c</strong></p>\n"),
        ("[x]()", "<p>x</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
    ],
)
def test_the_subset(source: str, html: str) -> None:
    assert markup.render(source) == html


def links_of(source: str) -> list[tuple[str, str]]:
    root: Any = html5lib.parse(markup.render(source), namespaceHTMLElements=False)
    return [(link.attrib["href"], "".join(link.itertext())) for link in root.iter("a")]


@pytest.mark.parametrize(
    ("source", "href", "text"),
    [
        ("[x](https://a.example/?b=1&c=2)", "https://a.example/?b=1&c=2", "x"),
        ("<https://a.example>", "https://a.example", "https://a.example"),
        ("<a@b.example>", "mailto:a@b.example", "a@b.example"),
        ("Zie https://a.example/b_c_d.", "https://a.example/b_c_d", "https://a.example/b_c_d"),
        ("(https://a.example/x)", "https://a.example/x", "https://a.example/x"),
        ("https://a.example/x_(y)!", "https://a.example/x_(y)", "https://a.example/x_(y)"),
        ("*https://a.example*", "https://a.example", "https://a.example"),
        ("HTTPS://a.example", "HTTPS://a.example", "HTTPS://a.example"),
        ("https://bücher.example", "https://xn--bcher-kva.example", "https://bücher.example"),
        ("[](https://a.example)", "https://a.example", "https://a.example"),
        (
            "[a **https://b.example**](https://a.example)",
            "https://a.example",
            "a https://b.example",
        ),
    ],
)
def test_links(source: str, href: str, text: str) -> None:
    assert links_of(source) == [(href, text)]


@pytest.mark.parametrize(
    "source", ["`https://a.example`", "xhttps://a.example", "https://", "ftp://a.example"]
)
def test_what_is_no_link(source: str) -> None:
    assert links_of(source) == []


def test_link_text_keeps_tricks_encoded() -> None:
    assert links_of("<https://a.example/%E2%80%AEgpj>")[0][1] == "https://a.example/%E2%80%AEgpj"


def test_too_long_is_refused_after_normalising() -> None:
    markup.render("a" * markup.MAX_SOURCE + "\r\n" * 500)
    with pytest.raises(markup.SourceTooLong) as refused:
        markup.render("a" * (markup.MAX_SOURCE + 1))
    assert isinstance(refused.value, TextRefused)
    assert isinstance(refused.value, ValueError)
    assert refused.value.code == "too_long"
    assert refused.value.params == {"length": markup.MAX_SOURCE + 1, "limit": markup.MAX_SOURCE}
    assert set(re.findall(r"%\((\w+)\)", refused.value.message._args[0])) == {"length", "limit"}


@pytest.mark.parametrize("link", ["https://a.example ", "[x](https://a.example) ", "<a@b.example>"])
def test_too_many_links_are_refused(link: str) -> None:
    markup.render(link * markup.MAX_LINKS)
    with pytest.raises(markup.TooManyLinks) as refused:
        markup.render(link * (markup.MAX_LINKS + 1))
    assert refused.value.params == {"count": markup.MAX_LINKS + 1, "limit": markup.MAX_LINKS}


def nesting(html: str, tags: set[str]) -> int:
    def deepest(element: Any) -> int:
        return (element.tag in tags) + max(map(deepest, element), default=0)

    return deepest(html5lib.parse(html, namespaceHTMLElements=False))


@pytest.mark.parametrize(
    "source", [">" * 50 + " einde", "- " * 50 + "einde", "> - " * 50 + "einde"]
)
def test_deep_quotes_and_lists_are_flattened_not_lost(source: str) -> None:
    html = markup.render(source)
    assert nesting(html, {"blockquote", "ul", "ol"}) == markup.MAX_NESTING
    assert "einde" in html


def test_a_list_at_the_deepest_level_keeps_its_items() -> None:
    html = markup.render("> > > > > - a\n> > > > > - b")
    assert html.count("<li>") == 2


BOMBS = {
    "quotes": ">" * 10_000,
    "quote lines": ">\n" * 5000,
    "lazy quote": ">>>>>>> a\n" + "b\n" * 4990,
    "brackets": "[" * 10_000,
    "open links": "[a](" * 2500,
    "double brackets": "[[]" * 3333,
    "pictures": "![" * 5000,
    "stars": "*" * 10_000,
    "strong": "*" * 4999 + "a" + "*" * 4999,
    "openers": "*a " * 3333,
    "mixed marks": "*_" * 5000,
    "backticks": "`" * 10_000,
    "backtick runs": "".join("`" * length + " " for length in range(1, 140)),
    "fences": "```\n" * 2500,
    "list line": "- " * 5000,
    "list": "- a\n" * 2500,
    "list steps": "".join(" " * indent + "- a\n" for indent in range(137)),
    "numbers": "1. " * 3333,
    "quoted lists": "> - a\n" * 1666,
    "angles": "<" * 10_000,
    "strokes": "~~" * 5000,
    "struck": "~~a " * 2500,
    "arms": "\\_(" * 3333,
    "faces": "\\_(a)_/" * 1400,
    "answered quotes": "> a\nb\n" * 1666,
    "schemes": "<a:" * 3333,
    "titles": '[a](b "' * 1400,
    "escapes": "\\" * 10_000,
    "url tail": "https://a.example" + ")," * 4990,
    "marks": "a" + "\u0315\u0300\u0327" * 3333,
}
# Steps of Python a character: linear parsing takes some hundreds, quadratic many thousands.
STEPS = 1500 * markup.MAX_SOURCE


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_bombs_stay_cheap_and_small(bomb: str) -> None:
    steps = 0

    def count(frame: Any, event: str, argument: Any) -> Any:
        nonlocal steps
        steps += 1
        if steps > STEPS:
            raise AssertionError("too many steps")
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        html = markup.render(bomb)
    finally:
        sys.settrace(before)
    assert_allowed(html)
    assert len(html) < 10 * len(bomb)
    assert nesting(html, set(markup.TAGS)) <= 2 * markup.MAX_NESTING + 4


# Source ------------------------------------------------------------------------------------


@given(TEXTS)
def test_cleaning_twice_changes_nothing(source: str) -> None:
    cleaned = markup.clean_source(source)
    assert markup.clean_source(cleaned) == cleaned
    assert "\n\n\n\n" not in cleaned
    assert not re.search("[\ud800-\udfff]", cleaned)


@pytest.mark.parametrize(
    ("source", "cleaned"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\n \n  a  \n\n\n\n\nb \t\n", "  a\n\n\nb"),
        ("a\n\n\nb", "a\n\n\nb"),
        ("a\x00b\x07\x85\tc", "ab\tc"),
        ("\u200b \u3164\n\u00ad", ""),
        (" \t\n", ""),
    ],
)
def test_cleaning(source: str, cleaned: str) -> None:
    assert markup.clean_source(source) == cleaned


# Plain text --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("", ""),
        ("een\ntwee\n\n*drie*", "een\ntwee\n\ndrie"),
        ("> a\n> > b\n\nc", "> a\n>\n> > b\n\nc"),
        ("- a\n- b\n\nc", "- a\n- b\n\nc"),
        ("> a\nb", "> a\n\nb"),
        ("3. a\n4. b\n8. c", "3. a\n4. b\n8. c"),
        ("~~a~~ b", "~~a~~ b"),
        ("```\n  a\n\n  b\n```", "  a\n\n  b"),
        ("[klik](https://evil.example) <b> & c", "klik <b> & c"),
    ],
)
def test_plain_text(source: str, text: str) -> None:
    assert plain_text.text_of(markup.render(source)) == text


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("", ""),
        ("een\ntwee", "een twee"),
        ("> a\n> b\n\nc", "“a b” c"),
        ("> a\n> > b\n\nc &amp; <", "“a ‘b’” c &amp; <"),
        ("2. a\n5. b", "2. a 5. b"),
        (">", ""),
    ],
)
def test_one_line(source: str, line: str) -> None:
    assert plain_text.one_line(markup.render(source)) == line
