"""Accounts for authors who came, when the owner asks for them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from authors import accounts
from authors.models import Author, User
from authors.roles import Role
from interchange import records
from interchange.apply.base import Context, digest_of
from interchange.models import ImportedKind
from interchange.report import NEW, SAME


def _address(record: records.Person) -> str:
    """Their e-mail address, if it is one."""
    email = record.email.strip()
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email


class Accounts:
    """One account for each person, once; an account that is here is never taken by itself."""

    def __init__(self, context: Context) -> None:
        self.context = context
        # Made in this run.
        self.made: list[User] = []

    @transaction.atomic
    def store(self, record: records.Person, number: int | None) -> None:
        """An account for the author of that number (None: in a trial, not made yet)."""
        context, options = self.context, self.context.options
        if not options.accounts:
            return
        email = _address(record)
        author = Author.objects.select_related("user").filter(pk=number or 0).first()
        if (author and author.user) or context.known(ImportedKind.ACCOUNT, [record.key]):
            # Or she had one, and somebody took it away.
            context.report.came("account", SAME)
            return
        if not email:
            context.report.tell("account without address", record.name)
            return
        other = User.objects.filter(email__iexact=email, author=None).first()
        if other is None and User.objects.filter(email__iexact=email).exists():
            context.report.tell("account taken", f"{record.name}: {email}")
            return
        if other is not None and not options.link_accounts:
            context.report.tell("account taken", f"{record.name}: {email}")
            return
        if record.rank == "administrator":
            context.report.tell("administrator", record.name)
        context.report.came("account", NEW)
        if context.dry or author is None:
            return
        if other is not None:
            author.user = user = other
            author.save(update_fields=["user"])
        else:
            editor = record.rank in ("editor", "administrator")
            user = accounts.account_make(
                author=author,
                username=record.slug,
                email=email,
                role=Role.EDITOR if editor else Role.AUTHOR,
            )
            self.made.append(user)
            if options.mail_accounts:
                accounts.password_link_mail(user)
        digest = digest_of(record)
        context.remember(ImportedKind.ACCOUNT, record.key, user.pk, digest, digest)
