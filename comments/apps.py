from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    """The conversation under the articles."""

    name = "comments"
    verbose_name = _("Conversation")

    def ready(self) -> None:
        """Register the recurring work and listen to what happens to articles."""
        from blog.signals import article_changed, conversation_joined
        from comments import counters, jobs, quotes  # noqa: F401 - importing jobs registers them

        article_changed.connect(quotes.changed, dispatch_uid="comments.quotes")
        conversation_joined.connect(counters.joined, dispatch_uid="comments.counters")
