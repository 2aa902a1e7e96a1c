"""The list of subscribers: out and in again, nobody mailed, nobody subscribed who stopped."""

from __future__ import annotations

import csv
import datetime
import io

import pytest
from django.core import mail as outbox_of
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import given, strategies
from hypothesis.extra.django import TestCase

from authors.roles import Role
from comments.models import Commenter, Delivery, Trust
from newsletter import services, subscribers
from newsletter.models import Ended, Mail, MailPace, Subscription
from newsletter.subscribers import LineOutcome
from tests.factories import make_author, make_tag, make_user
from tests.newsletter.readers import make_news, make_reader
from tests.newsletter.test_sending import work

pytestmark = pytest.mark.django_db
LIST = "/admin/newsletter/issue/subscribers/"
HEAD = "email,consented,source,to,pace,language\n"


def take(text, *, source="Elders", trial=False):
    data = text if isinstance(text, bytes) else text.encode()
    return subscribers.list_take_in(data=data, source=source, trial=trial, languages=["nl", "en"])


def outcomes(report):
    return [line.outcome for line in report.lines]


def test_a_line_is_a_subscription_with_date_and_source_and_nobody_is_mailed():
    make_author(slug="anna")
    tag = make_tag("Werk")
    report = take(
        HEAD + "Anna@Lezer.example,2024-03-31,Mailchimp,,,en\n"
        "bo@lezer.example,31-3-2024 10:00,,author:anna,weekly,\n"
        "cas@lezer.example,2024-03-31T10:00:00Z,,tag:werk,,xx\n"
    )
    assert outcomes(report) == [LineOutcome.TAKEN] * 3
    rows = Subscription.objects.order_by("pk").select_related("person")
    assert [(row.person.email, row.source, row.pace, row.person.language) for row in rows] == [
        ("anna@lezer.example", "Mailchimp", "once", "en"),
        ("bo@lezer.example", "Elders", "weekly", "nl"),
        ("cas@lezer.example", "Elders", "once", "nl"),
    ]
    assert rows[0].consented_at.astimezone(datetime.UTC).date() in (
        datetime.date(2024, 3, 30), datetime.date(2024, 3, 31),
    )  # fmt: skip
    assert rows[2].tag == tag
    # It says nothing of the comments that somebody wrote with that address.
    assert not Commenter.objects.exclude(confirmed_at=None).exists()
    assert not Delivery.objects.exists()
    make_news()
    work()
    assert [mail.to for mail in outbox_of.outbox] == [["anna@lezer.example"]]
    assert Mail.objects.get().state == "sent"


def test_each_line_says_why_it_is_left_out():
    stopped = make_reader("gestopt@lezer.example")
    services.unsubscribe(person=stopped)
    make_reader("al@lezer.example")
    make_reader("weg@lezer.example", subscribed=False, bounced_at=timezone.now())
    make_reader("ban@gmail.com", subscribed=False, trust=Trust.BLOCKED)
    tomorrow = (timezone.now() + datetime.timedelta(days=2)).date().isoformat()
    lines = {
        "geen adres,2024-01-01,": LineOutcome.ADDRESS,
        '"a ""b""@lezer.example",2024-01-01,': LineOutcome.ADDRESS,
        "a@lezer.example,,": LineOutcome.CONSENT,
        "b@lezer.example,gisteren,": LineOutcome.CONSENT,
        "c@lezer.example,0001-01-01,": LineOutcome.CONSENT,
        f"d@lezer.example,{tomorrow},": LineOutcome.FUTURE,
        "e@lezer.example,2024-01-01,author:niemand": LineOutcome.TARGET,
        "gestopt@lezer.example,2024-01-01,": LineOutcome.STOPPED,
        "al@lezer.example,2024-01-01,all": LineOutcome.ALREADY,
        "weg@lezer.example,2024-01-01,": LineOutcome.BOUNCED,
        "b.an+x@googlemail.com,2024-01-01,": LineOutcome.BLOCKED,
        "f@lezer.example,2024-01-01,": LineOutcome.TAKEN,
        "F@lezer.example,2024-01-01,": LineOutcome.TWICE,
    }
    report = take("email,consented,to\n" + "".join(f"{line}\n" for line in lines))
    assert outcomes(report) == list(lines.values())
    assert [line.number for line in report.lines] == list(range(2, 2 + len(lines)))
    assert Subscription.objects.count() == 2
    no_source = take("email,consented\ng@lezer.example,2024-01-01\n", source=" ")
    assert outcomes(no_source) == [LineOutcome.SOURCE]
    # Taken in twice, it is there once.
    again = take("email,consented\nf@lezer.example,2024-01-01\n")
    assert outcomes(again) == [LineOutcome.ALREADY]


