"""Template tag for schema.org data."""

import json

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.safestring import SafeString, mark_safe

from blog.discovery.metadata import PageMeta

register = template.Library()

# As JSON's own escapes, none of these can end a <script> or begin a comment in it, and the two
# line separators break no reader that takes JSON for JavaScript.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


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
