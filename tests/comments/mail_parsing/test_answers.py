"""What of a mail is its writer's: all of it and nothing else, whichever program she uses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings as conf
from hypothesis import given
from hypothesis import strategies as st

from comments.mail_parsing import addresses, answers
from comments.mail_parsing.answers import Known, split
from comments.mail_parsing.html import from_html
from comments.mail_parsing.lines import from_plain
from comments.posting.by_mail import answer_of
from tests.comments.mail_parsing import programs

CASES = Path(__file__).parent / "data"
KNOWN = Known(
    words=answers.words_of("\n".join(programs.QUOTED)),
    addresses=frozenset(["site@site.example", "@in.site.example", programs.READER]),
    names=frozenset(["bo", "bo jansen"]),
)
OWN = [
    "Mee eens.",
    "Ik ben het er niet mee eens, want de brug was dicht.\nDat stond in de krant.\n\nEn nu?",
    'Mooi.\n\nOp 3 mei 1940 schreef mijn oma in haar dagboek:\n\n"Het is stil."\n\nZo was het.',
    "Wat ik nodig had:\n\nVan: station Utrecht\nAan: de rand van de stad\n\nDat kostte een uur.",
    'Op 3 mei 1940 om 10:00 uur schreef mijn oma in haar dagboek:\n\n"Het is stil."\n\nZo was het.',
    "Wat ik nodig had:\n\nVan: station Utrecht\nAan: de rand van de stad",
    "Eerst dit.\n--\nDan dat.",
    "Drie dingen:\n\n- dit\n- dat\n- en nog iets",
    "Groeten uit Delft zijn altijd welkom.",
    "Verzonden vanaf Texel kwam er een brief, en die luidde anders.",
    "iPhone of Android maakt voor mij geen verschil.",
    "Hij sloot af met:\n\nMet vriendelijke groet\n\nDat vond ik kil.",
    "Zoals Multatuli schreef op 3 mei 1860:\n\nVan de maan af gezien zijn wij even groot.",
]


@pytest.mark.parametrize("case", json.loads((CASES / "answers.json").read_text()), ids=str)
def test_plain_cases(case):
    assert answer_of(case["body"]) == case["wanted"]


@pytest.mark.parametrize("known", [KNOWN, Known()], ids=["known", "unknown"])
@pytest.mark.parametrize("own", OWN)
def test_plain_text_of_every_program_and_language(own, known):
    for name, body in programs.plain(own):
        answer = split(from_plain(body), known)
        assert answer.text == own, name
        assert answer.sure, name


@pytest.mark.parametrize("own", [one for one in OWN if "- dit" not in one])
def test_html_of_every_program_and_language(own):
    for language, introduction in programs.INTRODUCTIONS["apple"].items():
        for name, body in programs.html(own, introduction, language):
            answer = split(from_html(body), KNOWN, wrapped=False)
            assert answer.text == own, (name, language)
            assert answer.sure, (name, language)


def test_every_device_says_itself_alone():
    for devices in programs.DEVICES.values():
        for device in devices:
            assert answer_of(f"Mee eens.\n\n{device}\n") == "Mee eens."


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("Mee eens.\n\n-- \nBo Jansen\nDirecteur\n", "Mee eens."),
        ("Mee eens.\n\nVerzonden vanaf mijn telefoon\n", "Mee eens."),
        (
            "Yes.\n\nOn Tue, Nov 24, 2026 at 10:00 AM Anna <site@site.example> wrote:\n> Een.\n",
            "Yes.",
        ),
        ("Mee eens.\nVerstuurd vanaf mijn iPhone", "Mee eens."),
        (
            "Ja.\n\nOutlook voor Android downloaden<https://aka.ms/AAb9ysg>\n" + "_" * 32 + "\n"
            "Van: Anna <site@site.example>\n\nVerzonden: 24-11-2026\n\nAan: Bo\n\nOnderwerp: X\n",
            "Ja.",
        ),
        (
            "Zie ook:\n\nhttps://krant.example/artikel/2412345678",
            "Zie ook:\n\nhttps://krant.example/artikel/2412345678",
        ),
        ("Gewoon een tekst\nover twee regels.", "Gewoon een tekst\nover twee regels."),
        ("Mee eens.\n\nMvg Bo\n", "Mee eens."),
        ("Mee eens.\n\nGroeten,\nBo\n\nPS: de brug is weg.\n", "Mee eens.\n\nPS: de brug is weg."),
        ("Mee eens.\n\nBo Jansen\nDirecteur Jansen B.V.\n", "Mee eens."),
        ("Mit freundlichen Grüßen sagte er es.", "Mit freundlichen Grüßen sagte er es."),
        (
            "Einverstanden.\n\nMit freundlichen Grüßen\nBo Jansen\nTel. +49 30 123456",
            "Einverstanden.",
        ),
        ("D'accord.\n\nCordialement,\nBo", "D'accord."),
        ("Согласен.\n\nС уважением,\nБо", "Согласен."),
        ("Zie:\n\n> Het was stil.\n\nDat bedoel ik.", "Zie:\n\n> Het was stil.\n\nDat bedoel ik."),
        ("Zoals zij schreef:\n\n> Het was stil.\n", "Zoals zij schreef:\n\n> Het was stil."),
    ],
)
def test_signatures_go_and_own_words_stay(body, wanted):
    answer = split(from_plain(body), KNOWN)
    assert (answer.text, answer.sure) == (wanted, True)


def inline(*parts):
    head = f"{programs.INTRODUCTIONS['gmail']['nl']}\n\n"
    return head + "\n\n".join(parts) + "\n"


FRAME = f"> {programs.MARKER}\n>\n> Anna schreef onder “Roosters”:\n>\n"


def test_answers_between_quoted_lines_become_quotes_and_answers():
    body = inline(f"{FRAME}> Een gedachte.", "Eens.", "> over de brug.", "Oneens.\n\nEcht.",
                  "> https://site.example/x\n>\n> -- \n> U krijgt dit")  # fmt: skip
    answer = split(from_plain(body), KNOWN)
    assert answer.sure
    assert answer.text == "> Een gedachte.\n\nEens.\n\n> over de brug.\n\nOneens.\n\nEcht."


def test_answers_between_quotes_in_html():
    old = f"<p>{programs.MARKER}</p><p>Anna schreef onder “Roosters”:</p><p>Een gedachte.</p>"
    body = (
        '<div class="gmail_quote"><div class="gmail_attr">Op di schreef Anna:</div><blockquote '
        f'class="gmail_quote">{old}</blockquote><div><br></div><div>Eens.</div><blockquote '
        'class="gmail_quote"><p>over de brug.</p></blockquote><div>Oneens.</div></div>'
    )
    answer = split(from_html(body), KNOWN, wrapped=False)
    assert answer.text == "> Een gedachte.\n\nEens.\n\n> over de brug.\n\nOneens."


def test_an_answer_below_the_whole_quote_needs_no_quote():
    body = inline(programs.quoted(programs.QUOTED), "Mee eens.")
    assert split(from_plain(body), KNOWN).text == "Mee eens."


def test_lines_cut_to_a_width_are_paragraphs_again():
    flowed = "Een lange zin die het programma heeft \nafgebroken.\n\nEn nog een.\n"
    assert split(from_plain(flowed, flowed=True), KNOWN).text == (
        "Een lange zin die het programma heeft afgebroken.\n\nEn nog een."
    )
    delsp = "Een lange zin die het programma heeft af \ngebroken.\n"
    assert split(from_plain(delsp, flowed=True, delsp=True), KNOWN).text == (
        "Een lange zin die het programma heeft afgebroken."
    )
    hard = (
        "Dit is een alinea die het mailprogramma van de schrijver na twee-\n"
        "enzeventig tekens heeft afgebroken, zoals dat vroeger op elke computer\n"
        "de gewoonte was.\n\nEen gedicht\nblijft staan\nzoals het was.\n\n- een\n- twee"
    )
    assert split(from_plain(hard), KNOWN).text == (
        "Dit is een alinea die het mailprogramma van de schrijver na twee- enzeventig tekens heeft "
        "afgebroken, zoals dat vroeger op elke computer de gewoonte was.\n\nEen gedicht\n"
        "blijft staan\nzoals het was.\n\n- een\n- twee"
    )


@pytest.mark.parametrize(
    "body",
    [
        # An address of anybody's in her own words.
        "Mail mij op bo@lezer.example of mijn buur op kees%40lezer.example.",
        # A quoted mail that is not ours, or not known as ours.
        "Ja.\n\nVan: Kees <kees@elders.example>\nVerzonden: 24-11-2026\nAan: Bo\n"
        "Onderwerp: Brug\n\nTekst.",
        # Three labels and no address: a letter that she quotes?
        "Kijk:\n\nVan: de burgemeester\nDatum: 3 mei 1940\nAan: de raad\n\nTekst.",
        # Answers below our mail, unmarked.
        f"Zie onder.\n\nVan: {programs.SITE}\nVerzonden: 24-11-2026\nAan: Bo\nOnderwerp: Brug\n\n"
        + "\n".join(programs.QUOTED)
        + "\n\nHier ben ik volstrekt tegen, want bruggen moeten altijd toegankelijk blijven.",
        # A telephone number that no greeting leads to.
        "Mee eens.\n\nJansen Bouw\n06-12345678",
    ],
)
def test_what_is_not_plain_says_so(body):
    answer = split(from_plain(body), KNOWN)
    assert not answer.sure
    assert "lezer.example" not in answer.text
    assert "elders.example" not in answer.text


ADDRESSES = [
    *("bo@lezer.example", "Bo@Lezer.Example", "mailto:bo@lezer.example", "<bo@lezer.example>"),
    *("reply+1f-2a-0123456789abcdef0123@in.site.example", "bo%40lezer.example"),
    *("reply+1f-2a-0123456789abcdef0123", "site@site.example", "(bo@lezer.example)."),
]


@given(st.lists(st.sampled_from(ADDRESSES) | st.text(max_size=20), max_size=8))
def test_no_address_stays_in_a_text(parts):
    clean = addresses.without(" ".join(parts)).lower()
    assert "lezer.example" not in clean
    assert "site.example" not in clean
    assert "0123456789abcdef" not in clean


def test_no_signed_page_stays_in_a_text():
    page = f"{conf.SITE_URL}/mine/WzEsImJvIl0:1vOaBc:abcdefghijklmnopqrstuvwxyz0123456789_-A/"
    assert "1vOaBc" not in addresses.without(f"Zie {page} en <{page}>.")
    other = f"{conf.SITE_URL}/2026/11/roosters/"
    assert addresses.without(other) == other


def test_a_link_comes_out_of_its_wrapping():
    wrapped = (
        '<p>Zie <a href="https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fbrug.'
        'example%2Fplan&amp;data=05%7Cbo%40lezer.example%7C0">het plan</a>.</p>'
    )
    answer = split(from_html(wrapped), KNOWN, wrapped=False)
    assert answer.text == "Zie [het plan](https://brug.example/plan)."
    assert answer.sure


PIECES = st.sampled_from(
    ["\n", "> ", ">", "Van: ", "Aan: ", "Op 3 mei 2026 10:00 schreef a@b.example:", "-- ", "--",
     "@", "a@b.example", programs.MARKER, "Mvg", "woord ", " ", "<div>", "</div>", "<blockquote>",
     "<p>", "<br>", "<a href=x>", "<pre>", "&nbsp;", "<ul><li>", "Verzonden vanaf mijn iPhone"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_mail_is_split_and_has_no_address(body):
    for lines in (from_plain(body), from_plain(body, flowed=True), from_html(body)):
        assert "a@b" not in split(lines, KNOWN).text
