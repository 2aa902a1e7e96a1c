"""WordPress itself, where it is installed: its exporter, its paragraphs, and the way back."""

import datetime
import itertools
import json
import os
import shutil
import subprocess
import time
from io import StringIO
from pathlib import Path

import lxml.html
import pytest
from django.core.management import call_command

from authors.models import Author
from blog.models import Article, Tag
from comments.models import Comment
from comments.thread import counters
from interchange.models import Imported
from interchange.sources import wpautop

pytestmark = pytest.mark.wordpress
SCRIPT = Path(__file__).with_name("wordpress.php")
CORPUS = [
    "a\nb\n\nc", "<div>a</div>\nb\n\n<ul>\n<li>x</li>\n<li>y</li>\n</ul>\nz", "<p>a\n\nb</p>",
    "<blockquote>q</blockquote>\nx <pre>a\n\nb</pre> y", "<div>\ntext\n</div>", "<div>a\n\nb</div>",
    "text <strong>x\n\ny</strong>", "<blockquote>a\n\nb</blockquote>", "a<br />\nb<br><br>c",
    "<ul><li>a\n\nb</li><li>c</li></ul>", "<h2>t</h2>\ntekst\n<h3>u</h3>tekst", "x\n<hr />\ny",
    "<img src='x'\n alt='y'>\n\n<a href='x'>l</a>\nz", "<!--more-->\n\nb", "a\n<!--more-->\nb",
    "<table>\n<tr>\n<td>a</td>\n<td>b\nc</td>\n</tr>\n</table>", "<div><p>a</p>\n\nb</div>",
    "<p style='a'>x</p>\n<p>y</p>\n\nz", "   \n\n a \n\n\n b", "a <em>b\nc</em> d",
    "<ol>\n\t<li>a</li>\n\t<li>b\n<ul>\n<li>c</li>\n</ul>\n</li>\n</ol>", "<h1>a\nb</h1>",
    "<blockquote><p>x</p></blockquote>y", "x<blockquote>y</blockquote>z", "a\r\n\r\nb\rc",
    "<center>a\nb</center>\nc", "<object><param name='a'>\n<embed src='x'>\n</object>\nx",
    "<dl><dt>a</dt>\n<dd>b</dd></dl>", "<pre>x\n\ny</pre>\n\nz", "<li>a</li>\nb", "a</p>b", "<p>a",
    "</div>x", "<p>\n\n</p>a", "<section>\n\na\n\n</section>", "<address>a\nb</address>",
    'a\n\n<div class="x">\n\nb\n\n</div>\n\nc', "Één ✓ regel\nnog één",
    "<b>a</b>\n<i>b</i>\n\n<u>c",
    "<a href='x'>\n<img src='y'>\n</a>\n\ntekst", "a\n\n\n\n\nb\n", "<h2>a</h2><p>b</p>c\nd",
]  # fmt: skip


def shape(html):
    """HTML as browsers read it, without blanks between blocks and empty paragraphs."""
    root = lxml.html.fragment_fromstring(html or "<p></p>", create_parent="div")
    for node in list(root.iter("p")):
        if not len(node) and not (node.text or "").strip():
            node.drop_tag()
    text = lxml.html.tostring(root, encoding="unicode")
    words = text.replace("\n", " ").replace(">", "> ").replace("<", " <")
    return " ".join(words.split())


def php(*args, given):
    words = json.dumps(given)
    answer = subprocess.run(
        ["php", SCRIPT, *args], input=words, capture_output=True, text=True, check=True
    )
    return answer.stdout


def test_paragraphs_are_those_of_wordpress():
    theirs = json.loads(php("autop", given=CORPUS))
    for text, expected in zip(CORPUS, theirs, strict=True):
        assert shape(wpautop.autop(text)) == shape(expected), text


def said(name, text, *, parent=None, state="1", kind="comment", user="", hour=8):
    return {"name": name, "email": "lezer@voorbeeld.example", "text": text, "parent": parent,
            "state": state, "type": kind, "user": user,
            "gmt": f"2019-07-02 {hour:02}:30:00"}  # fmt: skip


POSTS = [
    {"title": "Thuis & werk", "slug": "thuis-werk", "status": "publish", "author": "anna",
     "date": "2019-07-01 10:00:00", "tags": ["Thuiswerken", "Rust"], "excerpt": "Kort gezegd.",
     "password": "", "text": "Eerste alinea\nmet een regel.\n\n<h2>Kop</h2>\nTweede ]]> alinea.",
     "comments": [
         said("Cas", "Mooi stuk.\nTweede regel."),
         said("Bram & zoon", "Dank!", parent=0, user="bram", hour=9),
         said("Dirk", "Een <b>vet</b> woord & meer.", parent=1, hour=10),
         said("Els", "Wacht op goedkeuring.", state="0", hour=11),
         said("Ander blog", "[&#8230;] noemt dit [&#8230;]", kind="pingback", hour=12),
         said("Fleur", "Emoji 👍 en ]]> tekens.", hour=13)]},
    {"title": "Blokken", "slug": "blokken", "status": "publish", "author": "bram",
     "date": "2019-12-01 10:00:00", "tags": [], "excerpt": "", "password": "",
     # Deep, and one that was thrown away. (What is spam WordPress does not export.)
     "comments": [said(f"Lezer {n}", f"Laag {n}.", parent=n - 1 if n else None, hour=8 + n)
                  for n in range(12)] + [said("Grof", "Scheldwoord.", state="trash", hour=21)],
     "text": "<!-- wp:paragraph -->\n<p>Een blok.</p>\n<!-- /wp:paragraph -->"},
    {"title": "Concept", "slug": "concept", "status": "draft", "author": "anna", "tags": [],
     "date": "2019-07-01 10:00:00", "excerpt": "", "password": "", "text": "x", "comments": []},
    {"title": "Privé", "slug": "prive", "status": "private", "author": "anna", "tags": [],
     "date": "2019-07-01 10:00:00", "excerpt": "", "password": "", "text": "x", "comments": []},
    {"title": "Later", "slug": "later", "status": "future", "author": "anna", "tags": [],
     "date": "2099-07-01 10:00:00", "excerpt": "", "password": "", "text": "x", "comments": []},
]  # fmt: skip


