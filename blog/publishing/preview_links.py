"""Secret links to an article before it is published."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from authors.models import User
from blog.models import (
    Article,
    PreviewLink,
)
from blog.site import token_kinds
from core import tokens


@transaction.atomic
def preview_link_make(*, article: Article, label: str, days: int, user: User) -> PreviewLink:
    """Create a link that opens `article` for `days` days. The caller has checked the permission."""
    return PreviewLink.objects.create(
        article=article,
        label=label,
        made_by=user,
        expires_at=timezone.now() + datetime.timedelta(days=days),
    )


def preview_link_revoke(*, link: PreviewLink) -> None:
    """Revoke a link; idempotent."""
    PreviewLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())


def preview_url(link: PreviewLink) -> str:
    """The secret address."""
    token = tokens.make(token_kinds.PREVIEW, link.pk)
    return str(settings.SITE_URL) + reverse("blog:preview", args=[token])
