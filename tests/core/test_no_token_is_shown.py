"""No log, admin page, archive or export holds a token that still opens something."""

import gzip
import re
import zipfile

import pytest
from django.contrib import admin
from django.core import mail as outbox
from django.core.management import call_command
from django.db import transaction
from django.urls import get_resolver, reverse
from django.utils import timezone

from authors import account_mail, accounts
from authors.models import AccountMail
from authors.roles import Role
from blog.models import Article, ArticleMail, SiteSettings, Status
from blog.publishing import preview_links, workflow_mail
from blog.publishing.articles import article_save
from comments import tokens
from comments.commenters import own_comments
from comments.models import Commenter, Delivery
from comments.moderation import states
from comments.notifications import confirming, deliveries, following, notices
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from core import tokens as kinds
from newsletter import letters, sending
from newsletter.models import Issue, Mail, MailPace, Subscription
from tests.architecture.test_house import patterns
from tests.core.seen import logged, usable
from tests.factories import make_article, make_author, make_user
from tests.interchange.filling import fill_site

# Given to a browser in the page's own script or form, never mailed: a number that counts once.
NOT_MAILED = {tokens.Purpose.READER.kind, tokens.Purpose.BROWSER.kind}
# Told to who makes one, once.
TOLD_ONCE = {"blog.preview"}
ROWS = (AccountMail, ArticleMail, Delivery, Mail)
SENDERS = {
    AccountMail: account_mail.deliver,
    ArticleMail: workflow_mail.deliver,
    Delivery: deliveries.deliver,
    Mail: sending.deliver,
}


def make_every_mail():
    """Mails with every kind of token, from the services that make them."""
    fill_site()
    site = SiteSettings.objects.get()
    editor = make_user(role=Role.EDITOR, email="editor@blog.example")
    femke = make_author("Femke", user=make_user(role=Role.AUTHOR, email="femke@blog.example"))
    article = make_article(authors=[femke])
    # The conversation: to confirm, to follow, to moderate, to answer, decided, the own page.
    anna = {"name": "Anna Lezer", "email": "anna@lezer.example"}
    held, _new = comment_post(
        submission=Submission(article=article, text="Wacht.", key="a", **anna), site=site
    )
    person = held.commenter
    confirming.ask_to_confirm(held, follow=False)
    notices.send_mine(person)
    following.follow_request(email="bo@lezer.example", language="nl", article=article, comment=None)
    letters.ask_to_confirm(person, None, None, MailPace.ONCE)
    with transaction.atomic():
        following.tell_waiting()
    Commenter.objects.filter(pk=person.pk).update(confirmed_at=timezone.now())
    states.comment_approve(comment=held, actor=editor)
    with transaction.atomic():
        following.tell_waiting()
    Subscription.objects.create(person=person)
    issue = Issue.objects.create(title="Nieuws", article=article)
    sending.fill(issue.pk)
    # Articles and accounts.
    draft = make_article(authors=[femke], status=Status.DRAFT)
    draft.status = Status.REVIEW
    article_save(article=draft, authors=None, tags=None, editor=femke.user, expected_version=None)
    preview_links.preview_link_make(article=draft, label="Karin", days=7, user=editor)
    accounts.password_reset_mail(editor.email)
    fresh = make_user(email="nieuw@blog.example")
    fresh.set_unusable_password()
    fresh.save()
    accounts.password_link_mail(fresh)


def deliver_all():
    Delivery.objects.update(next_try_at=None)
    for model, task in SENDERS.items():
        for number in model.objects.filter(state="queued").values_list("pk", flat=True):
            task.call(number)


def stored():
    """Everything that the rows of all outboxes say."""
    return "\n".join(
        f"{row.body}{row.html}{row.headers}{row.error}{row.subject}"
        for model in ROWS
        for row in model.objects.all()
    )


@pytest.fixture
def mails(db, settings, media_root):
    settings.INBOUND_DOMAIN = "in.blog.example"
    make_every_mail()


