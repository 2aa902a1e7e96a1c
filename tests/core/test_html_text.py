"""The text of finished HTML: a line for each block, nothing glued, nothing that the page says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.html_text import sentences_of, text_of


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Een zin.</p><p>Nog een.</p>", "Een zin.\nNog een."),
        ("<p>Een ver<em>gader</em>ing\n  op  maandag</p>", "Een vergadering op maandag"),
        ("<p>Een<br>regel</p>", "Een\nregel"),
        (
            '<p>Slot.</p><figure><picture><img src="a" alt="Brug"></picture><figcaption>De brug '
            '<small class="credit">Foto: Jan</small></figcaption></figure><p>Begin.</p>',
            "Slot.\nDe brug\nFoto: Jan\nBegin.",
        ),
        ("<ul><li>Een</li><li>Twee<ul><li>Drie</li></ul></li></ul>", "Een\nTwee\nDrie"),
        ("<table><tr><th>A</th><td>B</td></tr></table>", "A\nB"),
        (
            '<figure class="link-card"><a href="x"><strong>Titel</strong> '
            '<small class="card-host">host</small></a></figure>',
            "Titel",
        ),
        (
            '<p>Zo<sup class="note-ref"><a id="fnref-1" href="#fn-1">1</a></sup> is het.</p>'
            '<section class="notes"><h2 id="notes-title">Noten</h2><ol><li id="fn-1">Bron. '
            '<a href="#fnref-1" role="doc-backlink">↩</a></li></ol></section>',
            "Zo is het.\nBron.",
        ),
        ("", ""),
        ("a &lt;b&gt; c", "a <b> c"),
    ],
)
def test_text(html, text):
    assert text_of(html) == text


@given(st.text(alphabet="<>/pbli &;a\n", max_size=60))
def test_any_markup_gives_lines_of_single_spaced_words(html):
    for line in text_of(html).splitlines():
        assert line == " ".join(line.split())


def test_sentences_are_glued_to_no_heading_caption_or_credit():
    text = "Kop\nDe brug\nFoto: Jan\nEen zin.\n“Mag dat?”\nTussenkop\nJa (echt)."
    assert sentences_of(text) == "Een zin. “Mag dat?” Ja (echt)."
    assert sentences_of("Alleen\nregels") == "Alleen regels"
    assert sentences_of("") == ""
