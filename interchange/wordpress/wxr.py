"""A WXR 1.2 file, the form in which WordPress moves: written as a stream."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Iterable, Iterator
from email.utils import format_datetime
from typing import BinaryIO

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from authors.models import Author
from blog.models import Article, CommentPolicy, Image, Page, Redirect, Status, Tag, Text
from blog.models.article import ArticleQuerySet
from blog.site.settings import site_settings
from comments.models import Comment, Origin, State
from interchange.archive.writing import Progress, silent, snapshot
from interchange.wordpress.content import Figure, blocks

_STATUSES = {
    Status.DRAFT: "draft",
    Status.REVIEW: "pending",
    Status.SCHEDULED: "future",
    Status.PUBLISHED: "publish",
    # WordPress has no archive; private is what only editors see.
    Status.ARCHIVED: "private",
}
_STATES = {State.APPROVED: "1", State.PENDING: "0", State.SPAM: "spam"}
_NEVER = "0000-00-00 00:00:00"
# What XML 1.0 cannot hold.
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FIGURE = re.compile(r'data-image="(\d{1,18})"')
_HEAD = """\
<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0"
\txmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
\txmlns:content="http://purl.org/rss/1.0/modules/content/"
\txmlns:wfw="http://wellformedweb.org/CommentAPI/"
\txmlns:dc="http://purl.org/dc/elements/1.1/"
\txmlns:wp="http://wordpress.org/export/1.2/">
<channel>
"""
_BATCH = 50


def wxr_write(
    target: BinaryIO,
    *,
    author: Author | None = None,
    addresses: bool = True,
    progress: Progress = silent,
) -> int:
    """Write all articles with their conversations and all pages, or one author's articles.

    Without `addresses` no e-mail address of anybody is in it. Gives the number of articles. The
    memory it takes does not depend on the number of comments. Opens a transaction of its own.
    """
    articles = Article.objects.all() if author is None else Article.objects.filter(authors=author)
    count = 0
    # Pages are the site's, no author's.
    pages = Page.objects.all() if author is None else Page.objects.none()
    with snapshot():
        for text in _channel(articles, pages, addresses):
            target.write(text.encode())
        links = Prefetch("tags"), Prefetch("article_authors__author")
        for article in articles.order_by("pk").prefetch_related(*links).iterator(chunk_size=_BATCH):
            for text in _post(article, addresses):
                target.write(text.encode())
            count += 1
            progress("blog.article", count)
        for page in pages.order_by("pk").iterator(chunk_size=_BATCH):
            for text in _page(page):
                target.write(text.encode())
        target.write(b"</channel>\n</rss>\n")
    return count


def cdata(text: str) -> str:
    """`text` as XML takes it, whatever it holds."""
    safe = _UNFIT.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{safe}]]>"


def _words(text: str) -> str:
    """Plain words for a place where WordPress keeps HTML."""
    return cdata(html.escape(text, quote=False))


def _tag(name: str, value: object) -> str:
    return f"\t<{name}>{html.escape(_UNFIT.sub('', str(value)), quote=False)}</{name}>\n"


def _marked(name: str, text: str) -> str:
    return f"\t<{name}>{cdata(text)}</{name}>\n"


def _meta(kind: str, key: str, value: str) -> str:
    return (
        f"\t<wp:{kind}>\n\t{_marked('wp:meta_key', key)}\t{_marked('wp:meta_value', value)}"
        f"\t</wp:{kind}>\n"
    )


def _moments(name: str, moment: datetime.datetime | None) -> str:
    """A moment as WordPress has it: once in the site's zone, once in UTC."""
    if moment is None:
        return _marked(f"wp:{name}", _NEVER) + _marked(f"wp:{name}_gmt", _NEVER)
    local, utc = timezone.localtime(moment), moment.astimezone(datetime.UTC)
    form = "%Y-%m-%d %H:%M:%S"
    return _marked(f"wp:{name}", f"{local:{form}}") + _marked(f"wp:{name}_gmt", f"{utc:{form}}")


# Posts and attachments share one space of numbers there.
def _number(article: Article) -> int:
    return article.pk * 10 + 1


def _attachment(image: int) -> int:
    return image * 10 + 2


