"""Services that create, change and delete accounts; a working owner always remains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django_otp_webauthn.models import WebAuthnCredential
from django_tasks import task

from authors import erasures, limits, personal
from authors.account_mail import language_of, queue
from authors.models import AccountMail, AccountMailKind, Author, User
from authors.roles import Role, role_described
from authors.signals import renamed
from core import locks
from core.addresses import folded, mailbox
from core.locks import Lock
from core.mail import Letter, Signed, signed_link
from core.outbox import DeliveryState
from core.tokens import kind


class NoOwnerLeft(ValidationError):
    """The change would leave no owner who can log in."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nobody else can log in as owner of this site. Give another account that can log "
                "in the role of owner first."
            ),
            code="no_owner_left",
        )


def can_log_in() -> Q:
    """Condition on accounts: a password or a passkey is set."""
    passkey = WebAuthnCredential.objects.filter(user=OuterRef("pk"), confirmed=True)
    has_password = ~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX) & ~Q(password="")
    return has_password | Q(Exists(passkey))


def working_owners() -> QuerySet[User]:
    """Owners who can log in: active, with staff rights, and with a password or a passkey."""
    owners = Q(is_superuser=True) | Q(
        Exists(User.groups.through.objects.filter(user=OuterRef("pk"), group__name=Role.OWNER))
    )
    return User.objects.filter(owners, can_log_in(), is_active=True, is_staff=True)


def is_only_owner(user: User) -> bool:
    """Whether `user` is the only working owner; stays true within a block of `owner_stays`."""
    return list(working_owners().values_list("pk", flat=True)[:2]) == [user.pk]


@contextmanager
def owner_stays() -> Iterator[None]:
    """Context of a change to accounts: raises NoOwnerLeft and rolls back when no owner is left.

    One transaction and one advisory lock for all such changes: of two owners who demote each
    other at the same moment, the second finds what the first has done. A site that had no working
    owner before is not kept from changing accounts.
    """
    with transaction.atomic():
        locks.hold(Lock.ACCOUNTS)
        had_one = working_owners().exists()
        yield
        if had_one and not working_owners().exists():
            raise NoOwnerLeft


def account_save(*, user: User, roles: Iterable[Group]) -> User:
    """Store an account with its roles; whoever has a role may log in to the admin.

    Raises ValidationError for an active account without a role, which could do nothing, and
    NoOwnerLeft. Locks as `owner_stays` does.
    """
    chosen = list(roles)
    if user.is_active and not chosen and not user.is_superuser:
        raise ValidationError({"groups": role_missing()})
    with owner_stays():
        user.is_staff = bool(chosen) or user.is_superuser
        user.save()
        user.groups.set(chosen)
    return user


def address_missing() -> str:
    """The error for a new account with neither a password nor an address."""
    return _("Without a password this account needs an e-mail address, to mail a link to set one.")


def role_missing() -> str:
    """The error for an active account without a role."""
    return _("Choose a role: without one this person cannot log in. Or make the account inactive.")


@transaction.atomic
def own_details_save(*, user: User, changed: Iterable[str]) -> None:
    """Store the fields of their own account that a person changed.

    What they wrote under the account's name bears the new one.
    """
    before = User.objects.select_for_update().get(pk=user.pk).shown_name
    user.save(update_fields=list(changed))
    if user.shown_name != before:
        renamed.send(User, person=user, before=before)


@transaction.atomic
def account_make(*, author: Author, username: str, email: str, role: Role) -> User:
    """Create an account for `author`; nobody can log in before a password is set.

    A name that is taken, or none, gets a number.
    """
    user = account_open(name=author.name, username=username or author.slug, email=email, role=role)
    author.user = user
    author.save(update_fields=["user"])
    return user


def account_open(*, name: str, username: str, email: str, role: Role) -> User:
    """Create an account without a password for the person `name`; a taken username gets a number.

    Locks as `owner_stays` does.
    """
    first, _space, last = name.partition(" ")
    user = User(
        username=_free_name(username), email=email, first_name=first[:150], last_name=last[:150]
    )
    user.set_unusable_password()
    return account_save(user=user, roles=[Group.objects.get(name=role)])


def _free_name(wanted: str) -> str:
    try:
        UnicodeUsernameValidator()(wanted)
    except ValidationError:
        wanted = "auteur"
    stem = name = wanted[:140]
    number = 1
    while User.objects.filter(username__iexact=name).exists():
        number += 1
        name = f"{stem}-{number}"
    return name


def password_link(user: User) -> str:
    """One-time link to set the password of `user`; whoever has it controls the account."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    args = [uid, _password_token(user)]
    return str(settings.SITE_URL) + reverse("password_reset_confirm", args=args)


LINK = kind("authors.password", lambda pk: _password_token(User.objects.get(pk=pk)))
"""What a mailed link that sets a password gets when it goes out; for an account's number."""


def _password_token(user: User) -> str:
    return default_token_generator.make_token(user)


