"""The writing desk: articles, the picture library, tags, redirects and the site's settings."""

from blog.admin import articles, images, mails, pages, site, subjects, workflow

__all__ = ["articles", "images", "mails", "pages", "site", "subjects", "workflow"]
