"""The writing desk: articles, the picture library, tags, redirects and the site's settings."""

from blog.admin import articles, images, site

__all__ = ["articles", "images", "site"]
