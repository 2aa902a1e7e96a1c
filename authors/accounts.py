"""Accounts that are made for others: without a password, until their owners set one by a link."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from authors import access, erasures, limits, personal
from authors.models import Author, Role, User
from authors.tasks import mail_send


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
    token = default_token_generator.make_token(user)
    return settings.SITE_URL + reverse("password_reset_confirm", args=[uid, token])


def password_link_mail(user: User) -> bool:
    """Let the worker mail `user` that link; False when there is a password, or no address."""
    if user.has_usable_password() or not user.email or not user.is_active:
        return False
    with translation.override(user.language or settings.LANGUAGE_CODE):
        words = _(
            "You have an account at %(site)s: %(name)s. Set your password within %(days)d days:\n\n"
            "%(link)s\n\n"
            "Afterwards you log in at %(site)s/admin/. When the link is too old, ask the owner of "
            "the site for another."
        ) % {
            "site": settings.SITE_URL,
            "name": user.get_username(),
            "days": settings.PASSWORD_RESET_TIMEOUT // 86400,
            "link": password_link(user),
        }
        mail_send.enqueue(_("Your account"), words, user.email)
    return True


class _ResetMails(PasswordResetForm):
    def send_mail(
        self,
        subject_template_name: str,
        email_template_name: str,
        context: dict[str, Any],
        from_email: str | None,
        to_email: str,
        html_email_template_name: str | None = None,
    ) -> None:
        with translation.override(context["user"].language or settings.LANGUAGE_CODE):
            subject = "".join(render_to_string(subject_template_name, context).splitlines())
            mail_send.enqueue(subject, render_to_string(email_template_name, context), to_email)


def password_reset_mail(email: str) -> None:
    """Mail the accounts with that address, if there are any, a link for a new password.

    As often as `authors.limits` lets a mailbox. The links come from the settings alone.
    """
    if not limits.allows(limits.Use("reset-mailbox", limits.mailbox(email))):
        return
    site = urlsplit(settings.SITE_URL)
    form = _ResetMails({"email": email})
    if form.is_valid():
        form.save(
            domain_override=site.netloc,
            use_https=site.scheme == "https",
            extra_email_context={"protocol": site.scheme, "site_name": "Weerwoord"},
        )


class LastOwner(Exception):
    """Without this account nobody could manage the site."""


def account_erase(*, user: User, byline_stays: bool) -> None:
    """Forget an account: its log-ins, mails, drafts, names in logs, and what it said in comments.

    Articles stay, with its author's name above them as a guest's, or with a dash when
    `byline_stays` is False. Broken off, it can be done again. Raises `LastOwner`.
    """
    others = User.objects.filter(is_active=True, is_staff=True).exclude(pk=user.pk)
    if access.is_owner(user) and not any(map(access.is_owner, others)):
        raise LastOwner
    erasures.note(_KINDS[byline_stays], user.pk, user.date_joined)
    _account_forget(user, byline_stays)


_KINDS = {True: "account", False: "account and byline"}


def erasures_repeat() -> int:
    """Erase again the accounts that a restored copy brought back; gives their number."""
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
