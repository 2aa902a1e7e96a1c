"""What the blog tells those that it does not know."""

from django.dispatch import Signal

# Sent inside the transaction that changed an article's words after readers could see it.
# Arguments: `article`.
article_changed = Signal()
