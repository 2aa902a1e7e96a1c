"""What strangers may have done stands in one table, and the table holds."""

import datetime
import re
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import multipartparser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from authors import limits
from authors.models import Tally
from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments.models import Delivery
from comments.views import oversized
from tests.addresses import addresses
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
UNSAFE = ("post", "put", "patch", "delete")
ROOT = Path(__file__).resolve().parents[2]
HERE, ELSEWHERE = "198.51.100.7", "203.0.113.9"


@pytest.fixture(autouse=True)
def few(settings):
    """Nobody may do anything twice."""
    settings.LIMITS = dict.fromkeys(limits.LIMITS, 1)
    settings.INBOUND_SECRET = "x" * 40


def use_up(name):
    Tally.objects.all().delete()
    limits.take(limits.Use(name, HERE))


class TestEveryAddress:
    def test_a_stranger_has_nothing_done_that_stands_in_no_row(self, client):
        client.raise_request_exception = False
        closed = [url for url, name in addresses().items() if limits.door(name) is None]
        assert len(closed) > 25
        for url in closed:
            for method in UNSAFE:
                answer = getattr(client, method)(url, REMOTE_ADDR=HERE)
                assert answer.status_code == 405, (method, url)
        assert not Tally.objects.exists()

    def test_a_stranger_has_nothing_done_oftener_than_its_row_says(self, client):
        client.raise_request_exception = False
        SiteSettings.objects.create(pk=1, newsletter=True)
        counted = {url: limits.door(name) for url, name in addresses().items()}
        counted = {url: name for url, name in counted.items() if name is not None}
        assert len(counted) > 100
        for url, name in counted.items():
            use_up(name)
            client.cookies.clear()
            alone = url.startswith("/admin/") or limits.LIMITS[name].refused
            for method in ("post",) if alone else UNSAFE:
                answer = getattr(client, method)(url, REMOTE_ADDR=HERE)
                assert answer.status_code == 429, (method, url, name)
                assert 0 < int(answer["Retry-After"]) <= limits.LIMITS[name].seconds + 1
                assert not answer.cookies, url
            if limits.LIMITS[name].refused:
                continue
            answer = client.post(url, REMOTE_ADDR=ELSEWHERE)
            assert answer.status_code != 429, url

    def test_the_table_names_no_address_that_is_not_there(self):
        names = set(addresses().values())
        for row in limits.LIMITS.values():
            for door in row.doors:
                space = door.removesuffix("*")
                assert door in names or (
                    space != door and any(name.startswith(space) for name in names)
                ), door

    def test_only_refusals_of_the_mail_service_count(self, client):
        for _turn in range(3):
            good = client.post("/mail/inbound/", b"x", "message/rfc822", REMOTE_ADDR=HERE,
                               headers={"authorization": f"Bearer {'x' * 40}"})  # fmt: skip
            assert good.status_code == 200
        answers = [client.post("/mail/inbound/", REMOTE_ADDR=HERE) for _turn in range(2)]
        assert [answer.status_code for answer in answers] == [403, 429]

    def test_who_is_logged_in_is_not_counted(self, client):
        client.force_login(make_user(role=Role.EDITOR))
        for _turn in range(3):
            assert client.post("/mine/", {"email": "x"}).status_code == 422
        assert not Tally.objects.exists()

    def test_a_reader_is_not_counted(self, client):
        article = make_article()
        with CaptureQueriesContext(connection) as asked:
            client.get(article.get_absolute_url())
            client.get(f"{article.get_absolute_url()}reply/")
        assert not [one for one in asked.captured_queries if "authors_tally" in one["sql"]]


class TestWhatComesBack:
    def test_what_was_typed(self, client):
        article = make_article()
        typed = {"text": "Een lange <gedachte>.", "name": "Anna", "email": "a@b.example"}
        for name, part in (("write", "reply/"), ("ask", "follow/")):
            use_up(name)
            answer = client.post(f"{article.get_absolute_url()}{part}", typed, REMOTE_ADDR=HERE)
            assert answer.status_code == 429
            assert "Een lange &lt;gedachte&gt;." in answer.text
            assert 'value="Anna"' in answer.text
            assert 'value="a@b.example"' in answer.text
            assert f'action="{article.get_absolute_url()}{part}"' in answer.text

    def test_the_note_of_a_report(self, client):
        use_up("report")
        url = f"{make_article().get_absolute_url()}comment/1/report/"
        answer = client.post(url, {"note": "Grof.", "complaint": "insult"}, REMOTE_ADDR=HERE)
        assert answer.status_code == 429
        assert "Grof.</textarea>" in answer.text
        assert 'name="complaint" value="insult"' in answer.text

    def test_a_script_reads_why(self, client):
        use_up("write")
        url = f"{make_article().get_absolute_url()}reply/"
        answer = client.post(url, headers={"accept": "application/json"}, REMOTE_ADDR=HERE)
        assert answer.status_code == 429
        assert answer.json()["message"].startswith("Dat kwam")

    def test_no_password(self, client):
        use_up("login")
        answer = client.post(
            "/admin/login/", {"username": "femke", "password": "geheim-woord"}, REMOTE_ADDR=HERE
        )
        assert answer.status_code == 429
        assert 'value="femke"' in answer.text
        assert "geheim-woord" not in answer.text

    def test_every_row_with_a_door_says_something_in_dutch(self):
        translation.activate("nl")
        for name, row in limits.LIMITS.items():
            if row.doors or name == "value-comment":
                assert re.search(r"\b(uw|uur)\b", limits.TooMany(name, 1).told), name


