"""Page metadata: head elements, Open Graph and schema.org data."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.template.defaultfilters import truncatechars
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from blog.discovery.share_pictures import SIZE as CARD_SIZE
from blog.models import CommentPolicy
from core.html_text import sentences_of

if TYPE_CHECKING:
    from authors.models import Author
    from blog.models import Article, Image, SiteSettings
    from core.pictures import RenditionData

# Networks show pictures of about this width; smaller ones are taken where there is no other.
_SHOWN_WIDTH = 1200
_LONGEST_DESCRIPTION = 200


@dataclass(frozen=True, kw_only=True)
class PageMeta:
    """The facts in a page's head. Addresses are absolute, except `prev_url` and `next_url`.

    `feeds` holds pairs of title and address; `json_ld` is schema.org data, which the
    `json_ld` tag writes; so is `trail`, the way from the front page to this one as pairs of name
    and address. Without `canonical` a page is not offered for sharing.
    """

    title: str
    # The whole title in the head and where it is shared, when somebody chose one.
    search_title: str = ""
    description: str = ""
    canonical: str = ""
    robots: str = ""
    og_type: str = "website"
    image_url: str = ""
    image_width: int | None = None
    image_height: int | None = None
    image_alt: str = ""
    feeds: Sequence[tuple[str, str]] = ()
    short_url: str = ""
    prev_url: str = ""
    next_url: str = ""
    json_ld: dict[str, Any] = field(default_factory=dict)
    trail: Sequence[tuple[str, str]] = ()
    language: str = field(default_factory=lambda: settings.LANGUAGE_CODE)
    published: datetime.datetime | None = None
    modified: datetime.datetime | None = None

    @property
    def structured(self) -> list[dict[str, Any]]:
        """All schema.org data of the page."""
        return [facts for facts in (self.json_ld, _breadcrumbs(self.trail)) if facts]


def absolute(url: str) -> str:
    """`url` with the site's own address before it, never that of the request's Host header."""
    return url if url.startswith(("http://", "https://")) else f"{settings.SITE_URL}{url}"


def sharable(image: Image) -> RenditionData | None:
    """The JPEG or PNG of a picture that networks and feed readers show best, if there is one."""
    usable = [item for item in image.renditions if item["format"] in ("jpeg", "png")]
    large = [item for item in usable if item["width"] >= _SHOWN_WIDTH]
    if large:
        return min(large, key=lambda item: item["width"])
    return max(usable, key=lambda item: item["width"], default=None)


def for_article(article: Article, site: SiteSettings) -> PageMeta:
    """The head of an article's page; costs no query after `with_people`."""
    url = absolute(article.get_absolute_url())
    shared: dict[str, Any]
    shared = _shared(article.picture)
    image = shared["image_url"]
    chosen = _shared(article.share_picture)
    if chosen["image_url"]:
        shared = chosen
    elif article.card:
        shared = {
            "image_url": absolute(default_storage.url(article.card)),
            "image_width": CARD_SIZE[0],
            "image_height": CARD_SIZE[1],
            "image_alt": article.title,
        }
    feeds = _site_feeds(site)
    if article.comment_policy != CommentPolicy.HIDDEN:
        day = localtime(article.published_at)
        kwargs = {"year": day.year, "month": day.month, "slug": article.slug}
        title = _("Comments on %(title)s") % {"title": article.title}
        feeds.append((title, absolute(reverse("comments:article_feed", kwargs=kwargs))))
    description = article.search_description or _short(article.lead)
    description = description or described(article.body_text)
    return PageMeta(
        title=article.title,
        search_title=article.search_title,
        description=description,
        canonical=url,
        og_type="article",
        **shared,
        short_url=absolute(reverse("blog:short", args=[article.pk])) if article.pk else "",
        feeds=feeds,
        json_ld=_posting(article, site, url, image or shared["image_url"], description),
        trail=trail(
            site,
            # The subject that stands first: readers come from it, and it leads to the like.
            *((tag.name, tag.get_absolute_url()) for tag in article.tag_list[:1]),
            (article.title, url),
        ),
        language=article.language,
        published=article.published_at,
        modified=article.modified_at,
    )


def _shared(picture: Image | None) -> dict[str, Any]:
    """What the head says of a picture; empty for none."""
    shown = sharable(picture) if picture else None
    return {
        "image_url": absolute(default_storage.url(shown["name"])) if shown else "",
        "image_width": shown["width"] if shown else None,
        "image_height": shown["height"] if shown else None,
        "image_alt": picture.alt if picture and shown else "",
    }


def for_list(
    heading: str,
    path: str,
    site: SiteSettings,
    *,
    prev_url: str = "",
    next_url: str = "",
    feeds: Sequence[tuple[str, str]] | None = None,
    first: bool = True,
    above: Sequence[tuple[str, str]] = (),
    description: str = "",
) -> PageMeta:
    """The head of a list: the front page, a subject, a year or a month that a year stands `above`.

    Only the first page is for search engines: what stands on the later ones moves with every
    new article, and the sitemap names the articles themselves.
    """
    front = path == reverse("blog:home")
    url = absolute(path)
    json_ld: dict[str, Any] = {}
    if front and first:
        json_ld = _thing(
            "Blog",
            name=site.title,
            description=site.tagline,
            url=url,
            inLanguage=settings.LANGUAGE_CODE,
        )
    return PageMeta(
        title=heading,
        description=_short(site.tagline if front else description),
        canonical=url if first else "",
        robots="" if first else "noindex, follow",
        feeds=[*_site_feeds(site), *((title, absolute(feed)) for title, feed in feeds or ())],
        prev_url=prev_url,
        next_url=next_url,
        json_ld=json_ld,
        trail=() if front or not first else trail(site, *above, (heading, url)),
    )


