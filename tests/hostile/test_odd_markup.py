"""One item that a parser chokes on is that item's message: never a 500, never the end of a run."""

import gzip
import json
import sqlite3

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from authors.roles import Role
from blog.content import pasting, sanitiser
from blog.models import Article
from comments.mail_parsing import answers, reading
from comments.mail_parsing.known import Known
from comments.models import Comment
from comments.posting import by_mail
from comments.thread import markup, plain_text, quotes
from core import html_bounds
from core.text import TextRefused
from interchange import html, items, words
from interchange.records import Note
from interchange.wordpress import content
from tests.factories import make_article, make_author, make_user
from tests.interchange.wxr import comment, export, item

ODD = (
    "<html>", "<body>", "</body>", "<html><html>", "<head>", "<head><title>x", "<frameset>", "",
    "<frameset><frame src=x>", "   \n\t ", "<!-- only -->", "<!--", "<!-->", "<![CDATA[x]]>",
    "<![CDATA[", "<?php echo 1 ?>", "<?xml version='1.0'?>", "<?", "<!DOCTYPE html>", "<!doctype",
    "<!DOCTYPE html><html><body></body></html>", "\x00", "a\x00b", "\ud800", "<p>\udfff</p>",
    "\ufffe", "<\x00p>", "<ht<html>ml>", "<HTML lang=nl>", "<plaintext>", "<noframes>", "<svg>",
    "<math><mi>", "<template><p>", "<table>", "</div>", "</p></div></html>", "<p" * 40, "&#0;",
    "&#xd800;", "&#99999999;", "&", "<a href='http://['>x</a>", "<img src='http://['>", "<x:y>z",
    "<p xmlns:a=b a:c=d>", "<\u00e9>", "<div>" * 400, "<b>" * 3_000, "[x](http://[)", "://",
)  # fmt: skip
PIECES = st.sampled_from(
    (*ODD[:44], "<p>", "</p>", "<b>", "<a href='", "'>", ">", "<", "x", " ", "<li>", "<td>", "-->")
)
MARKUP = st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=30)


def entries(text):
    """Everything that reads markup; what may refuse it, refuses it in its own words."""
    try:
        sanitiser.render(sanitiser.clean(text), {}, "/media/")
        pasting.clean_pasted(text)
        html.convert(text, pictures=lambda picture: [], links=lambda href: href)
    except html_bounds.TooLarge:
        pass
    words.from_html(text, lines=True)
    try:
        made = markup.render(text)
    except TextRefused:
        pass
    else:
        quotes.quotations(made)
        plain_text.text_of(made)
    content.blocks(sanitiser.clean("<p>x</p>"), lambda number: None)


@pytest.mark.parametrize("text", ODD)
def test_odd_markup_breaks_no_parser(text):
    entries(text)


@given(MARKUP)
@settings(max_examples=150, deadline=None)
def test_generated_markup_breaks_no_parser(text):
    entries(text)


@given(MARKUP)
@settings(max_examples=100, deadline=None)
def test_a_fragment_is_read_or_refused_in_one_way(text):
    try:
        root = html_bounds.fragment(text)
    except html_bounds.Unreadable:
        return
    assert root.tag == "div"


def test_lxml_parses_in_one_place_alone():
    from tests.hostile.test_patterns import FILES, ROOT

    calls = ("html.fromstring(", "fragment_fromstring(", "fragments_fromstring(", "etree.HTML(",
             "document_fromstring(", "etree.fromstring(", "etree.parse(", "etree.XML(")  # fmt: skip
    found = {
        path.relative_to(ROOT).as_posix()
        for path in FILES
        if any(call in path.read_text("utf-8") for call in calls)
    }
    # What is made of our own markup, a moment after it was parsed there.
    assert found == {"core/html_bounds.py", "blog/content/rendering.py", "blog/content/pasting.py"}


# -- authors ----------------------------------------------------------------------------------


@pytest.fixture
def author(db):
    user = make_user(role=Role.EDITOR, email="femke@site.example")
    make_author("Femke", user=user)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.mark.parametrize("text", [one for one in ODD if one.isprintable() or one == "\x00"])
