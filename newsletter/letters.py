"""Content of the newsletter's mails, in the recipient's language."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.text import Truncator, get_text_list
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from authors.models import Author
from blog.models import Article, ArticleAuthor, MailText, SiteSettings, Tag
from blog.models.article import ArticleQuerySet
from blog.site.settings import site_settings
from comments import tokens
from comments.models import Commenter, MailKind
from comments.notifications import deliveries, notices
from core.mail import Letter, Link, Signed, domain, in_brackets, signed_link
from newsletter.blocks import MailBlock, MailPicture, as_text, blocks_of, picture_of, shortened
from newsletter.masthead import Masthead
from newsletter.models import Edition, EditionState, Mail, MailPace, Subscription

# Articles in one week's mail.
MOST = 30


@dataclass(frozen=True)
class Piece:
    """An article in a mail: its lead, or all of its text as `blocks`."""

    title: str
    line: str
    lead: str
    url: str
    language: str = ""
    picture: MailPicture | None = None
    blocks: tuple[MailBlock, ...] = ()
    # Whether some of its text is on the site alone.
    is_cut: bool = False

    @property
    def text(self) -> str:
        """`blocks` in plain text."""
        return as_text(self.blocks)


@dataclass(frozen=True)
class NewsLetter(Letter):
    """A mail with articles, in the site's colour and with its logo."""

    template: str = "newsletter"
    masthead: Masthead = field(default_factory=Masthead)
    # What stands above several articles; a mail of one has its title alone.
    heading: str = ""
    # The editor's own words, and a picture above them.
    opening: tuple[MailBlock, ...] = ()
    picture: MailPicture | None = None
    pieces: tuple[Piece, ...] = ()

    @property
    def opening_text(self) -> str:
        """`opening` in plain text."""
        return as_text(self.opening)

    @property
    def preheader(self) -> str:
        """What a list of mails shows beside the subject."""
        said = self.opening_text or next((one.lead or one.text for one in self.pieces), "")
        return Truncator(" ".join(said.split())).chars(140)


def stop_url(person: Commenter) -> Signed:
    """Where the newsletter is stopped (RFC 8058): a page with buttons."""
    what = [person.pk, person.email]
    return signed_link("newsletter:stop", tokens.Purpose.LEAVE.kind, what)


def confirm_url(
    person: Commenter, author: Author | None, tag: Tag | None, pace: MailPace
) -> Signed:
    """Where the holder of the address subscribes: a page with a button."""
    wanted = [author.pk if author else 0, tag.pk if tag else 0, pace.value]
    what = [person.pk, person.email, *wanted]
    return signed_link("newsletter:confirm", tokens.Purpose.JOIN.kind, what)


def what(author: Author | None, tag: Tag | None) -> str:
    """What a subscription is for, to be used within a sentence."""
    if author is not None:
        return _("articles by %s") % author.name
    if tag is not None:
        return _("articles on “%s”") % tag.name
    return _("all articles")


def ask_to_confirm(
    person: Commenter, author: Author | None, tag: Tag | None, pace: MailPace
) -> None:
    """Mail the link that begins a subscription."""
    with translation.override(person.language):
        site = site_settings().title
        letter = Letter(
            subject=_("Confirm: the newsletter of %s") % site,
            paragraphs=(
                _(
                    "Somebody, you we hope, asked %(site)s to mail %(what)s to this address. "
                    "Open this page and press its button if you want that."
                )
                % {"site": site, "what": what(author, tag)},
            ),
            links=((_("Yes, mail me"), confirm_url(person, author, tag, pace)),),
            notes=(_("Was it not you? Then do nothing."),),
        )
        # Each time it was asked for is another.
        about = secrets.token_hex(8)
        deliveries.queue(kind=MailKind.JOIN, about=about, commenter=person, letter=letter)


def for_mail(mail: Mail) -> NewsLetter | None:
    """The mail of a sending to one person, made at the moment of sending.

    None when nothing may go out any more: the article was withdrawn, the switch turned off, the
    subscription ended.
    """
    issue, person = mail.issue, mail.person
    if issue.edition is not None:
        return _edition_for(person, issue.edition)
    if issue.until is None:
        articles = _asked_for(person, MailPace.ONCE).filter(pk=issue.article_id or 0)
    else:
        articles = _asked_for(person, MailPace.WEEKLY).filter(
            published_at__gte=issue.since, published_at__lt=issue.until
        )
    newest = articles.order_by("-published_at", "-pk")
    wanted = [one for one in newest[: 2 * MOST] if speaks(person, one)]
    if not wanted:
        return None
    with translation.override(person.language):
        return letter(person, wanted[:MOST], weekly=issue.until is not None)


