"""`manage.py import_markdown`."""

from interchange.commands import ImportCommand


class Command(ImportCommand):
    help = "Brings in a folder of Markdown files (Hugo, Jekyll, Pelican)."
    kind = "markdown"
