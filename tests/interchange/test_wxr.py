"""What WordPress gets: well-formed whatever is in it, threads whole, no address unasked."""

from __future__ import annotations

import io
import re

import lxml.html
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from authors.models import Author
from blog.models import Article, Image, Page
from comments.models import Comment
from interchange.wordpress.content import Figure, blocks
from interchange.wordpress.wxr import cdata, wxr_write
from tests.interchange.filling import ODD, fill_site

NAMES = {
    "wp": "http://wordpress.org/export/1.2/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "dc": "http://purl.org/dc/elements/1.1/",
}
site = pytest.mark.django_db(transaction=True)


def read(**options):
    target = io.BytesIO()
    wxr_write(target, **options)
    data = target.getvalue()
    return data, etree.fromstring(data)


def one(node, path):
    return node.findtext(path, namespaces=NAMES)


def post(tree, slug):
    return next(item for item in tree.iter("item") if one(item, "wp:post_name") == slug)


@given(st.text())
def test_any_text_comes_back_less_what_xml_cannot_hold(text):
    back = etree.fromstring(f"<x>{cdata(text)}</x>".encode("utf-8", "replace")).text or ""
    kept = re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)
    # A reader of XML turns every line's end into \n.
    assert back == kept.replace("\r\n", "\n").replace("\r", "\n")


def test_texts_become_blocks():
    def figure(number):
        return Figure(72, "https://x.example/media/a.jpg", 'Een "brug"', "Bij & schrift")

    made = blocks(
        "<p>Eén <em>twee</em></p><h3>Kop</h3><ol><li>a</li></ol><hr>"
        "<blockquote><p>q</p></blockquote>"
        '<figure data-image="7"></figure><table><tbody><tr><td>1</td></tr></tbody></table>',
        figure,
    )
    assert made.startswith(
        "<!-- wp:paragraph -->\n<p>Eén <em>twee</em></p>\n<!-- /wp:paragraph -->"
    )
    assert '<!-- wp:heading {"level":3} -->\n<h3>Kop</h3>' in made
    assert '<!-- wp:list {"ordered":true} -->' in made
    assert '<!-- wp:quote -->\n<blockquote class="wp-block-quote"><p>q</p>' in made
    assert '<!-- wp:image {"id":72,"sizeSlug":"full"} -->\n<figure class="wp-block-image' in made
    (picture,) = lxml.html.fragment_fromstring(made, create_parent="div").iter("img")
    assert (picture.get("alt"), picture.get("class")) == ('Een "brug"', "wp-image-72")
    assert ">Bij &amp; schrift</figcaption>" in made
    assert "<!-- wp:html -->\n<table>" in made
    assert made.count("<!-- wp:") == made.count("<!-- /wp:")
    assert "data-number" not in made


def test_a_picture_that_is_gone_leaves_no_block():
    assert blocks('<p>a</p><figure data-image="7"></figure>', lambda number: None) == (
        "<!-- wp:paragraph -->\n<p>a</p>\n<!-- /wp:paragraph -->"
    )


@site
def test_articles_people_tags_and_pictures(media_root):
    article = fill_site()
    _data, tree = read()
    assert one(tree.find("channel"), "wp:wxr_version") == "1.2"
    logins = [one(person, "wp:author_login") for person in tree.iterfind(".//wp:author", NAMES)]
    assert sorted(logins) == ["anna", "bram"]
    item = post(tree, "over-werk")
    assert one(item, "title") == "Over werk"
    assert one(item, "dc:creator") == "bram"
    assert [c.text for c in item.iterfind("category[@domain='author']")] == ["bram", "anna"]
    assert {c.text for c in item.iterfind("category[@domain='post_tag']")} == {
        "Werk &amp; leven", "Fietsen",
    }  # fmt: skip
    assert one(item, "wp:status") == "publish"
    assert one(item, "excerpt:encoded") == (
        ODD.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    )
    moment = f"{article.published_at:%Y-%m-%d %H:%M:%S}"
    assert one(item, "wp:post_date_gmt") == moment
    assert one(post(tree, "concept"), "wp:post_date_gmt") == "0000-00-00 00:00:00"
    assert one(post(tree, "out"), "wp:status") == "private"
    image = Image.objects.get()
    attachment = next(i for i in tree.iter("item") if one(i, "wp:post_type") == "attachment")
    address = one(attachment, "wp:attachment_url")
    assert address.endswith(f"/media/{image.file.name}")
    text = one(item, "content:encoded")
    shown = lxml.html.fromstring(text).findall(".//img")
    assert [picture.get("src") for picture in shown] == [address]
    number = one(attachment, "wp:post_id")
    assert f'"id":{number}' in text
    rows = item.iterfind("wp:postmeta", NAMES)
    metas = {one(row, "wp:meta_key"): one(row, "wp:meta_value") for row in rows}
    assert metas["_thumbnail_id"] == number
    assert metas["_wp_old_slug"] == "oud"
    numbers = [one(i, "wp:post_id") for i in tree.iter("item")]
    assert len(numbers) == len(set(numbers)) == 4 + Page.objects.count()


