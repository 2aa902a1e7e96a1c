from typing import Any

from django.conf import settings
from django.db import migrations, models

OLD = ("address", "fetch", "keep_emails", "keep_clients", "overwrite")


def gather(apps: Any, schema_editor: Any) -> None:
    """What was chosen for moves that are here stays chosen."""
    for move in apps.get_model("interchange", "Move").objects.all():
        move.options = {name: getattr(move, name) for name in OLD}
        move.options |= {"time_zone": settings.TIME_ZONE, "types": "", "source": ""}
        move.save(update_fields=["options"])


class Migration(migrations.Migration):
    dependencies = [("interchange", "0004_numbers")]

    operations = [
        migrations.AddField(
            model_name="move",
            name="options",
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.RunPython(gather, migrations.RunPython.noop),
        *(migrations.RemoveField(model_name="move", name=name) for name in OLD),
        migrations.AlterField(
            model_name="imported",
            name="kind",
            field=models.CharField(
                choices=[
                    ("person", "Person"),
                    ("tag", "Tag"),
                    ("picture", "Picture"),
                    ("article", "Article"),
                    ("page", "Page"),
                    ("comment", "Comment"),
                    ("account", "Account"),
                    ("menu", "Menu"),
                ],
                max_length=8,
            ),
        ),
    ]
