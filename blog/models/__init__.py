"""What is published."""

from blog.models.article import Article, ArticleAuthor, CommentPolicy, Revision, Status
from blog.models.image import Image
from blog.models.site import Redirect, SearchWord, SiteSettings
from blog.models.tag import Tag

__all__ = [
    "Article",
    "ArticleAuthor",
    "CommentPolicy",
    "Image",
    "Redirect",
    "Revision",
    "SearchWord",
    "SiteSettings",
    "Status",
    "Tag",
]
