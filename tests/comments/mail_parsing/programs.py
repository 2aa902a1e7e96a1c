"""Answers as mail programs of European readers write them; people and words are made up."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

MARKER = "– Schrijf uw antwoord boven deze regel. –"
SITE = "Anna via De Site <site@site.example>"
READER = "bo@lezer.example"
QUOTED = [MARKER, "", "Anna schreef onder “Roosters”:", "", "Een gedachte over de brug.", "",
          "Lees en antwoord:", "https://site.example/2026/11/roosters/comment/7/#comment-7", "",
          "--", "U krijgt dit omdat uw reactie beantwoord is."]  # fmt: skip

# The line above a quote, by program and language; some are cut to a width.
INTRODUCTIONS = {
    "gmail": {
        "nl": f"Op di 24 nov 2026 om 10:00 schreef {SITE}:",
        "en": f"On Tue, Nov 24, 2026 at 10:00 AM {SITE} wrote:",
        "de": f"Am Di., 24. Nov. 2026 um 10:00 Uhr schrieb {SITE}:",
        "fr": f"Le mar. 24 nov. 2026 à 10:00, {SITE} a écrit :",
        "es": f"El mar, 24 nov 2026 a las 10:00, {SITE} escribió:",
        "it": f"Il giorno mar 24 nov 2026 alle ore 10:00 {SITE} ha scritto:",
        "pl": f"wt., 24 lis 2026 o 10:00 {SITE} napisał(a):",
        "tr": f"{SITE}, 24 Kas 2026 Sal, 10:00 tarihinde şunu yazdı:",
        "ru": f"вт, 24 нояб. 2026 г. в 10:00, {SITE}:",
    },
    "apple": {
        "nl": f"Op 24 nov 2026 om 10:00 heeft {SITE} het volgende geschreven:",
        "en": f"On 24 Nov 2026, at 10:00, {SITE} wrote:",
        "de": f"Am 24.11.2026 um 10:00 schrieb {SITE}:",
        "fr": f"Le 24 nov. 2026 à 10:00, {SITE} a écrit :",
        "es": f"El 24 nov 2026, a las 10:00, {SITE} escribió:",
        "it": f"Il giorno 24 nov 2026, alle ore 10:00, {SITE} ha scritto:",
        "pl": f"Wiadomość napisana przez {SITE} w dniu 24 lis 2026, o godz. 10:00:",
        "tr": f"{SITE} şunları yazdı (24 Kas 2026 10:00):",
        "ru": f"24 нояб. 2026 г., в 10:00, {SITE} написал(а):",
    },
    "thunderbird": {
        "nl": "Op 24-11-2026 om 10:00 schreef Anna via De Site:",
        "en": "On 24/11/2026 10:00, Anna via De Site wrote:",
        "de": "Am 24.11.26 um 10:00 schrieb Anna via De Site:",
        "fr": "Le 24/11/2026 à 10:00, Anna via De Site a écrit :",
        "es": "El 24/11/26 a las 10:00, Anna via De Site escribió:",
        "it": "Il 24/11/2026 10:00, Anna via De Site ha scritto:",
        "pl": "W dniu 24.11.2026 o 10:00, Anna via De Site pisze:",
        "tr": "24.11.2026 10:00 tarihinde Anna via De Site yazdı:",
        "ru": "24.11.2026 10:00, Anna via De Site пишет:",
    },
    "roundcube": {
        "nl": "Anna via De Site schreef op 2026-11-24 10:00:",
        "en": "On 2026-11-24 10:00, Anna via De Site wrote:",
        "de": "Am 2026-11-24 10:00, schrieb Anna via De Site:",
        "fr": "Le 2026-11-24 10:00, Anna via De Site a écrit :",
    },
    "proton": {
        "nl": f"Op dinsdag 24 november 2026 om 10:00, {SITE} schreef:",
        "en": f"On Tuesday, November 24th, 2026 at 10:00 AM, {SITE} wrote:",
        "de": f"Am Dienstag, 24. November 2026 um 10:00 Uhr schrieb {SITE}:",
    },
    "k-9": {
        "nl": f"{SITE} schreef op 24 november 2026 10:00:42 CET:",
        "en": f"On 24 November 2026 10:00:42 CET, {SITE} wrote:",
        "de": f"Am 24. November 2026 10:00:42 MEZ schrieb {SITE}:",
    },
    "yahoo": {
        "nl": f"Op dinsdag 24 november 2026 om 10:00:00 CET schreef {SITE}:",
        "en": f"On Tuesday, November 24, 2026 at 10:00:00 AM GMT+1, {SITE} wrote:",
        "fr": f"Le mardi 24 novembre 2026 à 10:00:00 UTC+1, {SITE} a écrit :",
    },
}
HEADERS = {
    "nl": ("Van", "Verzonden", "Aan", "Onderwerp"),
    "en": ("From", "Sent", "To", "Subject"),
    "de": ("Von", "Gesendet", "An", "Betreff"),
    "fr": ("De", "Envoyé", "À", "Objet"),
    "es": ("De", "Enviado", "Para", "Asunto"),
    "it": ("Da", "Inviato", "A", "Oggetto"),
    "pl": ("Od", "Wysłano", "Do", "Temat"),
    "tr": ("Kimden", "Gönderildi", "Kime", "Konu"),
    "ru": ("От", "Отправлено", "Кому", "Тема"),
}
DATES = {
    **dict.fromkeys(HEADERS, "24-11-2026 10:00"),
    "nl": "dinsdag 24 november 2026 om 10:00",
    "ru": "вторник, 24 ноября 2026 г. 10:00",
}
DEVICES = {
    "nl": ["Verstuurd vanaf mijn iPhone", "Verzonden vanaf mijn Galaxy",
           "Outlook voor iOS downloaden",
           "Verzonden vanaf mijn Android apparaat met K-9 Mail. Excuseer mijn beknoptheid.",
           "Verzonden vanuit Mail voor Windows", "Verzonden met Proton Mail beveiligde e-mail."],
    "en": ["Sent from my iPhone", "Get Outlook for Android", "Sent from Mail for Windows",
           "Sent with Proton Mail secure email.", "Sent from Yahoo Mail on Android"],
    "de": ["Von meinem iPhone gesendet", "Gesendet von Mail für Windows",
           "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet."],
    "fr": ["Envoyé de mon iPhone", "Télécharger Outlook pour iOS"],
    "es": ["Enviado desde mi iPhone", "Obtener Outlook para Android"],
    "it": ["Inviato da iPhone", "Scarica Outlook per iOS"],
    "pl": ["Wysłane z iPhone'a", "Pobierz aplikację Outlook dla systemu Android"],
    "tr": ["iPhone'umdan gönderildi", "iOS için Outlook'u edinin"],
    "ru": ["Отправлено с iPhone", "Скачать Outlook для Android"],
}  # fmt: skip


def quoted(lines: list[str]) -> str:
    """Lines with a sign of quoting before each."""
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _wrapped(line: str) -> list[str]:
    """As Gmail cuts the line above a quote: before the address, or within it."""
    before, _sign, after = line.partition("<")
    return [line, f"{before}<\n{after}", f"{before.rstrip()}\n<{after}"] if after else [line]


def _header(language: str, *, bold: str = "", join: str = "\n") -> str:
    values = (SITE, DATES[language], READER, "Anna reageerde op Roosters")
    return join.join(
        f"{bold}{name}:{bold} {value}"
        for name, value in zip(HEADERS[language], values, strict=True)
    )


def plain(own: str) -> Iterator[tuple[str, str]]:
    """Plain texts of every program and language that answer with `own`, by name."""
    for program, languages in INTRODUCTIONS.items():
        for language, introduction in languages.items():
            for turn, line in enumerate(_wrapped(introduction)):
                device = DEVICES[language][turn % len(DEVICES[language])]
                name = f"{program}-{language}-{turn}"
                yield name, f"{own}\n\n{line}\n\n{quoted(QUOTED)}\n"
                yield f"{name}-device", f"{own}\n\n{device}\n\n{line}\n{quoted(QUOTED)}\n"
                inside = quoted([*line.split("\n"), "", *QUOTED])
                yield f"{name}-inside", f"{own}\n\n{device}\n\n{inside}\n"
    for language in HEADERS:
        below = "\n".join(QUOTED)
        for kind, header in {
            "outlook": _header(language),
            "outlook-stars": _header(language, bold="*"),
            "outlook-one-line": _header(language, join=" "),
            "ruled": "_" * 32 + "\n" + _header(language),
            "dashed": "-----Original Message-----\n" + _header(language),
            "samsung": "-------- Oorspronkelijk bericht --------\n" + _header(language),
        }.items():
            yield f"{kind}-{language}", f"{own}\n\n{header}\n\n{below}\n"
            device = DEVICES[language][-1]
            yield f"{kind}-{language}-device", f"{own}\n\n{device}\n\n{header}\n\n{below}\n"
    yield "yahoo-unquoted", f"{own}\n\n{INTRODUCTIONS['yahoo']['nl']}\n \n \n {' '.join(QUOTED)}"


def _quote_html() -> str:
    return "".join(f"<p>{escape(line) or '&nbsp;'}</p>" for line in QUOTED)


def html(own: str, introduction: str, language: str) -> Iterator[tuple[str, str]]:
    """The HTML of programs that answer with `own`, by name."""
    paragraphs = own.split("\n\n")
    divs = "<div><br></div>".join(
        "".join(f"<div>{escape(line)}</div>" for line in part.split("\n")) for part in paragraphs
    )
    mso = "<p class=MsoNormal><o:p>&nbsp;</o:p></p>\r\n".join(
        "".join(
            f"<p class=MsoNormal><span lang=NL>{escape(line).replace(' ', chr(10), 1)}<o:p></o:p>"
            "</span></p>\r\n"
            for line in part.split("\n")
        )
        for part in paragraphs
    )
    ps = "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in paragraphs)
    intro, old = escape(introduction), _quote_html()
    head = "<br>".join(
        f"<b>{name}:</b> {escape(value)}"
        for name, value in zip(
            HEADERS[language], (SITE, DATES[language], READER, "Roosters"), strict=True
        )
    )
    device = DEVICES[language][0]
    yield from of_google_and_apple(divs, intro, old, device)
    yield from of_microsoft(divs, mso, head, old, device)
    yield from of_others(divs, ps, intro, head, old, device)
    yield (
        "windows-mail",
        f"<body>{mso}<p class=MsoNormal>&nbsp;</p><p class=MsoNormal>{device}</p>"
        "<p class=MsoNormal>&nbsp;</p><div style="
        f"'border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal>{head}</p></div>{old}"
        "</body>",
    )


def of_google_and_apple(divs: str, intro: str, old: str, device: str) -> Iterator[tuple[str, str]]:
    yield (
        "gmail",
        f'<div dir="ltr">{divs}</div><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">{intro}<br></div><blockquote class="gmail_quote" '
        f'style="margin:0 0 0 .8ex;border-left:1px solid #ccc">{old}</blockquote></div>',
    )
    yield (
        "gmail-signature",
        f'<div dir="ltr">{divs}<br clear="all"><div><br></div><span class="gmail_signature_prefix">'
        '-- </span><br><div dir="ltr" class="gmail_signature">Bo Jansen<br>06-12345678</div></div>'
        f'<br><div class="gmail_quote"><div class="gmail_attr">{intro}</div>'
        f'<blockquote class="gmail_quote">{old}</blockquote></div>',
    )
    yield (
        "iphone",
        f'<html><body dir="auto">{divs}<div><br></div><div dir="ltr">{device}</div><div dir="ltr">'
        f'<br><blockquote type="cite">{intro}<br><br></blockquote></div><blockquote type="cite">'
        f'<div dir="ltr">﻿{old}</div></blockquote></body></html>',
    )
    yield (
        "apple-mail",
        f'<body style="word-wrap:break-word">{divs}<div><br><blockquote type="cite"><div>{intro}'
        f'</div><br class="Apple-interchange-newline"><div>{old}</div></blockquote></div></body>',
    )


def of_microsoft(
    divs: str, mso: str, head: str, old: str, device: str
) -> Iterator[tuple[str, str]]:
    for name, outlook in {"outlook": mso, "outlook-joined": mso.replace("\r\n", "")}.items():
        yield (
            name,
            f"<html><head><style><!-- p.MsoNormal {{margin:0cm;}} --></style></head><body lang=NL>"
            f"<div class=WordSection1>{outlook}<p class=MsoNormal><o:p>&nbsp;</o:p></p><div><div "
            "style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
            f"<p class=MsoNormal>{head}<o:p></o:p></p></div></div>{old}</div></body></html>",
        )
        yield (
            f"{name}-one-line",
            f"<body><div class=WordSection1>{outlook}<p class=MsoNormal>"
            f"{head.replace('<br>', ' ')}</p>{old}</div></body>",
        )
    yield (
        "outlook-web",
        f'<body dir="ltr"><div class="elementToProof">{divs}</div><div id="appendonsend"></div>'
        f'<hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr"><font>{head}'
        f"</font><div>&nbsp;</div></div><div>{old}</div></body>",
    )
    yield (
        "outlook-mobile",
        f'<body>{divs}<div id="ms-outlook-mobile-signature"><div></div>{device}</div>'
        f'<div id="mail-editor-reference-message-container"><hr><div id="divRplyFwdMsg"><b>{head}'
        f"</b></div>{old}</div></body>",
    )
    yield (
        "outlook-mac",
        f'<body>{mso}<p class="MsoNormal">&nbsp;</p><div id="mail-editor-reference-message-'
        f'container"><div style="border:none;border-top:solid #B5C4DF 1.0pt"><p class="MsoNormal">'
        f"{head}</p></div>{old}</div></body>",
    )


def of_others(
    divs: str, ps: str, intro: str, head: str, old: str, device: str
) -> Iterator[tuple[str, str]]:
    yield (
        "thunderbird",
        f'<body>{ps}<div class="moz-cite-prefix">{intro}<br></div><blockquote type="cite" '
        f'cite="mid:1@site.example">{old}</blockquote><pre class="moz-signature" cols="72">-- \n'
        "Bo Jansen</pre></body>",
    )
    yield (
        "yahoo",
        f'<div class="ydp1yahoo-style-wrap"><div dir="ltr">{divs}</div><div><br></div></div>'
        f'<div id="ydp2yahoo_quoted_1" class="ydp2yahoo_quoted"><div><div>{intro}</div>'
        f"<div><br></div>{old}</div></div>",
    )
    yield (
        "proton",
        f'<div style="font-family:Arial">{divs}</div><div class="protonmail_signature_block">'
        f'<div>{device}</div></div><div class="protonmail_quote">{intro}<br><blockquote '
        f'class="protonmail_quote" type="cite">{old}</blockquote></div>',
    )
    yield (
        "samsung",
        f'<body>{divs}<div><br></div><div id="composer_signature" dir="auto">'
        f"<div>Verzonden vanaf mijn Galaxy</div></div><div><br></div><div><div>-------- "
        f"Oorspronkelijk bericht --------</div><div>{head}</div><div><br></div></div>{old}</body>",
    )
    yield (
        "roundcube",
        f'<body>{ps}<p id="reply-intro">{intro}</p><blockquote type="cite">{old}</blockquote>'
        "</body>",
    )
    yield (
        "k-9",
        f'<div dir="auto">{divs}<br><br><div class="gmail_quote"><div dir="auto">{intro}</div>'
        f'<blockquote class="gmail_quote">{old}</blockquote></div></div>',
    )
    yield (
        "fairemail",
        f'{ps}<div fairemail="signature"><p>Bo Jansen</p></div><div fairemail="reply">'
        f'<p>{intro}</p><blockquote type="cite">{old}</blockquote></div>',
    )
    yield (
        "unmarked",
        f"<body>{ps}<p>{intro}</p><blockquote>{old}</blockquote></body>",
    )
