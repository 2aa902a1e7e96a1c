"""A mail about an account has its kind in a column; it was how its event began.

There are few such rows (sent ones are forgotten), so one statement changes them.
"""

from django.db import migrations, models

FILL = """
UPDATE authors_accountmail SET kind = split_part(event, ' ', 1)
WHERE split_part(event, ' ', 1) IN ('reset', 'first', 'factor')
"""


class Migration(migrations.Migration):
    dependencies = [("authors", "0009_roles_may_log_in")]
    operations = [
        migrations.AddField(
            model_name="accountmail",
            name="kind",
            field=models.CharField(db_default="", default="", editable=False, max_length=10),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop, elidable=True),
    ]
