"""Sending: everybody who asked, once, in batches, and nothing that was withdrawn."""

import datetime

import pytest
import time_machine
from django.core import mail as outbox_of
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from blog.models import Article, SiteSettings, Status
from comments.models import Trust
from core.outbox import DeliveryState
from newsletter import letters, sending
from newsletter.models import Issue, Mail, Subscription
from tests.factories import make_author, make_tag
from tests.newsletter.readers import make_news, make_reader

pytestmark = pytest.mark.django_db


def work(limit=50):
    """Do what the worker would: begin what is due, and every batch to its end."""
    sending.begin_due()
    tasks = DBTaskResult.objects.filter(task_path="newsletter.sending.send_batch", status="READY")
    for _turn in range(limit):
        task = tasks.order_by("enqueued_at").first()
        if task is None:
            return
        task.delete()
        sending.send_batch.call(*task.args_kwargs["args"])
    raise AssertionError("it does not end")


def recipients():
    return sorted(message.to[0] for message in outbox_of.outbox)


def test_each_gets_what_she_asked_for_once():
    author, tag = make_author("Femke"), make_tag("Werk")
    make_reader("alles@x.example")
    make_reader("auteur@x.example", author=author)
    make_reader("tag@x.example", tag=tag)
    make_reader("beide@x.example", author=author)
    make_reader("beide@x.example", tag=tag)
    make_reader("anders@x.example", author=make_author())
    make_reader("weekblad@x.example", pace="weekly")
    make_news(authors=[author, make_author()], tags=[tag])
    work()
    work()
    assert recipients() == [
        "alles@x.example", "auteur@x.example", "beide@x.example", "tag@x.example"
    ]  # fmt: skip


def test_only_confirmed_good_addresses():
    make_reader("nieuw@x.example", confirmed_at=None)
    make_reader("kapot@x.example", bounced_at=timezone.now())
    make_reader("geweerd@x.example", trust=Trust.BLOCKED)
    make_reader("stil@x.example", muted=True)
    make_news()
    work()
    # "No mail about comments" is another wish.
    assert recipients() == ["stil@x.example"]


def test_the_mail(settings):
    settings.SITE_URL = "https://blad.example"
    SiteSettings.objects.update_or_create(pk=1, defaults={"title": "Het Blad"})
    person = make_reader(language="en")
    article = make_news(
        "Een <titel> & meer", lead="De <b>inleiding</b>.", authors=[make_author("Femke")]
    )
    work()
    (message,) = outbox_of.outbox
    url = f"https://blad.example{article.get_absolute_url()}"
    assert message.subject == "Een <titel> & meer"
    assert message.from_email.startswith("Het Blad") or "Het Blad" in message.extra_headers["From"]
    assert "De <b>inleiding</b>." in message.body
    assert "By Femke" in message.body
    assert url in message.body
    ((html, _type),) = message.alternatives
    assert "Een &lt;titel&gt; &amp; meer" in html
    assert "<b>inleiding" not in html
    assert f'href="{url}"' in html
    stop = letters.stop_url(person).made()[:60]
    assert message.extra_headers["List-Unsubscribe"].startswith(f"<{stop}")
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    # Twenty thousand copies of a text are not kept.
    assert Mail.objects.get().html == ""


@pytest.mark.parametrize(
    ("fields", "ahead"),
    [
        ({"status": Status.DRAFT, "published_at": None}, None),
        ({"mailed": False}, None),
        ({"status": Status.SCHEDULED}, datetime.timedelta(hours=1)),
        ({}, datetime.timedelta(minutes=-1)),
        ({}, datetime.timedelta(days=-3)),
    ],
)
def test_what_is_not_mailed(fields, ahead):
    if ahead is not None:
        fields = {**fields, "published_at": timezone.now() + ahead}
    make_reader()
    make_news(**fields)
    work()
    assert not outbox_of.outbox
    assert not Issue.objects.exists()