def _channel(articles: ArticleQuerySet, pages: QuerySet[Page], addresses: bool) -> Iterator[str]:
    """The head of the file, people, tags, and the pictures that the articles show."""
    site = site_settings()
    yield _HEAD + _tag("title", site.title) + _tag("link", settings.SITE_URL)
    yield _tag("description", site.tagline) + _tag("language", settings.LANGUAGE_CODE)
    yield _tag("pubDate", format_datetime(timezone.now().astimezone(datetime.UTC)))
    yield _tag("wp:wxr_version", "1.2")
    yield _tag("wp:base_site_url", settings.SITE_URL) + _tag("wp:base_blog_url", settings.SITE_URL)
    for person in Author.objects.filter(articles__in=articles).distinct().order_by("pk"):
        first, _sep, last = person.name.rpartition(" ")
        email = person.user.email if addresses and person.user else ""
        yield "<wp:author>\n" + _tag("wp:author_id", person.pk)
        yield _marked("wp:author_login", person.slug) + _marked("wp:author_email", email)
        yield _marked("wp:author_display_name", person.name)
        yield _marked("wp:author_first_name", first or last)
        yield _marked("wp:author_last_name", last if first else "")
        # WordPress's importer passes over it; ours does not.
        bio = _words(person.bio)
        yield f"\t<wp:author_description>{bio}</wp:author_description>\n</wp:author>\n"
    for tag in Tag.objects.filter(articles__in=articles).distinct().order_by("pk"):
        yield "<wp:tag>\n" + _tag("wp:term_id", tag.pk) + _marked("wp:tag_slug", tag.slug)
        yield f"\t<wp:tag_name>{_words(tag.name)}</wp:tag_name>\n"
        yield f"\t<wp:tag_description>{_words(tag.description)}</wp:tag_description>\n</wp:tag>\n"
    yield _tag("generator", "https://wordpress.org/?v=6.1 (Weerwoord)")
    for image in _pictures(articles, pages):
        yield from _picture(image)


def _pictures(articles: ArticleQuerySet, pages: QuerySet[Page]) -> Iterable[Image]:
    numbers: set[int] = set()
    for source in pages.values_list("body_source", flat=True).iterator(chunk_size=200):
        numbers.update(_shown(source))
    rows = articles.order_by().values_list("picture_id", "body_source")
    for picture, source in rows.iterator(chunk_size=200):
        numbers.update(_shown(source))
        if picture:
            numbers.add(picture)
    return Image.objects.filter(pk__in=numbers).order_by("pk").iterator(chunk_size=500)


def _shown(source: str) -> list[int]:
    return [int(number) for number in _FIGURE.findall(source)]


def address_of(image: Image) -> str:
    """Where the original is now: from there WordPress fetches it."""
    return f"{settings.SITE_URL}{default_storage.url(image.file.name)}"


def _picture(image: Image) -> Iterator[str]:
    number, address = _attachment(image.pk), address_of(image)
    yield f"<item>\n\t<title>{_words(image.alt)}</title>\n" + _tag("link", address)
    yield f'\t<guid isPermaLink="false">{html.escape(address)}</guid>\n'
    # What WordPress calls the description of an attachment.
    yield f"\t<content:encoded>{_words(image.credit)}</content:encoded>\n"
    yield f"\t<excerpt:encoded>{_words(image.caption)}</excerpt:encoded>\n"
    yield _tag("wp:post_id", number) + _moments("post_date", image.created_at)
    yield _marked("wp:comment_status", "closed") + _marked("wp:ping_status", "closed")
    stem = str(image.file.name).rpartition("/")[2].rpartition(".")[0]
    yield _marked("wp:post_name", stem) + _marked("wp:status", "inherit")
    yield _tag("wp:post_parent", 0) + _tag("wp:menu_order", 0)
    yield _marked("wp:post_type", "attachment") + _marked("wp:post_password", "")
    yield _tag("wp:is_sticky", 0) + _marked("wp:attachment_url", address)
    yield _meta("postmeta", "_wp_attachment_image_alt", image.alt) + "</item>\n"


def _text(source: str) -> str:
    """A text in blocks, with its pictures where they are now."""
    images = Image.objects.in_bulk(_shown(source))

    def figure(number: int) -> Figure | None:
        image = images.get(number)
        if image is None:
            return None
        caption = " ".join(part for part in (image.caption, image.credit) if part)
        return Figure(_attachment(number), address_of(image), image.alt, caption)

    return blocks(source, figure)


def _page(page: Page) -> Iterator[str]:
    address = f"{settings.SITE_URL}{page.get_absolute_url()}"
    yield f"<item>\n\t<title>{_words(page.title)}</title>\n" + _tag("link", address)
    yield f'\t<guid isPermaLink="false">{html.escape(address)}</guid>\n'
    yield _marked("content:encoded", _text(page.body_source)) + _marked("excerpt:encoded", "")
    yield _tag("wp:post_id", page.pk * 10 + 3) + _moments("post_date", page.modified_at)
    yield _moments("post_modified", page.modified_at)
    yield _marked("wp:comment_status", "closed") + _marked("wp:ping_status", "closed")
    yield _marked("wp:post_name", page.slug)
    yield _marked("wp:status", "publish" if page.public else "draft") + _tag("wp:post_parent", 0)
    yield _tag("wp:menu_order", 0) + _marked("wp:post_type", "page")
    yield _marked("wp:post_password", "") + _tag("wp:is_sticky", 0)
    yield from _searched(page)
    yield "</item>\n"


