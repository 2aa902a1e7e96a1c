"""What feeds name an article by is stored whole, with the host; 0022 fills it."""

import django.contrib.postgres.functions
import django.db.models.functions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0020_alphabetical")]

    operations = [
        migrations.RenameField("article", "entry_path", "entry_id"),
        migrations.AlterField(
            "article",
            "entry_id",
            models.CharField(
                blank=True,
                # Processes of the release before, which know no such column, store articles too.
                db_default=django.db.models.functions.Concat(
                    models.Value("urn:uuid:"),
                    django.db.models.functions.Cast(
                        django.contrib.postgres.functions.RandomUUID(), models.CharField()
                    ),
                ),
                editable=False,
                max_length=300,
            ),
        ),
    ]
