"""What a text is filled in with: pictures, galleries, cards, notes, links to own articles."""

import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.content import embeds, rendering, sanitiser
from blog.views.feeds import self_contained


def picture(name="a", **facts):
    rows = [{"format": "jpeg", "width": 400, "height": 200, "name": f"{name}.jpg"}]
    words = {"alt": f"Alt {name}", "caption": "", "credit": "", "focus": (50, 50)}
    values = {"width": 400, "height": 200, "renditions": rows, **words, **facts}
    return SimpleNamespace(**values)


def shown(source, pictures=None, links=None):
    return sanitiser.render(sanitiser.clean(source), pictures or {}, "/media/", links)


def test_a_gallery_shows_its_pictures_in_order():
    pictures = {3: picture("c", caption="Derde"), 7: picture("g", focus=(20, 90))}
    rendered = shown('<figure data-gallery="7,3,9"></figure>', pictures)
    assert rendered.html.index("g.jpg") < rendered.html.index("c.jpg")
    assert rendered.html.count("<figure>") == 2
    assert '<div class="gallery" role="group" aria-label="' in rendered.html
    assert 'class="focus-x-2 focus-y-9"' in rendered.html
    assert rendered.html.count("focus-") == 2
    assert rendered.missing == [9]
    assert sanitiser.picture_numbers('<figure data-gallery="7,3,9"></figure>') == [3, 7, 9]


def test_a_gallery_of_one_is_a_figure():
    assert "gallery" not in shown('<figure data-gallery="7"></figure>', {7: picture()}).html


@pytest.mark.parametrize("value", ["x", "", "1,", ",1", "0", "1,0", "1;2", "1" * 20])
def test_no_other_numbers_pass(value):
    assert "data-" not in sanitiser.clean(f'<figure data-gallery="{value}"></figure>')


def test_notes_are_numbered_and_lead_back():
    source = (
        "<h2>Kop<sup data-note>Bij de kop.</sup></h2><p>Een bewering"
        '<sup data-note>Zie <em>Brysbaert</em>, <a href="https://x.example/">hier</a>.</sup> en'
        " door.</p>"
    )
    rendered = shown(source)
    assert '<a id="fnref-2" href="#fn-2" role="doc-noteref"' in rendered.html
    assert '<li id="fn-2">Zie <em>Brysbaert</em>, <a href="https://x.example/"' in rendered.html
    assert 'href="#fnref-2" role="doc-backlink"' in rendered.html
    assert rendered.html.index("door.") < rendered.html.index('class="notes"')
    assert [heading["title"] for heading in rendered.toc] == ["Kop"]
    assert rendered.word_count == len(["Kop", "Een", "bewering", "en", "door."])
    assert "Brysbaert" in rendered.text
    assert "bewering en door." in rendered.text


def test_a_note_without_words_is_none_and_none_stands_in_a_link():
    assert "notes" not in shown("<p>a<sup data-note> </sup></p>").html
    html = shown('<p><a href="https://x.example/">a<sup data-note>b</sup></a> c</p>').html
    assert html.index("</a>") < html.index("fnref-1")


def test_a_note_keeps_inline_markup_alone():
    source = "<p>a<sup data-note><h2>Kop</h2><sup data-note>in</sup> <p>b</p></sup></p>"
    html = shown(source).html
    assert html.count('id="fn-') == 1
    assert "<h2>Kop" not in html


def test_a_card_names_its_host_and_knows_videos():
    card = '<figure data-card><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ">Zo</a></figure>'
    html = shown(card).html
    assert '<figure class="link-card" data-video="youtube:dQw4w9WgXcQ">' in html
    assert "<strong>Zo</strong>" in html
    assert "youtube.com</small>" in html
    services = embeds.services_in(html)
    assert embeds.frame_hosts(services) == ["https://www.youtube-nocookie.com"]
    plain = shown('<figure data-card><a href="https://mastodon.example/@a/1">Bericht</a></figure>')
    assert "data-video" not in plain.html
    assert embeds.services_in(plain.html) == ""
    assert "figure" not in shown("<figure data-card>geen link</figure>").html
    hostile = '<figure data-card><a href="javascript:x">Zo</a></figure>'
    assert "figure" not in shown(hostile).html


@pytest.mark.parametrize(
    ("url", "video"),
    [
        ("https://youtu.be/dQw4w9WgXcQ?t=1m30s", "youtube:dQw4w9WgXcQ:90"),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", "youtube:dQw4w9WgXcQ"),
        ("https://m.youtube.com/watch?v=dQw4w9WgXcQ&t=12", "youtube:dQw4w9WgXcQ:12"),
        ("https://vimeo.com/76979871", "vimeo:76979871"),
        ("https://vimeo.com/76979871/0a1b2c3d4e", "vimeo:76979871:0a1b2c3d4e"),
        ("https://player.vimeo.com/video/76979871?h=0a1b2c3d4e", "vimeo:76979871:0a1b2c3d4e"),
        ("https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ", ""),
        ("https://www.youtube.com/watch?v=kort", ""),
        ("https://www.youtube.com/@kanaal", ""),
        ("https://vimeo.com/over-ons", ""),
        ("https://[kapot", ""),
    ],
)
def test_addresses_of_videos(url, video):
    assert embeds.video_of(url) == video