def _searched(text: Text) -> Iterator[str]:
    """What searches show, as the plugin Yoast SEO keeps it."""
    if text.search_title:
        yield _meta("postmeta", "_yoast_wpseo_title", text.search_title)
    if text.search_description:
        yield _meta("postmeta", "_yoast_wpseo_metadesc", text.search_description)


def _post(article: Article, addresses: bool) -> Iterator[str]:
    status, people = Status(article.status), article.byline
    moment = article.published_at or article.created_at
    draft = status in (Status.DRAFT, Status.REVIEW)
    address = f"{settings.SITE_URL}{article.get_absolute_url()}"
    yield f"<item>\n\t<title>{_words(article.title)}</title>\n" + _tag("link", address)
    if not draft:
        yield _tag("pubDate", format_datetime(moment.astimezone(datetime.UTC)))
    yield _marked("dc:creator", people[0].slug if people else "")
    yield f'\t<guid isPermaLink="false">{html.escape(article.entry_id)}</guid>\n'
    yield _marked("content:encoded", _text(article.body_source))
    yield f"\t<excerpt:encoded>{_words(article.lead)}</excerpt:encoded>\n"
    yield _tag("wp:post_id", _number(article))
    dates = _moments("post_date", moment)
    if draft and article.published_at is None:
        dates = dates.partition("\t<wp:post_date_gmt>")[0] + _marked("wp:post_date_gmt", _NEVER)
    yield dates + _moments("post_modified", article.modified_at or moment)
    is_open = article.comment_policy == CommentPolicy.OPEN
    yield _marked("wp:comment_status", "open" if is_open else "closed")
    yield _marked("wp:ping_status", "closed") + _marked("wp:post_name", article.slug)
    yield _marked("wp:status", _STATUSES[status]) + _tag("wp:post_parent", 0)
    yield _tag("wp:menu_order", 0) + _marked("wp:post_type", "post")
    yield _marked("wp:post_password", "") + _tag("wp:is_sticky", 0)
    for tag in article.tag_list:
        yield (
            f'\t<category domain="post_tag" nicename="{html.escape(tag.slug)}">'
            f"{_words(tag.name)}</category>\n"
        )
    if len(people) > 1:  # As the plugin Co-Authors Plus keeps a byline of several.
        for person in people:
            yield (
                f'\t<category domain="author" nicename="cap-{html.escape(person.slug)}">'
                f"{cdata(person.slug)}</category>\n"
            )
    if article.picture_id:
        yield _meta("postmeta", "_thumbnail_id", str(_attachment(article.picture_id)))
    yield from _searched(article)
    for path in Redirect.objects.filter(article=article).order_by("pk"):
        slug = path.old_path.strip("/").rpartition("/")[2]
        if slug not in ("", article.slug):
            yield _meta("postmeta", "_wp_old_slug", slug)
    yield from _comments(article, addresses)
    yield "</item>\n"


def _comments(article: Article, addresses: bool) -> Iterator[str]:
    """The conversation, each comment before its answers; what is gone keeps its place."""
    rows = Comment.objects.filter(article=article).order_by("path").select_related("commenter")
    hidden = article.comment_policy == CommentPolicy.HIDDEN
    for row in rows.defer("fragment", "fragment_translations").iterator(chunk_size=2000):
        state = State(row.state)
        gone = state in (State.DELETED, State.REMOVED) or (row.shown and state != State.APPROVED)
        # A tombstone holds the answers to it in their place: WordPress has none.
        shown = _STATES.get(state, "1" if row.shown else "trash")
        if gone and row.shown:
            shown, text = "1", f"<em>{_gone(state)}</em>"
        else:
            text = row.html.replace("<br>\n", "\n").strip()
        if hidden and shown == "1":
            shown = "0"
        email = (row.commenter.email or "") if addresses and row.commenter else ""
        yield "\t<wp:comment>\n" + _tag("wp:comment_id", row.pk)
        yield f"\t<wp:comment_author>{_words(row.name)}</wp:comment_author>\n"
        yield _marked("wp:comment_author_email", email)
        yield _tag("wp:comment_author_url", row.website) + _marked("wp:comment_author_IP", "")
        yield _moments("comment_date", row.created_at) + _marked("wp:comment_content", text)
        kind = "pingback" if row.origin == Origin.WEBMENTION else "comment"
        yield _marked("wp:comment_approved", shown) + _marked("wp:comment_type", kind)
        yield _tag("wp:comment_parent", row.parent_id or 0)
        yield _tag("wp:comment_user_id", row.author_id or 0)
        if shown != _STATES.get(state):
            yield _meta("commentmeta", "_weerwoord_state", state.value)
            if row.reason:
                yield _meta("commentmeta", "_weerwoord_reason", row.reason)
        yield "\t</wp:comment>\n"


def _gone(state: State) -> str:
    if state == State.DELETED:
        return _("The writer has deleted this comment.")
    return _("A moderator has removed this comment.")
