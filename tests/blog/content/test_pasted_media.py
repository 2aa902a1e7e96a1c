"""What a paste cannot bring along is told where it stood, and readers never see it."""

import re

import pytest

from blog.content import sanitiser
from blog.content.pasted_media import LISTED, own_marks
from blog.content.pasting import clean_pasted
from blog.content.quality import Draft, World, findings

MARK = "0123456789abcdef"


def left_out(html):
    return re.findall(r'<figure data-left-out="(\w+)">(.*?)</figure>', html)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        # A name, where it was, and no path of somebody's own machine.
        (
            '<p>Een <img src="file:///C:/Users/anna/brug.png" alt="Een brug"> gracht.</p>'
            "<p>Na.</p>",
            "<p>Een gracht.</p>"
            '<figure data-left-out="picture">Een brug<code>brug.png</code></figure><p>Na.</p>',
        ),
        (
            '<p><img src="https://elders.example/a.jpg?x=1&amp;y=2"></p>',
            '<figure data-left-out="picture">a.jpg?x=1&amp;y=2'
            "<code>https://elders.example/a.jpg?x=1&amp;y=2</code></figure>",
        ),
        (
            '<p>a<b><a href="https://x.example/"><img src="data:image/png;base64,AA" title="Kaart">'
            "</a></b> b <img alt='Twee' src='clipboard:3'></p>",
            '<p>a b</p><figure data-left-out="picture">Kaart</figure>'
            '<figure data-left-out="picture">Twee<code>clipboard:3</code></figure>',
        ),
        (
            "<ul><li>Een<img src='cid:1@mail' alt='Foto'></li><li>Twee</li></ul>",
            '<ul><li>Een<figure data-left-out="picture">Foto<code>1@mail</code></figure></li>'
            "<li>Twee</li></ul>",
        ),
        (
            '<table><tr><th>a</th></tr><tr><td><img src="/x.png" alt="In cel"></td></tr></table>',
            "<table><tbody><tr><th>a</th></tr><tr><td>"
            '<figure data-left-out="picture">In cel<code>x.png</code></figure>'
            "</td></tr></tbody></table>",
        ),
        # A film that readers can watch here becomes a card, every other one is told.
        (
            '<p>Zie:</p><iframe src="//www.youtube.com/embed/dQw4w9WgXcQ" title="Film"></iframe>',
            '<p>Zie:</p><figure data-card=""><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ"'
            ' rel="noopener">Film</a></figure>',
        ),
        (
            '<div><iframe src="https://player.vimeo.com/video/76979871"></iframe></div>',
            '<figure data-card=""><a href="https://vimeo.com/76979871" rel="noopener">vimeo.com</a>'
            "</figure>",
        ),
        (
            '<p>a</p><video><source src="https://elders.example/f.mp4">Kan niet.</video>',
            '<p>a</p><figure data-left-out="video">f.mp4<code>https://elders.example/f.mp4</code>'
            "</figure>",
        ),
        # Signs in a line, pixels of mails and bare drawings are no pictures that anybody misses.
        ('<p>Goed <img alt="😀" src="https://x.example/1.png"> zo</p>', "<p>Goed 😀 zo</p>"),
        ('<p>a<img src="https://x.example/o.gif" width="1" height="1"></p>', "<p>a</p>"),
        ("<p>a<svg><path d='M0'/></svg></p>", "<p>a</p>"),
        # Those of this site are shown again.
        (
            f'<p>a</p><p><img src="https://blog.example/media/pictures/brug-{MARK}-800.jpg"></p>',
            '<p>a</p><figure data-image="7"></figure>',
        ),
    ],
)
def test_each_is_told_where_it_stood(html, expected):
    cleaned = clean_pasted(html, {MARK: 7} if own_marks(html) else None)
    shown = re.sub(r"\s+(?=<)", "", cleaned.html.replace(' rel="noopener"', ' rel="noopener"'))
    assert shown == re.sub(r"\s+(?=<)", "", expected)
    assert cleaned.left_out == len(left_out(cleaned.html))
    # As it is stored: nothing changes when it is saved.
    assert sanitiser.clean(cleaned.html) == cleaned.html


def test_marks_are_those_of_this_site_s_files():
    html = f'"/media/pictures/{MARK}.png" /pictures/a-{MARK}-c00006464-400.avif /pictures/x-12.jpg'
    assert own_marks(html) == {MARK}


def test_many_are_counted_and_not_all_are_listed():
    cleaned = clean_pasted("<p>" + "<img src='https://x.example/a.png' alt='Beeld'>" * 90 + "</p>")
    assert (cleaned.left_out, len(left_out(cleaned.html))) == (90, LISTED)


def test_readers_see_nothing_of_it_and_the_check_names_it():
    source = sanitiser.clean(
        '<p>Voor.</p><figure data-left-out="x" onclick="y">Een brug<code>a.png</code></figure>'
        '<figure data-left-out="video"><code>https://x.example/f.mp4</code></figure><p>Na.</p>'
    )
    assert 'data-left-out="picture"' in source
    rendered = sanitiser.render(source, {}, "/media/")
    assert rendered.html == "<p>Voor.</p><p>Na.</p>"
    assert rendered.text.split() == ["Voor.", "Na."]
    assert (rendered.word_count, rendered.missing) == (2, [])
    found = [
        one for one in findings(Draft("Titel", "x", source), World({})) if one.code == "left-out"
    ]
    assert [(one.excerpt, one.block) for one in found] == [
        ("Een brug", 1),
        ("https://x.example/f.mp4", 2),
    ]
