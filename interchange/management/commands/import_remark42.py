"""`manage.py import_remark42`."""

from interchange.commands import ImportCommand


class Command(ImportCommand):
    help = "Brings in Remark42's backup: comments of articles that are here."
    kind = "remark42"
