"""Whatever is renamed, dated, merged or withdrawn in whatever order: no address is lost.

Every link on every public page, in feeds and sitemaps, answers with one redirect at the most; and
so does every address that ever stood on a page or in a mail.
"""

import contextlib
import datetime
import re
from collections.abc import Callable
from typing import Any

import django.conf
from django.core.cache import cache
from django.test import override_settings
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from authors.models import Author
from authors.services import author_save
from blog.models import Article, Series, SiteSettings, Status, Tag
from blog.publishing import subjects
from blog.publishing.articles import article_save
from blog.publishing.shared_conversation import article_translates
from blog.site import settings as site_settings
from comments.models import Comment, Commenter
from comments.notifications import notices
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from tests.addresses import crawl, visit, work
from tests.factories import make_article, make_author, make_tag

SLUGS = ("een", "twee", "drie", "vier")
ZONES = ("Europe/Amsterdam", "America/New_York", "Asia/Tokyo")
# At the edges of months, so that another zone is another month.
MOMENTS = tuple(
    datetime.datetime(2012, month, day, hour, tzinfo=datetime.UTC)
    for month, day, hour in ((10, 31, 23), (11, 1, 3), (11, 30, 22), (12, 15, 12))
)
STARTS = (
    *("/", "/feed/", "/feed/atom/", "/comments/feed/", "/sitemap.xml"),
    *("/search/?q=alinea", "/search/comments/?q=gedachte"),
)
# Lists of a month or a year are about that time: they end with their last article.
_DATED = re.compile(r"/\d{4}/(?:\d{2}/)?(?:\?.*)?")
OPEN = SiteSettings(hold="nobody", posts_per_hour=0, flood_limit=0, posts_per_person=0)

number = st.integers(0, 3)
step = st.one_of(
    st.tuples(st.just("slug"), number, st.sampled_from(SLUGS)),
    st.tuples(st.just("date"), number, st.sampled_from(MOMENTS)),
    st.tuples(st.just("withdraw"), number, st.just(None)),
    st.tuples(st.just("publish"), number, st.just(None)),
    st.tuples(st.just("language"), number, st.sampled_from(("nl", "en"))),
    st.tuples(st.just("author"), number, st.sampled_from(SLUGS)),
    st.tuples(st.just("tag"), number, st.sampled_from(SLUGS)),
    st.tuples(st.just("series"), number, st.sampled_from(SLUGS)),
    st.tuples(st.just("merge authors"), number, number),
    st.tuples(st.just("merge tags"), number, number),
    st.tuples(st.just("translate"), number, number),
    st.tuples(st.just("zone"), st.just(0), st.sampled_from(ZONES)),
)


def pick(model, place):
    rows = list(model.objects.order_by("pk"))
    return rows[place % len(rows)]


def save(article: Article, **changes: object) -> None:
    for name, value in changes.items():
        setattr(article, name, value)
    article_save(article=article, authors=None, tags=None, editor=None, expected_version=None)


def free(model, slug, row):
    return not model.objects.filter(slug=slug).exclude(pk=row.pk).exists()


class Site:
    """What is done to the site, one function for each kind of step."""

    def slug(self, place, slug):
        article = pick(Article, place)
        if free(Article, slug, article):
            save(article, slug=slug)

    def date(self, place, moment):
        save(pick(Article, place), published_at=moment)

    def withdraw(self, place, _value):
        save(pick(Article, place), status=Status.ARCHIVED)

    def publish(self, place, _value):
        save(pick(Article, place), status=Status.PUBLISHED)

    def language(self, place, language):
        article = pick(Article, place)
        if article.conversation_id is None:
            save(article, language=language)

    def author(self, place, slug):
        author = pick(Author, place)
        if free(Author, slug, author):
            old, author.slug = author.get_absolute_url(), slug
            author.name = f"Auteur {slug}"
            author_save(author=author)
            subjects.author_moved(old=old, author=author)

    def tag(self, place, slug):
        tag = pick(Tag, place)
        if free(Tag, slug, tag):
            tag.slug, tag.name = slug, f"Onderwerp {slug}"
            subjects.tag_save(tag=tag)

    def series(self, place, slug):
        series = pick(Series, place)
        if free(Series, slug, series):
            series.slug = slug
            subjects.series_save(series=series)

    def merge_authors(self, place, other):
        kept, gone = pick(Author, place), pick(Author, other)
        if kept != gone:
            subjects.author_merge(kept=kept, gone=gone)

    def merge_tags(self, place, other):
        kept, gone = pick(Tag, place), pick(Tag, other)
        if kept != gone:
            subjects.tag_merge(kept=kept, gone=gone)

    def translate(self, place, other):
        article, original = pick(Article, place), pick(Article, other)
        if article.language != original.language:
            article_translates(article=article, original=original)


