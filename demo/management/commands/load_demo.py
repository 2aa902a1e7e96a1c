"""`manage.py load_demo`: a publication to look at."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from authors.models import User
from demo import loading
from demo.content import AUTHORS


class Command(BaseCommand):
    help = "Loads the demo publication into an empty site (never in production)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--if-empty` does nothing, silently, on a site with content."""
        parser.add_argument("--if-empty", action="store_true")
        parser.add_argument("--print-logins", action="store_true", help="only say who can log in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load once; refuse production and sites that have content."""
        if options["print_logins"]:
            return self._logins()
        if settings.PRODUCTION:
            raise CommandError("The demo has logins that everybody knows: not in production.")
        if options["if_empty"] and not loading.is_empty():
            return None
        password = loading.new_password()
        try:
            loading.load(password)
        except loading.NotEmpty as error:
            raise CommandError("This site has content already; the demo stays away.") from error
        file = settings.VAR_DIR / "demo-password"
        file.touch(mode=0o600)
        file.write_text(password, encoding="ascii")
        self.stdout.write("The demo publication is loaded.")
        return None

    def _logins(self) -> None:
        file = settings.VAR_DIR / "demo-password"
        names = [loading.EDITOR, *(person.username for person in AUTHORS if person.username)]
        known = set(User.objects.filter(username__in=names).values_list("username", flat=True))
        if not file.exists() or not known:
            return
        for name in names:
            if name in known:
                self.stdout.write(f"{name} / {file.read_text(encoding='ascii')}")
