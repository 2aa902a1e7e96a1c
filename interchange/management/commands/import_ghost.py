"""`manage.py import_ghost`."""

from interchange.commands import ImportCommand


class Command(ImportCommand):
    help = "Brings in Ghost's export (JSON): posts, people, tags, comments."
    kind = "ghost"
