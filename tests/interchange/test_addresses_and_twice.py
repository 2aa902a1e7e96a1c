"""Old addresses of every kind lead on; what two systems hold comes once; what a text is made of."""

import sqlite3

import pytest

from blog.models import Article, Redirect, Tag
from comments.models import Comment
from tests.interchange.wxr import comment, export, item


def article(slug="een-stuk"):
    return Article.objects.get(slug=slug)


def leads(client, path, to):
    answer = client.get(path)
    assert (answer.status_code, answer.get("location")) == (301, to), path


def test_wordpress_in_a_folder(bring, client):
    file = export(
        item(number=12, link="https://oud.example/blog/2019/05/een-stuk/"),
        item(number=13, slug="concept", link="https://oud.example/blog/?p=13"),
    )
    file = file.replace(
        "<wp:base_blog_url>https://oud.example</wp:base_blog_url>",
        "<wp:base_blog_url>https://oud.example/blog</wp:base_blog_url>",
    )
    bring(file)
    path = article().get_absolute_url()
    for old in ("/blog/?p=12", "/blog?p=12", "/blog/index.php?p=12", "/blog/2019/05/een-stuk/"):
        leads(client, old, path)
    leads(client, "/blog/?p=13", article("concept").get_absolute_url())
    assert client.get("/blog/?p=99").status_code == 404
    assert client.get("/blog/?s=x").status_code == 404


def test_addresses_that_are_not_ascii_lead_on_and_new_ones_are_readable(bring, client):
    slugs = {"%ce%b5%cf%80%ce%af-2": "epi-2", "привет": "privet", "%e8%b0%83nginx": "diaonginx"}
    bring(export(*(item(title, slug=slug, link=f"https://oud.example/2019/05/{slug}/")
                   for title, slug in zip("αбв", slugs, strict=True))))  # fmt: skip
    assert set(Article.objects.values_list("slug", flat=True)) == set(slugs.values())
    for old, new in slugs.items():
        leads(client, f"/2019/05/{old}/", article(new).get_absolute_url())
    leads(client, "/2019/05/επί-2/", article("epi-2").get_absolute_url())
    leads(client, "/2019/05/%CE%B5%CF%80%CE%AF-2/", article("epi-2").get_absolute_url())


def test_the_category_of_what_has_none_is_no_subject_in_any_language(bring):
    names = {"non-classe": "Non classé", "allgemein": "Allgemein", "sem-categoria": "Sem categoria",
             "niet-gecategoriseerd": "Niet gecategoriseerd", "werk": "Werk"}  # fmt: skip
    terms = "".join(
        f'<category domain="category" nicename="{slug}"><![CDATA[{name}]]></category>'
        for slug, name in names.items()
    )
    bring(export(item(extra=terms)))
    assert [tag.name for tag in Tag.objects.all()] == ["Werk"]


THREADS = {
    1: "http://oud.example/?p=41",
    2: "https://oud.example/2019/05/een-stuk/amp/",
    3: "http://oud.example/2019/05/een-stuk/index.html",
    4: "http://oud.example/#!2019/05/een-stuk/",
    5: "http://translate.googleusercontent.com/translate_c?u=http://oud.example/2019/05/een-stuk/",
    6: "http://oud.example/2019/05/een-stuk/?utm_source=rss",
}


def disqus(posts):
    threads = "".join(
        f'<thread dsq:id="{number}"><link>{address}</link><forum>oud</forum></thread>'
        for number, address in THREADS.items()
    )
    rows = "".join(
        f'<post dsq:id="{number}"><message><![CDATA[<p>{text}</p>]]></message><createdAt>'
        f'2019-05-02T08:00:00Z</createdAt><author><name>Bram</name></author><thread dsq:id="{on}"/>'
        + (f'<parent dsq:id="{above}"/>' if above else "") + "</post>"
        for number, text, on, above in posts
    )  # fmt: skip
    return f'<?xml version="1.0"?><disqus xmlns:dsq="x">{threads}{rows}</disqus>'


def test_disqus_finds_the_article_however_its_thread_is_named(bring):
    bring(export(item(number=41)))
    bring(
        disqus([(on, f"Onder {on}.", on, 0) for on in THREADS]),
        command="import_disqus", name="d.xml",
    )  # fmt: skip
    assert Comment.objects.filter(article__slug="een-stuk").count() == len(THREADS)


@pytest.mark.parametrize("first", ["wordpress", "disqus"])
def test_what_wordpress_and_disqus_both_hold_comes_once(bring, first):
    bring(export(item(number=41)))
    marked = comment(71, "Een.").replace(
        "</wp:comment>",
        "<wp:commentmeta><wp:meta_key>dsq_post_id</wp:meta_key><wp:meta_value>12</wp:meta_value>"
        "</wp:commentmeta></wp:comment>",
    )

    def wordpress():
        return bring(export(item(number=41, comments=marked + comment(72, "Twee.", parent=71))))

    def from_disqus():
        file = disqus([(12, "Een.", 1, 0), (13, "Drie.", 1, 12)])
        return bring(file, command="import_disqus", name="d.xml")

    turns = (wordpress, from_disqus) if first == "wordpress" else (from_disqus, wordpress)
    for turn in (*turns, *turns):
        turn()
        assert Comment.objects.filter(source="Een.").count() == 1
    one = Comment.objects.get(source="Een.")
    answers = Comment.objects.filter(parent=one).values_list("source", flat=True)
    assert set(answers) == {"Twee.", "Drie."}


