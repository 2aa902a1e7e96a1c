"""Disqus, Ghost, Blogger, Markdown, Isso and Remark42 move in."""

import datetime
import gzip
import json
import sqlite3

import pytest

from authors.models import Author
from blog.models import Article, Image, Redirect
from comments.commenters import own_comments
from comments.models import Comment, Commenter
from comments.thread import counters
from tests.factories import make_article, make_upload

MAY = datetime.datetime(2019, 5, 2, 8, tzinfo=datetime.UTC)


def outline():
    """Sources by depth, as a thread reads."""
    rows = Comment.objects.order_by("article", "path")
    return [(row.depth, row.source, row.state) for row in rows]


@pytest.fixture
def here(db):
    return make_article(
        slug="een-stuk", published_at=datetime.datetime(2019, 5, 1, tzinfo=datetime.UTC)
    )


def test_disqus(bring, here):
    def post(number, text, parent="", **flags):
        flag = "".join(f"<{name}>{value}</{name}>" for name, value in flags.items())
        above = f'<parent dsq:id="{parent}" />' if parent else ""
        return (f'<post dsq:id="{number}"><message><![CDATA[{text}]]></message><createdAt>'
                f"2019-05-02T08:00:00Z</createdAt>{flag}<author><name>Bram</name></author>"
                f'<thread dsq:id="9" />{above}</post>')  # fmt: skip

    posts = (
        post(1, "<p>Een <b>vet</b> woord</p><p>Twee</p>") + post(2, "<p>Antwoord</p>", 1)
        + post(3, "<p>Spam</p>", isSpam="true") + post(4, "<p>Weg</p>", isDeleted="true")
        + post(5, "<p>Onder weg</p>", 4)
    )  # fmt: skip
    file = ('<?xml version="1.0"?><disqus xmlns:dsq="x"><thread dsq:id="9"><link>'
            f"https://oud.example/blog/een-stuk/</link></thread>{posts}</disqus>")  # fmt: skip
    for _turn in range(2):
        bring(file, command="import_disqus")
        assert outline() == [
            (0, "Een **vet** woord\n\nTwee", "approved"), (1, "Antwoord", "approved"),
            (0, "Spam", "spam"), (0, "Weg", "deleted"), (1, "Onder weg", "approved"),
        ]  # fmt: skip
    assert Comment.objects.filter(created_at=MAY).count() == 5
    assert Comment.objects.get(source="Weg").shown
    assert counters.recount() == 0


def test_who_was_erased_is_not_brought_back(bring, here):
    file = (
        '<?xml version="1.0"?><disqus xmlns:dsq="x"><thread dsq:id="9"><link>'
        'https://oud.example/blog/een-stuk/</link></thread><post dsq:id="1"><message>Geheim.'
        "</message><createdAt>2019-05-02T08:00:00Z</createdAt><author><name>Bram</name></author>"
        '<thread dsq:id="9" /></post></disqus>'
    )
    bring(file, command="import_disqus")
    bram = Commenter.objects.create(name="Bram", email="bram@lezer.example")
    Comment.objects.update(commenter=bram)
    own_comments.commenter_erase(commenter=bram)
    for text in ("Geheim.", "Geheim, anders gezegd."):
        bring(file.replace("Geheim.", text), command="import_disqus", overwrite=True)
        assert outline() == [(0, "", "deleted")]
    assert not Commenter.objects.exists()


def test_comments_of_an_address_that_is_not_here_are_told(bring, here):
    file = (
        '<disqus><thread dsq:id="9"><link>https://oud.example/nergens/</link></thread>'
        '<post dsq:id="1"><message>x</message><thread dsq:id="9"/></post></disqus>'
    )
    assert "nergens" in bring(file, command="import_disqus")
    assert not Comment.objects.exists()


