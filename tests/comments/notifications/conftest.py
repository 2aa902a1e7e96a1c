"""A conversation under an article."""

import pytest

from authors.roles import Role


@pytest.fixture
def scene():
    """An article with its author's account, Anna's comment, and nobody else told yet."""
    from tests.comments.notifications.telling import person, post
    from tests.factories import make_article, make_author, make_user

    user = make_user(role=Role.AUTHOR, email="femke@site.example")
    article = make_article("Roosters", authors=[make_author("Femke", user=user)])
    person("Anna")
    person("Bo")
    return article, post(article)
