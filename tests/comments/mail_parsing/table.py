"""What mail programs of nine languages write around an answer, and answers; people are made up.

The words of a mail program are in the language of its user; what is quoted of our mail is in ours.
"""

from __future__ import annotations

from comments.mail_parsing import known
from comments.mail_parsing.known import Known

MARKER = "– Schrijf uw antwoord boven deze regel. –"
WHO, ADDRESS, READER = "Anna via De Site", "site@site.example", "bo@lezer.example"
SITE = f"{WHO} <{ADDRESS}>"
LANGUAGES = ("nl", "en", "de", "fr", "es", "it", "pl", "tr", "ru")
FRAME = [
    *(MARKER, "Anna schreef onder “Roosters”", "Lees en antwoord"),
    *("U krijgt dit omdat uw reactie beantwoord is.", "Geen mail meer over reacties"),
]
FIRST = "Bij ons maakt niemand de agenda en toch beslist altijd dezelfde persoon."
SECOND = "Zou een rooster helpen, of wordt het daar alleen maar ingewikkelder van?"
MAIL = [MARKER, "", "Anna schreef onder “Roosters”:", "", FIRST, "", SECOND, "",
        "Lees en antwoord:", "https://site.example/2026/11/roosters/comment/7/#comment-7", "",
        "--", "U krijgt dit omdat uw reactie beantwoord is.",
        "Geen mail meer over reacties:", "https://site.example/mail/stop/[link]"]  # fmt: skip
KNOWN = Known(
    words=known.words_of("\n".join([*MAIL, "Roosters", "De Site", "Bo"])),
    runs=known.runs_of("\n".join(MAIL)),
    phrases=known.phrases_of(FRAME),
    addresses=frozenset([ADDRESS, "@in.site.example", READER]),
    names=frozenset(["bo", "bo jansen"]),
    sender=WHO.lower(),
    own=frozenset([READER]),
)

