"""Mailed links of people with an account work for that account alone, logged in."""

import importlib
import secrets
from types import SimpleNamespace

import pytest
from django.core import signing
from django.urls import reverse

from authors.roles import Role
from blog.site import token_kinds as blog_tokens
from comments import tokens
from comments.models import Comment, Commenter, Subscription
from comments.notifications import reply_address
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.tokens import Purpose
from comments.views import mail as views_mail
from core import tokens as kinds
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    """A moderator who wrote a comment, and every link that mails to her hold, by its kind."""
    user = make_user(role=Role.MODERATOR, email="mo@site.example")
    article = make_article(authors=[make_author()])
    writer = {"name": "Mo", "user": user, "moderator": True}
    from blog.site.settings import site_settings

    comment, _new = comment_post(
        submission=Submission(article=article, text="Van mij.", key="a", **writer),
        site=site_settings(),
    )
    waiting, _new = comment_post(
        submission=Submission(article=article, name="Cor", text="Mag dit?", key="b"),
        site=site_settings(),
    )
    Comment.objects.filter(pk=waiting.pk).update(state="pending", shown=False)
    person = comment.commenter
    following = Subscription.objects.create(commenter=person, article=article)
    who = [person.pk, person.email]

    def page(view, kind, value):
        return reverse(view, args=[kinds.make(kind, value)])

    own = tokens.make(Purpose.OWN, comment.pk)
    links = {
        Purpose.CONFIRM.kind: page("comments:confirm", Purpose.CONFIRM.kind, [*who, comment.pk, 0]),
        Purpose.MINE.kind: page("comments:mine", Purpose.MINE.kind, who),
        Purpose.STOP.kind: page("comments:stop", Purpose.STOP.kind, [person.pk, following.pk]),
        Purpose.FOLLOW.kind: page(
            "comments:follow_confirm", Purpose.FOLLOW.kind, [*who, article.pk, 0]
        ),
        Purpose.MODERATE.kind: page(
            "comments:moderate", Purpose.MODERATE.kind, [waiting.pk, user.pk]
        ),
        Purpose.JOIN.kind: page("newsletter:confirm", Purpose.JOIN.kind, [*who, 0, 0, "once"]),
        Purpose.LEAVE.kind: page("newsletter:stop", Purpose.LEAVE.kind, who),
        Purpose.OWN.kind: f"{comment.get_absolute_url()}?own={own}",
        blog_tokens.ARTICLE_MAIL: page("blog:article_mail", blog_tokens.ARTICLE_MAIL, user.pk),
    }
    return user, links


# What is no link of a member of staff: an outsider's preview, a browser's number, the address of
# an answer by mail, and the way in for who has no password.
OTHERS = {
    *(blog_tokens.PREVIEW, Purpose.READER.kind, Purpose.BROWSER.kind, reply_address.KIND),
    "authors.password",
}


def test_every_kind_is_looked_at(scene):
    assert set(scene[1]) == set(kinds.KINDS) - OTHERS


def everything():
    return [*Comment.objects.order_by("pk").values("state", "source", "edited_at"),
            *Commenter.objects.order_by("pk").values("muted", "pace", "confirmed_at"),
            *Subscription.objects.values("pk")]  # fmt: skip


def test_nobody_else_opens_them_or_acts_with_them(client, scene):
    user, links = scene
    before = everything()
    posts = {"action": "mute", "decision": "approve", "mail": "on", "sure": "yes", "text": "Anders"}
    for kind, url in links.items():
        for method in (client.get, client.post):
            answer = method(url, posts) if method == client.post else method(url)
            if kind == Purpose.OWN.kind and method == client.post:
                assert answer.status_code == 405
                continue
            assert answer.status_code == 302, (kind, answer.status_code)
            assert answer["Location"].startswith("/admin/login/?next="), kind
    for role in (Role.OWNER, Role.EDITOR, Role.MODERATOR):
        client.force_login(make_user(role=role, email="x@site.example"))
        for kind, url in links.items():
            assert client.get(url).status_code == 403, kind
            assert client.post(url, posts).status_code in (403, 405), kind
    assert everything() == before
    user.refresh_from_db()
    assert user.article_mail


def test_she_herself_does_and_tells_no_other_site_the_address(client, scene):
    user, links = scene
    client.force_login(user)
    for kind, url in links.items():
        answer = client.get(url)
        assert answer.status_code == 200, kind
        assert answer["Referrer-Policy"] == "no-referrer", kind
        assert "no-store" in answer["Cache-Control"], kind