def test_isso(bring, here, tmp_path):
    file = tmp_path / "comments.db"
    db = sqlite3.connect(file)
    db.executescript(
        "CREATE TABLE threads (id INTEGER PRIMARY KEY, uri TEXT, title TEXT);"
        "CREATE TABLE comments (tid, id INTEGER PRIMARY KEY, parent INTEGER, created FLOAT,"
        " modified FLOAT, mode INTEGER, remote_addr TEXT, text TEXT, author TEXT, email TEXT,"
        " website TEXT, likes INTEGER, dislikes INTEGER, voters BLOB);"
        "INSERT INTO threads VALUES (1, '/2019/05/een-stuk/', 'x');"
    )
    rows = [
        (1, 1, None, 1, "Een *woord*", "Bram"), (1, 2, 1, 1, "Antwoord", None),
        (1, 3, None, 2, "Wacht", "Cas"), (1, 4, None, 4, "", None), (1, 5, 4, 1, "Onder", "Dirk"),
    ]  # fmt: skip
    for tid, number, parent, mode, text, author in rows:
        db.execute(
            "INSERT INTO comments VALUES (?,?,?,?,NULL,?,'192.0.2.0',?,?,NULL,NULL,0,0,NULL)",
            (tid, number, parent, MAY.timestamp() + number, mode, text, author),
        )
    db.commit()
    db.close()
    bring(file, command="import_isso")
    assert outline() == [
        (0, "Een *woord*", "approved"), (1, "Antwoord", "approved"), (0, "Wacht", "pending"),
        (0, "", "deleted"), (1, "Onder", "approved"),
    ]  # fmt: skip
    assert Comment.objects.get(source="Een *woord*").created_at == MAY + datetime.timedelta(
        seconds=1
    )


def test_a_damaged_database_is_told(bring, tmp_path, db):
    assert "database" in bring(b"SQLite format 3\0" + b"x" * 4000, command="import_isso",
                               name="comments.db")  # fmt: skip


@pytest.mark.parametrize("packed", [True, False])
def test_remark42(bring, here, packed):
    def line(number, text, parent="", **more):
        return json.dumps({
            "id": number, "pid": parent, "text": f"<p>{text}</p>", "orig": text,
            "user": {"name": "Bram", "id": "x"}, "time": "2019-05-02T10:00:00.123+02:00",
            "locator": {"site": "s", "url": "https://oud.example/2019/05/een-stuk/"}, **more,
        })  # fmt: skip

    lines = [json.dumps({"version": 1}), line("b", "Antwoord", "a"), line("a", "Een *woord*"),
             "{kapot", line("c", "Weg", delete=True)]  # fmt: skip
    data = "\n".join(lines).encode()
    report = bring(gzip.compress(data) if packed else data, command="import_remark42",
                   name="backup.gz")  # fmt: skip
    assert outline() == [(0, "Een *woord*", "approved"), (1, "Antwoord", "approved"),
                         (0, "Weg", "deleted")]  # fmt: skip
    assert "{kapot" in report


def test_ghost(bring, tmp_path):
    uploads = tmp_path / "content" / "images" / "2019"
    uploads.mkdir(parents=True)
    (uploads / "brug.jpg").write_bytes(make_upload().read())
    image = "__GHOST_URL__/content/images/2019/brug.jpg"
    post = {
        "id": "p1",
        "title": "Een stuk",
        "slug": "een-stuk",
        "status": "published",
        "visibility": "public",
        "published_at": "2019-05-02T08:00:00.000Z",
        "type": "post",
        "feature_image": image,
        "custom_excerpt": "Kort.",
        "html": f'<p>Tekst <a href="__GHOST_URL__/twee/">twee</a></p><img src="{image}">',
    }
    data = {"db": [{"meta": {}, "data": {
        "posts": [post, {**post, "id": "p2", "title": "Twee", "slug": "twee", "html": "<p>x</p>",
                         "visibility": "members"}],
        "users": [{"id": "1", "name": "Anna", "slug": "anna", "bio": "Zij schrijft.",
                   "profile_image": image, "twitter": "@anna"}],
        "tags": [{"id": "t", "name": "Werk", "slug": "werk"}, {"id": "u", "name": "#intern"}],
        "posts_tags": [{"post_id": "p1", "tag_id": "t", "sort_order": 0}],
        "posts_authors": [{"post_id": "p1", "author_id": "1"}, {"post_id": "p2", "author_id": "1"}],
        "members": [{"id": "m", "name": "Bram", "email": "bram@x.example"}],
        "comments": [
            {"id": "c1", "post_id": "p1", "member_id": "m", "html": "<p>Een</p>",
             "status": "published", "created_at": "2019-05-02T08:00:00.000Z"},
            {"id": "c2", "post_id": "p1", "member_id": "m", "html": "<p>Twee</p>",
             "status": "hidden", "parent_id": "c1", "created_at": "2019-05-02T08:00:00.000Z"}],
        "settings": [{"key": "title", "value": "Oud"}, {"key": "locale", "value": "nl"}],
    }}]}  # fmt: skip
    bring(json.dumps(data), command="import_ghost", name="g.json", address="https://oud.example",
          media=tmp_path)  # fmt: skip
    found = Article.objects.get(slug="een-stuk")
    anna = Author.objects.get()
    assert (anna.name, anna.bio, found.byline) == ("Anna", "Zij schrijft.", [anna])
    assert anna.photo_renditions
    assert found.lead == "Kort."
    assert [tag.name for tag in found.tags.all()] == ["Werk"]
    assert found.picture is not None
    assert "<figure" in found.body_source
    assert Article.objects.get(slug="twee").get_absolute_url() in found.body_source
    assert Article.objects.get(slug="twee").status == "archived"
    assert Redirect.objects.get(old_path="/een-stuk/").article == found
    assert outline() == [(0, "Een", "approved"), (1, "Twee", "removed")]


