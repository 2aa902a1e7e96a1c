"""What the demo put into the site."""

from django.db import models


class Loaded(models.Model):
    """The rows of one table that the demo loaded, each with a digest of what it said then."""

    # "blog.article".
    label = models.CharField(max_length=60, primary_key=True)
    # The columns that the digests are of: a later release may look at others.
    columns = models.JSONField(default=list)
    # {number of the row: digest}.
    rows = models.JSONField(default=dict)

    class Meta:
        verbose_name = "rows of the demo"
        verbose_name_plural = "rows of the demo"

    def __str__(self) -> str:
        return self.label
