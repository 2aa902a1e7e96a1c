"""Mails that answer a comment."""

from email.message import EmailMessage

from comments.notifications import reply_address
from comments.posting import by_mail

ANSWER = """Dat zie ik anders.

Nog een alinea.

Op di 24 nov. 2026 om 10:00 schreef Anna via Weerwoord <weerwoord@site.example>:

> – Schrijf uw antwoord boven deze regel. –
>
> Anna schreef onder “Roosters”:
> Een gedachte.
"""


def message(comment, person, text=ANSWER, sender="Bo <bo@lezer.example>", **headers):
    made = EmailMessage()
    made["From"] = sender
    made["To"] = reply_address.make(comment.pk, person.pk)
    made["Message-ID"] = "<1@lezer.example>"
    for name, value in headers.items():
        name = name.replace("_", "-")
        del made[name]
        made[name] = value
    made.set_content(text)
    return made


def receive(*args, **kwargs):
    return by_mail.receive(message(*args, **kwargs).as_bytes())
