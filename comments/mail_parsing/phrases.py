"""What mail programs and people write around an answer, in the languages of Europe's readers.

Every pattern here is a set of fixed words, tried on one line or a few of bounded length.
"""

from __future__ import annotations

import re

MARKERS = ("answer above this line to post your reply", "schrijf uw antwoord boven deze regel")
"""Our own line above what we mail, in the languages that we mail in, as `folded` gives it."""

# What the lines of a header are called, by what they say.
_LABELS = {
    "from": "van|from|von|de|da|od|kimden|gönderen|от|от кого|från|fra",
    "date": "verzonden|verzonden op|datum|sent|date|gesendet|gesendet am|envoyé|envoyé le|enviado"
    "|enviado el|enviada em|fecha|data|inviato|wysłano|wysłane|gönderildi|gönderme tarihi|tarih"
    "|отправлено|дата|skickat|sendt|dato",
    "to": "aan|to|an|à|a|para|do|kime|alıcı|кому|till|til",
    "subject": "onderwerp|subject|betreft|betreff|objet|asunto|assunto|oggetto|temat|konu|тема"
    "|ämne|emne",
    "copy": "cc|bcc|kopie|copie|kopia|dw|bilgi|копия|beantwoorden|antwoord aan|reply-to|antwort an"
    "|répondre à|responder a|rispondi a",
}
LABELS = {name: kind for kind, names in _LABELS.items() for name in names.split("|")}
_LABEL = re.compile(
    r"(?:^|(?<=[\s*_]))(" + "|".join(sorted(LABELS, key=len, reverse=True)) + r") ?[*_]{0,2} ?:",
    re.I,
)

# "… wrote:", as it ends or is part of the line above a quote.
_WROTE = re.compile(
    r"\b(?:schreef|geschreven|wrote|writes|schrieb|geschrieben|écrit|escribió|escribio|scritto"
    r"|napisał|napisała|napisał\(a\)|napisał/a|pisze|napisana|yazdı|yazmış|yazmıştır|написал"
    r"|написала|написал\(а\)|пишет|писал|писал\(а\)|skrev|escreveu|kirjoitti)(?!\w)",
    re.I,
)
_DAY = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")
_TIME = re.compile(r"\b\d{1,2}[:.h]\d{2}(?!\d)")
_MAILBOX = re.compile(r"<[^<>\s]{1,200}@[^<>\s]{1,200}>")
ADDRESS_SIGN = re.compile(r"\S@\S")

# "Sent from my telephone", with its verb first or last, and what programs say of themselves.
_SENT = re.compile(
    r"^[-–—*_(\s]{0,6}(?:verzonden|verstuurd|gestuurd|sent|gesendet|diese nachricht wurde|envoyé"
    r"|provenance :|enviado|enviada|inviato|inviata|wysłan[eoy]|отправлено|написано|skickat"
    r"|sendt)(?!\w)"
    r"|^yahoo mail:"
    r"|\b(?:gesendet|verzonden|verstuurd|gönderildi|gönderilmiştir|отправлено)\W{0,3}$",
    re.I,
)
_DEVICE = re.compile(
    r"\b(?:iphone|ipad|ipod|galaxy|android|outlook|smartphone|smartphon|telefoon|mobiel|mobiele"
    r"|gsm|toestel|apparaat|samsung|huawei|xiaomi|redmi|oneplus|pixel|nokia|blackberry|windows|mac"
    r"|yahoo|proton|protonmail|gmail|gmx|web\.de|k-9|k9|fairemail|thunderbird|phone|mobile|device"
    r"|mail.app|mailbox|airmail|bluemail|libero|libero mail|htc|xperia|motorola|fairphone|oppo"
    r"|honor|alcatel|tablet|tablette|laptop|cell|browser|mobiltelefon|handy|móvil|cellulare|telefonu|telefon|cihaz|appareil|urządzenia"
    r"|мобильной|мобильного|телефона|айфона|почты|mail\.ru)",
    re.I,
)
_PROGRAM = re.compile(
    r"\boutlook\b.{0,30}\b(?:ios|android|mac)\b|\b(?:ios|android)\b.{0,20}\boutlook", re.I
)
# Nobody's own sentence: it names a program.
_PRODUCT = re.compile(
    r"\b(?:proton ?mail|k-9 mail|fairemail|yahoo mail|gmx mail|samsung galaxy)\b", re.I
)

