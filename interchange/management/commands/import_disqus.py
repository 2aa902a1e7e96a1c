"""`manage.py import_disqus`."""

from interchange.commands import ImportCommand


class Command(ImportCommand):
    help = "Brings in Disqus's export: comments of articles that are here."
    kind = "disqus"
