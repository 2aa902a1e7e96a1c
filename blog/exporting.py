"""Archive format of the tables of the blog (see `authors.exporting`)."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone

from blog.content import sanitiser
from blog.discovery import dead_links
from blog.models import (
    Article,
    ArticleAuthor,
    CheckedLink,
    Image,
    MenuItem,
    Page,
    PageRevision,
    Reads,
    Redirect,
    RelatedArticle,
    RetiredPicture,
    Revision,
    Series,
    SiteSettings,
    Status,
    Tag,
    WorkflowStep,
)
from blog.models.article import new_entry_id
from blog.publishing import articles, rendering
from core import html_bounds
from core.archive import Row, Table, Unsound

# Worked out from `body_source` by the sanitiser, here as at every other save.
_RENDERED_PAGE = frozenset({"body_html", "body_text", "toc", "linked_version", "figures"})
_RENDERED = frozenset(
    {
        *("body_html", "body_text", "toc", "topics", "word_count"),
        *("card", "card_version", "links_to", "videos", "linked_version", "figures"),
    }
)

# The order in which archives have always had them.
_SAVED = ("editor", "created_at", "search_title", "search_description")
_REVISION = ("id", "article", "version", "title", "lead", "body_source", "public", *_SAVED)
_PAGE_REVISION = ("id", "page", "version", "title", "body_source", *_SAVED)


def _article(row: Row) -> None:
    _revision(row)
    row.update(rendering.body_columns(Article, row["body_source"], row["language"]))
    # Archives of earlier versions name an article by a path, or not at all: feeds had its address.
    named = row["entry_id"]
    if not named and row["status"] in (Status.PUBLISHED, Status.SCHEDULED):
        at = row["published_at"]
        if at is not None and at <= timezone.now():
            named = Article(slug=row["slug"], published_at=at).get_absolute_url()
    row["entry_id"] = f"{settings.SITE_URL}{named}" if named.startswith("/") else named
    row["entry_id"] = row["entry_id"] or new_entry_id()


def _page(row: Row) -> None:
    _revision(row)
    row.update(rendering.body_columns(Page, row["body_source"], row["language"]))


def _revision(row: Row) -> None:
    try:
        row["body_source"] = sanitiser.clean(row["body_source"])
    except html_bounds.TooLarge as error:
        raise Unsound("the text is too long or too deeply nested") from error


def _link(row: Row) -> None:
    row["digest"], row["host"] = (
        dead_links.digest_of_url(row["url"]),
        dead_links.link_host(row["url"]),
    )


def _settings(row: Row) -> None:
    row["version"] = articles.later_version()


def _pictures(row: Row) -> Iterable[str]:
    yield row["file"]
    for rendition in row["renditions"]:
        yield rendition["name"]


def finish() -> None:
    """Let links find the articles that are back by now, and misspelt searches their words."""
    rendering.bodies_renew(Article.objects.exclude(links_to=[]))
    for article in Article.objects.published().defer("body_source", "body_html").iterator(500):
        articles.words_learn(article)


TABLES = (
    Table(SiteSettings, without=frozenset({"version"}), settle=_settings, replaces=True),
    Table(Image, files=_pictures),
    # Old addresses, and what is not taken again.
    Table(RetiredPicture),
    Table(Tag),
    Table(Series),
    Table(Article, without=_RENDERED, settle=_article, former={"entry_path": "entry_id"}),
    Table(ArticleAuthor),
    Table(RelatedArticle),
    Table(Page, without=_RENDERED_PAGE, settle=_page),
    Table(PageRevision, settle=_revision, order=_PAGE_REVISION),
    Table(MenuItem),
    Table(Article.tags.through),
    Table(
        Revision,
        settle=_revision,
        order=_REVISION,
    ),
    Table(WorkflowStep),
    Table(Reads),
    Table(Redirect),
    # Which are ignored, and since when others lead nowhere; where they stand is read anew.
    Table(CheckedLink, without=frozenset({"digest", "host"}), settle=_link),
)
LEFT_OUT = {
    "blog.ArticleMail": "went out already; what still waits is the old site's to send",
    "blog.PreviewLink": "addresses that are signed with the old site's key",
    "blog.LinkUse": "read from the texts",
    "blog.SearchWord": "worked out from the articles",
    "blog.WorkingCopy": "text that its writer has not saved",
    "blog.Presence": "who has a form open at this moment",
    "blog.ShownVersion": "which pages the processes of the old site may go on giving",
}
