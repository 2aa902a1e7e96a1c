"""Requests that no page could make sense of, faults, files and addresses."""

import logging

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.test import Client, RequestFactory

from blog.models import SiteSettings
from config.logs import OneLine
from config.wsgi import application
from core import client_address as address_of
from tests.addresses import addresses
from tests.factories import make_article, make_user


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/?q=%ff", "/search/?q=%00", "/%00/", "/a%ff/"])
def test_broken_addresses_are_400_or_404_without_a_traceback(client, path):
    answer = client.get(path)
    assert answer.status_code in (400, 404)
    assert "Traceback" not in answer.text


@pytest.mark.django_db
def test_a_foreign_host_is_refused_and_shows_in_no_link(client):
    make_article()
    answer = client.get("/", headers={"host": "kwaad.example"})
    assert answer.status_code == 400
    assert "kwaad.example" not in answer.text


@pytest.mark.django_db
def test_without_a_database_pages_say_so_and_a_comment_is_kept(client, monkeypatch):
    url = make_article().get_absolute_url()
    SiteSettings.objects.get_or_create(pk=1)

    def away(*args, **kwargs):
        raise OperationalError("the server closed the connection unexpectedly")

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", away)
    client.raise_request_exception = False
    answer = client.get(url)
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    text = "Lang nagedacht <over> dit."
    answer = client.post(f"{url}reply/", {"text": text, "name": "Anna"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "Lang nagedacht &lt;over&gt; dit." in answer.text


@pytest.mark.django_db
@pytest.mark.parametrize(("fields", "status"), [(600, 400), (None, 400)])
def test_too_much_of_anything_is_refused(client, fields, status):
    url = f"{make_article().get_absolute_url()}reply/"
    data = {f"f{number}": "x" for number in range(fields)} if fields else {"text": "x" * 3_000_000}
    answer = client.post(url, data)
    assert answer.status_code in (status, 413)
    assert "Traceback" not in answer.text


@pytest.mark.django_db
@pytest.mark.parametrize("user", [False, True])
def test_a_referer_of_another_site_is_refused_as_its_origin_is(user):
    """Wherever a form is taken, from a stranger or with somebody's session."""
    make_article()
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    if user:
        strict.force_login(make_user())
    for address in addresses():
        told = {
            strict.post(
                address, headers={name: "https://kwaad.example/"[: 21 + (name != "origin")]}
            ).status_code
            for name in ("origin", "referer")
        }
        assert len(told) == 1, address
        assert not told & {200, 201, 303}, address


@pytest.mark.django_db
def test_head_has_no_body_and_says_how_long_it_would_be(rf):
    article = make_article()
    SiteSettings.objects.get_or_create(pk=1)
    places = ["/", article.get_absolute_url(), "/feed/", "/nergens/", "/admin/login/", "/a%ff/"]
    for path in places:
        environ = rf.head(path, headers={"accept-encoding": "gzip"}).environ
        head: dict[str, str] = {}

        def start(status, headers, head=head):
            head.update(headers)

        answer = application(environ, start)
        assert b"".join(answer) == b"", path
        answer.close()
        assert int(head["Content-Length"]) > 0, path


@pytest.mark.django_db
class TestMedia:
    @pytest.mark.parametrize(
        ("ending", "kind"), [("avif", "image/avif"), ("webp", "image/webp"), ("jpg", "image/jpeg")]
    )
    def test_our_own_pictures_have_their_type_and_are_kept(self, client, media_root, ending, kind):
        default_storage.save(f"pictures/a-1.{ending}", ContentFile(b"x"))
        answer = client.get(f"/media/pictures/a-1.{ending}")
        assert answer.status_code == 200
        assert answer["Content-Type"] == kind
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "immutable" in answer["Cache-Control"]
        answer.close()

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        "name",
        ["../settings.py", "..%2fsettings.py", "a.html", "a.svg", "A.JPG", "secret.key", "a.jpg/",
         ".hidden.jpg", "pictures/%2e%2e/%2e%2e/x.jpg"],
    )  # fmt: skip
    def test_nothing_else_is_served(self, client, media_root, name):
        for file in ("a.html", "a.svg"):
            default_storage.save(file, ContentFile(b"x"))
        assert client.get(f"/media/{name}").status_code in (301, 400, 404)


class TestAddress:
    def ask(self, settings, proxies, forwarded="", remote="10.0.0.9"):
        settings.TRUSTED_PROXIES = proxies
        headers = {"x-forwarded-for": forwarded} if forwarded else {}
        return address_of.address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote))

    @pytest.mark.parametrize(
        ("proxies", "forwarded", "found"),
        [
            (0, "1.2.3.4", "10.0.0.9"),
            (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
            (2, "6.6.6.6, 1.2.3.4, 10.0.0.1", "1.2.3.4"),
            (2, "1.2.3.4", "10.0.0.9"),
            (1, "nonsense", "0.0.0.0"),
        ],
    )
    def test_only_trusted_hops_are_believed(self, settings, proxies, forwarded, found):
        assert self.ask(settings, proxies, forwarded) == found

    def test_a_household_is_one_address(self, settings):
        first = self.ask(settings, 0, remote="2001:db8:1:2:3::4")
        assert first == self.ask(settings, 0, remote="2001:db8:1:2:ffff::1")
        assert first != self.ask(settings, 0, remote="2001:db8:1:3::1")
        assert self.ask(settings, 0, remote="::ffff:1.2.3.4") == "1.2.3.4"


def test_a_log_line_stays_one_line():
    record = logging.LogRecord(
        "x", logging.INFO, "", 0, "een\n%s\r\x1b[31m", ("twee\nregels",), None
    )
    text = OneLine("{asctime} {levelname} {name} {message}", style="{").format(record)
    assert "\n" not in text
    assert "\r" not in text
    assert "\x1b" not in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers",
    [
        {"accept-language": "xx-!!;q=9, \x7f"},
        {"if-none-match": 'W/"\x80", nonsense, ""'},
        {"if-modified-since": "gisteren"},
        {"range": "bytes=-5-3,x"},
        {"accept": "application/json;;;"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_malformed_headers_get_the_page(client, headers):
    url = make_article("Een stuk").get_absolute_url()
    answer = client.get(url, headers=headers)
    assert answer.status_code == 200
    assert "Een stuk" in answer.text