def test_html_in_isso_is_markup(bring, tmp_path):
    bring(export(item()))
    db = sqlite3.connect(tmp_path / "isso.db")
    db.executescript(
        "CREATE TABLE threads (id INTEGER PRIMARY KEY, uri, title);"
        "CREATE TABLE comments (tid, id INTEGER PRIMARY KEY, parent, created FLOAT, modified FLOAT,"
        " mode INTEGER, remote_addr, text, author, email, website, likes, dislikes, voters);"
        "INSERT INTO threads VALUES (1, '/2019/05/een-stuk/', 'x');"
        "INSERT INTO comments VALUES (1, 1, NULL, 1556784000, NULL, 1, '', '<p>Hallo<br>daar, zie "
        "<a href=\"http://elders.example/\">dit</a></p>', 'Bram', NULL, NULL, 0, 0, '');"
        "INSERT INTO comments VALUES (1, 2, NULL, 1556784000, NULL, 1, '', 'Een *woord* < twee',"
        " 'Bram', NULL, NULL, 0, 0, '');"
    )
    db.close()
    bring(tmp_path / "isso.db", command="import_isso")
    assert set(Comment.objects.values_list("source", flat=True)) == {
        "Hallo\ndaar, zie [dit](http://elders.example/)", "Een *woord* < twee",
    }  # fmt: skip


def test_markdown_of_jekyll_hugo_and_pelican(bring, client, tmp_path):
    posts, content = tmp_path / "site" / "_posts", tmp_path / "site" / "content" / "stukken"
    posts.mkdir(parents=True)
    content.mkdir(parents=True)
    (posts / "2012-03-04-eerste.md").write_text(
        "---\ntitle: Eerste\n---\n\nZie [tweede]({% post_url 2012-03-05-tweede %}#kop), "
        "[derde]({{< ref \"derde.md\" >}}) en [weg]({% post_url 2001-01-01-weg %}).\n\n"
        "{% highlight python linenos %}\ndef a():\n    return {{ 1 }}\n{% endhighlight %}\n"
    )  # fmt: skip
    (posts / "2012-03-05-tweede.md").write_text(
        "---\ntitle: Tweede\npermalink: /vast/:year/:title/\nauthor: Bo\n---\n\n"
        "Tekst {% raw %}blijft{% endraw %}.\n"
    )
    (content / "derde.md").write_text(
        "---\ntitle: Derde\ndate: 2012-03-06\n---\n\nZie [een]({filename}../../_posts/2012-03-04-"
        "eerste.md).\n\n{{< youtube abcdefghijk >}}\n\n{{< highlight go >}}\nfunc a() {}\n"
        "{{< /highlight >}}\n"
    )
    report = bring(tmp_path / "site", command="import_markdown", default_author="Anna Schrijver")
    first, second, third = (
        Article.objects.get(title=title) for title in ("Eerste", "Tweede", "Derde")
    )
    assert {one.status for one in (first, second, third)} == {"published"}
    assert [author.name for author in first.byline] == ["Anna Schrijver"]
    assert [author.name for author in second.byline] == ["Bo"]
    page = client.get(first.get_absolute_url()).text
    assert f'href="{second.get_absolute_url()}#kop"' in page
    assert f'href="{third.get_absolute_url()}"' in page
    page = client.get(third.get_absolute_url()).text
    assert f'<p>Zie <a href="{first.get_absolute_url()}"' in page
    assert "en weg." in first.body_source
    assert "2001-01-01-weg" in report
    assert "def a():\n    return {{ 1 }}" in first.body_source
    assert "func a() {}" in third.body_source
    assert "watch?v=abcdefghijk" in third.body_source
    assert "Tekst blijft." in second.body_source
    found = dict(Redirect.objects.values_list("old_path", "article"))
    assert found["/vast/2012/tweede/"] == second.pk
    assert found["/2012/03/04/eerste.html"] == first.pk
    assert found["/stukken/derde/"] == third.pk


def test_notes_lists_and_words_of_wordpress(bring):
    number = "6a72f4e2-36f7-4d39-a34e-79d9f9a37342"
    text = (
        f'<!-- wp:paragraph --><p>Oud<sup data-fn="{number}" class="fn"><a href="#{number}">1</a>'
        "</sup>.</p><!-- /wp:paragraph --><!-- wp:footnotes /-->"
    )
    notes = (
        "<wp:postmeta><wp:meta_key>footnotes</wp:meta_key><wp:meta_value><![CDATA["
        f'[{{"content":"Uit <em>1621</em>.","id":"{number}"}}]]]></wp:meta_value></wp:postmeta>'
    )
    loose = "<ol>\n1/ eerste raad\n2/ tweede raad</ol>\n<ul>los<li>punt</li>ook <b>los</b></ul>"
    played = "Zie [video of Hans on stage][2] en [audio link][1]."
    bring(export(item(slug="a", text=text, extra=notes), item(slug="b", text=loose),
                 item(slug="c", text=played)))  # fmt: skip
    assert '<sup data-note="">Uit <em>1621</em>.</sup>' in article("a").body_source
    assert article("b").body_source == (
        "<ol><li>1/ eerste raad</li><li>2/ tweede raad</li></ol>\n"
        "<ul><li>los</li><li>punt</li><li>ook <strong>los</strong></li></ul>"
    )
    assert article("c").body_source == f"<p>{played}</p>"