def test_the_pages_of_her_own_comment_too(client, scene):
    _user, links = scene
    url, _query, own = links[Purpose.OWN.kind].partition("?")
    mine = links[Purpose.MINE.kind].split("/")[2]
    for page in ("edit/", "delete/"):
        for query in (own, f"own={mine}"):
            assert client.get(f"{url}{page}?{query}")["Location"].startswith("/admin/login/")
            client.post(f"{url}{page}?{query}", {"text": "Anders", "own": query[4:]})
    assert Comment.objects.filter(source="Van mij.", state="approved").exists()
    assert client.get(links[Purpose.MINE.kind] + "export/").status_code == 302


def test_they_end_with_the_account(client, scene):
    user, links = scene
    user.delete()
    before = everything()
    for kind in set(links) - {Purpose.STOP.kind, Purpose.OWN.kind}:
        for method in (client.get, client.post):
            assert method(links[kind]).status_code == 404, kind
    mine = links[Purpose.MINE.kind].split("/")[2]
    page = links[Purpose.OWN.kind].partition("?")[0]
    assert client.post(f"{page}edit/?own={mine}", {"text": "Anders"}).status_code == 404
    assert everything() == before


def test_a_mail_program_stops_mail_without_logging_in(client, scene):
    user, links = scene
    once = {"List-Unsubscribe": "One-Click"}
    for kind in (Purpose.STOP.kind, Purpose.LEAVE.kind, blog_tokens.ARTICLE_MAIL):
        assert client.post(links[kind], once).status_code == 200, kind
    user.refresh_from_db()
    assert not user.article_mail
    assert not Subscription.objects.exists()


def test_a_reason_typed_while_the_session_ended_comes_back(client, scene):
    user, links = scene
    answer = client.post(links[Purpose.MODERATE.kind], {"decision": "refuse", "reason": "Te kort"})
    client.force_login(user)
    from urllib.parse import parse_qs, urlsplit

    (back,) = parse_qs(urlsplit(answer["Location"]).query)["next"]
    assert 'value="Te kort"' in client.get(back).text


def test_without_the_second_factor_that_is_asked_nobody_moderates(client, scene, monkeypatch):
    user, links = scene
    client.force_login(user)
    monkeypatch.setattr(views_mail.admin.site, "has_permission", lambda request: False)
    assert client.get(links[Purpose.MODERATE.kind]).status_code == 403


class TestStoredBefore:
    """The migration that takes tokens out of mails of an older release."""

    def mail(self, state):
        migration = importlib.import_module("comments.migrations.0014_tokens_out_of_stored_mails")
        self.token = signing.dumps([7, "a@b.example"], salt="comments.MINE")
        self.other = f"WzFd:1xWfZd:{secrets.token_urlsafe(32)}"
        mail = SimpleNamespace(
            state=state,
            body=f"Mijn pagina:\nhttps://blog.example/mine/{self.token}/\nx/{self.other}/",
            html=f'<a href="https://blog.example/mine/{self.token}/">',
            headers={"Reply-To": reply_address.make(3, 4), "From": "x@blog.example"},
            tokens={},
        )
        assert migration.take_out(mail)
        return mail

    @pytest.mark.parametrize("state", ["sent", "dropped", "digest"])
    def test_what_went_out_loses_them(self, state, settings):
        settings.INBOUND_DOMAIN = "in.blog.example"
        mail = self.mail(state)
        assert mail.body == "Mijn pagina:\nhttps://blog.example/mine/…/\nx/…/"
        assert (mail.tokens, mail.headers["Reply-To"]) == ({}, "…")

    @pytest.mark.parametrize("state", ["queued", "failed"])
    def test_what_waits_gets_them_anew(self, state, settings):
        settings.INBOUND_DOMAIN = "in.blog.example"
        mail = self.mail(state)
        from core.mail import sealed, tokens_of

        assert self.token not in mail.body + mail.html
        made = tokens_of(mail.tokens)
        link = sealed(mail.html, made).split("/mine/")[1].split("/")[0]
        assert tokens.read(Purpose.MINE, link) == [7, "a@b.example"]
        assert reply_address.read(sealed(mail.headers["Reply-To"], made)) == (3, 4)
        assert self.other not in mail.body
