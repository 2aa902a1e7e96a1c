"""What came from elsewhere: which row here is which there."""

from django.db import models


class Kind(models.TextChoices):
    """What a foreign key names."""

    PERSON = "person"
    TAG = "tag"
    PICTURE = "picture"
    ARTICLE = "article"
    PAGE = "page"
    COMMENT = "comment"


class Imported(models.Model):
    """One thing of another site that was stored here, so that a second import finds it."""

    # What came in from where: "wordpress:blog.example".
    source = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=300)
    # The row here; None when it was left out, or deleted here since.
    number = models.PositiveBigIntegerField(null=True)
    # Of the record that was stored: the same record again changes nothing.
    digest = models.BinaryField(max_length=16)
    # Of the row as it was stored: another one now was changed by somebody here.
    stored = models.BinaryField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind", "key"], name="interchange_imported_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.key}"
