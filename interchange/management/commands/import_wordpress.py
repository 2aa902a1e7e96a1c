"""`manage.py import_wordpress`: a WordPress site moves in."""

from __future__ import annotations

from argparse import ArgumentParser

from interchange.commands import ImportCommand


class Command(ImportCommand):
    help = "Brings in WordPress's export (Tools → Export → All content): texts and comments."
    kind = "wordpress"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Beside what all share: post types of plugins."""
        super().add_arguments(parser)
        parser.add_argument(
            "--types", default="", help="post types of plugins that come in as articles: a,b"
        )
