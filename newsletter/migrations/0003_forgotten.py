from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("newsletter", "0002_names")]

    operations = [
        migrations.AddField("issue", "forgotten", models.JSONField(default=dict)),
    ]