# The line above a quote. {s}: name and address; {n}: the name alone; {a}: the address.
ATTRIBUTIONS: dict[str, tuple[str, ...]] = {
    "nl": (
        "Op di 24 nov 2026 om 10:00 schreef {s}:",
        "Op 24 nov 2026 om 10:00 heeft {s} het volgende geschreven:",
        "Op 24-11-2026 om 10:00 schreef {n}:",
        "{n} schreef op 2026-11-24 10:00:",
        "Op dinsdag 24 november 2026 om 10:00, {s} schreef:",
        "Op dinsdag 24 november 2026 10:00:00 CET schreef {s}:",
        "{s} schreef op 24 november 2026 10:00:42 CET:",
        "Op 24 november 2026 om 10:00 schreef \"{n}\" <{a}>:",
        "Op dinsdag 24 november 2026 heeft {s} het volgende geschreven:",
        "2026-11-24 10:00 GMT+01:00 {s}:",
        "\"{n}\" <{a}> – 24 november 2026 10:00",
        "{n} <{a}> schreef op di 24 nov. 2026 10:00:",
    ),
    "en": (
        "On Tue, Nov 24, 2026 at 10:00 AM {s} wrote:",
        "On 24 Nov 2026, at 10:00, {s} wrote:",
        "On Nov 24, 2026, at 10:00\u202fAM, {s} wrote:",
        "On 24/11/2026 10:00, {n} wrote:",
        "On 2026-11-24 10:00, {n} wrote:",
        "On Tuesday, November 24th, 2026 at 10:00 AM, {s} wrote:",
        "On Tuesday, November 24, 2026 at 10:00:00 AM GMT+1, {s} wrote:",
        "On 24 November 2026 10:00:42 CET, {s} wrote:",
        "2026-11-24 10:00 GMT+01:00 {s}:",
        "\"{n}\" <{a}> – November 24, 2026 10:00 AM",
        "Tuesday, 24 November 2026, 10:00 +03:00 from {s}:",
        "On Tue, 24 Nov 2026, {n} wrote:",
    ),
    "de": (
        "Am Di., 24. Nov. 2026 um 10:00 Uhr schrieb {s}:",
        "Am 24.11.2026 um 10:00 schrieb {s}:",
        "Am 24.11.26 um 10:00 schrieb {n}:",
        "Am 2026-11-24 10:00, schrieb {n}:",
        "Am Dienstag, 24. November 2026 um 10:00 Uhr schrieb {s}:",
        "Am Dienstag, 24. November 2026 um 10:00:00 MEZ hat {s} Folgendes geschrieben:",
        "Am 24. November 2026 10:00:42 MEZ schrieb {s}:",
        "{s} schrieb am Di., 24. Nov. 2026, 10:00:",
        "2026-11-24 10:00 GMT+01:00 {s}:",
        "\"{n}\" <{a}> – 24. November 2026 10:00",
        "{s} hat am 24.11.2026 10:00 CET geschrieben:",
    ),
    "fr": (
        "Le mar. 24 nov. 2026 à 10:00, {s} a écrit :",
        "Le 24 nov. 2026 à 10:00, {s} a écrit :",
        "Le 24/11/2026 à 10:00, {n} a écrit :",
        "Le 2026-11-24 10:00, {n} a écrit :",
        "Le mardi 24 novembre 2026 à 10:00, {s} a écrit :",
        "Le mardi 24 novembre 2026 à 10:00:00 UTC+1, {s} a écrit :",
        "Le 24 novembre 2026 10:00:42 GMT+01:00, {s} a écrit\u202f:",
        "2026-11-24 10:00 GMT+01:00 {s}:",
        "\"{n}\" <{a}> – 24 novembre 2026 10:00",
        "Le mar. 24 nov. 2026 10h00, {n} a écrit :",
    ),
    "es": (
        "El mar, 24 nov 2026 a las 10:00, {n} (<{a}>) escribió:",
        "El 24 nov 2026, a las 10:00, {s} escribió:",
        "El 24/11/26 a las 10:00, {n} escribió:",
        "El 2026-11-24 10:00, {n} escribió:",
        "El martes, 24 de noviembre de 2026 a las 10:00, {s} escribió:",
        "El martes, 24 de noviembre de 2026, 10:00:00 CET, {s} escribió:",
        "El 24 de noviembre de 2026 10:00:42 CET, {s} escribió:",
        "2026-11-24 10:00 GMT+01:00 {s}:",
        "\"{n}\" <{a}> – 24 de noviembre de 2026 10:00",
        "El mar., 24 nov. 2026 10:00, {s} escribió:",
    ),
    "it": (
        "Il giorno mar 24 nov 2026 alle ore 10:00 {s} ha scritto:",
        "Il giorno 24 nov 2026, alle ore 10:00, {s} ha scritto:",
        "Il 24/11/2026 10:00, {n} ha scritto:",
        "Il 2026-11-24 10:00 {n} ha scritto:",
        "Il martedì 24 novembre 2026 10:00, {s} ha scritto:",
        "Il martedì 24 novembre 2026 alle ore 10:00:00 CET, {s} ha scritto:",
        "Il 24 novembre 2026 10:00:42 CET, {s} ha scritto:",
        "Il 24/11/2026 alle 10.00, {n} ha scritto:",
        "2026-11-24 10:00 GMT+01:00 {s}:",
        "\"{n}\" <{a}> – 24 novembre 2026 10:00",
    ),
    "pl": (
        "wt., 24 lis 2026 o 10:00 {s} napisał(a):",
        "Wiadomość napisana przez {s} w dniu 24 lis 2026, o godz. 10:00:",
        "Dnia 24 lis 2026 o godz. 10:00 {s} napisał(a):",
        "W dniu 24.11.2026 o 10:00, {n} pisze:",
        "W dniu 2026-11-24 10:00, {n} napisał(a):",
        "W dniu wtorek, 24 listopada 2026 10:00:00 CET {s} napisał(a):",
        "Dnia 24 listopada 2026 10:00:42 CET, {s} napisał/a:",
        "Dnia 24 listopada 2026 10:00 {s} napisał(a):",
        "2026-11-24 10:00 GMT+01:00 {s}:",
        "\"{n}\" <{a}> – 24 listopada 2026 10:00",
    ),
    "tr": (
        "{s}, 24 Kas 2026 Sal, 10:00 tarihinde şunu yazdı:",
        "{s} şunları yazdı (24 Kas 2026 10:00):",
        "24.11.2026 10:00 tarihinde {n} yazdı:",
        "2026-11-24 10:00 tarihinde {n} yazdı:",
        "24 Kasım 2026 Salı günü saat 10:00 itibarıyla, {s} yazdı:",
        "24 Kasım 2026 Salı 10:00:00 GMT+3 tarihinde {s} şöyle yazdı:",
        "24 Kasım 2026 10:00:42 GMT+03:00 tarihinde {s} şunları yazdı:",
        "24 Kas 2026 Sal 10:00 tarihinde {s} şunu yazmıştır:",
        "2026-11-24 10:00 GMT+03:00 {s}:",
        "\"{n}\" <{a}> – 24 Kasım 2026 10:00",
    ),
    "ru": (
        "вт, 24 нояб. 2026 г. в 10:00, {s}:",
        "24 нояб. 2026 г., в 10:00, {s} написал(а):",
        "24.11.2026 10:00, {n} пишет:",
        "{n} писал(а) 2026-11-24 10:00:",
        "вторник, 24 ноября 2026 г. в 10:00:00 GMT+3, {s} написал(а):",
        "Вторник, 24 ноября 2026, 10:00 +03:00 от {s}:",
        "24.11.2026, 10:00, \"{n}\" <{a}>:",
        "24 ноября 2026 г. 10:00:42 GMT+03:00, {s} пишет:",
        "Во вторник, 24 ноября 2026 г. в 10:00, {s} написал:",
        "\"{n}\" <{a}> – 24 ноября 2026 г. 10:00",
    ),
}  # fmt: skip

