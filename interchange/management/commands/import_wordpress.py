"""`manage.py import_wordpress`: a WordPress site moves in."""

from interchange.commands import ImportCommand


class Command(ImportCommand):
    help = "Brings in WordPress's export (Tools → Export → All content): texts and comments."
    kind = "wordpress"
