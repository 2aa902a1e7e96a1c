"""The record of a sending: what came how far, why mails failed, and a second go for those alone."""

import datetime

import pytest
from django.core import mail as outbox_of
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from authors.roles import Role
from blog.models import Article, SiteSettings
from comments.models import Commenter
from core.redact import redact
from newsletter import jobs, sending
from newsletter.models import Issue, Mail, Subscription
from tests.comments.notifications.test_deliveries import smtp, wait_for  # noqa: F401 - smtp is a fixture
from tests.factories import make_author, make_user
from tests.newsletter.readers import make_news, make_reader
from tests.newsletter.test_killed import worker
from tests.newsletter.test_sending import work

pytestmark = pytest.mark.django_db
GONE = "550 5.1.1 <{}>: no such mailbox"


def record_of(issue):
    return f"/admin/newsletter/issue/{issue.pk}/change/"


def again_of(issue):
    return f"/admin/newsletter/issue/{issue.pk}/again/"


@pytest.fixture
def refused(smtp):  # noqa: F811
    """A sending to four readers, of whom two have no mailbox any more."""
    for name in ("anna", "bob", "cor", "dirk"):
        make_reader(f"{name}@x.example")
    for name in ("bob", "cor"):
        smtp.answers[f"{name}@x.example"] = GONE.format(f"{name}@x.example")
    make_news("Gemaild")
    work()
    return Issue.objects.get()


def test_the_record_has_numbers_and_reasons_and_no_address(client, refused):
    client.force_login(make_user(role=Role.EDITOR))
    page = client.get(record_of(refused))
    assert page.context["states"] == [
        ("verstuurd", 2), ("wacht", 0), ("mislukt", 2),
        ("niet verstuurd: niet meer gewenst of toegestaan", 0),
    ]  # fmt: skip
    assert page.context["failed"] == [("550 5.1.1 <…>: no such mailbox", 2)]
    assert "x.example" not in page.content.decode()


def test_only_what_failed_is_sent_again_once(client, refused, smtp):  # noqa: F811
    client.force_login(make_user(role=Role.EDITOR))
    smtp.got.clear()
    smtp.answers.clear()
    Subscription.objects.filter(person__email="cor@x.example").delete()
    page = client.post(again_of(refused), follow=True)
    assert "2 mails worden opnieuw verstuurd." in page.content.decode()
    assert "Er worden 0" not in page.content.decode()
    client.post(again_of(refused))
    work()
    assert [to for to, _text in smtp.got] == ["bob@x.example"]
    assert refused.mails.filter(state="dropped").count() == 1
    # Its address counts as good again; that of who stopped too, but it asks for nothing.
    assert Commenter.objects.get(email="bob@x.example").bounced_at is None


def test_what_may_not_go_out_any_more_does_not(client, refused, smtp):  # noqa: F811
    smtp.got.clear()
    smtp.answers.clear()
    Article.objects.update(status="archived")
    sending.failed_again(issue=refused)
    work()
    assert smtp.got == []


def test_one_that_is_tried_still_says_so(client, smtp):  # noqa: F811
    make_reader("vol@x.example")
    smtp.answers["vol@x.example"] = "452 mailbox of vol@x.example is full"
    make_news()
    work()
    client.force_login(make_user(role=Role.EDITOR))
    issue = Issue.objects.get()
    page = client.get(record_of(issue))
    assert page.context["tried"] == [("452 mailbox of … is full", 1)]
    assert "Volgende poging" in page.content.decode()
    # A mail that waits for its next try is not failed: nothing to begin anew.
    client.post(again_of(issue))
    assert Mail.objects.get().tries == 1


def test_an_author_reads_her_own_record_and_sends_nothing(client):
    author = make_author("Anna", user=make_user(role=Role.AUTHOR))
    make_reader()
    make_news("Van mij", authors=[author])
    make_news("Van een ander")
    work()
    mine, other = (Issue.objects.get(title=title) for title in ("Van mij", "Van een ander"))
    Mail.objects.update(state="failed", error="550 nee")
    client.force_login(author.user)
    page = client.get(record_of(mine))
    assert "550 nee" in page.content.decode()
    assert again_of(mine) not in page.content.decode()
    assert client.get(record_of(other)).status_code == 404
    for issue in (mine, other):
        assert client.post(again_of(issue)).status_code == 403
    assert Mail.objects.filter(state="failed").count() == 2


@pytest.mark.parametrize("role", [None, Role.MODERATOR])
def test_others_have_no_record(client, role):
    make_reader()
    make_news()
    work()
    issue = Issue.objects.get()
    client.force_login(make_user(role=role))
    assert client.get(record_of(issue)).status_code in (403, 404)
    assert client.post(again_of(issue)).status_code == 403
    client.logout()
    assert client.get(record_of(issue)).status_code == 302


def test_it_is_not_begun_by_a_link(client):
    make_reader()
    make_news()
    work()
    client.force_login(make_user(role=Role.EDITOR))
    assert client.get(again_of(Issue.objects.get())).status_code == 405


def test_numbers_outlive_the_mails(client):
    SiteSettings.objects.update_or_create(pk=1, defaults={"mail_days": 90})
    for number in range(3):
        make_reader(f"lezer{number}@x.example")
    make_news()
    work()
    old = timezone.now() - datetime.timedelta(days=91)
    Mail.objects.filter(person__email="lezer0@x.example").update(state="failed")
    Mail.objects.exclude(person__email="lezer2@x.example").update(created_at=old)
    jobs.forget_mails()
    jobs.forget_mails()
    assert Mail.objects.count() == 1
    assert Issue.objects.get().counts() == {"sent": 2, "failed": 1}
    # Nobody gets it a second time for that.
    work()
    assert len(outbox_of.outbox) == 3


@given(st.text(), st.emails(), st.text())
def test_no_address_is_left_in_a_reason(before, address, after):
    assert address not in redact(f"{before} <{address}> {after}")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_while_it_sends_again_nobody_is_missed_and_nobody_has_two(smtp):  # noqa: F811
    names = [f"lezer{number}@x.example" for number in range(12)]
    for name in names:
        make_reader(name)
        smtp.answers[name] = "550 weg"
    smtp.answers[names[0]] = "250 OK"
    make_news()
    work()
    smtp.answers.clear()
    assert [to for to, _text in smtp.got] == names[:1]
    assert sending.failed_again(issue=Issue.objects.get()) == 11
    running = worker(smtp.port, 0.1)
    try:
        wait_for(lambda: len(smtp.got) >= 5)
    finally:
        running.kill()
        running.wait()
    # The time after which a mail without a task is taken up again.
    Mail.objects.filter(state="queued").update(
        created_at=timezone.now() - datetime.timedelta(minutes=6)
    )
    running = worker(smtp.port, 0)
    try:
        wait_for(lambda: not Mail.objects.exclude(state="sent").exists())
    finally:
        running.terminate()
        running.wait(20)
    assert {to for to, _text in smtp.got} == set(names)
    # The one that was on its way came twice, at the most, under one Message-ID.
    assert len(smtp.got) <= len(names) + 1
