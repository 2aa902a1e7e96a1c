from django.db import migrations, models


class Migration(migrations.Migration):
    # In a transaction of its own: adding the column locks the table for readers too.
    dependencies = [("comments", "0024_shown_at")]

    operations = [
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("article"),
                models.OrderBy(models.F("shown_at"), descending=True),
                condition=models.Q(("shown", True), ("shown_at__gt", models.F("created_at"))),
                name="comments_shown_late",
            ),
        ),
    ]
