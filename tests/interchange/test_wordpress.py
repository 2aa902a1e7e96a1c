"""A WordPress site moves in: what it looks like here afterwards."""

import datetime
import zipfile

import pytest
from django.core import mail
from django.core.management import CommandError

from authors.models import Author
from blog.models import Article, Image, Page, Redirect
from comments.models import Comment, Commenter, State
from comments.thread import counters
from core.fetching import FetchError, Response
from interchange.models import Imported
from tests.factories import make_upload
from tests.interchange.wxr import comment, export, item


def article(slug="een-stuk"):
    return Article.objects.get(slug=slug)


def test_an_article_comes_with_author_tags_date_and_address(bring):
    terms = (
        '<category domain="category" nicename="werk"><![CDATA[Werk]]></category>'
        '<category domain="post_tag" nicename="thuis-werken"><![CDATA[Thuiswerken]]></category>'
        '<category domain="category" nicename="uncategorized"><![CDATA[x]]></category>'
    )
    bring(export(item(
        "Rust &amp; regelmaat", "Eerste regel\ntweede.\n\nAlinea <b>twee</b>.", extra=terms,
        link="https://oud.example/werk/een-stuk.html", excerpt="Kort <em>gezegd</em>.",
    )))  # fmt: skip
    found = article()
    assert found.title == "Rust & regelmaat"
    assert found.body_source == (
        "<p>Eerste regel<br>\ntweede.</p>\n<p>Alinea <strong>twee</strong>.</p>"
    )
    assert found.lead == "Kort gezegd."
    assert found.published_at == datetime.datetime(2019, 5, 1, 8, tzinfo=datetime.UTC)
    assert [author.name for author in found.byline] == ["Anna Schrijver"]
    assert {tag.slug for tag in found.tags.all()} == {"werk", "thuis-werken"}
    assert Redirect.objects.get(old_path="/werk/een-stuk.html").article == found
    assert Redirect.objects.get(old_path="/category/werk/").target == "/tag/werk/"
    assert Redirect.objects.get(old_path="/?author=7").target == "/author/anna/"


def test_old_addresses_lead_on(bring, client):
    bring(export(item(number=41, link="https://oud.example/een-stuk/")))
    path = article().get_absolute_url()
    for old in ("/een-stuk/", "/?p=41"):
        answer = client.get(old)
        assert (answer.status_code, answer.get("location")) == (301, path), old
    assert client.get("/?p=42").status_code == 200


def test_states_of_articles(bring):
    later = "2099-01-01 08:00:00"
    report = bring(export(
        item(slug="a"), item(slug="b", status="draft", gmt="0000-00-00 00:00:00", pub=""),
        item(slug="c", status="pending"), item(slug="d", status="private"),
        item(slug="e", status="future", gmt=later), item("Geheim", slug="f",
        extra="<wp:post_password>x</wp:post_password>"), item("Weg", slug="g", status="trash"),
    ))  # fmt: skip
    states = dict(Article.objects.values_list("slug", "status"))
    assert states == {"a": "published", "b": "draft", "c": "review", "d": "archived",
                      "e": "scheduled", "f": "archived"}  # fmt: skip
    for words in ("Geheim", "Weg"):
        assert words in report


def test_pictures_come_from_a_folder_and_a_zip_and_are_figures(bring, tmp_path):
    uploads = tmp_path / "uploads" / "2019" / "05"
    uploads.mkdir(parents=True)
    (uploads / "brug.jpg").write_bytes(make_upload().read())
    attachment = item(
        "brug", "", kind="attachment", number=9, slug="brug", excerpt="Bij de gracht",
        extra="<wp:attachment_url>https://oud.example/wp-content/uploads/2019/05/brug.jpg"
        "</wp:attachment_url><wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key>"
        "<wp:meta_value>Een brug</wp:meta_value></wp:postmeta>",
    )  # fmt: skip
    text = (
        'Voor.\n\n[caption id="attachment_9" width="300"]<a href="x"><img '
        'src="http://www.oud.example/wp-content/uploads/2019/05/brug-300x200.jpg" alt="" /></a> '
        "Eigen <em>bijschrift</em>[/caption]\n\nNa.\n\n"
        '[gallery ids="9"]\n\n<img src="https://oud.example/wp-content/uploads/kwijt.png">'
    )
    thumb = ("<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9"
             "</wp:meta_value></wp:postmeta>")  # fmt: skip
    file = export(item(text=text, extra=thumb), attachment)
    archive = tmp_path / "media.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.write(uploads / "brug.jpg", "wp-content/uploads/2019/05/brug.jpg")
        made.writestr("../../boos.jpg", b"x")
    for media in (tmp_path, archive):
        Article.objects.all().delete()
        Imported.objects.all().delete()
        report = bring(file, media=media)
        found = article()
        captions = sorted(Image.objects.order_by("-pk").values_list("caption", flat=True)[:2])
        assert captions == ["Bij de gracht", "Eigen bijschrift"]
        assert found.body_source.count("<figure data-image=") == 2
        assert "<p>Voor.</p>" in found.body_source
        assert found.picture.alt == "Een brug"
        assert 'href="https://oud.example/wp-content/uploads/kwijt.png"' in found.body_source
        assert "kwijt.png" in report


