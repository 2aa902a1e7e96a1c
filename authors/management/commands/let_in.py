"""`manage.py let_in NAME`: the operator lets a locked-out account in again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from authors.models import User
from authors.second_factor import lockout, services


class Command(BaseCommand):
    help = "Forgets wrong passwords and codes of an account; with a flag its second factor too."

    def add_arguments(self, parser: CommandParser) -> None:
        """The account, and how far to go."""
        parser.add_argument("username")
        parser.add_argument(
            "--without-second-factor",
            action="store_true",
            help="also take away app, passkeys and recovery codes, and end all sessions",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Let the account in again. Raises CommandError for a name that is no account."""
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account named {options['username']}.")
        lockout.passwords_forgive(user.username)
        services.codes_forgive(user)
        if options["without_second_factor"]:
            services.factors_forget(user=user)
            self.stdout.write("The password alone lets in now; set up a second factor again.")
        else:
            self.stdout.write("Wrong passwords and codes are forgotten.")