# From, sent, date, to, subject.
LABELS = {
    "nl": ("Van", "Verzonden", "Datum", "Aan", "Onderwerp"),
    "en": ("From", "Sent", "Date", "To", "Subject"),
    "de": ("Von", "Gesendet", "Datum", "An", "Betreff"),
    "fr": ("De", "Envoyé", "Date", "À", "Objet"),
    "es": ("De", "Enviado", "Fecha", "Para", "Asunto"),
    "it": ("Da", "Inviato", "Data", "A", "Oggetto"),
    "pl": ("Od", "Wysłano", "Data", "Do", "Temat"),
    "tr": ("Kimden", "Gönderildi", "Tarih", "Kime", "Konu"),
    "ru": ("От", "Отправлено", "Дата", "Кому", "Тема"),
}
SEPARATORS = {
    "nl": "Oorspronkelijk bericht", "en": "Original Message", "de": "Ursprüngliche Nachricht",
    "fr": "Message d'origine", "es": "Mensaje original", "it": "Messaggio originale",
    "pl": "Oryginalna wiadomość", "tr": "Orijinal mesaj", "ru": "Исходное сообщение",
}  # fmt: skip
WHEN = {
    "nl": "dinsdag 24 november 2026 10:00", "en": "Tuesday, November 24, 2026 10:00 AM",
    "de": "Dienstag, 24. November 2026 10:00", "fr": "mardi 24 novembre 2026 10:00",
    "es": "martes, 24 de noviembre de 2026 10:00", "it": "martedì 24 novembre 2026 10:00",
    "pl": "wtorek, 24 listopada 2026 10:00", "tr": "24 Kasım 2026 Salı 10:00",
    "ru": "вторник, 24 ноября 2026 г. 10:00",
}  # fmt: skip
# What telephones and programs put below an answer.
ENDINGS: dict[str, tuple[str, ...]] = {
    "nl": ("Verstuurd vanaf mijn iPhone", "Verzonden vanaf mijn Galaxy",
           "Outlook voor iOS downloaden", "Verzonden vanuit Outlook voor Android",
           "Verzonden vanuit Mail voor Windows", "Verstuurd met Proton Mail beveiligde e-mail.",
           "Verzonden vanaf mijn Android-apparaat met K-9 Mail. Excuseer mijn beknoptheid.",
           "Verzonden via Yahoo Mail op Android", "Met vriendelijke groet,\nBo Jansen\n06-12345678",
           "Groetjes, Bo", "-- \nBo Jansen\nhttps://bo.example", "Hartelijke groet,\n\nBo",
           "--\nBo Jansen", "Verstuurd vanuit de Mail-app"),
    "en": ("Sent from my iPhone", "Get Outlook for iOS", "Sent from Outlook for Android",
           "Sent from Mail for Windows", "Sent with Proton Mail secure email.",
           "Sent from my Galaxy", "Sent from Yahoo Mail for iPhone", "Kind regards,\nBo Jansen",
           "Sent from my Android device with K-9 Mail. Please excuse my brevity.",
           "Cheers,\n\nBo", "-- \nBo Jansen\nJansen Ltd\n+44 20 7946 0000", "Thanks,\nBo",
           "--\nBo Jansen", "Sent from my mobile device"),
    "de": ("Von meinem iPhone gesendet", "Gesendet von Mail für Windows", "Outlook für iOS laden",
           "Von meinem Samsung Galaxy Smartphone gesendet.", "Gesendet mit der GMX Mail App",
           "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
           "Gesendet mit Proton Mail sichere E-Mail.", "Holen Sie sich Outlook für Android",
           "Mit freundlichen Grüßen\nBo Jansen", "Viele Grüße\n\nBo", "LG Bo",
           "-- \nBo Jansen\nTel. +49 30 123456"),
    "fr": ("Envoyé de mon iPhone", "Télécharger Outlook pour iOS", "Envoyé à partir de Outlook pour"
           " Android", "Envoyé depuis mon appareil Galaxy", "Provenance : Courrier pour Windows",
           "Envoyé avec la messagerie sécurisée Proton Mail.", "Obtenir Outlook pour Android",
           "Envoyé de mon appareil Android avec K-9 Mail. Veuillez excuser ma brièveté.",
           "Cordialement,\nBo Jansen", "Bonne journée,\nBo", "Bien à vous,\n\nBo Jansen",
           "-- \nBo Jansen"),
    "es": ("Enviado desde mi iPhone", "Obtener Outlook para iOS", "Enviado desde mi Galaxy",
           "Enviado desde Correo para Windows", "Enviado con el correo seguro de Proton Mail.",
           "Enviado desde mi dispositivo Android con K-9 Mail. Por favor disculpa mi brevedad.",
           "Enviado desde Yahoo Mail para iPhone", "Un saludo,\nBo", "Saludos cordiales,\n\nBo "
           "Jansen", "Descargar Outlook para Android", "-- \nBo Jansen"),
    "it": ("Inviato da iPhone", "Scarica Outlook per iOS", "Inviato dal mio Galaxy",
           "Inviato da Posta per Windows", "Ottieni Outlook per Android", "Inviato da Libero Mail",
           "Inviato con l'email sicura Proton Mail.", "Inviato dal mio dispositivo Android con "
           "K-9 Mail. Perdonate la brevità.", "Cordiali saluti,\nBo Jansen", "Un saluto,\n\nBo",
           "-- \nBo Jansen"),
    "pl": ("Wysłane z iPhone'a", "Pobierz aplikację Outlook dla systemu iOS", "Wysłano z mojego "
           "urządzenia Galaxy", "Wysłane z aplikacji Poczta dla systemu Windows",
           "Wysłane z telefonu", "Wysłano z bezpiecznej poczty Proton Mail.",
           "Wysłane z mojego urządzenia z Androidem za pomocą K-9 Mail.",
           "Pozdrawiam\nBo Jansen", "Z poważaniem,\n\nBo Jansen", "-- \nBo Jansen"),
    "tr": ("iPhone'umdan gönderildi", "iOS için Outlook'u edinin", "Galaxy cihazımdan gönderildi",
           "Windows için Posta ile gönderildi", "Android için Outlook’u edinin",
           "Proton Mail güvenli e-posta ile gönderildi.", "K-9 Mail ile Android cihazımdan "
           "gönderildi.", "Saygılarımla,\nBo Jansen", "İyi günler,\n\nBo", "-- \nBo Jansen"),
    "ru": ("Отправлено с iPhone", "Скачать Outlook для iOS", "Отправлено с моего устройства Galaxy",
           "Отправлено из приложения \"Почта\" для Windows", "Отправлено из мобильной Яндекс Почты",
           "Отправлено из Mail.ru для Android", "Отправлено с помощью Proton Mail.",
           "Отправлено из Outlook для Android", "Получить Outlook для Android",
           "С уважением,\nБо Янсен", "Всего доброго,\n\nBo", "-- \nBo Jansen"),
}  # fmt: skip