def test_missing_pictures_are_fetched_when_asked(bring, monkeypatch):
    asked = []

    def fetch(url, **bounds):
        asked.append(url)
        assert bounds["types"] == ("image/",)
        if "weg" in url:
            raise FetchError("not on the public internet")
        return Response(url, 200, {}, make_upload().read())

    monkeypatch.setattr("interchange.media.fetch", fetch)
    text = '<img src="/wp-content/uploads/a.jpg"><img src="https://oud.example/weg.jpg">'
    file = export(item(text=text))
    bring(file)
    assert asked == []
    bring(file, fetch=True)
    assert set(asked) == {"https://oud.example/wp-content/uploads/a.jpg",
                          "https://oud.example/weg.jpg"}  # fmt: skip
    assert article().body_source.count("<figure") == 1


def test_blocks_shared_blocks_and_shortcodes(bring):
    text = (
        "<!-- wp:paragraph --><p>Een.</p><!-- /wp:paragraph -->\n\n"
        '<!-- wp:block {"ref":77} /-->\n<!-- wp:latest-posts {"postsToShow":3} /-->\n'
        '<!-- wp:embed {"url":"https://video.example/1"} --><figure class="wp-block-embed"><div>\n'
        "https://video.example/1\n</div></figure><!-- /wp:embed -->"
        '<!-- wp:columns --><div class="wp-block-columns"><div><p>links</p></div></div>'
        "<!-- /wp:columns -->\n\n[contact-form-7 id=12]\n\nZoals hij schreef [sic]."
    )
    shared = item("Gedeeld", "<!-- wp:paragraph --><p>Gedeeld.</p><!-- /wp:paragraph -->",
                  kind="wp_block", number=77, slug="gedeeld")  # fmt: skip
    report = bring(export(item(text=text), shared))
    source = article().body_source
    assert "<p>Een.</p>" in source
    assert "<p>Gedeeld.</p>" in source
    assert 'href="https://video.example/1"' in source
    assert "<p>links</p>" in source
    assert "[contact-form-7 id=12]" in source
    assert "contact-form-7" in report
    assert "latest-posts" in report
    assert "sic" not in report


def test_pages_come_as_pages(bring, client):
    file = export(
        item("Over ons", '<a href="/?p=5">stuk</a>', slug="over-ons", kind="page", number=3,
             link="https://oud.example/bedrijf/over-ons/", comments=comment(1, "Hier."))
        ,
        item(slug="stuk", number=5),
    )  # fmt: skip
    report = bring(file, commented_pages="page")
    page = Page.objects.get()
    assert (page.title, page.slug, page.public) == ("Over ons", "over-ons", True)
    assert Article.objects.get().get_absolute_url() in page.body_source
    for old in ("/bedrijf/over-ons/", "/?page_id=3"):
        assert client.get(old).get("location") == page.get_absolute_url(), old
    assert "Over ons" in report
    before = Page.objects.values().get()
    bring(file)
    assert Page.objects.values().get() == before


def test_links_inside_the_site_lead_to_the_new_addresses(bring):
    text = (
        '<a href="http://www.oud.example/werk/twee/#comment-9">a</a> <a href="/?p=52">b</a> '
        '<a href="https://oud.example/nergens/">c</a> <a href="https://elders.example/">d</a>'
    )
    report = bring(export(
        item(slug="een", text=text),
        item("Twee", slug="twee", number=52, link="https://oud.example/werk/twee/"),
    ))  # fmt: skip
    source, path = article("een").body_source, article("twee").get_absolute_url()
    assert source.count(f'href="{path}"') == 2
    assert 'href="https://elders.example/"' in source
    assert "/nergens/" in report