def _mailed_link(user: User) -> Signed:
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return signed_link("password_reset_confirm", LINK, user.pk, uid)


@task()
def password_reset_send(email: str) -> None:
    """Task: mail accounts with that address a link for a new password."""
    password_reset_mail(email)


def password_reset_mail(email: str) -> None:
    """Mail the accounts with that address, if there are any, a link for a new password.

    Who was invited and never logged in gets the invitation once more. As often as
    `authors.limits` lets a mailbox. The links come from the settings alone.
    """
    if not limits.allows(limits.Use("reset-mailbox", mailbox(email))):
        return
    for user in PasswordResetForm().get_users(email):
        with language_of(user):
            facts = {
                "site": _site(),
                "name": user.get_username(),
                "days": settings.PASSWORD_RESET_TIMEOUT // 86400,
            }
            letter = Letter(
                subject=_("A new password for %(site)s") % facts,
                paragraphs=(
                    _("Somebody, you we hope, asked for a new password of the account %(name)s.")
                    % facts,
                    _("Choose it on this page within %(days)d days.") % facts,
                ),
                links=((_("Choose a new password"), _mailed_link(user)),),
                notes=(_("Was it not you? Then do nothing: your password stays as it is."),),
            )
            queue(user=user, kind=AccountMailKind.RESET, letter=letter)
    for user in User.objects.filter(email__iexact=email, is_staff=True, last_login=None):
        if folded(user.email) == folded(email):
            password_link_mail(user)


def _site() -> str:
    return urlsplit(settings.SITE_URL).netloc


def is_same_link(before: User, after: User) -> bool:
    """Whether a password link made for the account `before` a change still works `after` it.

    Django's token holds the address, so that another address ends it.
    """
    return default_token_generator.check_token(after, default_token_generator.make_token(before))


def password_link_mail(user: User) -> bool:
    """Queue a first-password link; False when a password exists or the address is missing.

    One that waits to be sent to the same address is enough.
    """
    if user.has_usable_password() or not user.email or not user.is_active:
        return False
    waiting = AccountMail.objects.filter(state=DeliveryState.QUEUED, kind=AccountMailKind.FIRST)
    if waiting.filter(user=user, to_address=user.email).exists():
        return True
    with language_of(user):
        roles = user.groups.order_by("pk").values_list("name", flat=True)
        facts = {
            "site": settings.SITE_URL,
            "name": user.get_username(),
            "days": settings.PASSWORD_RESET_TIMEOUT // 86400,
            "again": settings.SITE_URL + reverse("admin_password_reset"),
        }
        letter = Letter(
            subject=_("Your account"),
            paragraphs=(
                _("You have an account at %(site)s: %(name)s.") % facts,
                *(role_described(name) + "." for name in roles),
                _("Set your password within %(days)d days.") % facts,
            ),
            links=((_("Set my password"), _mailed_link(user)),),
            notes=(
                _("Afterwards you log in at %(site)s/admin/.") % facts,
                _("When the link is too old, ask for a new one at %(again)s.") % facts,
            ),
        )
        queue(user=user, kind=AccountMailKind.FIRST, letter=letter)
    return True


def account_erase(*, user: User, byline_stays: bool) -> None:
    """Forget an account: its log-ins, mails, drafts, names in logs, and what it said in comments.

    Articles stay, with its author's name above them as a guest's, or with a dash when
    `byline_stays` is False. Broken off, it can be done again. Raises NoOwnerLeft; locks as
    `owner_stays` does.
    """
    with owner_stays():
        # Before the note is made, which lies outside the database.
        if is_only_owner(user):
            raise NoOwnerLeft
        erasures.note(_KINDS[byline_stays], user.pk, user.date_joined)
        _account_forget(user, byline_stays)


_KINDS = {True: "account", False: "account and byline"}


def erasures_repeat() -> int:
    """Erase again accounts that a restored backup brought back; gives their number."""
    noted = erasures.noted()
    back = [
        (user, byline_stays)
        for user in User.objects.order_by("pk").iterator(2000)
        for byline_stays, kind in _KINDS.items()
        if erasures.digest(kind, user.pk, user.date_joined) in noted
    ]
    for user, byline_stays in back:
        _account_forget(user, byline_stays)
    return len(back)


def _account_forget(user: User, byline_stays: bool) -> None:
    author = Author.objects.filter(user=user).first()
    rows, names = {User._meta.label: user.pk}, {user.get_full_name(), user.username}
    if author is not None and byline_stays:
        names.discard(author.name)
    elif author is not None:
        rows[Author._meta.label] = author.pk
        names.add(author.name)
    taken = Author.objects.filter(name__in=names).exclude(pk=author.pk if author else 0)
    names -= set(taken.values_list("name", flat=True))
    personal.erase(
        personal.Person(
            rows=rows,
            addresses=frozenset(filter(None, [user.email])),
            names=frozenset(filter(personal.telling, names)),
        )
    )
    User.objects.filter(pk=user.pk).delete()