@given(st.text(max_size=80), st.sampled_from(["https://youtu.be/", "https://vimeo.com/", ""]))
def test_no_address_makes_a_video_that_is_none(rest, start):
    found = embeds.video_of(start + rest)
    assert found == "" or embeds.VIDEO.fullmatch(found)


def test_links_to_own_articles_follow_their_number():
    source = '<p><a href="article:4#s-deel">a</a> <a href="article:5">weg</a></p>'
    rendered = shown(source, links={4: "/2012/11/stuk/"})
    assert '<a href="/2012/11/stuk/#s-deel"' in rendered.html
    assert rendered.dead == [5]
    assert "weg</p>" in rendered.html
    assert sanitiser.article_numbers(source) == [4, 5]
    own = {"/oud/": "article:9"}
    assert 'href="article:9"' in sanitiser.clean('<a href="/oud/">x</a>', own)


@pytest.mark.parametrize("href", ["article:0", "article:x", "ARTICLE:3", "article:3?x", "article:"])
def test_no_other_addresses_of_articles_pass(href):
    assert "href" not in sanitiser.clean(f'<a href="{href}">x</a>')


def test_header_cells_say_what_they_head():
    html = shown("<table><tr><th>a</th><th>b</th></tr><tr><th>c</th><td>d</td></tr></table>").html
    assert html.count('scope="col"') == 2
    assert html.count('scope="row"') == 1


def test_feeds_keep_notes_cards_and_galleries_as_plain_links():
    source = (
        '<p>a<sup data-note>Noot.</sup></p><figure data-gallery="1,2"></figure>'
        '<figure data-card><a href="https://vimeo.com/76979871">Film</a></figure>'
    )
    html = self_contained(
        shown(source, {1: picture("a"), 2: picture("b")}).html, "https://site.example/a/"
    )
    assert 'href="https://site.example/a/#fn-1"' in html
    assert "Noot." in html
    assert html.count("<img") == 2
    assert '<a href="https://vimeo.com/76979871"><strong>Film</strong>' in html
    assert "data-" not in html


def test_a_picture_that_has_more_to_show_leads_to_its_widest_file():
    rows = [
        {"format": kind, "width": width, "height": width // 2, "name": f"a-{width}.{kind}"}
        for kind in ("webp", "jpeg")
        for width in (400, 1600)
    ]
    words = {"alt": 'Een "brug" > <b>', "focus": (20, 50)}
    pictures = {7: picture(**words), 8: picture("klein")}
    pictures[7].renditions = rows
    source = '<figure data-image="7"></figure><figure data-image="8"></figure><p>Tekst.</p>'
    body = shown(source, pictures).html
    large = rendering.enlargeable(body)
    assert large.count('<a class="enlarge" href="/media/a-1600.jpeg"') == large.count("<a ") == 1
    # Nothing else is another, whoever wrote what looks like a picture.
    assert re.sub(r"</?a\b[^>]*>", "", large) == body
    assert rendering.enlargeable("<picture><source x>" * 50) == "<picture><source x>" * 50


@pytest.mark.parametrize("place", rendering.PLACES)
def test_a_picture_stands_where_its_writer_puts_it(place):
    source = f'<figure data-image="7" data-place="{place}"></figure>'
    assert sanitiser.clean(source) == source
    wide = picture(caption="Onder", renditions=[
        {"format": "jpeg", "width": width, "height": width // 2, "name": f"a-{width}.jpg"}
        for width in (400, 1600)
    ])  # fmt: skip
    html = shown(source, {7: wide}).html
    assert f'<figure class="place-{place}"><picture>' in html
    # Programs without the style sheet show what stands beside the text as small as it is here.
    sizes = 'width="1600" height="800"' if place == "wide" else 'width="352" height="176"'
    assert sizes in html
    assert sizes in self_contained(html, "https://blog.example/")
    assert "place-" not in self_contained(html, "https://blog.example/")
    assert rendering.enlargeable(html).count('<a class="enlarge"') == 1


@pytest.mark.parametrize("place", ["", "top", "left right", "wide\n", "x" * 50])
def test_no_other_place_passes(place):
    source = f'<figure data-image="7" data-place="{place}"></figure>'
    assert sanitiser.clean(source) == '<figure data-image="7"></figure>'
    assert "class" not in shown(source, {7: picture()}).html.partition("<picture>")[0]
