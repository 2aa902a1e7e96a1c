# ruff: noqa: E501
"""What word processors put on the clipboard: structure stays, looks and rubbish go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.content import sanitiser
from blog.content.pasting import clean_pasted
from core import html_bounds
from tests.comments.payloads import ALL

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!--
p.MsoNormal {margin:0cm;} --></style><!--[if gte mso 9]><xml><w:WordDocument/></xml><![endif]-->
</head><body lang=NL style='tab-interval:35.4pt'><!--StartFragment-->
<p class=MsoTitle>Het verslag<o:p></o:p></p>
<h1><span style='mso-fareast-font-family:"Times New Roman"'>Eerste
kop<o:p></o:p></span></h1>
<p class=MsoNormal style='margin:0'>Een <b style='mso-bidi-font-weight:normal'>vet</b> en <i>schuin</i>
woord<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1" title=""><span
class=MsoFootnoteReference><span style='mso-special-character:footnote'><![if !supportFootnotes]>[1]
<![endif]></span></span></a>.<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>
&nbsp;&nbsp;</span></span></span><![endif]>Punt een<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><![if !supportLists]><span><span
style='mso-list:Ignore'>o<span>&nbsp; </span></span></span><![endif]>Dieper</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><![if !supportLists]><span><span
style='mso-list:Ignore'>·<span>&nbsp; </span></span></span><![endif]>Punt twee</p>
<p class=MsoNormal>Daarna:</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-list:Ignore'>1.<span>&nbsp; </span></span><![endif]>Genummerd</p>
<p class=MsoIntenseQuote>Een citaat</p>
<p class=MsoNormal>Was <del cite="mailto:x">weg</del><ins>erbij</ins><span
class=MsoCommentReference><span style='mso-comment-reference:A_1'></span></span></p>
<table class=MsoTableGrid border=1><tr><td style='width:10pt'><p class=MsoNormal><b>Naam</b></p></td>
<td><p class=MsoNormal><b>Aantal</b></p></td></tr><tr><td><p>A</p></td><td><p>2</p></td></tr></table>
<p class=MsoNormal><img width=10 src="file:///C:/Users/x/clip_image001.png"></p>
<!--EndFragment--><div style='mso-element:footnote-list'><br clear=all><hr align=left size=1>
<div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a style='mso-footnote-id:ftn1'
href="#_ftnref1" name="_ftn1" title=""><span class=MsoFootnoteReference>[1]</span></a> Zie
<i>het boek</i>, <a href="https://boek.example/">hier</a>.<o:p></o:p></p></div></div></body></html>"""

