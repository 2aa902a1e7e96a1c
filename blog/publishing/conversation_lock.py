"""Advisory lock that serialises moves of conversations with writes of comments.

Writers lock comments first and the article last; a move starts from the article. Without this
lock they could deadlock, and a comment could land where readers no longer look. Writers share it;
moves are rare and take it exclusively: one lock for the whole site is enough.
"""

from __future__ import annotations

from blog.models import Article
from core import locks
from core.locks import Lock


def to_write() -> None:
    """Take the lock shared: until the transaction ends, no conversation moves.

    Called before any lock on a comment is taken.
    """
    locks.hold(Lock.CONVERSATIONS, shared=True)


def to_move() -> None:
    """Take the lock exclusively until the transaction ends.

    Called before any lock on an article is taken.
    """
    locks.hold(Lock.CONVERSATIONS)


def to_save(article: Article) -> None:
    """As `to_move`, when saving `article` may withdraw it from readers of its translations."""
    if article.is_public:
        return
    if Article.objects.filter(pk=article.pk, conversation=article.pk).exists():
        to_move()