def test_an_author_gets_an_answer(author, text):
    """Paste, check and save of any markup are answered in words, never with a 500."""
    for name in ("paste", "check"):
        answer = author.post(
            reverse(f"admin:blog_article_{name}"), {"html": text, "body_source": text, "title": "x"}
        )
        assert answer.status_code in (200, 400, 422), (name, answer.status_code)


# -- readers ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_reader_gets_an_answer():
    article = make_article("Roosters", authors=[make_author("Femke")])
    client = Client(raise_request_exception=False)
    for number, text in enumerate(ODD):
        sent = text.encode("utf-8", "replace").decode()
        answer = client.post(
            f"{article.get_absolute_url()}reply/",
            {"text": sent, "name": f"Bo {number}", "preview": "1", "key": f"k{number}"},
        )
        assert answer.status_code < 500, repr(text)


@pytest.mark.parametrize("kind", ["text/html", "text/plain", "multipart/mixed", "text/x", ""])
def test_a_mail_gets_an_answer(kind, db):
    for text in ODD:
        raw = f"From: a@b.nl\nTo: x@y.nl\nContent-Type: {kind}\n\n{text}".encode("utf-8", "replace")
        assert by_mail.receive(raw) in by_mail.Result
        message = by_mail.email.message_from_bytes(raw, policy=by_mail._POLICY)
        answers.split(reading.read(message).lines, Known())


# -- imports ----------------------------------------------------------------------------------


@pytest.fixture
def here(db):
    return make_article(slug="een-stuk", authors=[make_author("Femke")])


def sane():
    return Comment.objects.filter(source__contains="Gewoon").count()


def test_wordpress_goes_on(bring):
    texts = [one.replace("\x00", "").replace("]]>", "") for one in ODD if one.isprintable()]
    posts = [
        item(f"Stuk {number}", text, number=number + 100, slug=f"stuk-{number}",
             comments=comment(number * 2 + 1, text) + comment(number * 2 + 2, "Gewoon."))
        for number, text in enumerate(texts)
    ]  # fmt: skip
    bring(export(*posts, item("Laatste", "Een alinea.", number=9_999, slug="laatste")))
    assert Article.objects.filter(slug="laatste").exists()
    assert sane() >= Article.objects.count() - 1 > len(texts) / 2


def test_json_exports_go_on(bring, here):
    lines = [{"version": 1}] + [
        {"id": f"c{number}", "user": {"name": text or "Bo"}, "time": "2019-05-02T08:00:00Z",
         "locator": {"url": "https://oud.example/een-stuk/"}, "text": text}
        for number, text in enumerate(ODD)
    ]  # fmt: skip
    lines += [{"id": {"x": []}, "user": [], "locator": "http://["}, {"id": 1e999, "time": [1]}]
    lines += [{**lines[1], "id": "last", "user": {"name": "Bo"}, "text": "Gewoon."}]
    file = "\n".join(json.dumps(one) for one in lines)
    bring(gzip.compress(file.encode()), command="import_remark42", name="export.gz")
    assert sane() == 1


def test_ghost_goes_on(bring, db):
    posts = [
        {"id": number, "title": text or "x", "slug": f"stuk-{number}", "html": text,
         "status": "published", "published_at": "2019-05-02T08:00:00.000Z", "author_id": [1]}
        for number, text in enumerate(ODD)
    ]  # fmt: skip
    posts += [
        {"id": [], "title": {}, "html": {"a": 1}},
        {"id": 900, "slug": "laatste", "html": "x"},
    ]
    odd = {"posts_meta": [{"post_id": []}], "posts_tags": [{"sort_order": "x"}, {"sort_order": 1}]}
    data = {"db": [{"data": {"posts": posts, "members": [{"id": {}}], **odd}}]}
    bring(json.dumps(data), command="import_ghost", name="export.json", address="https://o.example")
    assert Article.objects.filter(slug="laatste").exists()


