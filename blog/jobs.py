"""The blog's recurring work (see `core.periodic`)."""

from __future__ import annotations

from django.core.management import call_command

from authors import limits
from authors.second_factor import lockout
from blog.discovery import dead_links, share_picture_jobs
from blog.publishing import articles, autosave, picture_files, trash, workflow_mail
from blog.reading import related
from core.periodic import every


@every(seconds=20)
def publish_due() -> None:
    """Set due scheduled articles to published; readers see them at their minute anyway."""
    articles.article_publish_due()


@every(seconds=600)
def fill_topics() -> None:
    """Compute missing topics of articles, as after a restore."""
    related.topics_fill()


@every(seconds=24 * 3600)
def prune_task_results() -> None:
    """Forget finished tasks after two weeks."""
    call_command("prune_db_task_results", verbosity=0)


@every(seconds=20)
def draw_cards() -> None:
    """Draw the pictures for sharing of what was published or changed."""
    share_picture_jobs.draw_missing()


@every(seconds=24 * 3600)
def clear_pictures() -> None:
    """Delete files of pictures that no row knows."""
    picture_files.orphans_clear()


@every(seconds=3600)
def forget_sessions() -> None:
    """Delete expired sessions, old log-in records and expired counters."""
    call_command("clearsessions")
    lockout.attempts_forget_old()
    limits.counters_forget_old()


@every(seconds=3600)
def empty_trash() -> None:
    """Delete for good what has lain in the trash as long as the settings say."""
    trash.trash_empty_old()


@every(seconds=24 * 3600)
def forget_old_copies() -> None:
    """Forget text that was never saved, after two months, and who was where."""
    autosave.copies_forget_old()


@every(seconds=60)
def send_waiting() -> None:
    """Queue mail about articles that is due for another try, or lost its task."""
    workflow_mail.send_waiting()


@every(seconds=24 * 3600)
def forget_mails() -> None:
    """Delete mail about articles and accounts after the days that the site's settings say."""
    workflow_mail.forget_mails()


@every(seconds=20)
def read_links() -> None:
    """Read the links of published texts that changed."""
    dead_links.links_read()


@every(seconds=60)
def look_up_links() -> None:
    """Look up links within the site that were not looked up for a day."""
    dead_links.own_links_look()


@every(seconds=60)
def ask_links() -> None:
    """Queue a few links to other sites, when the settings say that they are asked."""
    dead_links.links_ask()


@every(seconds=24 * 3600)
def forget_links() -> None:
    """Forget addresses that no text links to any more."""
    dead_links.links_prune()