# Own words, some of which look like what programs write.
OWN: dict[str, tuple[str, ...]] = {
    "nl": (
        "Mee eens.",
        "Daar ben ik het niet mee eens: de brug was dicht.\n\nDat stond in de krant. En nu?",
        'Mooi.\n\nOp 3 mei 1940 schreef mijn oma in haar dagboek:\n\n"Het is stil."\n\nZo was het.',
        "Wat nodig was:\n\nVan: station Utrecht\nAan: de rand van de stad\n\nDat duurde een uur.",
        "Eerst dit.\n--\nDan dat.\n-----\nEn daarna niets meer.",
    ),
    "en": (
        "I agree.",
        "I do not agree: the bridge was closed.\n\nIt was in the paper. What now?",
        'Lovely.\n\nOn 3 May 1940 my grandmother wrote in her diary:\n\n"Quiet."\n\nSo it was.',
        "What we needed:\n\nFrom: the station\nTo: the edge of town\n\nIt took an hour.",
        "First this.\n--\nThen that.\n-----\nThen nothing more.",
    ),
    "de": (
        "Einverstanden.",
        "Das sehe ich anders: Die Brücke war zu.\n\nEs stand in der Zeitung. Und jetzt?",
        'Schön.\n\nAm 3. Mai 1940 schrieb meine Oma in ihr Tagebuch:\n\n"Still."\n\nSo war es.',
        "Was wir brauchten:\n\nVon: dem Bahnhof\nAn: den Stadtrand\n\nEs dauerte eine Stunde.",
    ),
    "fr": (
        "D’accord.",
        "Je ne suis pas d’accord : le pont était fermé.\n\nC’était dans le journal. Et alors ?",
        'Beau.\n\nLe 3 mai 1940 ma grand-mère a écrit :\n\n"Tout est calme."\n\nC’était ainsi.',
        "Il fallait :\n\nDe : la gare\nÀ : la périphérie\n\nUne heure de route.",
    ),
    "es": (
        "De acuerdo.",
        "No estoy de acuerdo: el puente estaba cerrado.\n\nSalió en la prensa. ¿Y ahora?",
        'Bonito.\n\nEl 3 de mayo de 1940 mi abuela escribió:\n\n"Silencio."\n\nAsí era.',
        "Lo que hacía falta:\n\nDe: la estación\nPara: las afueras\n\nFue una hora.",
    ),
    "it": (
        "D’accordo.",
        "Non sono d’accordo: il ponte era chiuso.\n\nEra sul giornale. E adesso?",
        'Bello.\n\nIl 3 maggio 1940 mia nonna ha scritto:\n\n"Silenzio."\n\nEra così.',
        "Serviva:\n\nDa: la stazione\nA: la periferia\n\nUn’ora di viaggio.",
    ),
    "pl": (
        "Zgadzam się.",
        "Nie zgadzam się: most był zamknięty.\n\nTak pisały gazety. I co teraz?",
        'Pięknie.\n\n3 maja 1940 moja babcia napisała:\n\n"Cicho."\n\nTak było.',
        "Trzeba było:\n\nOd: dworca\nDo: granic miasta\n\nTrwało to godzinę.",
    ),
    "tr": (
        "Katılıyorum.",
        "Ben öyle düşünmüyorum: köprü kapalıydı.\n\nGazetede vardı. Peki şimdi?",
        'Güzel.\n\n3 Mayıs 1940 tarihinde büyükannem yazdı:\n\n"Sessiz."\n\nÖyleydi.',
        "Gerekli olan:\n\nKimden: istasyon\nKime: şehrin kenarı\n\nBir saat sürdü.",
    ),
    "ru": (
        "Согласен.",
        "Я не согласен: мост был закрыт.\n\nТак писали в газете. И что теперь?",
        'Красиво.\n\n3 мая 1940 года моя бабушка написала:\n\n"Тихо."\n\nТак и было.',
        "Что было нужно:\n\nОт: вокзала\nКому: окраине\n\nЭто заняло час.",
    ),
}
