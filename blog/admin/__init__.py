"""Admin pages of articles, pages, the picture library, tags, redirects and site settings."""

from blog.admin import articles, images, mails, pages, people, site, subjects, workflow

__all__ = ["articles", "images", "mails", "pages", "people", "site", "subjects", "workflow"]