DOCS = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1a2b">
<h1 dir="ltr" style="line-height:1.38"><span style="font-size:20pt;font-weight:400;">Kop</span></h1>
<h2 dir="ltr"><span style="font-weight:700">Onder</span></h2><p dir="ltr"><span
style="font-weight:400;">Een </span><span style="font-weight:700;font-style:italic">nadruk</span><span>
en een </span><a href="https://www.google.com/url?q=https://x.example/a%3Fb&amp;sa=D&amp;ust=1"><span
style="text-decoration:underline;color:#1155cc">link</span></a><span style="vertical-align:super">2
</span></p><br /><ul><li dir="ltr" aria-level="1"><p dir="ltr" role="presentation"><span>Een</span></p>
</li><ul><li dir="ltr" aria-level="2"><p><span>Dieper</span></p></li></ul><li><p><span>Twee</span></p>
</li></ul><div dir="ltr" align="left"><table><colgroup><col width="1" /></colgroup><tbody><tr><td><p>
<span style="font-weight:700">Naam</span></p></td></tr><tr><td><p><span>A</span></p></td></tr></tbody>
</table></div><p><span><img src="https://lh7-rt.googleusercontent.com/docsz/x" /></span></p></b>
<br class="Apple-interchange-newline">"""

LIBRE = """<html><head><meta name="generator" content="LibreOffice 7.4.7.2 (Linux)"/></head><body>
<h1 class="western">Kop</h1><p style="line-height: 100%"><font face="Liberation Serif"><b>Vet</b></font>
tekst<a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a></p>
<div id="sdfootnote1"><p class="sdfootnote"><a class="sdfootnotesym" name="sdfootnote1sym"
href="#sdfootnote1anc">1</a>De noot.</p></div></body></html>"""

MAIL = "<div>Regel een</div><div><br></div><div>Regel <u>twee</u></div><script>x</script>"


def flat(html):
    return html.replace("> <", "><").replace("\n", "")


def test_word():
    pasted = clean_pasted(WORD)
    html = flat(pasted.html)
    for part in (
        "<h2>Het verslag</h2><h2>Eerste kop</h2>",
        "Een <strong>vet</strong> en <em>schuin</em> woord"
        '<sup data-note="">Zie <em>het boek</em>, <a href="https://boek.example/"',
        "<ul><li>Punt een<ul><li>Dieper</li></ul></li><li>Punt twee</li></ul>",
        "<ol><li>Genummerd</li></ol>",
        "<blockquote><p>Een citaat</p></blockquote>",
        "<p>Was erbij</p>",
        "<th><p>Naam</p></th>",
    ):
        assert part in html, part
    for rubbish in ("mso", "Mso", "·", "[1]", "style", "class", "<hr", "<img", "span", "file:"):
        assert rubbish not in html, rubbish
    assert pasted.left_out == 1


def test_google_docs():
    pasted = clean_pasted(DOCS)
    html = flat(pasted.html)
    for part in (
        "<h2>Kop</h2>",
        "<h3>Onder</h3>",
        "<em><strong>nadruk</strong></em>",
        '<a href="https://x.example/a?b" rel="noopener">link</a><sup>2',
        "<ul><li><p>Een</p><ul><li><p>Dieper</p></li></ul></li><li><p>Twee</p></li></ul>",
        "<th><p>Naam</p></th>",
    ):
        assert part in html, part
    assert not html.startswith("<strong>")
    assert "google" not in html.replace("lh7-rt.googleusercontent.com", "")
    assert pasted.left_out == 1


def test_libreoffice_and_mail():
    html = flat(clean_pasted(LIBRE).html)
    assert html == '<h2>Kop</h2><p><strong>Vet</strong> tekst<sup data-note="">De noot.</sup></p>'
    assert flat(clean_pasted(MAIL).html) == "<p>Regel een</p><p>Regel twee</p>"


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        # What a chat program and a web mail copy: lines, and an empty one between paragraphs.
        (
            '<span>Eerste met </span><a href="https://a.example/">link</a><br><span>tweede</span>'
            '<span style="display:block;height:8px"></span><span>nieuwe</span><br><br>derde',
            '<p>Eerste met <a href="https://a.example/" rel="noopener">link</a><br>tweede</p>'
            "<p>nieuwe</p><p>derde</p>",
        ),
        ("<div>foo<div>bar<p>x</p></div>baz</div>", "<p>foo</p><p>bar</p><p>x</p><p>baz</p>"),
        ("<div>x</div>y<div>z</div>", "<p>x</p><p>y</p><p>z</p>"),
        ("een <b>vet</b> woord", "een <strong>vet</strong> woord"),
        # Blanks between blocks would be empty paragraphs and items in the editor.
        (
            "<p>a</p>\n\n<p>&nbsp;</p> <ul>\n<li>b</li>\n <li><br></li><li> </li></ul>\n<p>c</p>\n",
            "<p>a</p><ul><li>b</li></ul><p>c</p>",
        ),
        # Boxes that articles do not hold.
        (
            "<dl><dt>Term</dt><dd>Uitleg</dd><dt>Twee</dt><dd><p>Meer</p></dd></dl>",
            "<p><strong>Term</strong></p><p>Uitleg</p><p><strong>Twee</strong></p><p>Meer</p>",
        ),
        (
            "<table><caption>Kop</caption><tr><td>1</td></tr></table>",
            "<p>Kop</p><table><tbody><tr><td>1</td></tr></tbody></table>",
        ),
        (
            "<section><header>Kop</header>Tekst</section><address>Straat</address>",
            "<p>Kop</p><p>Tekst</p><p>Straat</p>",
        ),
    ],
)
def test_lines_stay_apart_and_nothing_empty_stays(html, clean):
    assert clean_pasted(html).html == clean


def test_a_list_of_word_goes_on_after_a_paragraph():
    item = (
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>"
        "<span style='mso-list:Ignore'>{0}.<span>&nbsp;</span></span>{1}</p>\n"
    )
    html = item.format(1, "een") + item.format(2, "twee") + "<p class=MsoNormal>Tussen.</p>\n"
    assert clean_pasted(html + item.format(3, "drie")).html == (
        '<ol><li>een</li><li>twee</li></ol><p>Tussen.</p><ol start="3"><li>drie</li></ol>'
    )


def test_lists_of_word_online_nest():
    def item(level, text, tag="ul", start=""):
        return (
            f'<div class="ListContainerWrapper SCXW1"><{tag} {start} role="list">'
            f'<li data-aria-level="{level}" class="Outline"><p><span>{text}</span></p></li>'
            f"</{tag}></div>"
        )

    html = item(1, "een") + item(2, "diep") + item(2, "ook") + item(1, "twee")
    html += "<p>Tussen.</p>" + item(1, "drie", "ol", 'start="3"') + item(2, "a", "ol")
    assert clean_pasted(html).html == (
        "<ul><li><p>een</p><ul><li><p>diep</p></li><li><p>ook</p></li></ul></li>"
        "<li><p>twee</p></li></ul><p>Tussen.</p>"
        '<ol start="3"><li><p>drie</p><ol><li><p>a</p></li></ol></li></ol>'
    )


def test_what_is_clean_stays_as_it_is():
    source = (
        '<h2>Kop</h2><p>a <em>b</em> <a href="article:3" rel="noopener">c</a></p>'
        "<pre><code>x\n  y</code></pre><ol><li><p>d</p></li></ol>"
    )
    assert clean_pasted(source).html == source


PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "<p class=MsoListParagraph style='mso-list:l0 level1'>",
                "<p style='mso-list:level3'>",
            ),
            *(
                "<span style='mso-list:Ignore'>1.</span>",
                "</p>",
                "<div id=ftn1>",
                "</div>",
                "<table>",
            ),
            *(
                "<a href='#_ftn1' name='_ftnref1'>",
                "<a name='_ftn1' href='#_ftnref1'>",
                "</a>",
                "<tr>",
            ),
            *("<td>", "<ul>", "<ol>", "<li>", "</ul>", "<b style='font-weight:normal'>", "</b>"),
            *(
                "<span style='font-weight:700'>",
                "</span>",
                "tekst",
                "&nbsp;",
                "<![if !x]>",
                "<o:p>",
            ),
            *(
                "<h1>",
                "</h1>",
                "<sup>",
                "</sup>",
                "<p class=MsoQuote>",
                "<del>",
                "<br>",
                "<img src=x>",
            ),
            *("<script>x</script>", "<body>", "</body>", "<!--", "-->", "<pre>", "</pre>", "\x00"),
        ]
    ),
    max_size=25,
).map("".join)


@given(PIECES)
def test_whatever_is_pasted_is_what_an_article_may_hold(html):
    pasted = clean_pasted(html)
    assert sanitiser.clean(pasted.html) == pasted.html
    assert "mso" not in pasted.html


@pytest.mark.parametrize("payload", ALL)
def test_no_known_attack_survives(payload):
    html = clean_pasted(payload).html
    assert sanitiser.clean(html) == html


def test_bounds_come_first():
    with pytest.raises(html_bounds.TooLarge):
        clean_pasted("<blockquote>" * 200)
    with pytest.raises(html_bounds.TooLarge):
        clean_pasted("x" * (sanitiser.MAX_BYTES + 1))