def test_who_stopped_comes_back_by_the_button_alone():
    person = make_reader()
    author = make_author(slug="anna")
    services.subscribe(person=person, author=author, tag=None, pace=MailPace.ONCE)
    services.unsubscribe(person=person, subscription=person.newsletters.get(author=author).pk)
    text = HEAD + f"{person.email},2024-01-01,,author:anna,,\n"
    assert outcomes(take(text)) == [LineOutcome.STOPPED]
    services.subscribe(person=person, author=author, tag=None, pace=MailPace.ONCE)
    assert not Ended.objects.exists()
    assert person.newsletters.get(author=author).source == ""
    services.unsubscribe(person=person)
    assert not person.newsletters.exists()
    assert outcomes(take(text)) == [LineOutcome.STOPPED]
    assert services.export(person)["ended"]


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("Email Address;First Name;OPTIN_TIME", "a@b.example;Anna;2024-01-02 03:04:05"),
        ("id,email,name,subscribed_to_emails,created_at", "1,a@b.example,A,true,2024-01-02"),
        ("E-mailadres\tToestemming", "a@b.example\t2-1-2024"),
    ],
)
def test_lists_of_other_programs_are_read(head, line):
    for data in (f"{head}\n{line}\n".encode("utf-8-sig"), f"{head}\r\n{line}\r\n".encode("cp1252")):
        assert outcomes(take(data, trial=True)) == [LineOutcome.TAKEN]
    assert not Subscription.objects.exists()


def test_who_stopped_elsewhere_stays_out():
    text = "email,created_at,subscribed_to_emails\na@b.example,2024-01-01,false\n"
    assert outcomes(take(text)) == [LineOutcome.ELSEWHERE]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"naam,datum\nx,y\n",
        b"email\n\0",
        b'email,consented\n"a@b.example,2024-01-01\n',
        b"email\n" + b"a@b.example\n" * (subscribers.MOST_LINES + 1),
        b"email\n" + b"x" * subscribers.MOST_BYTES,
        b"email\n" + b"x" * 200_000,
    ],
    ids=["empty", "no column", "NUL", "open quote", "lines", "bytes", "field"],
)
def test_a_file_that_is_no_list_is_refused_whole(data):
    with pytest.raises(subscribers.ListRefused):
        take(data)
    assert not Commenter.objects.exists()


class TestAnything(TestCase):
    @given(strategies.text(max_size=300), strategies.text(max_size=40))
    def test_whatever_stands_in_a_line_only_good_addresses_come_in(self, line, moment):
        try:
            take(f"email,consented,to\n{line},{moment},\n")
        except subscribers.ListRefused:
            return
        for row in Subscription.objects.select_related("person"):
            assert "@" in row.person.email
            assert row.consented_at <= timezone.now()


def test_the_list_goes_out_and_comes_in_the_same_and_holds_no_formula(client):
    make_author(slug="anna")
    take(
        HEAD + "anna@lezer.example,2024-03-31,=HYPERLINK(1),,,\n"
        "'+tel@lezer.example,2024-03-31,@x,author:anna,weekly,en\n"
    )
    make_reader("hier@lezer.example")
    client.force_login(make_user(role=Role.OWNER))
    answer = client.get(f"{LIST}csv/")
    assert "no-store" in answer["Cache-Control"]
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["email"] for row in rows][1:] == ["'+tel@lezer.example", "hier@lezer.example"]
    assert rows[0]["source"] == "'=HYPERLINK(1)"
    assert not any(value.startswith(("=", "+", "-", "@")) for row in rows for value in row.values())
    before = list(Subscription.objects.exclude(source="").order_by("pk").values_list(
        "person__email", "author__slug", "pace", "person__language", "consented_at", "source",
    ))  # fmt: skip
    Commenter.objects.all().delete()
    take(text)
    after = Subscription.objects.exclude(source="Elders").order_by("pk").values_list(
        "person__email", "author__slug", "pace", "person__language", "consented_at", "source",
    )  # fmt: skip
    assert list(after) == before


def test_the_page_tries_reports_and_takes_in(client):
    def send(act, text=HEAD + "a@b.example,2024-01-01,,,,\nx,,,,,\n", **more):
        file = SimpleUploadedFile("lijst.csv", text.encode())
        return client.post(
            LIST, {"file": file, "source": "Mailchimp", "consent": "on", act: "", **more}
        )

    for role in (Role.EDITOR, Role.AUTHOR, Role.MODERATOR):
        client.force_login(make_user(role=role))
        assert client.get(LIST).status_code == 403
        assert client.get(f"{LIST}csv/").status_code == 403
        assert send("take").status_code == 403
    client.force_login(make_user(role=Role.OWNER))
    assert client.get(LIST).status_code == 200
    assert LIST in client.get("/admin/newsletter/issue/").text
    assert send("take", consent="").status_code == 422
    page = send("try")
    assert [(outcome.value, count) for outcome, count in page.context["report"].counts] == [
        ("taken", 1), ("address", 1),
    ]  # fmt: skip
    file = b"".join(send("report").streaming_content).decode()
    assert file.splitlines()[1].startswith("2,a@b.example,")
    assert not Commenter.objects.exists()
    assert send("take").status_code == 200
    assert Subscription.objects.get().source == "Mailchimp"
    assert send("take", "nee\n").status_code == 422
    many = HEAD + "x,,,,,\n" * 600
    assert send("try", many).context["more"] == 100


def test_a_long_list_costs_by_hundreds(django_assert_max_num_queries):
    text = HEAD + "".join(f"a{n}@b.example,2024-01-01,,,,\n" for n in range(1200))
    with django_assert_max_num_queries(25):
        assert len(take(text).lines) == 1200
    assert Subscription.objects.count() == 1200