def test_isso_goes_on(bring, here, tmp_path):
    file = tmp_path / "isso.db"
    db = sqlite3.connect(file)
    db.execute("CREATE TABLE threads (id, uri)")
    db.execute("CREATE TABLE comments (id, tid, parent, text, author, mode, created)")
    db.execute("INSERT INTO threads VALUES (1, '/een-stuk/'), (2, 'http://[')")
    rows = [(n, 1 + n % 2, None, one.encode("utf-8", "replace"), "Bo", "x", "nu")
            for n, one in enumerate(ODD)]  # fmt: skip
    rows += [(900, 1, None, "Gewoon.", "Bo", 1, 1556784000)]
    db.executemany("INSERT INTO comments VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    db.commit()
    db.close()
    bring(file, command="import_isso")
    assert sane() == 1


def test_disqus_and_blogger_go_on(bring, here):
    posts = "".join(
        f'<post dsq:id="{number}"><message><![CDATA[{text}]]></message><createdAt>x</createdAt>'
        f'<author><name>Bo</name></author><thread dsq:id="9" /></post>'
        for number, text in enumerate([*(one for one in ODD if one.isprintable()), "Gewoon."])
    )
    thread = '<thread dsq:id="9"><link>https://oud.example/een-stuk/</link></thread>'
    bring(f"<disqus>{thread}{posts}</disqus>", command="import_disqus")
    assert sane() == 1
    entries_ = "".join(
        f"<entry><id>post-{number}</id><category scheme='http://schemas.google.com/g/2005#kind'"
        f" term='x#post'/><title>T</title><content><![CDATA[{text}]]></content>"
        f"<link rel='alternate' href='{place}'/></entry>"
        for number, (text, place) in enumerate(
            [("<html>", "http://["), ("<p>Gewoon</p>", "https://oud.example/2019/laatste.html")]
        )
    )
    bring(f"<feed>{entries_}</feed>", command="import_blogger")
    assert Article.objects.filter(slug="laatste").exists()


def test_markdown_goes_on(bring, db, tmp_path):
    folder = tmp_path / "site"
    folder.mkdir()
    for number, text in enumerate(ODD):
        head = f"---\ntitle: T{number}\ndate: 2019-05-0{number % 9 + 1}\n---\n"
        (folder / f"a{number}.md").write_bytes((head + text).encode("utf-8", "replace"))
        (folder / f"b{number}.md").write_bytes(f"---\n{text}\n---\nx".encode("utf-8", "replace"))
    (folder / "laatste.md").write_text("---\ntitle: Laatste\n---\nGewoon.")
    bring(folder, command="import_markdown")
    assert Article.objects.filter(slug="laatste").exists()


def test_what_fails_is_told_and_leaves_nothing(bring, monkeypatch):
    """Whatever goes wrong with one item, in a parser nobody thought of."""
    real = html.convert

    def broken(source, **given_):
        if "kapot" in source:
            raise KeyError("odd")
        return real(source, **given_)

    monkeypatch.setattr("interchange.apply.articles.html.convert", broken)
    said = bring(export(
        item("Eerste", "kapot", number=1, slug="eerste", comments=comment(1)),
        item("Tweede", "Een alinea.", number=2, slug="tweede", comments=comment(2)),
    ))  # fmt: skip
    assert list(Article.objects.values_list("slug", flat=True)) == ["tweede"]
    assert Comment.objects.count() == 1
    assert "Eerste: 'odd'" in said


def test_a_comment_that_fails_is_told(bring, monkeypatch):
    real = words.from_html

    def broken(text, **given_):
        if "kapot" in text:
            raise AssertionError("odd")
        return real(text, **given_)

    monkeypatch.setattr("interchange.apply.comment_texts.words.from_html", broken)
    said = bring(export(item(comments=comment(1, "kapot") + comment(2, "Gewoon."))))
    assert sane() == Comment.objects.count() == 1
    assert "kapot: odd" in said


def test_a_fault_of_the_machine_ends_the_run():
    def make():
        raise OSError("disk full")
        yield Note("x")

    with pytest.raises(OSError, match="disk full"):
        list(items.whole_item(make, "x"))
