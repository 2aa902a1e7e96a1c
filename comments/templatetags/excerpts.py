"""Template filter for the text of a comment on one line."""

from django import template

from comments.thread import plain_text

register = template.Library()


@register.filter
def one_line(html: str) -> str:
    """The stored `html` of a comment as text, its quotes in quotation marks; not marked as safe."""
    return plain_text.one_line(html)
