"""What people write that looks like a mail program's words stays, wherever it stands in a mail."""

from comments.mail_parsing.answers import split
from comments.mail_parsing.html import from_html
from comments.mail_parsing.lines import from_plain
from tests.comments.mail_parsing import styles, table

OWN = [
    "Mee eens.\n\nBo, heb jij dat ook gezien toen", "Bo, heb jij dat ook?", "Bedankt!", "Groetjes",
    "Mee eens.\n\nBedankt Anna", "Mee eens.\n\nBedankt,\nAnna", "Ja.", "Nee", "👍",
    "Kijk eens:\n\n> een eigen citaat\n> van vroeger\n\nMooi toch?", "Zij zei:\n\n> weg ermee",
    "Op 24 november 2026 om 10:00 schreef de minister in de krant:\n\n> De brug gaat dicht.\n\n"
    "Dat is onzin.",
    "Op 24 november 2026 om 10:00 schreef de minister in de krant:\n\nDe brug gaat dicht.\n\n"
    "Dat is onzin.",
    "Van: de gemeente\nDatum: 3 mei 2026\nAan: de bewoners\nOnderwerp: de brug\n\nDat stond er.",
    "Eerst.\n\n----------\n\nDaarna.", "Eerst.\n\n______________________________\n\nDaarna.",
    "Lijst:\n--\nBo was hier gisteren nog en zag het", "1. een\n2. twee\n\n- drie",
    "Verstuurd vanaf mijn telefoon kwam zijn laatste bericht.\nDaarna niets.",
    "Sent from my iPhone was the title of his book.\n\nIt was good.",
    'Hij schreef: "Verzonden vanaf mijn iPhone".',
    "Met vriendelijke groet,\n\nzo eindigde hij zijn brief altijd en dat vond ik mooi.",
    "-----Original Message-----\nwas de titel.\n\nDat was het.",
    "On Monday I wrote to the council:\n\nThe bridge is closed.\n\nNo answer.",
    "From: above\nTo: below\n\nis how I read it",
    "Tel. 06-12345678 is het nummer van de gemeente.",
    "Zie https://krant.example/2026/11/24/10:00/brug",
    "Zaterdag 24 november 2026, 10:00 uur: de brug ging open.\n\nIk stond erbij.",
    "Hij <b>riep</b>: 5 < 6 > 3",
    "Dank u wel.\n\nBo Jansen\nDirecteur\n\nNog iets: de brug is dicht.",
]  # fmt: skip
UNSURE = [
    "> weg ermee\n\nDat is raar.",
    "a\n\n-- \nmijn mening is dat het wel meevalt en dat niemand iets deed",
    "Ik schreef op 24-11-2026 10:00 aan bo@lezer.example:\n\n> Beste Bo\n\nDat was alles.",
]
"""What may be cut, if it is held."""


def mails(own):
    """Mails with the words in them, by name."""
    line, other = styles.attributions("nl")[0], styles.attributions("nl")[2]
    quote, plain = styles.quoted(table.MAIL), "\n".join(table.MAIL)
    header = styles.header_blocks("nl")["outlook"]
    yield "alone", from_plain(f"{own}\n"), True
    yield "above", from_plain(f"{own}\n\n{line}\n\n{quote}\n"), True
    yield "right above", from_plain(f"{own}\n{other}\n{quote}\n"), True
    yield "above a header", from_plain(f"{own}\n\n{header}\n\n{plain}\n"), True
    yield "below", from_plain(f"{line}\n\n{quote}\n\n{own}\n"), True
    if ">" not in own:
        paragraphs = styles.paragraphs(own)
        whole = f'<div>{paragraphs}</div><div class="gmail_quote">{line}</div>'
        yield "html", from_html(whole.replace("<site", "&lt;site")), False


def words(text):
    return " ".join(text.split())


def test_own_words_stay():
    for own in OWN:
        for name, lines, wrapped in mails(own):
            answer = split(lines, table.KNOWN, wrapped=wrapped)
            assert words(own) in words(answer.text), (name, own, answer)


def test_what_may_be_no_own_word_is_held():
    for own in UNSURE:
        for name, lines, wrapped in mails(own):
            answer = split(lines, table.KNOWN, wrapped=wrapped)
            assert not answer.sure or words(own) in words(answer.text), (name, answer)
