"""Versions of what readers are shown, written by the database itself (`blog.models.ShownVersion`).

A migration that gives readers' pages another table, or another column of an article, gives it the
trigger: tests/config/test_kept_pages.py compares what the pages read with these.
"""

from django.db import migrations, models

CHANGED = """
CREATE FUNCTION blog_shown_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE blog_shownversion SET number = number + 1 WHERE id = (
        SELECT id FROM blog_shownversion WHERE said = TG_ARGV[0]::boolean
        LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
    );
    IF NOT FOUND THEN
        INSERT INTO blog_shownversion (said, number) VALUES (TG_ARGV[0]::boolean, 1);
    END IF;
    RETURN NULL;
END $$;
"""
TABLES = (
    "authors_author",
    "authors_profilelink",
    "blog_articleauthor",
    "blog_article_tags",
    "blog_image",
    "blog_menuitem",
    "blog_page",
    "blog_redirect",
    "blog_relatedarticle",
    "blog_series",
    "blog_sitesettings",
    "blog_tag",
)
COLUMNS = (
    "body_html, body_source, body_text, card, close_after_days, comment_policy, conversation_id,"
    " created_at, entry_id, hold, id, language, lead, links_to, mailed, modified_at, picture_id,"
    " published_at, search_description, search_title, series_id, series_place, share_picture_id,"
    " slug, status, title, toc, topics, translation_set, trashed_at, trashed_by_id, version, videos,"
    " word_count"
)
TRIGGER = """
CREATE TRIGGER {name} AFTER {events} ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION blog_shown_changed('{said}');
"""
ANY = "INSERT OR UPDATE OR DELETE OR TRUNCATE"
STATEMENTS = [
    CHANGED,
    *(TRIGGER.format(name="shown_changed", events=ANY, table=one, said="f") for one in TABLES),
    TRIGGER.format(
        name="shown_changed",
        events=f"INSERT OR DELETE OR TRUNCATE OR UPDATE OF {COLUMNS}",
        table="blog_article",
        said="f",
    ),
    TRIGGER.format(
        name="said_changed", events="UPDATE OF thread_version", table="blog_article", said="t"
    ),
    "INSERT INTO blog_shownversion (said, number) VALUES (false, 1), (true, 1);",
]
UNDO = [
    *(f"DROP TRIGGER shown_changed ON {table};" for table in (*TABLES, "blog_article")),
    "DROP TRIGGER said_changed ON blog_article;",
    "DROP FUNCTION blog_shown_changed();",
]


class Migration(migrations.Migration):
    dependencies = [("authors", "0011_alphabetical"), ("blog", "0029_first_steps_and_mail_text")]

    operations = [
        migrations.CreateModel(
            name="ShownVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("said", models.BooleanField()),
                ("number", models.PositiveBigIntegerField()),
            ],
            options={
                "verbose_name": "version of what is shown",
                "verbose_name_plural": "versions of what is shown",
            },
        ),
        migrations.RunSQL(STATEMENTS, UNDO),
    ]
