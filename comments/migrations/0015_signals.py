"""The moderation log holds what spoke for a line as kind and detail, no longer as phrases."""

import json
from collections.abc import Callable
from typing import Any

from django.db import connections, migrations, transaction

from comments.models.log_signals import WORDS, from_words

BATCH = 2_000
# Lines in the form that is to be changed, along the primary key.
FIND = """
SELECT id, action, signals FROM comments_moderationevent
WHERE id > %s AND jsonb_typeof(signals -> 0) = %s ORDER BY id LIMIT %s
"""
CHANGE = """
UPDATE comments_moderationevent AS event SET signals = fresh.signals::jsonb
FROM unnest(%s::bigint[], %s::text[]) AS fresh (id, signals) WHERE event.id = fresh.id
"""
_PHRASES = {kind: word for word, kind in WORDS.items()}


def to_words(stored: Any, _action: str) -> Any:
    """The phrase that a stored signal was."""
    kind, detail = stored["kind"], stored["detail"]
    if kind not in _PHRASES:
        return detail
    return f"{_PHRASES[kind]}: {detail}" if detail else _PHRASES[kind]


def change(alias: str, form: str, make: Callable[[Any, str], Any]) -> None:
    """Change every line whose signals are of `form` ("string", "object").

    Each batch is a transaction of its own: no line is locked for long, and a migration that is
    broken off goes on with the lines that are left.
    """
    last = 0
    while True:
        with transaction.atomic(alias), connections[alias].cursor() as cursor:
            cursor.execute(FIND, [last, form, BATCH])
            rows = cursor.fetchall()
            if not rows:
                return
            # The log is only added to otherwise (comments.moderation.log).
            cursor.execute("SET LOCAL weerwoord.log = 'open'")
            numbers, fresh = [], []
            for number, action, signals in rows:
                found = json.loads(signals) if isinstance(signals, str) else signals
                numbers.append(number)
                fresh.append(json.dumps([make(one, action) for one in found]))
            cursor.execute(CHANGE, [numbers, fresh])
            last = numbers[-1]


def forward(_apps: Any, schema_editor: Any) -> None:
    change(schema_editor.connection.alias, "string", from_words)


def backward(_apps: Any, schema_editor: Any) -> None:
    change(schema_editor.connection.alias, "object", to_words)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("comments", "0014_tokens_out_of_stored_mails")]
    operations = [migrations.RunPython(forward, backward, elidable=True)]
