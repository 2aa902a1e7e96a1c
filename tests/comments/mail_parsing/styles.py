"""Whole answers in the styles that people write them in, of the table's programs and languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from comments.mail_parsing.html import from_html
from comments.mail_parsing.lines import Line, from_plain
from tests.comments.mail_parsing.table import (
    ADDRESS,
    ATTRIBUTIONS,
    ENDINGS,
    FIRST,
    LABELS,
    MAIL,
    OWN,
    READER,
    SECOND,
    SEPARATORS,
    SITE,
    WHEN,
    WHO,
)


@dataclass(frozen=True)
class Case:
    """One answer: the lines of its mail and the text that is wanted of it."""

    name: str
    lines: list[Line]
    wanted: str
    wrapped: bool


def cases(language: str) -> Iterator[Case]:
    """All answers in a language."""
    for name, body, wanted in (*_plain(language), *_headers(language), *_between(language)):
        yield Case(f"plain {name}", from_plain(body), wanted, wrapped=True)
    for name, body, wanted in (*_html(language), *_html_between(language)):
        yield Case(f"html {name}", from_html(body), wanted, wrapped=False)


def quoted(lines: list[str], sign: str = "> ") -> str:
    """Lines with a sign of quoting before each."""
    return "\n".join(f"{sign}{line}".rstrip() for line in lines)


def attributions(language: str) -> list[str]:
    """The lines that programs put above a quote."""
    return [one.format(s=SITE, n=WHO, a=ADDRESS) for one in ATTRIBUTIONS[language]]


def _cut(line: str) -> list[str]:
    """As programs cut a line: not, before the address, and on either side of its signs."""
    before, sign, after = line.partition("<")
    if not sign:
        return [line]
    inside, _sign, rest = after.partition(">")
    return [line, f"{before.rstrip()}\n<{after}", f"{before}<\n{after}",
            f"{before}<{inside}\n>{rest}"]  # fmt: skip


def _plain(language: str) -> Iterator[tuple[str, str, str]]:
    owns, endings = OWN[language], ENDINGS[language]
    number = 0
    for line in attributions(language):
        for turn, cut in enumerate(_cut(line)):
            own, ending = owns[number % len(owns)], endings[number % len(endings)]
            number += 1
            quote = quoted(MAIL)
            yield f"top {cut}", f"{own}\n\n{cut}\n\n{quote}\n", own
            yield f"top {ending} {cut}", f"{own}\n\n{ending}\n\n{cut}\n{quote}\n", own
            tight = quoted(MAIL, ">")
            yield f"below quote {ending}", f"{own}\n\n{cut}\n{tight}\n\n{ending}\n", own
            inside = quoted([*line.split("\n"), "", *MAIL])
            yield f"inside {line}", f"{own}\n\n{ending}\n\n{inside}\n", own
            yield f"tight {line}", f"{own}\n{cut}\n{quote}\n", own
            few = quoted(["", FIRST, "", SECOND])
            yield f"of a part {cut}", f"{own}\n\n{ending}\n\n{cut}\n{few}\n", own
            if turn == 0 and "<" in line:
                bare = "\n".join(MAIL)
                yield f"unquoted {line}", f"{own}\n\n{ending}\n\n{line}\n\n{bare}\n", own
                old = f"------- Original Message -------\n{line}\n\n{quote}"
                yield f"ruled {line}", f"{own}\n\n{ending}\n\n{old}\n", own
    for ending in endings:
        yield f"alone {ending}", f"{owns[0]}\n\n{ending}\n", owns[0]
        yield f"alone, two {ending}", f"{owns[1]}\n\n{ending}\n", owns[1]


def _block(language: str, order: str, *, bold: str = "", join: str = "\n", gap: str = "") -> str:
    names = dict(zip("fsdto", LABELS[language], strict=True))
    values = {"f": SITE, "s": WHEN[language], "d": "24-11-2026 10:00 (GMT+01:00)",
              "t": READER, "o": "Anna reageerde op Roosters"}  # fmt: skip
    return join.join(f"{bold}{names[one]}{gap}:{bold} {values[one]}" for one in order)


def header_blocks(language: str) -> dict[str, str]:
    """The lines of a header that programs put above what they do not quote."""
    label, gap = SEPARATORS[language], "\xa0" if language == "fr" else ""
    return {
        "outlook": _block(language, "fsto", gap=gap),
        "outlook-stars": _block(language, "fsto", bold="*"),
        "outlook-one-line": _block(language, "fsto", join=" "),
        "outlook-mobile": "_" * 32 + "\n" + _block(language, "fsto", gap=gap),
        "outlook-gaps": "_" * 32 + "\n" + _block(language, "fsto", join="\n\n"),
        "outlook-old": f"-----{label}-----\n" + _block(language, "fsto"),
        "outlook-mac": _block(language, "fdto", bold="*"),
        "samsung": f"-------- {label} --------\n"
        + _block(language, "fdto", gap=" " if gap else ""),
        "samsung-order": f"-------- {label} --------\n" + _block(language, "ofdt"),
        "gmx": _block(language, "sfto", bold="*"),
        "gmx-date": _block(language, "dfto"),
        "thunderbird": f"-------- {label} --------\n" + _block(language, "odft"),
    }


def _headers(language: str) -> Iterator[tuple[str, str, str]]:
    below = "\n".join(MAIL)
    for number, (kind, block) in enumerate(header_blocks(language).items()):
        for turn, own in enumerate(OWN[language]):
            endings = ENDINGS[language]
            ending = endings[(number + turn) % len(endings)]
            yield f"{kind}", f"{own}\n\n{block}\n\n{below}\n", own
            yield f"{kind} {ending}", f"{own}\n\n{ending}\n\n{block}\n\n{below}\n", own
        yield f"{kind} quoted", f"{own}\n\n{quoted([*block.splitlines(), '', *MAIL])}\n", own


def _between(language: str) -> Iterator[tuple[str, str, str]]:
    """Answers below what they answer, and between its lines."""
    owns, endings = OWN[language], ENDINGS[language]
    for number, line in enumerate(attributions(language)):
        one, two = owns[number % len(owns)], owns[(number + 1) % len(owns)]
        ending = endings[number % len(endings)]
        head, rest = quoted(MAIL[:5]), quoted(MAIL[8:])
        inline = f"> {FIRST}\n\n{one}\n\n> {SECOND}\n\n{two}"
        yield (
            f"inline {line}",
            f"{line}\n\n{head}\n\n{one}\n\n> {SECOND}\n\n{two}\n\n{ending}\n",
            inline,
        )
        yield (
            f"inline whole {line}",
            f"{line}\n{head}\n{one}\n> {SECOND}\n{two}\n{rest}\n",
            inline,
        )
        yield f"bottom {line}", f"{line}\n\n{quoted(MAIL)}\n\n{one}\n", one
        yield f"bottom {ending}", f"{line}\n{quoted(MAIL)}\n\n{two}\n\n{ending}\n", two
        yield (
            f"inline part {line}",
            f"{line}\n\n> {FIRST}\n\n{one}\n\n> {SECOND}\n\n{two}\n\n{ending}\n",
            inline,
        )
        yield (
            f"bottom of a part {line}",
            f"{line}\n\n> {SECOND}\n\n{one}\n\n{ending}\n",
            f"> {SECOND}\n\n{one}",
        )
        yield (
            f"bottom of a beginning {line}",
            f"{line}\n\n{head}\n\n{one}\n\n{ending}\n",
            f"> {FIRST}\n\n{one}",
        )


def _divs(own: str) -> str:
    return "<div><br></div>".join(
        "".join(f"<div>{escape(line)}</div>" for line in part.split("\n"))
        for part in own.split("\n\n")
    )


def paragraphs(own: str) -> str:
    return "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in own.split("\n\n"))


def _mso(own: str, end: str = "\r\n") -> str:
    made = [
        "".join(
            f"<p class=MsoNormal><span lang=NL>{escape(line)}<o:p></o:p></span></p>{end}"
            for line in part.split("\n")
        )
        for part in own.split("\n\n")
    ]
    return f"<p class=MsoNormal><o:p>&nbsp;</o:p></p>{end}".join(made)


def _quote_html(lines: list[str]) -> str:
    return "".join(f"<p>{escape(line) or '&nbsp;'}</p>" for line in lines)


OUTLOOK_LINE = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"
CITE = '<blockquote type="cite"'


def _shells(own: str, intro: str, head: str, end: str) -> dict[str, str]:
    """The HTML of mail programs: the own words, what introduces our mail, and a last line."""
    divs, ps, mso, old = _divs(own), paragraphs(own), _mso(own), _quote_html(MAIL)
    return {
        "gmail": f'<div dir="ltr">{divs}</div><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">{intro}<br></div><blockquote class="gmail_quote" '
        f'style="margin:0px 0px 0px 0.8ex;border-left:1px solid #ccc">{old}</blockquote></div>',
        "gmail-android": f'<div dir="auto">{divs}<div dir="auto"><br></div><div>{end}</div></div>'
        f'<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{intro}<br></div>'
        f'<blockquote class="gmail_quote">{old}</blockquote></div>',
        "iphone": f'<html><body dir="auto">{divs}<div><br></div><div dir="ltr">{end}</div>'
        f'<div dir="ltr"><br>{CITE}>{intro}<br><br></blockquote></div>{CITE}><div dir="ltr">'
        f"\ufeff{old}</div></blockquote></body></html>",
        "apple-mail": f"<body>{divs}<div><br>{CITE}><div>{intro}</div><br class="
        f'"Apple-interchange-newline"><div>{old}</div></blockquote></div></body>',
        "outlook": f"<body><div class=WordSection1>{mso}<p class=MsoNormal><o:p>&nbsp;</o:p></p>"
        f"<div><div style='{OUTLOOK_LINE}'><p class=MsoNormal>{head}<o:p></o:p></p></div></div>"
        f"{old}</div></body>",
        "outlook-joined": f"<body><div class=WordSection1>{_mso(own, '')}<p class=MsoNormal>&nbsp;"
        f"</p><p class=MsoNormal>{end}</p><div><div style='{OUTLOOK_LINE}'><p class=MsoNormal>"
        f"{head}</p></div></div>{old}</div></body>",
        "outlook-web": f'<body dir="ltr"><div class="elementToProof">{divs}</div><div id='
        f'"appendonsend"></div><hr><div id="divRplyFwdMsg" dir="ltr"><font>{head}</font></div>'
        f"<div>{old}</div></body>",
        "outlook-mobile": f'<body>{divs}<div id="ms-outlook-mobile-signature"><div></div>{end}'
        f'</div><div id="mail-editor-reference-message-container"><hr><div>{head}</div>{old}</div>'
        "</body>",
        "outlook-mac": f'<body>{mso}<p class="MsoNormal">{end}</p><div style="border:none;'
        f'border-top:solid #B5C4DF 1.0pt"><p class="MsoNormal">{head}</p></div>{old}</body>',
        "outlook-2007": f'<body>{ps}<div class="OutlookMessageHeader" dir="ltr" align="left">'
        f"<hr>{head}</div>{old}</body>",
        "windows-mail": f"<body>{mso}<p class=MsoNormal>{end}</p><div style='mso-element:para-"
        f"border-div;border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal>{head}</p>"
        f"</div>{old}</body>",
    }


def _more_shells(own: str, intro: str, head: str, end: str) -> dict[str, str]:
    divs, ps, old = _divs(own), paragraphs(own), _quote_html(MAIL)
    return {
        "thunderbird": f'<body>{ps}<div class="moz-cite-prefix">{intro}<br></div>{CITE} cite='
        f'"mid:1@site.example">{old}</blockquote><pre class="moz-signature">-- \nBo</pre></body>',
        "yahoo": f'<div class="ydp1yahoo-style-wrap"><div dir="ltr">{divs}</div><div><br></div>'
        f'</div><div id="ydp2yahoo_quoted_1" class="ydp2yahoo_quoted"><div><div>{intro}</div>'
        f"<div><br></div>{old}</div></div>",
        "yahoo-phone": f'{divs}<div id="ymail_android_signature"><a href="https://mail.onelink.me'
        f'/1">{end}</a></div><blockquote style="margin:0 0 20px 0"><div>{intro}</div>{old}'
        "</blockquote>",
        "proton": f'<div style="font-family:Arial">{divs}</div><div class="protonmail_signature_'
        f'block"><div>{end}</div></div><div class="protonmail_quote">{intro}<br><blockquote '
        f'class="protonmail_quote" type="cite">{old}</blockquote></div>',
        "samsung": f'<body>{divs}<div id="composer_signature" dir="auto">{end}</div><div><br></div>'
        f'<div align="left" dir="auto" style="font-size:100%;color:#000"><div>-------- Original '
        f"message --------</div><div>{head}</div></div>{old}</body>",
        "roundcube": f'<body>{ps}<p id="reply-intro">{intro}</p>{CITE}>{old}</blockquote></body>',
        "nextcloud": f'{ps}<p></p><p></p><div class="quote">{intro}<br><blockquote>{old}'
        "</blockquote></div>",
        "k-9": f'<div dir="auto">{divs}<br>{end}</div><br><br><div class="gmail_quote"><div dir='
        f'"auto">{intro}</div><blockquote class="gmail_quote">{old}</blockquote></div>',
        "fairemail": f'{ps}<div fairemail="signature"><p>Bo Jansen</p></div><div fairemail='
        f'"reply"><p>{intro}</p>{CITE}>{old}</blockquote></div>',
        "mail.ru": f'<div>{divs}</div><div data-signature-widget="container"><div>--<br>{end}</div>'
        f'</div><blockquote style="border-left:1px solid #0857A6;margin:10px;padding:0 0 0 10px">'
        f'{intro}<br>&nbsp;<div id=""><div class="js-helper">{old}</div></div></blockquote>',
        "yandex": f"<div>{divs}</div><div>&nbsp;</div><div>{intro}</div><blockquote>{old}"
        "</blockquote>",
        "gmx": f'<div style="font-family:Verdana">{divs}<div><br></div><div name="quote" style='
        f'"margin:10px 5px;padding:10px 0 10px 10px;border-left:2px solid #C3D9E5"><div>{head}'
        f"</div><div name=quoted-content>{old}</div></div></div>",
        "unmarked": f"<body>{ps}<p>{intro}</p><blockquote>{old}</blockquote></body>",
        "unmarked header": f"<body>{ps}<p>{end}</p><p>{head}</p>{old}</body>",
    }


def _html(language: str) -> Iterator[tuple[str, str, str]]:
    lines, blocks = attributions(language), list(header_blocks(language).values())
    devices = [one for one in ENDINGS[language] if "\n" not in one and len(one) > 15]
    for number, own in enumerate((*OWN[language], *OWN[language])):
        intro = lines[number % len(lines)]
        head = "<br>".join(
            f"<b>{name}:</b>{escape(value)}"
            for name, _colon, value in (
                one.partition(":")
                for one in blocks[(0, 6)[number % 2]].replace("*", "").split("\n")
            )
        )
        end = escape(devices[number % len(devices)])
        shells = _shells(own, escape(intro), head, end)
        for name, body in (shells | _more_shells(own, escape(intro), head, end)).items():
            yield f"{name} {number}", body, own


def _html_between(language: str) -> Iterator[tuple[str, str, str]]:
    head, middle, rest = (_quote_html(one) for one in (MAIL[:5], [SECOND], MAIL[8:]))
    lines = attributions(language)
    for number, one in enumerate(OWN[language]):
        two = OWN[language][number - 1]
        intro = escape(lines[number])
        wanted = f"> {FIRST}\n\n{one}\n\n> {SECOND}\n\n{two}"
        for name, start, sign in (
            (
                "gmail",
                f'<div class="gmail_attr">{intro}<br></div>',
                '<blockquote class="gmail_quote">',
            ),
            ("apple", "", f"{CITE}>"),
            ("thunderbird", f'<div class="moz-cite-prefix">{intro}<br></div>', f"{CITE}>"),
            ("roundcube", f'<p id="reply-intro">{intro}</p>', f"{CITE}>"),
        ):
            inner = f"<div>{intro}</div><br>{head}" if name == "apple" else head
            quotes = [f"{sign}{part}</blockquote>" for part in (inner, middle, rest)]
            yield (
                f"{name} inline",
                f"{start}{quotes[0]}{paragraphs(one)}{quotes[1]}{_divs(two)}{quotes[2]}",
                wanted,
            )
            whole = f"{inner}{middle}{rest}"
            yield f"{name} bottom", f"{start}{sign}{whole}</blockquote>{paragraphs(one)}", one