class TestCounting:
    def test_the_window_ends_though_the_trying_goes_on(self, time_machine):
        time_machine.move_to(timezone.now())
        use = limits.Use("reset-mailbox", "a@b.example", 2)
        assert limits.allows(use)
        assert limits.allows(use)
        for _turn in range(4):
            with pytest.raises(limits.TooMany) as refusal:
                limits.take(use)
            time_machine.shift(60)
        assert 60 <= refusal.value.wait <= 121
        time_machine.shift(61)
        assert limits.allows(use)

    def test_several_are_one_statement_and_each_counts(self, django_assert_num_queries):
        uses = limits.Use("post", "a", 5), limits.Use("post-person", "a", 1)
        with django_assert_num_queries(1):
            limits.take(*uses)
        with pytest.raises(limits.TooMany) as refusal:
            limits.take(*reversed(uses))
        assert refusal.value.name == "post-person"

    def test_nothing_leads_back_to_who_was_counted(self, client):
        client.post("/mine/", {"email": "anna@lezer.example"}, REMOTE_ADDR=HERE)
        rows = list(Tally.objects.all())
        assert len(rows) == 2
        for row in rows:
            assert len(bytes(row.key)) == 16
            assert not {b"198", b"anna"} & {bytes(row.key)[at : at + 4] for at in range(13)}
        assert limits.Use("ask", HERE).key != limits.Use("write", HERE).key

    def test_what_is_over_is_forgotten(self, time_machine):
        limits.take(limits.Use("reset-mailbox", "a@b.example"))
        limits.take(limits.Use("mailbox", "a@b.example"))
        time_machine.move_to(timezone.now() + datetime.timedelta(hours=2))
        limits.counters_forget_old()
        assert Tally.objects.count() == 1

    @pytest.mark.parametrize(
        ("first", "second", "same"),
        [
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
            ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
            ("198.51.100.7", "198.51.100.8", False),
        ],
    )
    def test_a_household_is_one_network(self, rf, first, second, same):
        found = [limits.network(rf.post("/", REMOTE_ADDR=one)) for one in (first, second)]
        assert (found[0] == found[1]) is same

    def test_a_header_makes_no_other_network(self, client):
        use_up("ask")
        answer = client.post("/mine/", REMOTE_ADDR=HERE, headers={"x-forwarded-for": ELSEWHERE})
        assert answer.status_code == 429


class TestTheOperator:
    def test_gives_other_numbers(self, settings):
        settings.LIMITS = limits.overrides(["ask=40", "login=0"])
        assert (limits.most("ask"), limits.most("login")) == (40, limits.ANY)

    @pytest.mark.parametrize("words", ["nothing=3", "ask", "ask=-1", "ask=many", "post=3"])
    def test_is_told_of_what_cannot_be(self, words):
        with pytest.raises(ImproperlyConfigured, match="LIMITS"):
            limits.overrides([words])


def test_the_documents_show_the_table_as_it_is():
    text = (ROOT / "docs/running/operations.md").read_text("utf-8")
    told = re.findall(r"^\| `([a-z-]+)` \|[^|]*\| (\d+) \|[^|]*\| (\d+) (\w+) \|$", text, re.M)
    units = {"minutes": 60, "hour": 3600, "day": 86400, "days": 86400}
    shown = {name: (int(most), int(many) * units[unit]) for name, most, many, unit in told}
    assert shown == {name: (row.most, row.seconds) for name, row in limits.LIMITS.items()}


