"""`manage.py import_isso`."""

from interchange.commands import ImportCommand


class Command(ImportCommand):
    help = "Brings in Isso's database: comments of articles that are here."
    kind = "isso"
