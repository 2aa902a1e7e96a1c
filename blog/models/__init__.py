"""What is published."""

from blog.models.article import Article, ArticleAuthor, CommentPolicy, Hold, Revision, Status
from blog.models.image import Image
from blog.models.site import Redirect, SearchWord, SiteSettings
from blog.models.tag import Tag

__all__ = [
    "Article",
    "ArticleAuthor",
    "CommentPolicy",
    "Hold",
    "Image",
    "Redirect",
    "Revision",
    "SearchWord",
    "SiteSettings",
    "Status",
    "Tag",
]
