"""Nothing that we mailed is published as an answer, and nothing that she wrote goes in silence."""

import pytest

from comments.mail_parsing import known
from comments.mail_parsing.answers import Known, split
from comments.mail_parsing.html import from_html
from comments.mail_parsing.lines import from_plain
from tests.comments.mail_parsing import programs
from tests.comments.mail_parsing.programs import MARKER, SITE, quoted

TOKEN = "WzExLDBd:1xWgal:lW1ZAOP14Z4WHTOVWOYLY1Kem3LtwKhIl624tbj4lHQ"
LINK = f"https://site.example/mail/stop/{TOKEN}/"
FRAME = [MARKER, "Anna schreef onder “Roosters”", "Lees en antwoord",
         "U krijgt dit omdat uw reactie beantwoord is.", "Geen mail meer over reacties",
         "Mijn reacties en instellingen"]  # fmt: skip
OURS = [
    MARKER, "", "Anna schreef onder “Roosters”:", "",
    "Dat zie ik anders: bij ons maakt niemand de agenda en toch beslist altijd dezelfde.", "",
    "Lees en antwoord:", "https://site.example/2026/11/roosters/comment/7/#comment-7", "", "--",
    "U krijgt dit omdat uw reactie beantwoord is.", f"Geen mail meer over reacties: {LINK}",
    f"Mijn reacties en instellingen: {LINK.replace('stop', 'mine')}",
]  # fmt: skip
KNOWN = Known(
    words=known.words_of("\n".join([*OURS, "De Site", "Bo"])),
    runs=known.runs_of("\n".join(OURS)),
    phrases=known.phrases_of(FRAME),
    addresses=frozenset(["site@site.example", "@in.site.example", programs.READER]),
    names=frozenset(["bo", "bo jansen"]),
)
INTRO = programs.INTRODUCTIONS["gmail"]["nl"]
OWN = "Mijn eigen woorden over de brug."
THEIRS = ("beslist altijd", "Lees en antwoord", "krijgt dit", "Geen mail meer", "instellingen")


def cut(lines, width):
    return [line[at : at + width] for line in lines for at in range(0, max(len(line), 1), width)]


def rewritten(lines, before, after):
    return [
        line.replace("https://", f"{before}https://") + (after * ("://" in line)) for line in lines
    ]


WRITTEN = {
    "plain": OURS,
    **{f"cut-{width}": cut(OURS, width) for width in range(60, 79, 3)},
    "urldefense": rewritten(OURS, "https://urldefense.com/v3/__", "__;!!a$"),
    "urldefense2": [line.replace("https:", "https-3A").replace("/", "_") for line in OURS],
    "percent": [line.replace(":1xWgal:", "%3A1xWgal%3A") for line in OURS],
    "angle": [line.replace("https://", "<https://") for line in OURS],
}


@pytest.mark.parametrize("written", WRITTEN)
def test_our_mail_below_an_answer_is_cut_without_any_mark(written):
    lines = WRITTEN[written]
    for start in (1, 3, 4, 6, len(lines) - 4, len(lines) - 3):
        if known.is_token_part(lines[start]):
            continue
        answer = split(from_plain("\n".join([OWN, "", *lines[start:]])), KNOWN)
        assert OWN in answer.text
        assert "lW1ZAOP" not in answer.text
        left = [one for one in THEIRS if one in answer.text]
        assert not left or not answer.sure, (start, answer)
    whole = split(from_plain("\n".join([OWN, "", *OURS[1:]])), KNOWN)
    assert (whole.text, whole.sure) == (OWN, True)


def test_words_of_ours_among_own_ones_are_held():
    text = f"{OURS[4]}\n\nDaar ben ik tegen, want de brug is dicht."
    answer = split(from_plain(text), KNOWN)
    assert answer.text == text
    assert not answer.sure
    text = f"Zeg niet: {OURS[4][:-1]}, want dat klopt volstrekt nergens meer."
    answer = split(from_plain(f"{OWN}\n\n{text}"), KNOWN)
    assert "klopt volstrekt" in answer.text or not answer.sure


@pytest.mark.parametrize("written", WRITTEN)
def test_inline_answers_stand_under_quotes_without_our_phrases(written):
    lines = WRITTEN[written]
    body = f"{INTRO}\n\n{quoted(lines[:5])}\n\n{OWN}\n\n{quoted(lines[5:])}\n\nEn nog een zin.\n"
    answer = split(from_plain(body), KNOWN)
    assert OWN in answer.text
    assert "En nog een zin." in answer.text
    for phrase in (*THEIRS[1:], "Schrijf uw antwoord", "lW1ZAOP", "WzExLDBd", "%3A"):
        assert phrase not in answer.text
    unquoted = f"{INTRO}\n\n" + "\n".join([*lines[:6], "", OWN, "", *lines[6:], "", "Nog een zin."])
    answer = split(from_plain(unquoted), KNOWN)
    assert OWN in answer.text
    assert "Nog een zin." in answer.text
    assert not answer.sure
    assert "lW1ZAOP" not in answer.text


