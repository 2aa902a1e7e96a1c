from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0019_markup_anew")]

    operations = [
        migrations.AddField(
            "comment",
            "entry_id",
            models.CharField(blank=True, db_default="", default="", editable=False, max_length=350),
        ),
    ]
