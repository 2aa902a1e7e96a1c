import django.contrib.postgres.functions
import django.db.models.functions
from django.db import migrations, models

import blog.models.article


class Migration(migrations.Migration):
    dependencies = [("blog", "0022_entry_ids_filled")]

    operations = [
        migrations.AlterField(
            "article",
            "entry_id",
            models.CharField(
                db_default=django.db.models.functions.Concat(
                    models.Value("urn:uuid:"),
                    django.db.models.functions.Cast(
                        django.contrib.postgres.functions.RandomUUID(), models.CharField()
                    ),
                ),
                default=blog.models.article.new_entry_id,
                editable=False,
                max_length=300,
                unique=True,
            ),
        ),
    ]