def test_mails_hold_tokens_only_when_they_go_out(mails):
    named = {kind for model in ROWS for row in model.objects.all()
             for kind, _value in row.tokens.values()}  # fmt: skip
    # The newsletter's are made at the moment of sending, with the text.
    named |= {tokens.Purpose.LEAVE.kind}
    assert named == set(kinds.KINDS) - NOT_MAILED - TOLD_ONCE
    assert usable(stored()) == set()
    deliver_all()
    went_out = "\n".join(
        f"{one.body}{one.alternatives}{one.extra_headers}" for one in outbox.outbox
    )
    assert usable(went_out) == named
    # What the marks stood for is forgotten with the sending.
    assert usable(stored()) == set()
    for model in ROWS:
        assert not model.objects.filter(state="sent").exclude(tokens={}).exists()
    assert "token-" not in went_out


def newest(model):
    return model._default_manager.order_by("-pk").values_list("pk", flat=True).first()


def admin_urls():
    """Every page of the admin that has an address, with the number of a row that there is.

    Of mails all, of other models the newest row.
    """
    models = {f"{model._meta.app_label}/{model._meta.model_name}": model
              for model in admin.site._registry}  # fmt: skip
    for model in models.values():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        if model in ROWS:
            for number in model._default_manager.values_list("pk", flat=True):
                yield reverse(f"{name}_change", args=[number])
        elif number := newest(model):
            for kind in ("change", "history", "delete"):
                yield reverse(f"{name}_{kind}", args=[number])
    for route in patterns(get_resolver()):
        if not route.startswith("admin/") or re.search(r"logout|[(^]", route):
            continue
        if "<" not in route:
            yield f"/{route}"
        elif re.fullmatch(r"[^<]*<(?:int:number|id)>[^<]*", route):
            model = models.get("/".join(route.split("/")[1:3]), Article)
            if "preview" in route:
                model = Article
            yield "/" + re.sub(r"<[^>]+>", str(newest(model) or 1), route)


def text_of(answer):
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return data.decode("utf-8", "replace")


def test_no_admin_page_shows_one_to_anybody(mails, client):
    # Some went out, some wait, some failed.
    deliver_all()
    for model in ROWS:
        rows = list(model.objects.values_list("pk", flat=True))
        model.objects.filter(pk__in=rows[::3]).update(state="queued")
        model.objects.filter(pk__in=rows[1::3]).update(state="failed", error="550 no")
    accounts.password_reset_mail("femke@blog.example")
    people = [make_user(role=role) for role in Role.values] + [make_user(is_superuser=True)]
    client.raise_request_exception = False
    seen = 0
    with logged() as lines:
        for user in people:
            client.force_login(user)
            for url in admin_urls():
                answer = client.get(url)
                assert answer.status_code < 500, url
                assert usable(text_of(answer)) == set(), (url, user)
                seen += answer.status_code == 200
    assert seen > 200
    assert usable("\n".join(lines)) == set()
    # Mails about accounts are for owners.
    log = reverse("admin:authors_accountmail_changelist")
    shown = []
    for user in people:
        client.force_login(user)
        shown.append(client.get(log).status_code == 200)
    assert shown == [role == Role.OWNER for role in Role.values] + [True]


def texts_of(folder):
    for file in folder.rglob("*"):
        if not file.is_file():
            continue
        data = file.read_bytes()
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as opened:
                yield from (opened.read(name).decode("utf-8", "replace") for name in
                            opened.namelist())  # fmt: skip
        elif data[:2] == b"\x1f\x8b":
            yield gzip.decompress(data).decode("utf-8", "replace")
        else:
            yield data.decode("utf-8", "replace")


@pytest.mark.django_db(transaction=True)
def test_nothing_that_leaves_the_site_holds_one(settings, media_root, tmp_path):
    settings.INBOUND_DOMAIN = "in.blog.example"
    make_every_mail()
    deliver_all()
    with logged() as lines:
        call_command("export", "archive", str(tmp_path / "site.zip"))
        call_command("export", "wordpress", str(tmp_path / "site.xml"))
        call_command("export", "html", str(tmp_path / "copy"))
        for person in Commenter.objects.all():
            (tmp_path / f"{person.pk}.json").write_text(str(own_comments.commenter_export(person)))
    found = list(texts_of(tmp_path))
    assert len(found) > 20
    for text in found:
        assert usable(text) - NOT_MAILED == set()
    assert usable("\n".join(lines)) == set()
