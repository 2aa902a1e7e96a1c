"""Comments' words are indexed as blog's migration 0019 says; readers and writers go on."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("comments", "0017_mail_kinds"), ("blog", "0019_dutch_words")]

    operations = [
        # What an attempt that was broken off left behind.
        migrations.RunSQL("DROP INDEX IF EXISTS comments_words_ccnew", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS comments_words_ccold", migrations.RunSQL.noop),
        migrations.RunSQL("REINDEX INDEX CONCURRENTLY comments_words", migrations.RunSQL.noop),
    ]
