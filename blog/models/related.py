"""Articles that an article names as its own next ones."""

from django.db import models

from blog.models.article import Article


class RelatedArticle(models.Model):
    """One of the articles that are offered under another, before those found by likeness."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="related_articles")
    other = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["article", "other"], name="blog_relatedarticle_once")
        ]

    def __str__(self) -> str:
        return str(self.other)
