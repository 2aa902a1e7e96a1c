"""The copy in plain files: every link leads somewhere, nothing needs a server."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote, urlsplit

import lxml.html
import pytest
from django.conf import settings as site_settings
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from blog.models import Article
from comments.models import Comment
from comments.posting.by_import import ImportedComment, thread_import
from interchange.copy import pages
from interchange.copy.fetching import SiteResponse
from interchange.copy.writing import copy_write
from tests.factories import make_article, make_author
from tests.interchange.filling import fill_site

OPTIONS = {"policy": "default-src 'none'", "answer": "<p>copy</p>"}
site = pytest.mark.django_db(transaction=True)


def same(link):
    return link.url


def test_what_is_kept_is_kept_byte_for_byte():
    page = (
        '<!doctype html>\n<html lang="nl"><head><title>a < b & c</title></head>\n<body class=x>'
        '<p title="a > b">1 &lt; 2 &amp; 3 &#39;<br/><img src="/media/a.jpg" alt=\'<x>\'></p>'
        "<!-- <form> --></body></html>"
    )
    assert pages.rewrite(page, same, **OPTIONS) == page


@given(st.text(alphabet="<>/\"'= abcpformhref&;!-\n"))
def test_text_never_becomes_markup(text):
    page = f"<p>{escape(text)}</p>"
    assert pages.rewrite(page, lambda link: "x", **OPTIONS) == page


@given(st.text())
def test_an_address_stays_inside_its_attribute(url):
    made = pages.rewrite('<p><a href="/a/">x</a></p>', lambda link: url, **OPTIONS)
    (link,) = lxml.html.fromstring(made).iter("a")
    assert set(link.attrib) == {"href"}
    assert link.text == "x"


def test_forms_scripts_and_what_needs_a_server_are_left_out():
    page = (
        '<meta charset="utf-8"><link rel="manifest" href="/m"><link rel="stylesheet" href="/s.css">'
        '<script>var a = "</p><form>";</script>'
        '<form action="/x"><input><div><form></form></div></form>'
        '<p class="actions">a<b>c</b></p><p>stays</p><nav class="sorts"><nav>n</nav></nav>'
        '<div class="respond" id="respond"><div>form</div></div><template id="t">x</template>'
        '<section class="share">s</section><p class="conversation-status"></p><button>b</button>end'
    )
    made = pages.rewrite(page, same, **OPTIONS)
    assert "default-src &#x27;none&#x27;" in made
    assert re.sub(r"<meta[^>]*>\s*", "", made) == (
        '<link rel="stylesheet" href="/s.css"><p>stays</p>'
        '<div class="respond" id="respond"><p>copy</p></div>end'
    )


def test_an_element_that_is_never_closed_takes_no_more_than_the_rest():
    assert pages.rewrite("<p>a</p><form><p>b</p>", same, **OPTIONS) == "<p>a</p>"


def test_links_are_led_elsewhere():
    def lead(link):
        return None if "gone" in link.url else link.url.replace("/media/", "../m&/")

    page = (
        '<img src="/media/gone.jpg" srcset="/media/a.jpg 400w, /media/gone.jpg 800w" alt="x">'
        "<a class='b' href='/media/a.jpg' title=\"href='q'\">x</a>"
    )
    assert pages.rewrite(page, lead, **OPTIONS) == (
        '<img srcset="../m&amp;/a.jpg 400w" alt="x">'
        "<a class='b' href=\"../m&amp;/a.jpg\" title=\"href='q'\">x</a>"
    )


def broken(folder):
    """Links and pictures of a folder of pages that lead to no file or to no place in it."""
    texts = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*.html")
    }
    found = []
    for name, text in texts.items():
        for link in pages.links(text):
            parts = urlsplit(link.url)
            if parts.scheme or parts.netloc:
                if link.tag not in ("a", "link") or "stylesheet" in link.rel:
                    found.append((name, link.url))
                continue
            if link.url.startswith("/") or parts.query:
                found.append((name, link.url))
                continue
            target = posixpath.normpath(
                posixpath.join(posixpath.dirname(name), unquote(parts.path))
            )
            target = name if not parts.path else target
            inside = not target.startswith("..") and (folder / target).is_file()
            anchor = unquote(parts.fragment)
            if not inside or (anchor and anchor not in pages.anchors(texts[target])):
                found.append((name, link.url))
    return texts, found


@pytest.fixture
def long_site(media_root):
    """A filled site with a thread and lists of several pages."""
    article = fill_site()
    author = make_author("Vera", slug="vera")
    for number in range(23):
        make_article(f"Stuk {number}", authors=[author])
    items = [
        ImportedComment(f"l{number}", None, f"Lezer {number}", "Een reactie.", timezone.now())
        for number in range(210)
    ]
    items.append(ImportedComment("late", "l3", "Late", "Nog *iets*.", timezone.now()))
    thread_import(article=article, items=items)
    return article


@site
def test_every_link_of_the_copy_leads_somewhere(long_site, tmp_path):
    late = Comment.objects.get(name="Late")
    Article.objects.filter(slug="out").update(status="published")
    other = Article.objects.get(slug="out")
    other.body_html = (
        f'<p><a href="{late.get_absolute_url()}">daar</a> <a href="/nergens/">weg</a>'
        f'<a href="/oud/">oud</a> <a href="https://x.example/">x</a>'
        f'<a href="{late.in_thread_url}">in het gesprek</a></p>'
    )
    other.save(update_fields=["body_html"])
    folder = tmp_path / "copy"
    count = copy_write(folder)
    texts, found = broken(folder)
    assert found == []
    assert count == len(texts)
    address = long_site.get_absolute_url().strip("/")
    mine = [name for name in texts if name.startswith(address)]
    assert sorted(mine) == [
        f"{address}/index.html", f"{address}/page-2.html", f"{address}/page-3.html",
        f"{address}/page-4.html",
    ]  # fmt: skip
    # Every shown comment is on exactly one page.
    shown = [pk for text in texts.values() for pk in re.findall(r'id="comment-(\d+)"', text)]
    assert sorted(map(int, shown)) == sorted(Comment.objects.shown().values_list("pk", flat=True))
    said = texts[other.get_absolute_url().strip("/") + "/index.html"]
    home = next(name for name in mine if f'id="comment-{late.pk}"' in texts[name])
    # From its own page and in the conversation it is the same place here.
    assert said.count(f"{home.rpartition('/')[2]}#comment-{late.pk}") == 2
    assert "?at=" not in "".join(texts.values())
    assert f'href="{site_settings.SITE_URL}/nergens/"' in said
    assert 'over-werk/index.html">oud' in said
    assert {
        "index.html",
        "page-3.html",
        "author/vera/page-3.html",
        "tag/fietsen/index.html",
        "search/index.html",
    } <= set(texts)
    for text in texts.values():
        assert "<script" not in text
        assert "<form" not in text
        assert text.count("http-equiv") == 1


@site
def test_nothing_of_what_readers_do_not_see_is_in_it(long_site, tmp_path):
    copy_write(tmp_path / "copy")
    whole = "".join(path.read_text() for path in (tmp_path / "copy").rglob("*.html"))
    assert "Een concept" not in whole
    assert "Dit wacht." not in whole
    assert "Goedkoop!" not in whole
    assert "cor@x.example" not in whole


@site
def test_a_page_that_fails_is_said(long_site, tmp_path, monkeypatch):
    monkeypatch.setattr("interchange.copy.fetching.RunningSite.get", _failing)
    with pytest.raises(CommandError, match="answers 503"):
        call_command("export", "html", str(tmp_path / "copy"))
    assert not [path for path in tmp_path.iterdir() if "copy" in path.name]


def _failing(self, path, query=""):
    return SiteResponse(503, "", "")


@site
def test_the_command(long_site, tmp_path, capsys):
    call_command("export", "html", str(tmp_path / "copy"))
    assert "pages. Open" in capsys.readouterr().out
    assert (tmp_path / "copy" / "index.html").exists()
    with pytest.raises(CommandError, match="exists already"):
        call_command("export", "html", str(tmp_path / "copy"))


@site
def test_the_copy_of_one_author_leads_to_the_site_for_the_rest(media_root, tmp_path):
    fill_site()
    folder = tmp_path / "anna"
    call_command("export", "html", str(folder), "--author", "anna", verbosity=0)
    assert broken(folder)[1] == []
    assert 'href="author/anna/index.html"' in (folder / "index.html").read_text("utf-8")
    with pytest.raises(CommandError, match="anna"):
        call_command("export", "html", str(tmp_path / "x"), "--author", "niemand")
    assert not (tmp_path / "x").exists()
