"""Pictures in templates."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from authors.models import Author
from blog.content import rendering
from blog.models import Image

register = template.Library()


@register.simple_tag
def picture(
    image: Image,
    sizes: str = rendering.SIZES,
    eager: bool = False,
    decorative: bool = False,
    dark: Image | None = None,
) -> SafeString:
    """`<picture>` of an image of the library; decorative ones have an empty alt.

    `dark` takes its place for who reads light on dark.
    """
    return rendering.picture_markup(
        image, settings.MEDIA_URL, sizes=sizes, eager=eager, decorative=decorative, dark=dark
    )


@register.filter
def enlargeable(markup: str) -> SafeString:
    """Finished markup in which a picture leads to its widest file."""
    return rendering.enlargeable(markup)


@register.simple_tag
def portrait(author: Author) -> SafeString:
    """The author's square photo; an empty alt, since their name stands beside it."""
    small = author.photo_renditions.get("96", {})
    large = author.photo_renditions.get("192", {})
    kind = "jpeg" if "jpeg" in small else "png"
    if kind not in small:
        return SafeString()
    sources = SafeString("").join(
        format_html(
            '<source type="image/{}" srcset="{}{}, {}{} 2x">',
            modern,
            settings.MEDIA_URL,
            small[modern],
            settings.MEDIA_URL,
            large[modern],
        )
        for modern in ("avif", "webp")
        if modern in small and modern in large
    )
    image = format_html(
        '<img src="{}{}" srcset="{}{} 2x" width="96" height="96" alt="" loading="lazy">',
        settings.MEDIA_URL,
        small[kind],
        settings.MEDIA_URL,
        large[kind],
    )
    return format_html('<picture class="portrait">{}{}</picture>', SafeString(sources), image)
