"""Services that let people come and go: an invitation, and taking leave."""

from __future__ import annotations

import enum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Q, Value
from django.db.models.functions import Concat, Trim
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from authors import accounts
from authors.models import Author, User
from authors.roles import Role
from authors.services import author_save
from blog.content.slugs import slug_from, unique
from blog.models import Article, ArticleAuthor, Status
from blog.publishing import subjects
from blog.signals import bylines_changed
from blog.site.settings import site_changed
from core import locks
from core.addresses import folded
from core.locks import Lock


@transaction.atomic
def invite(
    *, name: str, email: str, role: Role, author: Author | None = None, profile: bool = True
) -> User:
    """Create an account, the author it writes as, and the mail with the link for its password.

    `author` is one without an account, who gets it; else `profile` says whether a new author is
    made. All of it or nothing. Raises ValidationError, by field, for an address or a name that
    somebody has already, and for an author with an account. Locks as `accounts.owner_stays`.
    """
    locks.hold(Lock.ACCOUNTS)
    email = folded(email)
    name = " ".join(name.split())
    _address_is_free(email)
    if author is not None:
        author = Author.objects.select_for_update().get(pk=author.pk)
        if author.user_id is not None:
            raise ValidationError({"author": _("This author has an account already.")})
        name = author.name
    else:
        _name_is_free(name)
    if author is None and profile:
        author = author_save(author=Author(name=name, slug=_free_slug(name)))
        subjects.author_moved(old="", author=author)
    if author is not None:
        user = accounts.account_make(author=author, username="", email=email, role=role)
    else:
        username = slug_from(name) or role.value.lower()
        user = accounts.account_open(name=name, username=username, email=email, role=role)
    accounts.password_link_mail(user)
    return user


def _address_is_free(email: str) -> None:
    for user in User.objects.filter(email__iexact=email).order_by("-is_active")[:1]:
        words = (
            _("The account %(account)s has this e-mail address already.")
            if user.is_active
            else _("The inactive account %(account)s has this address: make it active again.")
        )
        raise ValidationError({"email": words % {"account": user.get_username()}})


def _name_is_free(name: str) -> None:
    found = Author.objects.filter(name__iexact=name).first()
    if found is not None and found.user_id is None:
        raise ValidationError(
            {"name": _("There is an author of this name without an account: choose them below.")}
        )
    full = Trim(Concat("first_name", Value(" "), "last_name"))
    accounts_named = User.objects.annotate(full=full).filter(full__iexact=name)
    if found is not None or accounts_named.exists():
        raise ValidationError(
            {"name": _("Somebody here has this name already. Add what distinguishes the two.")}
        )


def _free_slug(name: str) -> str:
    stem = slug_from(name, longest=70) or "auteur"
    taken = Author.objects.filter(slug__startswith=stem).values_list("slug", flat=True)
    return unique(stem, set(taken))


class Byline(enum.StrEnum):
    """What becomes of the name above the articles of somebody who leaves."""

    STAYS = "stays"
    MOVES = "moves"
    """To another author."""
    GOES = "goes"


@transaction.atomic
def leave(*, user: User, erase: bool, byline: Byline, successor: Author | None = None) -> None:
    """Close an account, or erase it for good, and settle whose name is above its articles.

    A closed account stays in the logs, and its author as one who wrote here before. Raises
    ValidationError for a name that goes while the account stays, or that moves to nobody, and
    NoOwnerLeft. Locks as `accounts.owner_stays`, then the articles whose byline changes.
    """
    author = Author.objects.filter(user=user).first()
    if byline == Byline.GOES and not erase:
        raise ValidationError({"byline": _("Only with the account can the name go, too.")})
    if byline == Byline.MOVES and (successor is None or successor == author):
        raise ValidationError({"successor": _("Choose another author.")})
    with accounts.owner_stays():
        if erase:
            # First, as it locks comments, which go before articles.
            accounts.account_erase(user=user, byline_stays=byline == Byline.STAYS)
        else:
            user.is_active = False
            accounts.account_save(user=user, roles=user.groups.all())
        if author is not None and byline == Byline.MOVES and successor is not None:
            articles_hand_over(author=author, successor=successor)
        if author is not None and not erase:
            author.former = True
            author_save(author=author)
            site_changed()


@transaction.atomic
def articles_hand_over(*, author: Author, successor: Author) -> None:
    """Put `successor` above every article of `author`, in the same place of the byline.

    Forms that are open meanwhile are stale then. Locks the articles.
    """
    hers = ArticleAuthor.objects.filter(author=author)
    articles = Article.objects.filter(pk__in=hers.values("article"))
    numbers = list(articles.order_by("pk").select_for_update().values_list("pk", flat=True))
    both = ArticleAuthor.objects.filter(author=successor, article__in=numbers)
    hers.filter(article__in=both.values("article")).delete()
    hers.update(author=successor)
    Article.objects.filter(pk__in=numbers).update(version=F("version") + 1)
    Article.objects.filter(pk__in=numbers).exclude(card="").update(card_version=0)
    bylines_changed.send(Article, authors=[author.pk, successor.pk])
    site_changed()


def articles_of_leaving(sender: Any, *, user: User, **_more: Any) -> list[str]:
    """Lines about the articles of `user`; receives `authors.signals.leaving`."""
    author = Author.objects.filter(user=user).first()
    if author is None:
        return []
    out = (Status.PUBLISHED, Status.SCHEDULED)
    mine = Article.objects.filter(article_authors__author=author)
    found = mine.aggregate(
        public=Count("pk", filter=Q(trashed_at=None, status__in=out)),
        drafts=Count("pk", filter=Q(trashed_at=None) & ~Q(status__in=out)),
        trash=Count("pk", filter=Q(trashed_at__isnull=False)),
    )
    lines = []
    if number := found["public"]:
        lines.append(
            ngettext(
                "%(number)d article that is out or scheduled",
                "%(number)d articles that are out or scheduled",
                number,
            )
            % {"number": number}
        )
    if number := found["drafts"]:
        lines.append(
            ngettext(
                "%(number)d draft, which editors can go on with",
                "%(number)d drafts, which editors can go on with",
                number,
            )
            % {"number": number}
        )
    if number := found["trash"]:
        lines.append(
            ngettext("%(number)d article in the trash", "%(number)d articles in the trash", number)
            % {"number": number}
        )
    if number := user.working_copies.count():
        lines.append(
            ngettext(
                "%(number)d text that was never saved, which nobody else sees",
                "%(number)d texts that were never saved, which nobody else sees",
                number,
            )
            % {"number": number}
        )
    return lines