def test_blogger(bring):
    def entry(number, kind, title, text, more):
        return (f"<entry><id>tag:blogger.com,1999:blog-1.post-{number}</id><published>"
                "2019-05-02T10:00:00.000+02:00</published><category "
                "scheme='http://schemas.google.com/g/2005#kind' "
                f"term='http://schemas.google.com/blogger/2008/kind#{kind}'/><title>{title}</title>"
                f"<content type='html'>{text}</content><author><name>Anna</name></author>{more}"
                "</entry>")  # fmt: skip

    ref = "<thr:in-reply-to ref='tag:blogger.com,1999:blog-1.post-1'/>"
    file = (
        "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'>"
        + entry(1, "post", "Een stuk", "&lt;p&gt;Tekst&lt;/p&gt;",
                "<category scheme='http://www.blogger.com/atom/ns#' term='Werk'/><link "
                "rel='alternate' href='https://oud.example/2019/05/een-stuk.html'/>")
        + entry(2, "comment", "x", "Hallo &lt;b&gt;daar&lt;/b&gt;", ref)
        + entry(3, "comment", "y", "Antwoord", ref + "<link rel='related' "
                "href='https://www.blogger.com/feeds/1/1/comments/default/2'/>")
        + entry(4, "settings", "z", "x", "") + "</feed>"
    )  # fmt: skip
    bring(file, command="import_blogger")
    found = Article.objects.get()
    assert (found.slug, found.body_source, found.published_at) == (
        "een-stuk", "<p>Tekst</p>", MAY)  # fmt: skip
    assert [tag.name for tag in found.tags.all()] == ["Werk"]
    assert Redirect.objects.get(old_path="/2019/05/een-stuk.html").article == found
    assert outline() == [(0, "Hallo **daar**", "approved"), (1, "Antwoord", "approved")]


def test_markdown_folders(bring, tmp_path):
    root = tmp_path / "site"
    (root / "content" / "bundel").mkdir(parents=True)
    (root / "_posts").mkdir()
    (root / "content" / "bundel" / "brug.jpg").write_bytes(make_upload().read())
    (root / "content" / "bundel" / "index.md").write_text(
        '+++\ntitle = "Hugo"\ndate = 2019-05-02T10:00:00+02:00\ntags = ["Werk", "Rust"]\n'
        'aliases = ["/oud/hugo/"]\nauthor = "Anna"\n+++\nTekst met ![Een brug](brug.jpg).\n'
    )
    (root / "_posts" / "2019-05-02-jekyll.md").write_text(
        "---\ntitle: Jekyll\ncategories: [Werk]\nauthors: [Anna, Bram]\n---\n\n# Kop\n\n| a | b |\n"
        "|---|---|\n| 1 | 2 |\n\n<script>alert(1)</script>\n"
    )
    (root / "pelican.md").write_text(
        "Title: Pelican\nDate: 2019-05-02 10:00\nTags: Werk, Rust\nAuthor: Anna\n"
        "Status: draft\n\nX.\n"
    )
    (root / "boos.md").write_text("---\n!!python/object/apply:os.system ['true']\n---\nx\n")
    report = bring(root, command="import_markdown")
    hugo, jekyll, pelican = (Article.objects.get(title=t) for t in ("Hugo", "Jekyll", "Pelican"))
    assert (hugo.published_at, hugo.slug, hugo.status) == (MAY, "bundel", "published")
    assert {tag.name for tag in hugo.tags.all()} == {"Werk", "Rust"}
    assert Redirect.objects.get(old_path="/oud/hugo/").article == hugo
    assert Image.objects.get().alt == "Een brug"
    assert "<figure" in hugo.body_source
    assert [author.name for author in jekyll.byline] == ["Anna", "Bram"]
    assert "<table>" in jekyll.body_source
    assert "script" not in jekyll.body_source
    assert pelican.status == "draft"
    assert "boos.md" in report
    assert Article.objects.count() == 3
