"""What is published."""

from blog.models.article import Article, ArticleAuthor, CommentPolicy, Hold, Revision, Status
from blog.models.desk import Presence, TextKind, WorkingCopy
from blog.models.image import Image, RetiredPicture
from blog.models.links import CheckedLink, LinkFault, LinkUse
from blog.models.mailing import ArticleMail
from blog.models.pages import MenuItem, MenuPlace, Page, PagePurpose, PageRevision
from blog.models.reads import Reads
from blog.models.related import RelatedArticle
from blog.models.series import Series
from blog.models.shown import ShownVersion
from blog.models.site import MailText, Redirect, SearchWord, SiteSettings
from blog.models.tag import Tag
from blog.models.workflow import PreviewLink, Step, WorkflowStep

Text = Article | Page
"""What is written in the editor, and has versions, copies, people at it and a way out of the
trash."""

__all__ = [
    "Article",
    "ArticleAuthor",
    "ArticleMail",
    "CheckedLink",
    "CommentPolicy",
    "Hold",
    "Image",
    "LinkFault",
    "LinkUse",
    "MailText",
    "MenuItem",
    "MenuPlace",
    "Page",
    "PagePurpose",
    "PageRevision",
    "Presence",
    "PreviewLink",
    "Reads",
    "Redirect",
    "RelatedArticle",
    "RetiredPicture",
    "Revision",
    "SearchWord",
    "Series",
    "ShownVersion",
    "SiteSettings",
    "Status",
    "Step",
    "Tag",
    "Text",
    "TextKind",
    "WorkflowStep",
    "WorkingCopy",
]
