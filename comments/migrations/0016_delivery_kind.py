from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0015_signals"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="kind",
            field=models.CharField(db_default="", default="", editable=False, max_length=10),
        ),
    ]
