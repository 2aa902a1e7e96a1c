"""What removing the demo takes away and what it leaves; reads only.

The demo's own rows go. What somebody changed stays, and so does what they use: a tag of one of
their articles, a picture in it, the account they are logged in with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Model, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from authors.accounts import working_owners
from authors.models import AccountMail, Author, User
from blog.content import sanitiser
from blog.models import (
    Article,
    ArticleMail,
    Image,
    MenuItem,
    Page,
    Series,
    SiteSettings,
    Tag,
    WorkingCopy,
)
from blog.site.settings import site_settings
from comments.models import Ban, Comment, Commenter, Delivery
from comments.thread import tree
from demo import manifest
from demo.content import SITE
from newsletter.models import Edition, Issue, Mail, Subscription

CHANGED = _("you changed it")
CREDITED = _("its author stands above an article, or under a comment, that stays")
USED = _("it is used in what stays")
FOLLOWED = _("readers get its articles by mail")
HERS = _("it belongs to an account that stays")
LOGGED_IN = _("you are logged in with it")
ONLY_OWNER = _("nobody else can log in as owner: make an account of your own")
ANSWERED = _("somebody answered, under an article that stays")
SETTINGS: Final = ("title", "tagline", "invitation")


@dataclass(frozen=True)
class Stay:
    """A row of the demo that stays, and why."""

    model: type[Model]
    number: int
    why: str | Promise


@dataclass
class Plan:
    """What goes, by table, and what stays."""

    going: dict[type[Model], list[int]] = field(default_factory=dict)
    staying: list[Stay] = field(default_factory=list)
    # Comments that are not the demo's, under articles that go.
    answers: list[int] = field(default_factory=list)
    # Mails and newsletters that hang on what goes.
    mails: int = 0
    issues: list[int] = field(default_factory=list)
    # Fields of the site's settings that the demo filled and nobody changed.
    settings: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is anything to remove."""
        return any(self.going.values()) or bool(self.settings)

    @property
    def mark(self) -> str:
        """Changes when anything in the plan does: what is confirmed is what was read."""
        going = {model._meta.label: numbers for model, numbers in self.going.items()}
        staying = [(one.model._meta.label, one.number) for one in self.staying]
        told = [going, staying, self.answers, self.issues, self.settings]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]

    def goes(self, model: type[Model]) -> list[int]:
        """The numbers of what goes of one table."""
        return self.going.get(model, [])


def plan(*, actor: User | None = None) -> Plan:
    """The plan for `actor`, whose account stays; None for whoever runs the server."""
    planner = _Planner(actor)
    return planner.made() if any(own.all for own in planner.own.values()) else planner.plan


