"""Signals for apps that this one does not import."""

from django.dispatch import Signal

# Sent inside the transaction in which an author or an account got another name, or in which one
# author became another. Arguments: `person` (an `Author` or a `User`), `before` (the old name).
renamed = Signal()

# Sent inside the transaction in which an author got another photo, or lost it. Argument: `author`
# (its number).
photo_changed = Signal()

# Asks what stays behind when somebody leaves. Argument: `user`. Each receiver gives a list of
# lines for the page on which an owner decides; it changes nothing.
leaving = Signal()
