"""A mail says the same in HTML and in plain text, and needs none of our stylesheets."""

from __future__ import annotations

import re

import lxml.html
import pytest
from django.conf import settings
from django.template.loader import render_to_string
from hypothesis import given, strategies

from blog.content import sanitiser
from blog.models import SiteSettings
from blog.publishing.rendering import rendered_body
from blog.site.settings import site_settings
from demo.content import load_articles
from newsletter import blocks, letters
from tests.factories import make_article, make_author, make_image

RICH = """
<h2>Een kop</h2><p>Een <strong>vette <em>en schuine</em></strong> zin met <a href="/2025/">een
link</a>, <code>code</code> en <s>wat weg is</s>.<br>Een regel.</p>
<blockquote><p>Gezegd.</p><blockquote><p>Dieper.</p></blockquote></blockquote>
<ul><li><p>Een</p><ol start="3"><li><p>drie</p></li><li><p>vier</p></li></ol></li></ul>
<pre><code>a  = 1
b</code></pre><hr>
<table><tbody><tr><th>Naam</th><td>Waarde</td></tr></tbody></table>
<p>Met een noot<sup data-note="">De noot.</sup>.</p>
<figure data-card=""><a href="https://elders.example/film">Een film</a></figure>
"""


def words(text):
    return re.findall(r"\w+", text)


def shown(html):
    """The words of HTML, without those of style and of what is hidden."""
    root = lxml.html.fromstring(html)
    for hidden in root.xpath("//style | //title | //div[contains(@style, 'display: none')]"):
        hidden.drop_tree()
    for element in root.iter():
        if element.tag == "img":
            element.tail = f" {element.get('alt')} {element.tail or ''}"
        element.tail = f"{element.tail or ''} "
    return words(root.text_content())