@site
def test_pages_go_along_but_not_with_one_author(media_root):
    fill_site()
    pages = {page.slug: page for page in Page.objects.all()}
    assert pages
    kinds = "item[wp:post_type='page']"
    found = {one(i, "wp:post_name"): i for i in read()[1].find("channel").iterfind(kinds, NAMES)}
    assert found.keys() == pages.keys()
    for slug, item in found.items():
        assert one(item, "title").replace("&amp;", "&") == pages[slug].title
        assert "<!-- wp:" in one(item, "content:encoded")
    author = Author.objects.get(slug="anna")
    assert not list(read(author=author)[1].find("channel").iterfind(kinds, NAMES))


@site
def test_the_thread_is_whole(media_root):
    article = fill_site()
    item = post(read()[1], "over-werk")
    found = {int(one(node, "wp:comment_id")): node for node in item.iterfind("wp:comment", NAMES)}
    rows = {row.pk: row for row in Comment.objects.filter(article=article)}
    assert found.keys() == rows.keys()
    seen = set()
    for pk, node in found.items():
        row = rows[pk]
        parent = int(one(node, "wp:comment_parent"))
        assert parent == (row.parent_id or 0)
        assert parent == 0 or (parent in seen and parent < pk)  # WordPress maps them in this order.
        seen.add(pk)
        assert one(node, "wp:comment_date_gmt") == f"{row.created_at:%Y-%m-%d %H:%M:%S}"
        assert int(one(node, "wp:comment_user_id")) == (row.author_id or 0)
    by_name = {one(node, "wp:comment_author"): node for node in found.values()}
    states = {name: one(by_name[name], "wp:comment_approved")
              for name in ("Cor", "Dirk", "Frits", "Koop nu", "Gerda")}  # fmt: skip
    assert states == {"Cor": "1", "Dirk": "1", "Frits": "0", "Koop nu": "spam", "Gerda": "1"}
    # What is gone keeps its place, and says nothing of what it said.
    assert "Nog een antwoord" not in one(by_name["Dirk"], "wp:comment_content")
    assert one(by_name["Dirk"], "wp:commentmeta/wp:meta_value") == "deleted"
    assert one(by_name["Cor"], "wp:comment_author_email") == "cor@x.example"
    assert one(by_name["Cor"], "wp:comment_author_IP") == ""
    assert "<em>reactie</em>" in one(by_name["Cor"], "wp:comment_content")


@site
def test_a_conversation_that_readers_do_not_see_is_not_shown_there(media_root):
    fill_site()
    Article.objects.filter(slug="over-werk").update(comment_policy="hidden")
    item = post(read()[1], "over-werk")
    assert one(item, "wp:comment_status") == "closed"
    approved = {one(node, "wp:comment_approved") for node in item.iterfind("wp:comment", NAMES)}
    assert "1" not in approved


@site
def test_an_author_takes_her_own_articles_and_nobodys_address(media_root):
    fill_site()
    data, tree = read(author=Author.objects.get(slug="anna"), addresses=False)
    slugs = {one(i, "wp:post_name") for i in tree.iter("item") if one(i, "wp:post_type") == "post"}
    assert slugs == {"over-werk", "concept"}
    assert b"@" not in re.sub(rb"<!\[CDATA\[@", b"", data)


@site
def test_the_command(media_root, tmp_path, capsys):
    fill_site()
    file = tmp_path / "site.xml"
    call_command("export", "wordpress", str(file))
    assert "3 articles" in capsys.readouterr().out
    assert etree.parse(str(file)).getroot().tag == "rss"
    call_command("export", "wordpress", str(tmp_path / "bram.xml"), "--author", "bram")
    assert "2 articles" in capsys.readouterr().out
    with pytest.raises(CommandError, match="There are: anna, bram"):
        call_command("export", "wordpress", str(tmp_path / "x.xml"), "--author", "eva")
