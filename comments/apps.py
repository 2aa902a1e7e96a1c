from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    """The conversation under the articles."""

    name = "comments"
    verbose_name = _("Conversation")

    def ready(self) -> None:
        """Register recurring jobs and connect signals."""
        from django.db.models.signals import pre_delete

        from authors import signals as people
        from blog.models import Article
        from blog.signals import article_changed, bylines_changed, conversation_joined
        from comments.commenters import leaving
        from comments.moderation import reports
        from comments.thread import counters, quotes, renaming

        pre_delete.connect(reports.conversation_ends, Article, dispatch_uid="comments.reports")
        article_changed.connect(quotes.changed, dispatch_uid="comments.thread.quotes")
        conversation_joined.connect(counters.joined, dispatch_uid="comments.thread.counters")
        people.renamed.connect(renaming.renamed, dispatch_uid="comments.thread.names")
        people.photo_changed.connect(renaming.photo_changed, dispatch_uid="comments.photos")
        bylines_changed.connect(renaming.bylines_changed, dispatch_uid="comments.badges")
        people.leaving.connect(leaving.comments_of_leaving, dispatch_uid="comments.leaving")
