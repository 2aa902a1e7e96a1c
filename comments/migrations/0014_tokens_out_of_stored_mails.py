"""Mails that were stored with usable links in them get marks in their place (see core.mail)."""

import re
import secrets
from typing import Any

from django.core import signing
from django.db import migrations

# What signed the links of mails until now.
SALTS = (
    "blog.article-mail",
    *(
        f"comments.{name}"
        for name in ("OWN", "CONFIRM", "MINE", "STOP", "FOLLOW", "MODERATE", "JOIN", "LEAVE")
    ),
)
TOKEN = re.compile(r"(?<![\w.-])[\w.-]+:[A-Za-z0-9]+:[\w-]{43}")
REPLY = re.compile(r"reply\+([0-9a-f]+)-([0-9a-f]+)-[0-9a-f]{20}@[\w.-]+")


def meaning(token: str) -> list[Any] | None:
    """What a token was signed for; None when none of ours did, or with another secret key."""
    for salt in SALTS:
        try:
            return [salt, signing.loads(token, salt=salt)]
        except signing.BadSignature:
            pass
    return None


def take_out(mail: Any) -> bool:
    """Put marks in the place of the tokens of `mail`; what they mean stays while it may go out."""
    marks: dict[str, list[Any]] = {}
    waits = mail.state in ("queued", "failed")

    def mark(what: list[Any] | None) -> str:
        if not waits or what is None:
            return "…"
        made = f"token-{secrets.token_hex(16)}"
        marks[made] = what
        return made

    def blot(text: str) -> str:
        text = TOKEN.sub(lambda found: mark(meaning(found[0])), text)
        return REPLY.sub(
            lambda found: mark(["comments.reply", [int(found[1], 16), int(found[2], 16)]]), text
        )

    before = (mail.body, mail.html, dict(mail.headers))
    mail.body, mail.html = blot(mail.body), blot(mail.html)
    mail.headers = {name: blot(value) for name, value in mail.headers.items()}
    mail.tokens = marks
    return (mail.body, mail.html, mail.headers) != before


def forward(apps: Any, schema_editor: Any) -> None:
    for app, name in (("blog", "ArticleMail"), ("comments", "Delivery")):
        model = apps.get_model(app, name)
        changed = []
        for mail in model.objects.order_by("pk").iterator(500):
            if take_out(mail):
                changed.append(mail)
            if len(changed) >= 500:
                model.objects.bulk_update(changed, ["body", "html", "headers", "tokens"])
                changed = []
        model.objects.bulk_update(changed, ["body", "html", "headers", "tokens"])


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0013_mail_without_tokens"),
        ("blog", "0018_mail_without_tokens"),
    ]

    operations = [migrations.RunPython(forward, migrations.RunPython.noop, elidable=True)]
