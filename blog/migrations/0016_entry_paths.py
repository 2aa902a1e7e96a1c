from typing import Any

from django.conf import settings
from django.db import migrations, models

# As `Article.get_absolute_url` says it.
_FILL = """
UPDATE blog_article
SET entry_path = to_char(published_at AT TIME ZONE %s, '/YYYY/MM/') || slug || '/'
WHERE status IN ('published', 'scheduled', 'archived') AND published_at <= now()
"""


def fill(apps: Any, schema_editor: Any) -> None:
    """What readers' programs know already keeps its name."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_FILL, [settings.TIME_ZONE])


class Migration(migrations.Migration):
    dependencies = [("blog", "0015_second_factor")]

    operations = [
        migrations.AddField(
            "article",
            "entry_path",
            models.CharField(blank=True, db_default="", editable=False, max_length=160),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
