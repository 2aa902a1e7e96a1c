"""Template tags for what machines read: schema.org data, and the language of a text."""

import json

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.safestring import SafeString, mark_safe

from blog.discovery.metadata import PageMeta
from blog.models.article import site_language
from core.language import language_of_setting

register = template.Library()

# As JSON's own escapes, none of these can end a <script> or begin a comment in it, and the two
# line separators break no reader that takes JSON for JavaScript.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


@register.filter
def language_of(text: str) -> str:
    """The language of a text of the site or an author, for `lang`: the site's unless it is surely
    in another."""
    return language_of_setting(text, site_language())


@register.simple_tag
def json_ld(page: PageMeta) -> SafeString:
    """The page's schema.org data as a script element, or nothing.

    A browser does not decode HTML's escapes inside a script, so JSON's are used in their place
    (as `django.utils.html.json_script` does, which cannot set this type). Hence `mark_safe`:
    what it marks is a fixed tag around JSON that holds none of `<`, `>` and `&`.
    """
    # An error page in the middle of trouble may have a page of another kind, or none.
    data = getattr(page, "structured", None)
    if not data:
        return SafeString()
    text = json.dumps(data, cls=DjangoJSONEncoder).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308
