"""Making a translation of an article."""

from __future__ import annotations

from django.db import transaction

from authors.models import User
from blog.models import Article
from blog.publishing.articles import article_save
from blog.publishing.shared_conversation import article_translates


@transaction.atomic
def article_translation_make(*, article: Article, language: str, editor: User) -> Article:
    """A draft in `language` with the text of `article` and all that goes with it."""
    made = article_save(
        article=Article(
            title=article.title,
            lead=article.lead,
            body_source=article.body_source,
            search_title=article.search_title,
            search_description=article.search_description,
            picture=article.picture,
            share_picture=article.share_picture,
            language=language,
            comment_policy=article.comment_policy,
        ),
        authors=article.byline,
        tags=article.tag_list,
        editor=editor,
        expected_version=None,
    )
    article_translates(article=made, original=article)
    return made
