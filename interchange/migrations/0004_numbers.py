from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interchange", "0003_exports")]

    operations = [
        migrations.AlterField(
            model_name="imported",
            name="number",
            field=models.PositiveBigIntegerField(),
        ),
    ]