def for_author(author: Author, site: SiteSettings) -> PageMeta:
    """The head of an author's page; costs no query when the links are prefetched."""
    url = absolute(author.get_absolute_url())
    photos = author.photo_renditions.get("192", {})
    photo = photos.get("jpeg") or photos.get("png")
    image = absolute(default_storage.url(photo)) if photo else ""
    elsewhere = [author.website, *(link.url for link in author.links.all())]
    person = _thing(
        "Person",
        name=author.name,
        jobTitle=author.role,
        description=author.bio,
        url=url,
        image=image,
        sameAs=[address for address in elsewhere if address],
    )
    return PageMeta(
        title=author.name,
        description=_short(author.bio or author.role),
        canonical=url,
        og_type="profile",
        image_url=image,
        image_width=192 if image else None,
        image_height=192 if image else None,
        image_alt=author.name if image else "",
        feeds=[
            *_site_feeds(site),
            (author.name, absolute(reverse("authors:feed", args=[author.slug]))),
        ],
        json_ld=_thing("ProfilePage", url=url, mainEntity=person),
        trail=trail(site, (author.name, url)),
    )


def for_page(
    title: str,
    site: SiteSettings,
    *,
    robots: str = "",
    canonical: str = "",
    language: str = "",
) -> PageMeta:
    """The head of a page that is neither article nor list: search, replying, one comment."""
    return PageMeta(
        title=title,
        feeds=_site_feeds(site),
        robots=robots,
        canonical=absolute(canonical) if canonical else "",
        language=language or settings.LANGUAGE_CODE,
    )


def uncounted(page: PageMeta, mark: str) -> PageMeta:
    """`page` of an article with `mark` for the number of its comments, for who knows it later."""
    told = page.json_ld
    if "commentCount" not in told:
        return page
    counter = {**told["interactionStatistic"], "userInteractionCount": mark}
    json_ld = {**told, "commentCount": mark, "interactionStatistic": counter}
    return replace(page, json_ld=json_ld)


def trail(site: SiteSettings, *steps: tuple[str, str]) -> list[tuple[str, str]]:
    """The way from the front page along `steps`."""
    return [(site.title, reverse("blog:home")), *steps]


def _breadcrumbs(steps: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The way as schema.org's BreadcrumbList; one step is no way."""
    if len(steps) < 2:
        return {}
    entries = [
        {"@type": "ListItem", "position": place, "name": name, "item": absolute(url)}
        for place, (name, url) in enumerate(steps, start=1)
    ]
    return _thing("BreadcrumbList", itemListElement=entries)


def _site_feeds(site: SiteSettings) -> list[tuple[str, str]]:
    return [
        (site.title, absolute(reverse("blog:feed"))),
        (f"{site.title} (Atom)", absolute(reverse("blog:atom"))),
    ]


def described(text: str) -> str:
    """The beginning of the text of an article or page, as search engines show it."""
    return _short(sentences_of(text[:2_000]))


def _short(text: str) -> str:
    return truncatechars(" ".join(text[: 2 * _LONGEST_DESCRIPTION].split()), _LONGEST_DESCRIPTION)


def _thing(kind: str, **facts: Any) -> dict[str, Any]:
    """A schema.org object of the facts that are known."""
    known = {name: fact for name, fact in facts.items() if fact not in ("", None, [])}
    return {"@context": "https://schema.org", "@type": kind, **known}


def _posting(
    article: Article, site: SiteSettings, url: str, image: str, description: str
) -> dict[str, Any]:
    """The article as schema.org's BlogPosting."""
    conversation: dict[str, Any] = {}
    if article.comment_policy != CommentPolicy.HIDDEN:
        conversation = {
            "commentCount": article.comment_count,
            "discussionUrl": f"{url}#comments",
            "interactionStatistic": {
                "@type": "InteractionCounter",
                "interactionType": {"@type": "CommentAction"},
                "userInteractionCount": article.comment_count,
            },
        }
    modified = article.modified_at or article.published_at
    return _thing(
        "BlogPosting",
        **{"@id": f"{url}#article"},
        headline=article.search_title or article.title,
        description=description,
        image=image,
        url=url,
        mainEntityOfPage=url,
        inLanguage=article.language,
        datePublished=article.published_at.isoformat() if article.published_at else "",
        dateModified=modified.isoformat() if modified else "",
        wordCount=article.word_count,
        keywords=[tag.name for tag in article.tag_list],
        author=[
            {"@type": "Person", "name": author.name, "url": absolute(author.get_absolute_url())}
            for author in article.byline
        ],
        publisher={"@type": "Organization", "name": site.title, "url": settings.SITE_URL},
        **conversation,
    )