LABELS = {
    "nl": "Van: de directie\nAan: alle collega’s\nOnderwerp: niets",
    "en": "From: above\nTo: below\nSubject: silence",
    "de": "Von: oben\nAn: unten\nBetreff: Ruhe",
    "fr": "De: la haut\nÀ: vous\nObjet: rien",
    "long": "Van: de directie\nDatum: 3 mei\nAan: alle collega’s\nOnderwerp: niets",
}


@pytest.mark.parametrize("language", LABELS)
@pytest.mark.parametrize("below", [f"\n\n{INTRO}\n\n{quoted(OURS)}", ""], ids=["quote", "end"])
def test_own_lines_like_a_header_are_kept(language, below):
    own = (
        f"Zo gaat het bij ons altijd:\n{LABELS[language]}\nEn dan hoor je niets meer. Nummer twee."
    )
    answer = split(from_plain(own + below), KNOWN)
    assert answer.text == own
    assert not answer.sure


@pytest.mark.parametrize("language", programs.HEADERS)
def test_answers_below_a_header_are_held(language):
    names = programs.HEADERS[language]
    values = (SITE, programs.DATES[language], programs.READER, "Roosters")
    head = "<br>".join(
        f"<b>{a}:</b> {b.replace('<', '&lt;')}" for a, b in zip(names, values, strict=True)
    )
    old = "".join(f"<p>{line}</p>" for line in OURS)
    body = f"<div><p>Zie in blauw.</p><div><p>{head}</p></div>{old}<p>Ik zeg blauw eee</p></div>"
    answer = split(from_html(body), KNOWN, wrapped=False)
    assert not answer.sure
    assert answer.text == "Zie in blauw."
    alone = split(from_html(body.replace("<p>Zie in blauw.</p>", "")), KNOWN, wrapped=False)
    assert alone.text == "Ik zeg blauw eee"
    assert not alone.sure
    nothing = body.replace("<p>Ik zeg blauw eee</p>", "")
    assert split(from_html(nothing), KNOWN, wrapped=False).sure


@pytest.mark.parametrize(
    "lines",
    [
        ["En dan het vierde deel van mijn verhaal, een heel lang stuk.",
         "Nog een regel van deel vier."],
        ["ik ben het er echt helemaal niet mee eens"], ["Ik kom morgen langs met de auto."],
        ["Bo Jansen", "Directeur", "De brug gaat volgens mij nooit meer open."],
    ],
)  # fmt: skip
def test_a_signature_that_says_something_is_held(lines):
    for head in ("-- ", "Met vriendelijke groet,", "Bo Jansen"):
        text = "\n".join([OWN, "", head, *lines])
        answer = split(from_plain(text), KNOWN)
        assert not answer.sure or all(line in answer.text for line in lines), (head, answer)
    assert not split(from_plain("\n".join([OWN, "", "-- ", *lines])), KNOWN).sure


def test_a_signature_that_says_nothing_goes():
    for lines in (
        ["Bo Jansen", "Directeur"],
        ["Bo", "Jansen Bouw B.V.", "T 06-12345678", "bouw.example"],
    ):
        answer = split(from_plain("\n".join([OWN, "", "-- ", *lines])), KNOWN)
        assert (answer.text, answer.sure) == (OWN, True)


@pytest.mark.parametrize(
    ("body", "own"),
    [
        (f"{MARKER}\n\nMaar ik schrijf eronder.\n", "Maar ik schrijf eronder."),
        (f"{INTRO}\n\n{OURS[4]}\n\nTussen de regels.\n\n{OURS[6]}\n\nEn onder.\n",
         "Tussen de regels."),
        ("Op 3 mei 1940 om 12:00 schreef mijn oma <oma@thuis.example>:\n\nDe raad duurde lang.\n",
         "De raad duurde lang."),
    ],
)  # fmt: skip
def test_words_below_are_held_and_not_refused(body, own):
    answer = split(from_plain(body), KNOWN)
    assert own in answer.text
    assert not answer.sure
    assert "thuis.example" not in answer.text


def test_our_mail_alone_is_no_answer():
    for body in (f"{INTRO}\n\n{quoted(OURS)}\n", "\n".join(OURS), f"{INTRO}\n\n" + "\n".join(OURS)):
        assert split(from_plain(body), KNOWN).text == ""