def test_an_article_withdrawn_meanwhile_goes_to_nobody_more(monkeypatch):
    monkeypatch.setattr(sending, "BATCH", 2)
    for number in range(5):
        make_reader(f"lezer{number}@x.example")
    article = make_news()
    sending.begin_due()
    number = Issue.objects.get().pk
    sending.send_batch.call(number)
    assert len(outbox_of.outbox) == 2
    sending.fill(number)
    Article.objects.update(status=Status.ARCHIVED)
    work()
    assert len(outbox_of.outbox) == 2
    states = Mail.objects.values_list("state", flat=True).order_by("id")
    assert list(states) == ["sent", "sent", DeliveryState.DROPPED, DeliveryState.DROPPED]
    # Public again, it goes on where it was.
    Article.objects.filter(pk=article.pk).update(status=Status.PUBLISHED)
    Issue.objects.update(touched_at=timezone.now() - datetime.timedelta(minutes=5))
    work()
    assert recipients() == ["lezer0@x.example", "lezer1@x.example", "lezer4@x.example"]
    assert Issue.objects.get().finished_at is not None


def test_a_deleted_one_ends():
    make_reader()
    make_news()
    sending.begin_due()
    Article.objects.all().delete()
    work()
    assert not outbox_of.outbox
    assert Issue.objects.get().finished_at is not None


def test_who_stopped_meanwhile_gets_nothing():
    make_reader()
    make_news()
    sending.begin_due()
    sending.fill(Issue.objects.get().pk)
    Subscription.objects.all().delete()
    work()
    assert not outbox_of.outbox


def test_batches_are_short_and_queries_do_not_grow(monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(sending, "BATCH", 3)
    for number in range(8):
        make_reader(f"lezer{number}@x.example")
    make_news()
    sending.begin_due()
    number = Issue.objects.get().pk
    with django_assert_max_num_queries(10):
        sending.fill(number)
    assert Mail.objects.count() == 3
    work()
    assert len(recipients()) == len(set(recipients())) == 8


def test_of_translations_each_reader_gets_the_own_one():
    make_reader("nl@x.example", language="nl")
    make_reader("en@x.example", language="en")
    dutch = make_news("Nederlands")
    make_news("English", language="en", translation_set=dutch.translation_set)
    make_news("Alleen Engels", language="en")
    work()
    found = sorted((message.to[0], message.subject) for message in outbox_of.outbox)
    assert found == [
        ("en@x.example", "Alleen Engels"),
        ("en@x.example", "English"),
        ("nl@x.example", "Alleen Engels"),
        ("nl@x.example", "Nederlands"),
    ]


class TestWeek:
    # A Monday.
    NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)

    def test_on_monday_everything_of_the_week_together(self):
        author = make_author("Femke")
        with time_machine.travel(self.NOON, tick=False):
            make_reader("alles@x.example", pace="weekly")
            make_reader("auteur@x.example", pace="weekly", author=author)
            make_reader("niets@x.example", pace="weekly", tag=make_tag())
            for days, title, who in [(1, "Zondag", author), (5, "Woensdag", make_author()),
                                     (8, "Vorige week", author)]:  # fmt: skip
                make_news(title, authors=[who], published_at=self.NOON - datetime.timedelta(days))
            make_news("Vandaag", published_at=self.NOON - datetime.timedelta(minutes=30))
            work()
            work()
        found = {message.to[0]: message.body for message in outbox_of.outbox}
        assert set(found) == {"alles@x.example", "auteur@x.example"}
        assert len(outbox_of.outbox) == 2
        everything = found["alles@x.example"]
        assert everything.index("Zondag") < everything.index("Woensdag")
        assert "Woensdag" not in found["auteur@x.example"]
        for text in found.values():
            assert "Vorige week" not in text
            assert "Vandaag" not in text

    @pytest.mark.parametrize("days", [-0.5, 4])
    def test_not_on_other_days(self, days):
        with time_machine.travel(self.NOON + datetime.timedelta(days=days), tick=False):
            make_reader(pace="weekly")
            make_news(published_at=timezone.now() - datetime.timedelta(days=3))
            work()
        assert not outbox_of.outbox

    def test_a_week_without_articles_has_none(self):
        with time_machine.travel(self.NOON, tick=False):
            make_reader(pace="weekly")
            work()
        assert not Issue.objects.exists()


def test_a_sending_whose_task_was_lost_is_taken_up():
    make_reader()
    make_news()
    sending.begin_due()
    DBTaskResult.objects.all().delete()
    work()
    assert not outbox_of.outbox
    Issue.objects.update(touched_at=timezone.now() - datetime.timedelta(minutes=5))
    work()
    assert recipients() == ["anna@lezer.example"]
