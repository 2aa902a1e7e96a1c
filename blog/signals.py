"""What the blog tells those that it does not know."""

from django.dispatch import Signal

# Sent inside the transaction that changed an article's words after readers could see it.
# Arguments: `article`.
article_changed = Signal()

# Sent inside the transaction that made `article` a translation which shares the conversation of
# `home`. Arguments: `home`, `article`.
conversation_joined = Signal()
