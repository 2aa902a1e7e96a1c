"""How fast a large WordPress export moves in, and in how much memory.

    python -m bench.importing [COMMENTS] [FILE]

Writes a made-up export (default: 100,000 comments, about 200 MB), brings it into a database of
its own, twice, and prints of each run: the rate of comments on the clock, the processor time of a
comment in this process and in the database's, and the peak of memory above the start. On a machine
that others keep busy the clock says little; processor times and the ratio of both runs hold.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import threading
import time
from io import StringIO
from pathlib import Path

os.environ.setdefault("WEERWOORD_MODE", "test")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

WORDS = str.split(
    "de het één van en in is dat op te zijn met voor niet aan er om ook als maar bij uit nog wel"
    " naar heeft door werk gesprek vraag antwoord mensen leiding thuis vergadering dag week plan"
)


def write(file: Path, comments: int, articles: int = 400) -> None:
    """An export of so many comments; texts make up the rest of the size."""
    dice = random.Random(1)

    def prose(count: int) -> str:
        return " ".join(dice.choices(WORDS, k=count)).capitalize() + "."

    number = 0
    with file.open("w", encoding="utf-8") as out:
        out.write(
            '<?xml version="1.0" encoding="UTF-8" ?>\n<rss version="2.0"><channel>\n'
            "<title>Groot</title><wp:wxr_version>1.2</wp:wxr_version>\n"
            "<wp:base_blog_url>https://groot.example</wp:base_blog_url>\n"
            "<wp:author><wp:author_id>1</wp:author_id><wp:author_login>anna</wp:author_login>"
            "<wp:author_display_name>Anna</wp:author_display_name></wp:author>\n"
        )
        for turn in range(articles):
            day = f"20{10 + turn % 10}-03-{turn % 27 + 1:02}"
            text = "\n\n".join(prose(60) for _ in range(8))
            out.write(
                f"<item><title>Stuk {turn}</title><link>https://groot.example/stuk-{turn}/</link>"
                f"<dc:creator><![CDATA[anna]]></dc:creator>"
                f"<content:encoded><![CDATA[{text}]]></content:encoded>"
                f"<wp:post_id>{turn + 1}</wp:post_id><wp:post_date>{day} 10:00:00</wp:post_date>"
                f"<wp:post_date_gmt>{day} 09:00:00</wp:post_date_gmt>"
                f"<wp:comment_status>open</wp:comment_status><wp:post_name>stuk-{turn}"
                "</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>\n"
            )
            # Half of all comments stand under the first article.
            count = comments // 2 if turn == 0 else comments // 2 // (articles - 1) + 1
            mine: list[int] = []
            for _ in range(min(count, comments - number)):
                number += 1
                parent = dice.choice(mine[-50:]) if mine and dice.random() < 0.5 else 0
                mine.append(number)
                text = "\n\n".join(
                    prose(dice.randint(20, 90)) for _ in range(dice.choice((1, 2, 4)))
                )
                if number % 5 == 0:
                    text += ' Zie <a href="https://elders.example/">elders</a> & *verder*.'
                out.write(
                    f"<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_author>"
                    f"<![CDATA[Lezer {number % 997}]]></wp:comment_author><wp:comment_author_email>"
                    f"lezer{number % 997}@voorbeeld.example</wp:comment_author_email>"
                    "<wp:comment_author_url></wp:comment_author_url><wp:comment_author_IP>192.0.2.7"
                    f"</wp:comment_author_IP><wp:comment_date>{day} 12:00:00</wp:comment_date>"
                    f"<wp:comment_date_gmt>{day} {number % 24:02}:{number % 60:02}:00"
                    "</wp:comment_date_gmt><wp:comment_content><![CDATA["
                    f"{text}]]></wp:comment_content><wp:comment_approved>1</wp:comment_approved>"
                    f"<wp:comment_type></wp:comment_type><wp:comment_parent>{parent}"
                    "</wp:comment_parent><wp:comment_user_id>0</wp:comment_user_id>"
                    "<wp:commentmeta><wp:meta_key>akismet_history</wp:meta_key><wp:meta_value>"
                    f"<![CDATA[{'x' * 700}]]></wp:meta_value></wp:commentmeta></wp:comment>\n"
                )
            out.write("</item>\n")
        out.write("</channel></rss>\n")


def _memory() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024
    return 0


def _database_time(process: int) -> float:
    """Processor seconds of the database's process of this connection; 0 when it is elsewhere."""
    try:
        text = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except OSError:
        return 0.0
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Watch(threading.Thread):
    """Looks at the memory ten times a second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.start_at = self.peak = _memory()
        self.over = threading.Event()

    def run(self) -> None:
        """Look until it is over."""
        while not self.over.wait(0.1):
            self.peak = max(self.peak, _memory())


def main() -> None:
    """Measure a first and a second run."""
    comments = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    from config import modes
    from config.local import embedded

    if modes.uses_embedded_database():
        embedded.ensure(modes.database_directory(), durable=False)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    from comments.models import Comment

    with tempfile.TemporaryDirectory() as folder:
        file = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder) / "groot.xml"
        if not file.exists():
            write(file, comments)
        size = file.stat().st_size
        call_command("check", verbosity=0)
        first = 0.0
        for turn in ("first", "second"):
            watch = Watch()
            watch.start()
            connection.ensure_connection()
            process = connection.connection.get_backend_pid()
            began, busy, there = time.monotonic(), time.process_time(), _database_time(process)
            call_command("import_wordpress", str(file), verbosity=0, stdout=StringIO())
            took, busy = time.monotonic() - began, time.process_time() - busy
            there = _database_time(process) - there
            watch.over.set()
            watch.join()
            count = Comment.objects.count()
            first = first or busy + there
            print(
                f"{turn} run: {size / 1e6:.0f} MB, {count:,} comments in {took:.1f} s,"
                f" {count / took:,.0f}/s; processor: {busy * 1000 / count:.3f} ms a comment here,"
                f" {there * 1000 / count:.3f} in the database"
                f" ({(busy + there) / first:.2f} of the first run);"
                f" {(watch.peak - watch.start_at) / 1e6:.0f} MB above the start",
                flush=True,
            )
    connection.creation.destroy_test_db("weerwoord", verbosity=0)


if __name__ == "__main__":
    main()
