"""Whoever has a role may log in to the admin: accounts from before that rule follow it too."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

ROLES = ("Auteur", "Redacteur", "Moderator", "Beheerder")


def let_in(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give staff rights to every account with a role."""
    users = apps.get_model("authors", "User").objects
    users.filter(is_staff=False, groups__name__in=ROLES).update(is_staff=True)


class Migration(migrations.Migration):
    dependencies = [("authors", "0008_count_what_strangers_do")]
    operations = [migrations.RunPython(let_in, migrations.RunPython.noop)]
