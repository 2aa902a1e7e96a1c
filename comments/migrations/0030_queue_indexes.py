import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0029_queue_filled")]

    operations = [
        migrations.RemoveIndex(model_name="comment", name="comments_queue"),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("suspect"),
                models.F("id"),
                condition=models.Q(("state", "pending")),
                name="comments_queue_age",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("suspect"),
                models.OrderBy(models.F("score"), descending=True),
                models.F("id"),
                condition=models.Q(("state", "pending")),
                name="comments_queue_score",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("suspect"),
                models.OrderBy(models.F("reach"), descending=True),
                models.F("id"),
                condition=models.Q(("state", "pending")),
                name="comments_queue_reach",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("suspect"),
                models.OrderBy(models.F("report_weight"), descending=True),
                models.F("id"),
                condition=models.Q(("state", "pending")),
                name="comments_queue_reports",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("suspect"),
                models.F("language"),
                models.F("id"),
                condition=models.Q(("state", "pending")),
                name="comments_queue_language",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("suspect"),
                models.F("article"),
                models.F("id"),
                condition=models.Q(("state", "pending")),
                name="comments_queue_article",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("state", "pending")),
                fields=["held_for"],
                name="comments_queue_why",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("state", "pending")),
                fields=["created_at"],
                name="comments_queue_since",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("report_weight__gt", 0)),
                fields=["id"],
                name="comments_reported",
            ),
        ),
        migrations.AddIndex(
            model_name="moderationevent",
            index=models.Index(
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("actor__isnull", False)),
                name="comments_event_decided",
            ),
        ),
    ]