def mailable() -> ArticleQuerySet:
    """The articles that may go out now."""
    return Article.objects.published().filter(mailed=True).for_list()


def _asked_for(person: Commenter, pace: MailPace) -> ArticleQuerySet:
    """What may go out now and one of the person's subscriptions is for."""
    own = list(Subscription.objects.filter(person=person, pace=pace))
    if any(one.author_id is None and one.tag_id is None for one in own):
        return mailable()
    authors = ArticleAuthor.objects.order_by().filter(author__in=[one.author_id for one in own])
    tags = Article.tags.through.objects.filter(tag__in=[one.tag_id for one in own])
    return mailable().filter(pk__in=authors.values("article").union(tags.values("article")))


def speaks(person: Commenter, article: Article) -> bool:
    """Whether this translation of an article is the one for the reader."""
    if article.language == person.language:
        return True
    same = Article.objects.published().filter(translation_set=article.translation_set)
    return not same.filter(language=person.language).exists()


def letter(person: Commenter | None, articles: list[Article], *, weekly: bool) -> NewsLetter:
    """The mail about `articles`, in the language that is switched on; without a person a sample.

    One article comes whole where the site's settings say so; of several each has its lead.
    """
    site = site_settings()
    full = site.newsletter_text == MailText.FULL and not weekly and len(articles) == 1
    return NewsLetter(
        subject=_("%(site)s: this week") % {"site": site.title} if weekly else articles[0].title,
        paragraphs=(),
        heading=_("This week") if weekly else "",
        pieces=tuple(_piece(article, full=full) for article in articles),
        **_around(person, site),
    )


def edition_letter(person: Commenter | None, edition: Edition) -> NewsLetter:
    """The mail of an edition with those of its articles that may go out; without a person a
    sample, with all of them. The edition's language is switched on."""
    chosen = [one.article_id for one in edition.edition_articles.all()]
    rows = Article.objects if person is None else Article.objects.published()
    found = rows.for_list().in_bulk(chosen)
    full = edition.text == MailText.FULL
    language = translation.get_language() or ""
    site = site_settings()
    return NewsLetter(
        subject=edition.subject,
        paragraphs=(),
        heading=edition.subject,
        opening=blocks_of(edition.body_html, f"{settings.SITE_URL}/", language),
        picture=picture_of(edition.picture) if edition.picture else None,
        pieces=tuple(_piece(found[number], full=full) for number in chosen if number in found),
        **_around(person, site),
    )


def _edition_for(person: Commenter, edition: Edition) -> NewsLetter | None:
    """None when it was stopped meanwhile, or the person gets no newsletter of everything now."""
    mine = person.newsletters.filter(author=None, tag=None)
    if edition.state != EditionState.SENT or not mine.exists():
        return None
    with translation.override(edition.language):
        return edition_letter(person, edition)


def _around(person: Commenter | None, site: SiteSettings) -> dict[str, Any]:
    """What every mail with articles has: masthead, why it came, how to stop it."""
    front = f"{settings.SITE_URL}/"
    stop: Link = stop_url(person) if person else front
    mine: Link = notices.mine_url(person) if person else front
    return {
        "masthead": Masthead.of(site),
        "notes": (_("You get this because you subscribed to the newsletter of %s.") % site.title,),
        "note_links": ((_("Stop the newsletter"), stop), (_("My subscriptions and data"), mine)),
        "headers": {
            "List-Id": f"<newsletter.{domain()}>",
            "List-Unsubscribe": in_brackets(stop),
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    }


def _piece(article: Article, *, full: bool) -> Piece:
    last = pgettext("byline: Ann and Bo", "and")
    names = get_text_list([author.name for author in article.byline], last)
    day = date_format(localtime(article.published_at), "j F Y") if article.published_at else ""
    byline = f"{pgettext('byline: By Ann', 'By')} {names}" if names else ""
    url = f"{settings.SITE_URL}{article.get_absolute_url()}"
    blocks: tuple[MailBlock, ...] = ()
    is_cut = False
    if full:
        blocks, is_cut = shortened(blocks_of(article.body_html, url, article.language))
    return Piece(
        title=article.title,
        line=" · ".join(part for part in (byline, day) if part),
        lead=" ".join(article.lead.split()),
        url=url,
        language=article.language,
        picture=picture_of(article.picture) if article.picture else None,
        blocks=blocks,
        is_cut=is_cut,
    )