class TestMailboxes:
    def test_a_network_has_few_mails_sent_whatever_the_addresses(self, client, settings):
        settings.LIMITS = {"ask": 5}
        url = f"{make_article().get_absolute_url()}follow/"
        answers = [client.post(url, {"email": f"v{n}@x.example"}).status_code for n in range(8)]
        assert answers == [200] * 5 + [429] * 3

    def test_a_mailbox_gets_few_mails_of_a_kind_however_it_is_written(self, client, settings):
        settings.LIMITS = {}
        url = f"{make_article().get_absolute_url()}follow/"
        for number in range(6):
            client.post(url, {"email": f"an{'.' * (number % 2)}na+{number}@gmail.com"})
        assert Delivery.objects.count() == limits.most("mailbox")

    def test_comments_with_one_mailbox_are_counted_together(self, client, settings):
        settings.LIMITS = {}
        SiteSettings.objects.create(pk=1, hold=Hold.UNKNOWN, posts_per_person=2)
        url = f"{make_article().get_absolute_url()}reply/"
        answers = [
            client.post(url, {"text": f"Nummer {n}.", "name": "A", "email": f"a+{n}@x.example"})
            for n in range(3)
        ]
        assert [answer.status_code for answer in answers] == [303, 303, 429]


class TestBodies:
    def test_files_of_strangers_touch_neither_disk_nor_memory(self, client, monkeypatch, settings):
        settings.LIMITS = {}
        made = []
        for kind in ("TemporaryUploadedFile", "InMemoryUploadedFile"):
            monkeypatch.setattr(
                f"django.core.files.uploadhandler.{kind}", lambda *a, **k: made.append(a)
            )
        for url, name in addresses().items():
            row = limits.door(name)
            if row is None or url.startswith("/admin/blog/"):
                continue
            for size in (10, 3_000_000):
                file = SimpleUploadedFile("x.bin", b"x" * size)
                client.post(url, {"text": "x", "file": file}, REMOTE_ADDR=HERE)
        url = f"{make_article().get_absolute_url()}reply/"
        answer = client.post(url, {"text": "Mijn woorden.", "f": SimpleUploadedFile("x", b"x" * 9)})
        assert "Mijn woorden." in answer.text
        assert made == []

    def test_a_body_larger_than_any_form_is_refused_unread(self, client, monkeypatch, settings):
        settings.LIMITS = {}

        def parse(self):
            raise AssertionError("parsed")

        monkeypatch.setattr(multipartparser.MultiPartParser, "parse", parse)
        file = SimpleUploadedFile("x.bin", b"x" * oversized.MOST)
        for url in ("/mine/", "/admin/login/", f"{make_article().get_absolute_url()}reply/"):
            assert client.post(url, {"file": file}).status_code == 413, url
            file.seek(0)

    def test_who_is_logged_in_may_bring_files(self, client):
        client.force_login(make_user(role=Role.EDITOR))
        answer = client.post("/mine/", {"email": "x", "f": SimpleUploadedFile("x", b"x" * 9)})
        assert "f" in answer.wsgi_request.FILES


class TestSessions:
    def test_a_stranger_makes_few(self, client, settings):
        settings.LIMITS = {"passkey": 3}
        url = "/admin/second-factor/passkey/begin/"
        for _turn in range(6):
            client.cookies.clear()
            last = client.post(url, content_type="application/json")
        assert last.status_code == 429
        assert last.json()["detail"]
        assert Session.objects.count() == 3
        for session in Session.objects.all():
            assert session.expire_date < timezone.now() + datetime.timedelta(minutes=11)

    def test_ending_what_was_not_begun_makes_none(self, client, settings):
        settings.LIMITS = {}
        answer = client.post(
            "/admin/second-factor/passkey/complete/", {}, content_type="application/json"
        )
        assert answer.status_code == 400
        assert not Session.objects.exists()

    def test_who_logs_in_stays_so(self, client, settings):
        settings.LIMITS = {}
        make_user("femke", role=Role.EDITOR)
        client.post("/admin/second-factor/passkey/begin/", content_type="application/json")
        client.post("/admin/login/", {"username": "femke", "password": "geheim-woord"})
        assert client.get("/admin/").status_code == 200
        assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE


def test_posting_counts_in_so_many_statements(client, settings):
    settings.LIMITS = {}
    SiteSettings.objects.create(pk=1, hold=Hold.NOBODY)
    url = f"{make_article().get_absolute_url()}reply/"
    for email in ("", "anna@lezer.example"):
        with CaptureQueriesContext(connection) as asked:
            client.post(url, {"text": f"Nummer {email}.", "name": "Anna", "email": email})
        counted = [one for one in asked.captured_queries if "authors_tally" in one["sql"]]
        assert len(counted) == 2