@pytest.fixture(scope="module")
def wordpress(tmp_path_factory):
    """`wordpress(mode, given)`: what WordPress's own exporter writes of a new site."""
    root = tmp_path_factory.mktemp("wordpress")
    data, socket = root / "data", root / "s"
    as_root = ["--user=root"] if os.geteuid() == 0 else []
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(["mariadb-install-db", "--no-defaults", f"--datadir={data}", *as_root,
                    "--auth-root-authentication-method=normal"], **quiet)  # fmt: skip
    server = subprocess.Popen(
        [shutil.which("mariadbd") or "/usr/sbin/mariadbd", "--no-defaults", f"--datadir={data}",
         *as_root, f"--socket={socket}", "--skip-networking"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        ask = ["mariadb", "--no-defaults", f"--socket={socket}", "-uroot", "-e"]
        names = (f"site{number}" for number in itertools.count())
        for _turn in range(300):
            made = subprocess.run([*ask, "SELECT 1"], capture_output=True, check=False)
            if made.returncode == 0:
                break
            time.sleep(0.1)
        content = root / "content"
        content.mkdir()

        def run(mode, given):
            name = next(names)
            subprocess.run([*ask, f"CREATE DATABASE {name}"], **quiet)
            return php(mode, str(socket), str(content), name, given=given)

        yield run
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(scope="module")
def exported(wordpress):
    """The export of a site that WordPress's own functions made."""
    return wordpress("make", POSTS)


def content():
    """Everything that must be the same after a way there and back."""
    articles = [
        (row.title, row.slug, row.lead, row.body_html, row.status, row.published_at,
         [author.name for author in row.byline], sorted(row.tags.values_list("slug", flat=True)))
        for row in Article.objects.order_by("slug")
    ]  # fmt: skip
    comments = [
        (row.article.slug, row.depth, row.name, row.html, row.state, row.created_at, row.origin,
         row.author.name if row.author else "", row.parent.html if row.parent else "")
        for row in Comment.objects.select_related("article", "author", "parent").order_by(
            "article__slug", "created_at")
    ]  # fmt: skip
    return articles, comments


def test_wordpress_moves_in(exported, bring):
    bring(exported)
    found = Article.objects.get(slug="thuis-werk")
    assert found.title == "Thuis & werk"
    assert found.published_at == datetime.datetime(2019, 7, 1, 8, tzinfo=datetime.UTC)
    assert found.body_source == (
        "<p>Eerste alinea<br>\nmet een regel.</p>\n<h2>Kop</h2>\n<p>Tweede ]]&gt; alinea.</p>"
    )
    assert {tag.name for tag in found.tags.all()} == {"Werk & rust", "Thuiswerken", "Rust"}
    assert [author.name for author in found.byline] == ["Anna Schrijver"]
    states = dict(Article.objects.values_list("slug", "status"))
    assert states == {"thuis-werk": "published", "blokken": "published", "concept": "draft",
                      "prive": "archived", "later": "scheduled"}  # fmt: skip
    thread = [
        (row.depth, row.name, row.state)
        for row in Comment.objects.order_by("path")
        if row.article.slug == "thuis-werk"
    ]
    assert thread == [
        (0, "Cas", "approved"), (1, "Bram & zoon", "approved"), (2, "Dirk", "approved"),
        (0, "Els", "pending"), (0, "Ander blog", "approved"), (0, "Fleur", "approved"),
    ]  # fmt: skip
    assert (
        Comment.objects.get(name="Dirk").html
        == "<p>Een <strong>vet</strong> woord &amp; meer.</p>\n"
    )
    assert Comment.objects.get(name="Fleur").html == "<p>Emoji 👍 en ]]&gt; tekens.</p>\n"
    assert Comment.objects.get(name="Bram & zoon").author.name == "Bram & zoon"
    assert Comment.objects.get(name="Ander blog").origin == "webmention"
    assert counters.recount() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("through", [False, True])
def test_from_wordpress_out_and_in_again(wordpress, exported, bring, tmp_path, through):
    """There and back; `through` WordPress, which takes in what left here and exports it anew."""
    bring(exported)
    first = content()
    assert len(first[0]) == 5
    assert len(first[1]) == 6 + 13
    assert {row[4] for row in first[1]} == {"approved", "pending", "rejected"}
    assert max(row[1] for row in first[1]) == 11
    back = tmp_path / "terug.xml"
    call_command("export", "wordpress", str(back), stdout=StringIO(), stderr=StringIO())
    for model in (Comment, Article, Author, Tag, Imported):
        model.objects.all().delete()
    text = back.read_text(encoding="utf-8")
    if through:
        text = wordpress("take", str(back))
        assert "(Weerwoord)" not in text
    bring(text, name="terug-2.xml")
    for now, before in zip(content(), first, strict=True):
        assert len(now) == len(before)
        for row, old in zip(now, before, strict=True):
            assert row == old
