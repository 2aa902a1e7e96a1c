"""Addresses in a stranger's words and name are no links in any mail, in text or HTML."""

import re

import pytest

from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments.models import Commenter, Delivery, Subscription
from comments.notifications import following
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

WORDS = (
    "kijk op evil.example/pad of abn.nl of http://evil.example/q, bij bo@evil.example, "
    "10.9.8.7/x, localhost:81/y, //bank.example, **evil**.example en evil&#46;example"
)
LEFT = re.compile(r"evil\s?(?:</?\w+>)?\.\w|abn\.nl|10\.9|localhost:81|bank\.example|evil\.")


@pytest.mark.parametrize("hold", [Hold.NOBODY, Hold.EVERYONE])
def test_nothing_that_a_stranger_wrote_can_be_followed(hold):
    site = SiteSettings.objects.create(pk=1, hold=hold)
    make_user("mo", role=Role.MODERATOR, email="mo@site.example")
    article = make_article("Roosters")
    reader = Commenter.objects.create(
        name="Bo", email="bo@lezer.example", confirmed_at="2026-11-01T10:00Z", trust="known"
    )
    Subscription.objects.create(commenter=reader, article=article)
    for email in ("", "vreemd@lezer.example"):
        comment_post(
            submission=Submission(
                article=article,
                name="Bo evil.example",
                email=email,
                text=WORDS + email.partition("@")[0],
            ),
            site=site,
        )
    following.tell_waiting()
    mails = list(Delivery.objects.all())
    assert {mail.kind for mail in mails} >= {"confirm"}
    for mail in mails:
        for said in (mail.subject, str(mail.headers), mail.body, mail.html):
            left = said.replace("evil. example", "")
            assert not LEFT.search(left), said
        assert "kijk op" in mail.body
