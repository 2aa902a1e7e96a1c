"""The moderation log is only added to: the database itself sees to it (`comments.moderation.log`)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A line goes with its comment and loses its actor with the account; the database does both, in a
# trigger of its own, which is how the guard below knows it from a statement.
TIES = (
    ("comment_id", "comments_comment", "CASCADE"),
    ("undoes_id", "comments_moderationevent", "CASCADE"),
    ("actor_id", "authors_user", "SET NULL"),
)
TIE = """
DO $$
DECLARE known name;
BEGIN
    SELECT conname INTO known FROM pg_constraint
    WHERE conrelid = 'comments_moderationevent'::regclass AND contype = 'f'
      AND conkey = ARRAY[(SELECT attnum FROM pg_attribute
          WHERE attrelid = 'comments_moderationevent'::regclass AND attname = '{column}')];
    EXECUTE format('ALTER TABLE comments_moderationevent DROP CONSTRAINT %I', known);
    EXECUTE format('ALTER TABLE comments_moderationevent ADD CONSTRAINT %I FOREIGN KEY ({column})'
        ' REFERENCES {table} (id) {action} DEFERRABLE INITIALLY DEFERRED', known);
END $$
"""
GUARD = """
CREATE FUNCTION comments_log_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() > 1 OR current_setting('weerwoord.log', true) = 'open' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the moderation log is only added to' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER comments_log_keep BEFORE UPDATE OR DELETE ON comments_moderationevent
    FOR EACH ROW EXECUTE FUNCTION comments_log_keep();
"""
OPEN = """
DROP TRIGGER comments_log_keep ON comments_moderationevent;
DROP FUNCTION comments_log_keep();
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("comments", "0008_names"),
    ]

    operations = [
        migrations.AlterField(
            "moderationevent",
            "comment",
            models.ForeignKey(
                verbose_name="comment",
                to="comments.comment",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
            ),
        ),
        migrations.AlterField(
            "moderationevent",
            "actor",
            models.ForeignKey(
                verbose_name="by",
                to=settings.AUTH_USER_MODEL,
                null=True,
                blank=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
            ),
        ),
        migrations.AlterField(
            "moderationevent",
            "undoes",
            models.OneToOneField(
                to="comments.moderationevent",
                null=True,
                editable=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="undone_by",
            ),
        ),
        *(
            migrations.RunSQL(
                TIE.format(column=column, table=table, action=f"ON DELETE {action}"),
                TIE.format(column=column, table=table, action=""),
            )
            for column, table, action in TIES
        ),
        migrations.RunSQL(GUARD, OPEN),
    ]
