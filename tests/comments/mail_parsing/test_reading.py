"""The text of a mail is read in whatever parts, encodings and wrappings it comes."""

import base64
import email

import pytest

from comments.mail_parsing import reading
from comments.mail_parsing.answers import split
from comments.mail_parsing.html import from_html
from comments.mail_parsing.known import Known
from comments.posting import by_mail

HEAD = "From: Bo <bo@lezer.example>\nMIME-Version: 1.0\n"


def parsed(raw):
    return email.message_from_bytes(
        raw if isinstance(raw, bytes) else raw.encode(), policy=by_mail._POLICY
    )


def text_of(raw):
    found = reading.read(parsed(raw))
    return split(found.lines, Known(), wrapped=found.wrapped).text


def mixed(*parts, kind="mixed"):
    inner = "".join(f"--b\n{part}\n" for part in parts)
    return f"{HEAD}Content-Type: multipart/{kind}; boundary=b\n\n{inner}--b--\n"


PLAIN = "Content-Type: text/plain; charset=utf-8\n\n{}"
HTML = "Content-Type: text/html; charset=utf-8\n\n{}"


@pytest.mark.parametrize(
    ("charset", "payload"),
    [
        ("iso-8859-1", "Zei ze: “café” – kost 3 €…".encode("cp1252")),
        ("us-ascii", "Zei ze: “café” – kost 3 €…".encode("cp1252")),
        ("us-ascii", "Zei ze: “café” – kost 3 €…".encode()),
        ("", "Zei ze: “café” – kost 3 €…".encode()),
        ("", "Zei ze: “café” – kost 3 €…".encode("cp1252")),
        ("x-onbekend", "Zei ze: “café” – kost 3 €…".encode()),
        ("utf-8", "Zei ze: “café” – kost 3 €…".encode("cp1252")),
        ("iso-8859-1", "Zei ze: “café” – kost 3 €…".encode()),
        ("windows-1252", "Zei ze: “café” – kost 3 €…".encode("cp1252")),
        ("punycode", "Zei ze: “café” – kost 3 €…".encode()),
        ("base64", "Zei ze: “café” – kost 3 €…".encode()),
    ],
)
def test_encodings_that_are_missing_unknown_or_wrong(charset, payload):
    param = f"; charset={charset}" if charset else ""
    head = f"{HEAD}Content-Type: text/plain{param}\nContent-Transfer-Encoding: "
    assert text_of(f"{head}8bit\n\n".encode() + payload) == "Zei ze: “café” – kost 3 €…"
    coded = base64.encodebytes(payload)
    assert text_of(f"{head}base64\n\n".encode() + coded) == "Zei ze: “café” – kost 3 €…"


def test_other_letters_and_damage():
    head = f"{HEAD}Content-Type: text/plain; charset={{}}\nContent-Transfer-Encoding: 8bit\n\n"
    for charset in ("koi8-r", "windows-1251", "iso-8859-5", "utf-16"):
        assert text_of(head.format(charset).encode() + "Я согласен.".encode(charset)) == (
            "Я согласен."
        )
    for charset, said in (("iso-8859-2", "Zgadzam się."), ("iso-8859-9", "Katılıyorum, şimdi.")):
        assert text_of(head.format(charset).encode() + said.encode(charset)) == said
    damaged = "Één café, twee cafés, drie cafés".encode() + b"\xc3"
    assert text_of(head.format("utf-8").encode() + damaged).startswith("Één café, twee cafés")


def test_parts():
    both = mixed(PLAIN.format("  \n"), HTML.format("<p>Mee eens.</p>"), kind="alternative")
    assert text_of(both) == "Mee eens."
    two = mixed(PLAIN.format("Hiervoor."), PLAIN.format("En hierna."))
    assert text_of(two) == "Hiervoor.\nEn hierna."
    hidden = (
        "<html><head><title>Weg</title><style>p{color:red}</style></head><body><p>Mee eens.</p>"
        '<img src="https://volger.example/p.gif" width="1" height="1" alt="pixel"><script>x()'
        "</script><!-- weg --></body></html>"
    )
    assert text_of(HEAD + HTML.format(hidden)) == "Mee eens."


def test_html_becomes_our_markdown():
    body = (
        "<div>Ik <b>ben</b> het <i>hele<b>maal</b> </i>eens.</div><ul><li><p>een</p></li><li>twee"
        "<ul><li>diep <s>weg</s></li></ul></li></ul><ol><li>a<li>b</ol><blockquote>Een citaat."
        "<br>Regel twee</blockquote><p>Zie <strong><a href='https://brug.example/'>het plan</a>"
        "</strong>.<b> <br></b></p><p><em>5 * 3</em></p>"
    )
    assert split(from_html(body), Known(), wrapped=False).text == (
        "Ik **ben** het hele**maal** eens.\n\n- een\n- twee\n   - diep ~~weg~~\n\n1. a\n2. b\n\n"
        "> Een citaat.\n> Regel twee\n\nZie **[het plan](https://brug.example/)**.\n\n5 * 3"
    )


SIGNED = (
    "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nMee eens.\n\n- - een punt\n\n"
    "-----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCgAdFiEE\n=abcd\n-----END PGP SIGNATURE-----\n"
)


def test_signed_and_encrypted_mails():
    assert text_of(HEAD + PLAIN.format(SIGNED)) == "Mee eens.\n\n- een punt"
    for seal in ("pkcs7-signature", "pgp-signature"):
        sealed = mixed(
            PLAIN.format("Mee eens."), f"Content-Type: application/{seal}\n\nx", kind="signed"
        )
        found = reading.read(parsed(sealed))
        assert (text_of(sealed), found.locked, found.files) == ("Mee eens.", False, False)
    for locked in (
        f"{HEAD}Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nMIIB",
        mixed(
            "Content-Type: application/pgp-encrypted\n\nVersion: 1",
            "Content-Type: application/octet-stream\n\nx",
            kind="encrypted",
        ),
        HEAD + PLAIN.format("-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----"),
    ):
        assert reading.read(parsed(locked)).locked


def test_pictures_and_files_of_the_writer_are_noticed():
    text = PLAIN.format("Kijk.")
    image = "Content-Type: image/jpeg; name=foto.jpg\nContent-Disposition: {}\n{}\n{}"
    for part, is_file in (
        (image.format("attachment", "", "x"), True),
        (image.format("inline", "", "x"), True),
        (image.format("inline", "Content-ID: <logo@firma>\n", "x" * 500), False),
        (image.format("inline", "Content-ID: <foto@bo>\n", "x" * 50_000), True),
        ("Content-Type: application/pdf\nContent-Disposition: attachment\n\nx", True),
        ("Content-Type: text/x-vcard\nContent-Disposition: attachment\n\nx", False),
        ("Content-Type: message/rfc822\n\nSubject: x\n\nx", False),
    ):
        assert reading.read(parsed(mixed(text, part))).files is is_file, part
    assert not reading.read(parsed(HEAD + text)).files
