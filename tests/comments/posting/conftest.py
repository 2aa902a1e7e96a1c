"""Answers by mail are taken, and there is a comment to answer."""

import pytest


@pytest.fixture(autouse=True)
def taken(settings):
    settings.INBOUND_DOMAIN = "in.site.example"
    settings.INBOUND_SECRET = "geheim-van-de-postbode"


@pytest.fixture
def scene(db):
    from django.utils import timezone

    from authors.roles import Role
    from blog.models import Hold, SiteSettings
    from comments.models import Commenter, Trust
    from comments.posting.store import comment_post
    from comments.posting.submission import Submission
    from tests.factories import make_article, make_author, make_user

    SiteSettings.objects.create(pk=1, hold=Hold.NOBODY)
    user = make_user(role=Role.AUTHOR, email="femke@site.example")
    article = make_article("Roosters", authors=[make_author("Femke", user=user)])
    site = SiteSettings(hold=Hold.NOBODY)
    writer = {"name": "Anna", "email": "anna@lezer.example"}
    comment, _new = comment_post(
        submission=Submission(article=article, text="Een gedachte.", **writer), site=site
    )
    bo = Commenter.objects.create(
        name="Bo", email="bo@lezer.example", confirmed_at=timezone.now(), trust=Trust.KNOWN
    )
    return comment, bo
