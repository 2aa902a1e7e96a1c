from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0014_words")]

    operations = [
        migrations.AddField(
            model_name="sitesettings",
            name="second_factor_for",
            field=models.CharField(
                verbose_name="who must have a second factor",
                max_length=8,
                default="nobody",
                choices=[
                    ("nobody", "nobody"),
                    ("owners", "owners"),
                    ("editors", "owners and editors"),
                    ("everyone", "everybody with an account"),
                ],
                help_text="They get %(days)d days to set one up; after that the admin opens when they have. A server that says so in SECOND_FACTOR_FOR wins over this.",
            ),
        ),
    ]
