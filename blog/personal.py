"""Personal data in the blog's tables (see `authors.personal`)."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.db.models import Q

from authors.models import Author
from authors.personal import (
    Erasure,
    Free,
    Kept,
    Period,
    Person,
    address_scrubbed,
    addressed_deleted,
    deleted,
    scrubbed,
    stays,
)
from blog.models import Article

MAIL = ("subject", "body", "html", "headers", "error", "tokens")
"""What an `Outgoing` mail says."""
MAILS = "sent mails as many days as the site's settings say (0: until she is erased)"
_PUBLISHED = stays("published: it stays, and its authors and editors change it")
_ARTICLE = Period("as long as the article")
_DESK = "what the desk says among itself; it is not about readers"


def publication(model: str, *columns: str) -> Kept:
    """Columns of what is published here: a name stands in them as it does in a newspaper."""
    return Kept(
        model,
        columns,
        (_PUBLISHED,),
        Period("as long as it is there"),
        withheld="public, and not sought by name",
    )


def mentions(model: str, *columns: str, period: Period, owner: str = "") -> Kept:
    """Columns in which the admin may name somebody."""
    own: tuple[Erasure, ...] = (deleted(owner),) if owner else ()
    return Kept(model, columns, (scrubbed(), *own), period, withheld=_DESK)


def _cards_redraw(row: Kept, person: Person) -> None:
    """Let the pictures that name an author be drawn anew; the old ones leave the disk."""
    author = person.rows.get(Author._meta.label)
    articles = Article.objects.filter(authors=author) if author else Article.objects.none()
    for number, card in articles.exclude(card="").values_list("pk", "card"):
        Article.objects.filter(pk=number).update(card="", card_version=0)
        default_storage.delete(card)


KEPT = (
    publication("blog.Article", "title", "slug", "lead", "body_source", "body_html", "body_text",
                "toc", "topics", "search", "search_title", "search_description"),
    Kept(
        "blog.Article",
        ("card",),
        (Erasure("the picture for sharing is drawn anew when a name above it goes", _cards_redraw,
                 own=True),),
        Period("as long as it is there"),
        withheld="public, and not sought by name",
    ),
    publication("blog.Revision", "title", "lead", "body_source", "search_title",
                "search_description"),
    publication("blog.Page", "title", "slug", "body_source", "body_html", "body_text", "toc",
                "search", "search_title", "search_description"),
    publication("blog.PageRevision", "title", "body_source", "search_title",
                "search_description"),
    publication("blog.CheckedLink", "url", "host"),
    publication("blog.LinkUse", "passage"),
    publication("blog.Image", "file", "alt", "caption", "credit", "renditions"),
    publication("blog.Series", "title", "slug", "description"),
    publication("blog.Tag", "name", "slug", "description"),
    publication("blog.MenuItem", "label", "url"),
    publication("blog.Redirect", "old_path", "target"),
    publication("blog.SearchWord", "word"),
    publication("blog.SiteSettings", "title", "tagline", "invitation", "invitation_translated",
                "footer_text", "links"),
    Kept("blog.WorkingCopy", ("data",), (address_scrubbed(), deleted("user")),
         Period("two months", "blog.jobs.forget_old_copies"), withheld=_DESK),
    mentions("blog.WorkflowStep", "note", period=_ARTICLE),
    mentions("blog.PreviewLink", "label", period=_ARTICLE),
    mentions("blog.ArticleMail", *MAIL, owner="user",
             period=Period(MAILS, "blog.jobs.forget_mails", "mail_days")),
    Kept(
        "django_tasks_database.DBTaskResult",
        ("args_kwargs", "return_value", "exception_class_path", "traceback"),
        (addressed_deleted(without=Q(status="RUNNING")),),
        Period("two weeks after it is finished", "blog.jobs.prune_task_results"),
        withheld="work of the site, which refers to rows by their numbers",
    ),
)  # fmt: skip
OCCASION = "names what the mail is about by its number"
FREE = (
    Free("blog.ArticleMail", ("event",), OCCASION),
    Free("blog.Image", ("digest",), "a sum of the file"),
    Free("blog.RetiredPicture", ("digest",), "a sum of a file that is gone"),
    Free("blog.CheckedLink", ("digest",), "a sum of the address"),
    Free(
        "blog.Article",
        ("links_to", "videos", "entry_id", "figures"),
        "numbers, names of services, what feeds name it by",
    ),
    Free("blog.Page", ("figures",), "numbers of pictures"),
    Free("blog.WorkingCopy", ("key",), "a random number of a form"),
    Free("blog.SiteSettings", ("accent", "accent_dark", "share_networks"), "colours, networks"),
    Free(
        "django_tasks_database.DBTaskResult",
        ("task_path", "worker_ids", "queue_name", "backend_name"),
        "names that the program gives",
    ),
)