def test_a_conversation_comes_whole(bring):
    texts = (
        comment(1, "Eerste & <b>vet</b>, *geen* nadruk.\nTweede regel.")
        + comment(2, "Antwoord.", parent=1, name="Anna", user=7)
        + comment(3, "Wacht.", state="0") + comment(4, "Koop!", state="spam")
        + comment(5, "Weg.", state="trash")
        + comment(6, "[...] noemt dit [...]", kind="pingback", name="Ander blog",
                  url="https://ander.example/", email="")
        + comment(7, "<script>alert(1)</script><a href='javascript:x'>klik</a>")
    )  # fmt: skip
    bring(export(item(comments=texts)), keep_emails=True)
    found = {row.source[:8]: row for row in Comment.objects.all()}
    first, answer = found["Eerste &"], found["Antwoord"]
    assert first.html == (
        "<p>Eerste &amp; <strong>vet</strong>, *geen* nadruk.<br>\nTweede regel.</p>\n"
    )
    assert (answer.parent, answer.depth, answer.by_article_author) == (first, 1, True)
    assert first.descendant_count == 1
    assert first.created_at == datetime.datetime(2019, 5, 2, 8, tzinfo=datetime.UTC)
    assert [found[key].state for key in ("Wacht.", "Koop!", "Weg.")] == [
        "pending", "spam", "rejected"]  # fmt: skip
    assert Comment.objects.get(name="Ander blog").origin == "webmention"
    assert found["klik"].html == "<p>klik</p>\n"
    assert article().comment_count == 4
    assert counters.recount() == 0
    assert not Comment.objects.filter(to_tell=True).exists()
    assert mail.outbox == []
    assert Commenter.objects.get(email="bram@lezer.example").confirmed_at is None


def test_addresses_are_kept_only_when_asked(bring):
    report = bring(export(item(comments=comment())))
    assert not Commenter.objects.exists()
    assert Comment.objects.get().client is None
    assert "bram@lezer.example" not in report


def test_the_thread_is_shown(bring, client):
    bring(export(item(comments=comment(1, "Zichtbaar.") + comment(2, "Weg.", state="trash")
                      + comment(3, "Antwoord op wat weg is.", parent=2))))  # fmt: skip
    page = client.get(article().get_absolute_url()).content.decode()
    assert "Zichtbaar." in page
    assert "Antwoord op wat weg is." in page
    assert "Weg." not in page
    assert Comment.objects.get(source="Weg.").state == State.REMOVED


def test_a_dry_run_stores_nothing_and_tells_the_same(bring):
    file = export(item(comments=comment(1) + comment(2, parent=1)), item("X", slug="x",
                  status="private"))  # fmt: skip
    dry = bring(file, dry_run=True)
    assert not Article.objects.exists()
    assert not Imported.objects.exists()
    assert not Author.objects.exists()
    real = bring(file)
    assert dry.split("\n", 2)[2].replace(" ", "") in real.replace(" ", "") or (
        set(dry.splitlines()[2:]) - set(real.splitlines()) == set()
    )


def test_what_is_no_export_is_refused(bring, tmp_path):
    assert "geen export" in bring("<html><p>Hallo") or "no export" in bring("<html><p>Hallo")
    with pytest.raises(CommandError):
        bring(tmp_path / "nergens.xml")
    with pytest.raises(CommandError):
        bring(export(), time_zone="Mars/Olympus")


def test_a_zip_with_a_bomb_is_refused(bring, tmp_path):
    bomb = tmp_path / "bom.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("export.xml", b"\0" * 60_000_000)
    with pytest.raises(CommandError):
        bring(bomb)


def test_an_export_in_several_files_and_in_a_zip(bring, tmp_path):
    folder = tmp_path / "map"
    folder.mkdir()
    (folder / "a.xml").write_text(export(item(slug="a")))
    (folder / "b.xml").write_text(export(item(slug="b")))
    bring(folder)
    assert Article.objects.count() == 2
    packed = tmp_path / "alles.zip"
    with zipfile.ZipFile(packed, "w") as made:
        made.write(folder / "a.xml", "a.xml")
    report = bring(packed)
    assert Article.objects.count() == 2
    assert "1 " in report