class _Planner:
    """Works the plan out, table by table: what others use comes after what uses it."""

    def __init__(self, actor: User | None) -> None:
        self.actor = actor
        self.own = manifest.read()
        self.plan = Plan()

    def made(self) -> Plan:
        """All of it; a number of queries that does not depend on how much there is."""
        articles = self._texts(Article)
        pages = self._texts(Page, self._in_my_menu("page_id"))
        kept_threads = self._comments()
        self._people(articles, kept_threads)
        self._subjects(articles)
        self._menu(pages)
        self._pictures(articles, pages)
        self._settings()
        numbers = self.plan.goes(Article)
        commenters, users = self.plan.goes(Commenter), self.plan.goes(User)
        issues = Issue.objects.filter(article__in=numbers).order_by("pk")
        self.plan.issues = list(issues.values_list("pk", flat=True))
        mails = Mail.objects.filter(Q(issue__in=self.plan.issues) | Q(person__in=commenters))
        self.plan.mails = mails.count() + sum(
            model._default_manager.filter(Q(**{f"{who}__in": people}) | about).count()
            for model, who, people, about in _logs(users, commenters, numbers)
        )
        return self.plan

    def _settle(self, model: type[Model], used: Mapping[int, str | Promise]) -> None:
        """Everything of the demo's in that table goes, but what is `used`."""
        own = self.own[model]
        staying = {**dict.fromkeys(own.changed, CHANGED), **used}
        self.plan.going[model] = sorted(own.all - staying.keys())
        self.plan.staying += [
            Stay(model, number, why) for number, why in sorted(staying.items()) if number in own.all
        ]

    def _texts(self, model: type[Model], used: Iterable[int] = ()) -> Any:
        """Settle articles or pages; gives those of the site that stay."""
        self._settle(model, dict.fromkeys(used, USED))
        return model._default_manager.exclude(pk__in=self.plan.goes(model))

    def _in_my_menu(self, column: str) -> set[int]:
        """What menu items lead to that are not the demo's."""
        mine = MenuItem.objects.exclude(pk__in=self.own[MenuItem].same)
        return set(mine.exclude(**{column: None}).values_list(column, flat=True))

    def _comments(self) -> set[int]:
        """The demo's comments go with their articles, and from under those that stay.

        There a thread in which somebody else wrote stays whole. Gives the comments of such threads.
        """
        going = self.plan.goes(Article)
        stays = Article.objects.exclude(pk__in=going)
        homes = {home or number for number, home in stays.values_list("pk", "conversation_id")}
        demos = self.own[Comment].all
        here = set(Comment.objects.filter(pk__in=demos).values_list("article_id", flat=True))
        threads: dict[int, list[int]] = {}
        for number, path in (
            Comment.objects.filter(article__in=here & homes).values_list("pk", "path").iterator()
        ):
            threads.setdefault(tree.ids_of(path)[0], []).append(number)
        kept = {n for thread in threads.values() if not demos.issuperset(thread) for n in thread}
        self._settle(Comment, dict.fromkeys(kept & demos, ANSWERED))
        doomed = Comment.objects.filter(article__in=here - homes)
        answers = doomed.exclude(pk__in=demos).order_by("pk")
        self.plan.answers = list(answers.values_list("pk", flat=True))
        return kept

    def _people(self, articles: Any, kept_threads: set[int]) -> None:
        authors = self.own[Author]
        credited = set(articles.filter(authors__in=authors.all).values_list("authors", flat=True))
        theirs = Comment.objects.filter(pk__in=kept_threads, author__in=authors.all)
        credited |= set(theirs.values_list("author", flat=True))
        why: dict[int, str | Promise] = dict.fromkeys(self._followed("author"), FOLLOWED)
        why |= dict.fromkeys(credited & authors.all, CREDITED)
        names = dict(Author.objects.filter(pk__in=authors.all).values_list("pk", "user_id"))
        accounts: dict[int, str | Promise] = dict.fromkeys(
            {names[number] for number in {*why, *authors.changed} if names.get(number)}, CREDITED
        )
        if self.actor is not None:
            accounts[self.actor.pk] = LOGGED_IN
        gone = self.own[User].same - accounts.keys()
        owners = list(working_owners().order_by("pk").values_list("pk", flat=True))
        if owners and not set(owners) - gone:
            accounts[owners[0]] = ONLY_OWNER
        self._settle(User, accounts)
        left = self.own[User].all - set(self.plan.goes(User))
        hers = {number for number, user in names.items() if user in left}
        self._settle(Author, dict.fromkeys(hers, HERS) | why)
        people = self.own[Commenter].all
        linked = Commenter.objects.filter(pk__in=people, user__isnull=False)
        stays = set(linked.exclude(user__in=self.plan.goes(User)).values_list("pk", flat=True))
        wrote = Comment.objects.filter(commenter__in=people).exclude(pk__in=self.plan.goes(Comment))
        wrote = wrote.exclude(article__in=self.plan.goes(Article))
        stays |= set(wrote.values_list("commenter", flat=True))
        self._settle(Commenter, dict.fromkeys(stays, USED))
        # Persons of the conversation that the demo's accounts became since.
        later = Commenter.objects.filter(user__in=self.plan.goes(User)).exclude(pk__in=people)
        self.plan.going[Commenter] += sorted(later.values_list("pk", flat=True))
        self._settle(Ban, {})

    def _followed(self, column: str) -> set[int]:
        """Authors or subjects that readers who are not the demo's subscribed to."""
        rows = Subscription.objects.exclude(person__in=self.own[Commenter].all)
        return set(rows.exclude(**{column: None}).values_list(column, flat=True))

    def _subjects(self, articles: Any) -> None:
        tags = set(articles.exclude(tags=None).values_list("tags", flat=True).distinct())
        used = tags | self._in_my_menu("tag_id")
        followed = dict.fromkeys(self._followed("tag"), FOLLOWED)
        self._settle(Tag, followed | dict.fromkeys(used, USED))
        series = articles.exclude(series=None).values_list("series", flat=True).distinct()
        self._settle(Series, dict.fromkeys(series, USED))

    def _menu(self, pages: Any) -> None:
        """A link of a menu stays where it leads to something that stays."""
        own = MenuItem.objects.filter(pk__in=self.own[MenuItem].same)
        series = Series.objects.filter(pk__in=self.plan.goes(Series))
        gone = {one.get_absolute_url() for one in series}
        leading = {
            item.pk
            for item in own
            if not (
                item.page_id in self.plan.goes(Page)
                or item.tag_id in self.plan.goes(Tag)
                or item.url in gone
            )
        }
        self._settle(MenuItem, dict.fromkeys(leading, USED))

    def _pictures(self, articles: Any, pages: Any) -> None:
        site = site_settings()
        used = {number for number in (site.logo_id, site.logo_dark_id) if number}
        for column in ("picture", "share_picture"):
            rows = articles.exclude(**{column: None})
            used |= set(rows.values_list(column, flat=True).distinct())
        for texts in (articles, pages):
            shown = texts.filter(body_source__regex="data-(image|gallery)=")
            used |= _wanted(shown.values_list("body_source", flat=True).iterator())
        used |= set(Edition.objects.exclude(picture=None).values_list("picture", flat=True))
        used |= _wanted(Edition.objects.values_list("body_source", flat=True).iterator())
        copies = WorkingCopy.objects.exclude(user__in=self.plan.goes(User))
        copies = copies.exclude(article__in=self.plan.goes(Article))
        typed = copies.values_list("data", flat=True).iterator()
        used |= _wanted(" ".join(map(str, data.values())) for data in typed)
        self._settle(Image, dict.fromkeys(used, USED))

    def _settings(self) -> None:
        stored = SiteSettings.objects.filter(pk=1).values(*SETTINGS).first() or {}
        same = [name for name in SETTINGS if stored.get(name) == getattr(SITE, name)]
        # Without rows of the demo these words are the site's own, whatever they are.
        self.plan.settings = same if any(own.all for own in self.own.values()) else []


def _wanted(texts: Iterable[str]) -> set[int]:
    """Numbers of the pictures that texts show."""
    return {number for text in texts for number in sanitiser.picture_numbers(text)}


def _logs(
    users: list[int], people: list[int], articles: list[int]
) -> Iterator[tuple[type[Model], str, list[int], Q]]:
    """The logs of mails: the model, who gets them, those people, and what else goes with them."""
    yield AccountMail, "user", users, Q(pk__in=())
    yield ArticleMail, "user", users, Q(article__in=articles)
    yield Delivery, "commenter", people, Q(comment__article__in=articles)