class TestAddresses(TestCase):
    def setUp(self) -> None:
        authors = [make_author(f"Auteur {slug}", slug=slug) for slug in SLUGS[:3]]
        tags = [make_tag(f"Onderwerp {slug}", slug=slug) for slug in SLUGS[:3]]
        series = Series.objects.create(title="Reeks", slug="reeks")
        Commenter.objects.create(name="Bo", email="bo@lezer.example")
        for place in range(3):
            article = make_article(
                f"Artikel {SLUGS[place]}", slug=SLUGS[place], authors=authors[place:],
                tags=tags[place:], published_at=MOMENTS[place], series=series,
            )  # fmt: skip
            linked = Article.objects.order_by("pk").first()
            assert linked is not None
            save(
                article,
                body_source=f'<p>Een alinea. <a href="article:{linked.pk}">Lees ook</a></p>',
            )
            writer = {"name": "Bo", "email": "bo@lezer.example"}
            first = self.say(article, None, writer)
            mine = {"name": authors[place].name, "user": None, "author": authors[place]}
            self.say(article, first, mine)
        work()

    def say(self, article: Article, parent: Comment | None, writer: dict[str, Any]) -> Comment:
        return comment_post(
            submission=Submission(article=article, parent=parent, text="Een gedachte.", **writer),
            site=OPEN,
        )[0]

    def mailed(self) -> set[str]:
        """The addresses in mails that go out now about what is public."""
        person = Commenter.objects.get()
        found = set()
        for comment in Comment.objects.public().select_related("article", "parent"):
            letter = notices.comment_letter(comment, person, "follow", None, "Weerwoord")
            found |= {url for _label, url in letter.links}
            found.add(notices.own_page(comment).made())
        site = django.conf.settings.SITE_URL
        return {url.partition("#")[0].removeprefix(site) for url in found}

    def look(self) -> set[str]:
        """Crawl the site as it is; gives every address that was met."""
        met = crawl(self.client, STARTS)
        assert len(met) > 20
        wrong = {path: was for path, was in met.items() if was[0] != 200 or was[1] > 1}
        assert not wrong, wrong
        return met.keys() | self.mailed()

    @example(
        [
            ("slug", 0, "vier"),
            ("slug", 1, "een"),
            ("author", 0, "vier"),
            ("author", 1, "een"),
            ("author", 0, "twee"),
            ("tag", 0, "vier"),
            ("merge tags", 1, 0),
            ("series", 0, "drie"),
            ("merge authors", 1, 0),
            ("date", 0, MOMENTS[3]),
            ("zone", 0, "America/New_York"),
            ("withdraw", 2, None),
            ("slug", 2, "twee"),
        ]
    )
    @settings(
        max_examples=3,
        deadline=None,
        # To find the shortest steps that fail takes minutes; those that did are told.
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(st.lists(step, min_size=4, max_size=12))
    def test_no_address_is_lost(self, steps: list[tuple[str, int, object]]) -> None:
        # Each list of steps starts from the same rows, and so meets the same versions again.
        cache.clear()
        site_settings._kept = (None, None)
        site, ever = Site(), self.look()
        with contextlib.ExitStack() as zones:
            for name, place, value in steps:
                if name == "zone":
                    zones.enter_context(override_settings(TIME_ZONE=value))
                    continue
                act: Callable[..., None] = getattr(site, name.replace(" ", "_"))
                with self.captureOnCommitCallbacks(execute=True):
                    act(place, value)
                work()
                ever |= self.mailed()
            ever |= self.look()
            # What was withdrawn answers again when it is back.
            for article in Article.objects.exclude(status=Status.PUBLISHED):
                with self.captureOnCommitCallbacks(execute=True):
                    save(article, status=Status.PUBLISHED)
            work()
            self.look()
            for path in sorted(ever):
                if not _DATED.fullmatch(path):
                    status, hops, _links = visit(self.client, path)
                    assert (status, hops <= 1) == (200, True), (path, status, hops)
