"""`manage.py remove_demo`: the site without the made-up publication."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo import leaving, listing
from demo.plan import Plan, plan


class Command(BaseCommand):
    help = "Removes the demo publication; what was made or changed here since stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--dry-run` lists, `--yes` asks nothing."""
        parser.add_argument("--dry-run", action="store_true", help="only list what goes and stays")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        """List it, ask, remove it. Raises CommandError where nobody can be asked."""
        found = plan()
        if not found:
            self.stdout.write("There is no demo on this site.")
            return
        self._list(found)
        if options["dry_run"]:
            return
        if not options["yes"]:
            if not sys.stdin.isatty():
                raise CommandError("Nobody to ask here: say --yes, or --dry-run to list.")
            if input('Remove all that goes, for good? Type "yes": ').strip() != "yes":
                raise CommandError("Nothing is removed.")
        try:
            leaving.demo_remove(actor=None, mark=found.mark)
        except leaving.PlanChanged as error:
            raise CommandError("The site changed meanwhile; look at the list again.") from error
        self.stdout.write("The demo is removed.")

    def _list(self, found: Plan) -> None:
        self.stdout.write("Goes:")
        for row in listing.going(found):
            named = f": {', '.join(row.names)}" if row.names else ""
            self.stdout.write(f"  {row.count} {row.label}{named}")
        self.stdout.write("Stays:")
        for one in listing.staying(found):
            self.stdout.write(f"  {one.label} {one.name}: {one.why}")
        self.stdout.write("  and all that is not the demo's")
