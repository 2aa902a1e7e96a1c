"""Signals for apps that the blog does not import."""

from django.dispatch import Signal

# Sent inside the transaction that changed an article's words after readers could see it.
# Arguments: `article`.
article_changed = Signal()

# Sent inside the transaction in which the conversation of `article` goes to `home`: it became a
# translation that shares it, or gives it up as it is withdrawn or deleted. Arguments: `home`,
# `article`.
conversation_joined = Signal()

# Sent inside the transaction in which authors came or went above an article. Arguments: `authors`
# (their numbers).
bylines_changed = Signal()

# Sent before a picture is deleted: texts of other apps that show it (their `figures`) are to be
# saved without it. Arguments: `number`.
picture_leaves = Signal()

# Sent inside the transaction in which pictures are withdrawn: copies that other apps made of them
# are to go. No arguments.
picture_withdrawn = Signal()
