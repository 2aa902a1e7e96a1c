"""Permission checks of a conversation: open or closed, own comments, reserved names."""

from __future__ import annotations

import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from authors.models import Author, User
from blog.models import Article, SiteSettings
from comments import tokens
from comments.models import Comment, Commenter, State
from comments.thread.reserved import Reserved
from core.addresses import folded
from core.text import number_of


def home_id(article: Article) -> int:
    """The number of the article that holds the conversation: its own, or that it translates."""
    return article.conversation_id or article.pk


def home(article: Article) -> Article:
    """The article that holds the conversation; a query only for a translation."""
    return article if home_id(article) == article.pk else article.conversation or article


def is_shared(article: Article) -> bool:
    """Whether articles that translate each other hold this conversation together.

    The one that holds it points to itself then.
    """
    return article.conversation_id is not None


def closed_reason(article: Article, site: SiteSettings) -> str:
    """Why the conversation of `article` is closed; empty when it is open."""
    if not article.is_public:
        return _("This article is not public; there is no conversation under it.")
    if article.comment_policy != "open":
        return _("The conversation under this article is closed.")
    own = article.close_after_days
    days = site.close_after_days if own is None else own
    opened = article.published_at
    if days and opened is not None and timezone.now() - opened > datetime.timedelta(days=days):
        return _("The conversation under this article is closed: it was open for %d days.") % days
    return ""


def answerable(article: Article, number: object) -> Comment | None:
    """The comment `number` under `article` that may be answered, or None.

    None for a comment of another article, a waiting, refused or removed one, and for no number.
    """
    key = number_of(number)
    if not key:
        return None
    return Comment.objects.filter(pk=key, article=home_id(article), state=State.APPROVED).first()


def account_of(comment: Comment) -> int | None:
    """The number of the account that wrote `comment`; None for a guest."""
    return comment.commenter.user_id if comment.commenter else None


def person_named(number: int | str, email: str | None) -> Commenter | None:
    """The person that a mailed link names by number and address; None: erased or changed since.

    What was mailed to an account, which has no address here, ends with the account.
    """
    found = Commenter.objects.filter(pk=number, email=email, erase_asked_at=None)
    return found.exclude(user=None, email=None).first()


def token_fits(comment: Comment, token: str) -> bool:
    """Whether `token` is the comment's own, or that of its writer's page."""
    if tokens.read(tokens.Purpose.OWN, token) == comment.pk:
        return True
    if comment.commenter is None:
        return False
    person = comment.commenter
    mine = tokens.read(tokens.Purpose.MINE, token)
    return mine == [person.pk, person.email] and bool(person.email or person.user_id)


def owns(comment: Comment, token: str, user: User | AnonymousUser | None) -> bool:
    """Whether the asker wrote `comment`: an account logged in, a guest by a token.

    A token does not speak for an account.
    """
    account = account_of(comment)
    if account is None:
        return token_fits(comment, token)
    return user is not None and not user.is_anonymous and user.is_active and account == user.pk


def speaks_for_writer(comment: Comment, token: str, proof: str) -> bool:
    """Whether who brings `token`, which fits, is surely the reader of the comment's address.

    The comment's own token was given to whoever typed the address; the token of the writer's page
    was mailed to it. `proof` is what the browser holds (`is_proven`), of a few addresses maybe.
    """
    person = comment.commenter
    if person is None or person.user_id is not None:
        return True
    if tokens.read(tokens.Purpose.OWN, token) != comment.pk:
        return True
    return any(is_proven(person, one) for one in proof.split()[:5])


def browser_proof(person: Commenter) -> str:
    """A token for a browser in which the button mailed to the person's address was pressed."""
    return tokens.make(tokens.Purpose.BROWSER, [person.pk, person.email, person.proof_number])


def is_proven(person: Commenter, token: str) -> bool:
    """Whether the sender of `token` confirmed the person's address in this browser.

    To type an address proves nothing. Tokens end after a year, when the person is erased, and when
    their trust is taken away (`rights.trust_set`).
    """
    proof = [person.pk, person.email, person.proof_number]
    return bool(token) and tokens.read(tokens.Purpose.BROWSER, token) == proof


def reader_of(email: str, token: str) -> Commenter | None:
    """The person of the address `email`, if the sender of `token` confirmed it in this browser; one
    query."""
    person = Commenter.objects.filter(email=folded(email)).first() if email and token else None
    return person if person is not None and is_proven(person, token) else None


_reserved: tuple[tuple[str, ...], Reserved] = ((), Reserved((), ""))


def reserved_names(site: SiteSettings) -> Reserved:
    """The names of authors and of the site, roles, and the names of accounts that comment here.

    Only what readers see anyway counts, so that a refusal says nothing about accounts. One query;
    what it gives is prepared again when it changed.
    """
    global _reserved
    spoken = Comment.objects.filter(commenter__user=OuterRef("pk"), state=State.APPROVED)
    accounts = User.objects.filter(Exists(spoken)).order_by()
    names = (
        Author.objects.order_by()
        .values_list("name")
        .union(accounts.values_list("commenter__name"), all=True)
    )
    known = (site.title, *sorted({name for (name,) in names if name}))
    found, prepared = _reserved
    if found != known:
        prepared = Reserved(known[1:], site.title)
        _reserved = (known, prepared)
    return prepared


def name_is_reserved(name: str, site: SiteSettings) -> bool:
    """Whether `name` can be taken for one of `reserved_names`; one query."""
    return reserved_names(site).holds(name)


def may_moderate(user: User | AnonymousUser, comment: Comment) -> bool:
    """Whether `user` decides about `comment`."""
    return Comment.objects.moderated_by(user).filter(pk=comment.pk).exists()
