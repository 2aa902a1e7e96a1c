"""Every article gets what feeds name it by, in batches of their own: readers go on meanwhile.

Broken off, it may run again.
"""

from typing import Any

from django.conf import settings
from django.db import connections, migrations

_BATCH = 500
_LAST = """
SELECT max(id) FROM (SELECT id FROM blog_article WHERE id > %s ORDER BY id LIMIT %s) AS batch
"""
# An article that readers saw keeps its name, whatever stood in the column; others get a new one.
_FILL = """
UPDATE blog_article SET entry_id = CASE
    WHEN entry_id <> '' THEN %(site)s || entry_id
    WHEN status IN ('published', 'scheduled') AND published_at <= now()
    THEN %(site)s || to_char(published_at AT TIME ZONE %(zone)s, '/YYYY/MM/') || slug || '/'
    ELSE 'urn:uuid:' || gen_random_uuid() END
WHERE id > %(after)s AND id <= %(last)s AND (entry_id = '' OR starts_with(entry_id, '/'))
"""
_APART = """
UPDATE blog_article a SET entry_id = a.entry_id || '?entry=' || a.id
WHERE EXISTS (SELECT FROM blog_article b WHERE b.entry_id = a.entry_id AND b.id < a.id)
"""
_BACK = """
UPDATE blog_article SET entry_id = CASE
    WHEN starts_with(entry_id, %(site)s || '/') AND length(entry_id) <= 160 + length(%(site)s)
    THEN substr(entry_id, length(%(site)s) + 1) ELSE '' END
WHERE id > %(after)s AND id <= %(last)s AND entry_id <> '' AND NOT starts_with(entry_id, '/')
"""


def _in_batches(schema_editor: Any, statement: str) -> None:
    known = {"site": settings.SITE_URL, "zone": settings.TIME_ZONE}
    after = 0
    with connections[schema_editor.connection.alias].cursor() as cursor:
        while True:
            cursor.execute(_LAST, [after, _BATCH])
            [(last,)] = cursor.fetchall()
            if last is None:
                return
            cursor.execute(statement, {**known, "after": after, "last": last})
            after = last


def fill(_apps: Any, schema_editor: Any) -> None:
    """Store whole names, no two alike."""
    _in_batches(schema_editor, _FILL)
    with connections[schema_editor.connection.alias].cursor() as cursor:
        cursor.execute(_APART)


def back(_apps: Any, schema_editor: Any) -> None:
    """Store paths of this site, as before; nothing for what is named otherwise."""
    _in_batches(schema_editor, _BACK)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("blog", "0021_entry_ids")]
    operations = [migrations.RunPython(fill, back)]
