from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0013_desk"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="articleauthor",
            options={
                "ordering": ["position", "id"],
                "verbose_name": "place in a byline",
                "verbose_name_plural": "places in bylines",
            },
        ),
    ]
