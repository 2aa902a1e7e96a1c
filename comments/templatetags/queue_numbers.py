"""Counts of the moderation queue in templates."""

from django import template

from comments.moderation.selection import in_words

register = template.Library()


@register.filter
def waiting_number(number: int) -> str:
    """A count of what waits, as it is shown: "12", "1,000+"."""
    return in_words(number)
