"""Who writes in a conversation, and who moves one to another article, one after the other.

Writers lock comments first and the article last; a move starts from the article. Without a gate
they could wait for each other in a circle, and a comment could land where readers no longer look.
Writers pass side by side. Moves are rare, wait for the writers on their way and keep the next ones
waiting: one gate for the whole site is enough.
"""

from __future__ import annotations

from blog.models import Article
from core import locks
from core.locks import Lock


def to_write() -> None:
    """Pass, with others that write: until the transaction ends, no conversation moves.

    Called before any lock on a comment is taken.
    """
    locks.hold(Lock.CONVERSATIONS, shared=True)


def to_move() -> None:
    """Wait until nobody writes, and let nobody begin until the transaction ends.

    Called before any lock on an article is taken.
    """
    locks.hold(Lock.CONVERSATIONS)


def to_save(article: Article) -> None:
    """As `to_move`, when saving `article` may withdraw it from readers of its translations."""
    if article.is_public:
        return
    if Article.objects.filter(pk=article.pk, conversation=article.pk).exists():
        to_move()
