"""Admin pages of articles, pages, the picture library, tags, redirects and site settings."""

from blog.admin import articles, images, links, mails, pages, people, site, subjects, workflow

__all__ = [
    "articles",
    "images",
    "links",
    "mails",
    "pages",
    "people",
    "site",
    "subjects",
    "workflow",
]
