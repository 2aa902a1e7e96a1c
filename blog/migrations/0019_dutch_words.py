"""Dutch words are indexed as they stand; the query says which are forms of one word.

Readers go on meanwhile: no table is locked, texts are indexed anew some at a time, and what is not
yet is found as before. Broken off, it may run again.
"""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations

from core.html_bounds import Unreadable
from core.html_text import text_of

_LOT = 200

_STEMS = """
ALTER TEXT SEARCH CONFIGURATION weerwoord_nl
    ALTER MAPPING FOR asciiword, hword_asciipart, word, hword, hword_part
    WITH unaccent, dutch_stem;
DROP TEXT SEARCH DICTIONARY IF EXISTS weerwoord_dutch;
"""
# Back first: a dictionary that is used cannot be made again.
_WORDS = f"""
{_STEMS}
CREATE TEXT SEARCH DICTIONARY weerwoord_dutch (TEMPLATE = pg_catalog.simple, STOPWORDS = dutch);
ALTER TEXT SEARCH CONFIGURATION weerwoord_nl
    ALTER MAPPING FOR asciiword, hword_asciipart, word, hword, hword_part
    WITH unaccent, weerwoord_dutch;
"""


def index_texts(apps: Apps, schema_editor: Any) -> None:
    """Articles and pages: writing a text makes its search vector anew.

    The text is taken from the page anew too: a line for each paragraph, caption and credit.
    """
    for name in ("Article", "Page"):
        rows = apps.get_model("blog", name)._default_manager.order_by("pk")
        last = 0
        while found := list(rows.filter(pk__gt=last).values_list("pk", "body_html")[:_LOT]):
            for pk, html in found:
                try:
                    rows.filter(pk=pk, body_html=html).update(body_text=text_of(html))
                except Unreadable:
                    continue
            last = found[-1][0]


def _anew(index: str) -> list[migrations.RunSQL]:
    """An index over names and titles, whose words went through the old configuration."""
    # What an attempt that was broken off left behind.
    return [
        migrations.RunSQL(f"DROP INDEX IF EXISTS {index}_ccnew", migrations.RunSQL.noop),
        migrations.RunSQL(f"DROP INDEX IF EXISTS {index}_ccold", migrations.RunSQL.noop),
        migrations.RunSQL(f"REINDEX INDEX CONCURRENTLY {index}", migrations.RunSQL.noop),
    ]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("blog", "0018_mail_without_tokens")]

    operations = [
        migrations.RunSQL(_WORDS, _STEMS),
        migrations.RunPython(index_texts, migrations.RunPython.noop),
        *_anew("blog_article_titles"),
        *_anew("blog_tag_words"),
    ]
