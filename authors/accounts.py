"""Accounts that are made for others: without a password, until their owners set one by a link."""

from __future__ import annotations

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from authors.account_mail import language_of, queue, queue_once
from authors.models import AccountMail, Author, Role, User
from core.mail import Letter, Signed, signed_link
from core.tokens import kind

# An account is mailed one link within this time, however often it is asked for.
_PAUSE = datetime.timedelta(minutes=5)


@transaction.atomic
def account_make(*, author: Author, username: str, email: str, role: Role) -> User:
    """An account with which `author` writes; nobody can log in before a password is set.

    A name that is taken, or none, gets a number.
    """
    user = User(
        username=_free_name(username or author.slug),
        email=email,
        first_name=author.name.partition(" ")[0][:150],
        last_name=author.name.partition(" ")[2][:150],
        is_staff=True,
    )
    user.set_unusable_password()
    user.save()
    user.groups.add(Group.objects.get(name=role))
    author.user = user
    author.save(update_fields=["user"])
    return user


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
    """Where `user` sets a password, once and within some days; who has it has the account."""
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


def password_reset_mail(user: User) -> None:
    """Let the worker mail a link for a forgotten password, once in five minutes at the most."""
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
        queue_once(user=user, kind=AccountMail.RESET, letter=letter, within=_PAUSE)


def _site() -> str:
    return urlsplit(settings.SITE_URL).netloc


def password_link_mail(user: User) -> bool:
    """Let the worker mail `user` a link; False when there is a password, or no address."""
    if user.has_usable_password() or not user.email or not user.is_active:
        return False
    with language_of(user):
        facts = {
            "site": settings.SITE_URL,
            "name": user.get_username(),
            "days": settings.PASSWORD_RESET_TIMEOUT // 86400,
        }
        letter = Letter(
            subject=_("Your account"),
            paragraphs=(
                _("You have an account at %(site)s: %(name)s.") % facts,
                _("Set your password within %(days)d days.") % facts,
            ),
            links=((_("Set my password"), _mailed_link(user)),),
            notes=(
                _("Afterwards you log in at %(site)s/admin/.") % facts,
                _("When the link is too old, ask the owner of the site for another."),
            ),
        )
        queue(user=user, kind=AccountMail.FIRST, letter=letter)
    return True
