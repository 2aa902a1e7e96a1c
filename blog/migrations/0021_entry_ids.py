"""What feeds name an article by is stored whole: with the host that it had so far."""

from typing import Any

from django.conf import settings
from django.db import migrations, models

import blog.models.article

# An article that readers saw keeps its name, whatever stood in the column; others get a new one.
_FILL = """
UPDATE blog_article SET entry_id = CASE
    WHEN entry_id <> '' THEN %(site)s || entry_id
    WHEN status IN ('published', 'scheduled') AND published_at <= now()
    THEN %(site)s || to_char(published_at AT TIME ZONE %(zone)s, '/YYYY/MM/') || slug || '/'
    ELSE 'urn:uuid:' || gen_random_uuid() END
"""
_APART = """
UPDATE blog_article a SET entry_id = a.entry_id || '?entry=' || a.id
WHERE EXISTS (SELECT FROM blog_article b WHERE b.entry_id = a.entry_id AND b.id < a.id)
"""
_BACK = """
UPDATE blog_article SET entry_id = CASE
    WHEN starts_with(entry_id, %(site)s || '/') AND length(entry_id) <= 160 + length(%(site)s)
    THEN substr(entry_id, length(%(site)s) + 1) ELSE '' END
"""


def _run(schema_editor: Any, *statements: str) -> None:
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, {"site": settings.SITE_URL, "zone": settings.TIME_ZONE})


def fill(apps: Any, schema_editor: Any) -> None:
    """Store whole names, no two alike."""
    _run(schema_editor, _FILL, _APART)


def back(apps: Any, schema_editor: Any) -> None:
    """Store paths of this site, as before; nothing for what is named otherwise."""
    _run(schema_editor, _BACK)


class Migration(migrations.Migration):
    dependencies = [("blog", "0020_alphabetical")]

    operations = [
        migrations.RenameField("article", "entry_path", "entry_id"),
        migrations.AlterField(
            "article",
            "entry_id",
            models.CharField(blank=True, db_default="", editable=False, max_length=300),
        ),
        migrations.RunPython(fill, back),
        migrations.AlterField(
            "article",
            "entry_id",
            models.CharField(
                default=blog.models.article.new_entry_id,
                editable=False,
                max_length=300,
                unique=True,
            ),
        ),
    ]
