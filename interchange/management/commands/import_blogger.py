"""`manage.py import_blogger`."""

from interchange.commands import ImportCommand


class Command(ImportCommand):
    help = "Brings in Blogger's backup (Atom): posts, labels, comments."
    kind = "blogger"
