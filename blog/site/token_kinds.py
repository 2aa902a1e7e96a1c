"""Kinds of tokens of the blog."""

from __future__ import annotations

from core.tokens import kind

PREVIEW = kind("blog.preview")
"""Reading one unpublished article; holds a `PreviewLink`'s number, which says until when."""
ARTICLE_MAIL = kind("blog.article-mail")
"""Switching an account's mail about articles off and on; holds the account's number."""