@pytest.mark.django_db
class TestALetter:
    def letter(self, body, **fields):
        SiteSettings.objects.update(newsletter_text="full")
        article = make_article(
            "De titel",
            lead="De lead.",
            authors=[make_author("Anna")],
            body=rendered_body(sanitiser.clean(body), "nl").html,
            picture=make_image("Een brug"),
            **fields,
        )
        return letters.letter(None, [article], weekly=False)

    def test_text_and_html_say_the_same(self):
        site_settings()
        image = make_image("De tweede brug", caption="Onderschrift", credit="Maker")
        letter = self.letter(f'{RICH}<figure data-image="{image.pk}"></figure>')
        html = render_to_string("mail/newsletter.html", {"letter": letter})
        text = render_to_string("mail/newsletter.txt", {"letter": letter})
        bare = re.sub(r"\(?https?://[^\s)]+\)?", " ", text)
        # The numbers of a list are drawn by a mail program.
        bare = re.sub(r"(?m)^[ >-]*\d+\. ", "", bare)
        in_html = [word.lower() for word in shown(html)]
        in_text = [word.lower() for word in words(bare)]
        assert in_text == in_html
        links = set(lxml.html.fromstring(html).xpath("//a/@href"))
        assert all(link in text for link in links)
        assert f"{settings.SITE_URL}/2025/" in links

    def test_nothing_in_it_needs_our_styles_our_formats_or_another_host(self):
        site_settings()
        image = make_image("De tweede brug")
        letter = self.letter(f'{RICH}<figure data-image="{image.pk}"></figure>')
        html = render_to_string("mail/newsletter.html", {"letter": letter})
        root = lxml.html.fromstring(html)
        assert not root.xpath("//source | //picture | //script | //link | //iframe | //form")
        sources = root.xpath("//img/@src")
        assert len(sources) == 2
        for source in sources:
            assert source.startswith(f"{settings.SITE_URL}{settings.MEDIA_URL}")
            assert source.endswith(".jpg")
        assert all(int(width) <= blocks.COLUMN for width in root.xpath("//img/@width"))
        assert not root.xpath("//@srcset")
        known = {"paper", "ink", "quiet", "accent", "bar", "button", "edge", "page"}
        assert {name for names in root.xpath("//@class") for name in names.split()} <= known

    def test_what_a_mail_program_would_cut_is_read_on_the_site(self):
        site_settings()
        letter = self.letter("<p>Een alinea van tekst.</p>" * 3000)
        assert letter.pieces[0].is_cut
        html = render_to_string("mail/newsletter.html", {"letter": letter})
        text = render_to_string("mail/newsletter.txt", {"letter": letter})
        assert len(text) < 60_000
        assert letter.pieces[0].url in html

    def test_whatever_lies_deep_is_there(self):
        site_settings()
        deep = "<blockquote><ul><li>" * 15 + "<p>Diep.</p>" + "</li></ul></blockquote>" * 15
        letter = self.letter(deep)
        for kind in ("html", "txt"):
            assert "Diep." in render_to_string(f"mail/newsletter.{kind}", {"letter": letter})

    def test_a_lead_alone_unless_the_settings_say_more(self):
        site_settings()
        letter = self.letter("<p>De tekst zelf.</p>")
        assert letter.pieces[0].blocks
        SiteSettings.objects.update(newsletter_text="lead")
        article = make_article(body="<p>De tekst zelf.</p>")
        assert not letters.letter(None, [article], weekly=False).pieces[0].blocks
        SiteSettings.objects.update(newsletter_text="full")
        two = letters.letter(None, [article, make_article()], weekly=True)
        assert not any(piece.blocks for piece in two.pieces)

    def test_it_bears_the_site_s_logo_and_colour(self):
        site = site_settings()
        SiteSettings.objects.filter(pk=site.pk).update(
            logo=make_image("Logo"), accent="b00020", accent_dark="ff8a80", title="Mijn <blad>"
        )
        letter = letters.letter(None, [make_article()], weekly=False)
        html = render_to_string("mail/newsletter.html", {"letter": letter})
        assert "Mijn &lt;blad&gt;" in html
        assert lxml.html.fromstring(html).xpath("//img/@height") == ["32"]
        style = html[html.index("<style>") : html.index("</style>")]
        assert "#ff8a80" in style
        assert html.count("#b00020") > 2
        plain = render_to_string("mail/newsletter.txt", {"letter": letter})
        assert plain.startswith("Mijn <blad>")


@pytest.mark.django_db
@pytest.mark.parametrize("article", load_articles(), ids=lambda article: article.key)
def test_every_word_of_the_demo_stands_in_its_blocks(article):
    source = sanitiser.clean(re.sub(r"<figure[^>]*></figure>", "", article.body))
    html = rendered_body(source, article.language).html
    found = blocks.blocks_of(html, "https://site.example/a/", article.language)
    text = re.sub(r" \(https?://[^)]+\)", "", blocks.as_text(found))
    root = lxml.html.fromstring(f"<div>{html}</div>")
    for element in root.iter():
        element.tail = f"{element.tail or ''} " if element.tag in ("p", "li", "td", "th", "h2",
            "h3", "h4", "br", "figcaption", "pre") else element.tail  # fmt: skip
    spoken = [word.lower() for word in words(root.text_content())]
    assert [word.lower() for word in words(text) if not word.isdigit()] == [
        word for word in spoken if not word.isdigit()
    ]


@given(strategies.text(alphabet='<>/apulohi b"=1234', max_size=120))
def test_whatever_the_markup_nothing_is_lost_and_nothing_breaks(text):
    cleaned = sanitiser.clean(text)
    html = sanitiser.render(cleaned, {}, "/media/").html
    found = blocks.blocks_of(html, "https://site.example/", "nl")
    plain = "".join(lxml.html.fromstring(f"<div>{html}</div>").text_content().split())
    assert plain.replace(" ", "").lower() in "".join(blocks.as_text(found).split()).lower() or not (
        plain.isalnum()
    )