_GREETINGS = (
    *("met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet", "mvg", "m.v.g"),
    *("vriendelijke groeten", "hartelijke groet", "hartelijke groeten", "met hartelijke groet"),
    *("groet", "groeten", "groetjes", "hartelijks", "hoogachtend", "beste groet", "beste groeten"),
    *("met groet", "met groeten", "warme groet", "lieve groet", "lieve groetjes", "gr", "grt"),
    *("kind regards", "best regards", "warm regards", "regards", "best wishes", "all the best"),
    *("sincerely", "yours sincerely", "yours faithfully", "cheers", "kindest regards"),
    *("mit freundlichen grüßen", "mit freundlichem gruß", "freundliche grüße", "viele grüße"),
    *("beste grüße", "liebe grüße", "herzliche grüße", "schöne grüße", "gruß", "grüße", "mfg"),
    *("mit freundlichen grüssen", "freundliche grüsse", "mit besten grüßen", "lg", "vg"),
    *("cordialement", "bien cordialement", "bien à vous", "salutations", "amicalement"),
    *("meilleures salutations", "sincères salutations", "bonne journée"),
    *("saludos", "un saludo", "saludos cordiales", "atentamente", "un cordial saludo"),
    *("cordiali saluti", "distinti saluti", "saluti", "un saluto", "un caro saluto"),
    *("pozdrawiam", "z poważaniem", "serdecznie pozdrawiam", "pozdrowienia"),
    *("saygılarımla", "saygılar", "iyi çalışmalar", "sevgiler", "selamlar", "iyi günler"),
    *("с уважением", "с наилучшими пожеланиями", "всего доброго", "всего хорошего"),
)
_THANKS = frozenset(
    [
        *("bedankt", "dank", "dank je", "dank u", "alvast bedankt", "thanks", "thank you", "thx"),
        *("many thanks", "danke", "vielen dank", "merci", "merci beaucoup", "gracias"),
        *("muchas gracias", "grazie", "grazie mille", "dziękuję", "dzięki", "teşekkürler"),
        *("teşekkür ederim", "спасибо", "best", "ciao", "bis bald", "tot ziens", "à bientôt"),
    ]
)
_DASHED = re.compile(
    r"^\W{0,40}(?:oorspronkelijk bericht|original message|origineel bericht|ursprüngliche nachricht"
    r"|message d.origine|message original|mensaje original|messaggio originale|wiadomość oryginalna"
    r"|oryginalna wiadomość|orijinal mesaj|orijinal ileti|исходное сообщение|original e-mail"
    r"|doorgestuurd bericht|forwarded message|begin doorgestuurd bericht)\W{0,40}$",
    re.I,
)


def folded(text: str) -> str:
    """`text` in small letters, with single spaces and without what stands around its words."""
    return " ".join(_small(text).split()).strip("-–—*_>|. \t")


def _small(text: str) -> str:
    """`text` in small letters, as many as before: the Turkish İ would become two."""
    return text.replace("İ", "i").lower()


def is_marker(text: str, first: str) -> bool:
    """Whether our line begins in `first`, the first of the lines that `text` holds."""
    small = folded(text[:200])
    start = folded(first[:200])[:20]
    return len(start) > 7 and any(
        small.startswith(one) and one.startswith(start[: len(one)]) for one in MARKERS
    )


def label(text: str) -> str:
    """The kind of the label of a header's line that begins `text`; empty when none does."""
    start, colon, _rest = text.lstrip(" *_\t")[:40].partition(":")
    return LABELS.get(folded(start), "") if colon else ""


def labels(text: str) -> set[str]:
    """Which labels of a header's lines `text` has, as kinds; the first must begin it."""
    if not label(text):
        return set()
    return {LABELS[found.lower()] for found in _LABEL.findall(text[:1500])}


def is_separator(text: str) -> bool:
    """Whether a line only parts an answer from the mail below it."""
    short = text.strip()
    ruled = len(short) > 9 and not short.strip("_-=–— ")
    return ruled or (len(short) < 120 and _DASHED.search(short) is not None)


def introduces(text: str) -> tuple[bool, bool]:
    """Whether `text` says that somebody wrote what follows; and whether when, or from what address,
    as mail programs say it and people do not."""
    ends = text.rstrip().endswith((":", "："))
    address = ADDRESS_SIGN.search(text) is not None
    when = _DAY.search(text) is not None and _TIME.search(text) is not None
    # Some programs give the day, the time and the address, and no verb.
    wrote = ends and (_WROTE.search(text) is not None or (when and address))
    return wrote, when or address


def is_address_line(text: str) -> bool:
    """Whether a line says no more than who, from which address, and when, as some programs say it
    above a quote."""
    bare = _MAILBOX.sub("", text[:300], count=1)
    found = bare != text[:300] and _DAY.search(bare) is not None and _TIME.search(bare) is not None
    return found and len(text) < 200


def ends_a_sentence(text: str) -> bool:
    """Whether a line ends as sentences do, and not with a time ("10.00 p.m.")."""
    return text.rstrip(" )\"'”’").endswith((".", "!", "?", "…")) and not _TIME.search(text)


def names_a_day(text: str) -> bool:
    """Whether a day is named with its year."""
    return _DAY.search(text) is not None


def names_a_time(text: str) -> bool:
    """Whether a time of day is named."""
    return _TIME.search(text) is not None


def is_product(text: str) -> bool:
    """Whether a line names a mail program in full."""
    return _PRODUCT.search(text[:200]) is not None


def is_thanks(text: str) -> bool:
    """Whether a line is a word of thanks or farewell alone; above a name it ends a letter."""
    return folded(text).rstrip(",.!") in _THANKS


def is_device(text: str) -> bool:
    """Whether a line says with what the mail was written: "Sent from my telephone"."""
    short = text.strip()
    if len(short) > 300:
        return False
    if short.startswith("["):
        # A link, made from HTML.
        short = short[1:].partition("](")[0]
    program = len(short) < 100 and _PROGRAM.search(short) is not None
    return program or bool(_SENT.search(short) and _DEVICE.search(short))


def is_greeting(text: str) -> bool:
    """Whether a line ends a letter: "Kind regards", with a name at the most."""
    short = " ".join(text.split()).strip("*_ ")
    if len(short) > 80:
        return False
    small = _small(short).rstrip(",.!;: –—-")
    for words in _GREETINGS:
        if small == words:
            return True
        if small.startswith(words) and not small[len(words)].isalnum():
            rest = short[len(words) :].strip(" ,.!;:–—-").split()
            if rest and rest[0].lower() in ("van", "from", "von", "de"):
                rest = rest[1:]
            if 0 < len(rest) < 5 and all(word[0].isupper() or len(word) < 4 for word in rest):
                return True
    return False
