"""The real web server, with headers by which a stranger would like to decide an address."""

import http.client
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from bench.site import free_port
from tests.concurrency.test_faults import PROGRAM, get, wait_for
from tests.factories import make_article

ROOT = Path(__file__).resolve().parents[2]
FORGED = {
    "SCRIPT_NAME": "/kwaad",
    "PATH_INFO": "/search/",
    "Script-Name": "/kwaad",
    "X-Forwarded-Prefix": "/kwaad",
    "X-Script-Name": "/kwaad",
    "X-Forwarded-Host": "kwaad.example",
    "X-Forwarded-Server": "kwaad.example",
    "X-Forwarded-Port": "444",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Protocol": "ssl",
    "X-Forwarded-Ssl": "on",
    "Forwarded": "host=kwaad.example;proto=https",
    "X-Original-URL": "/search/",
    "X-Rewrite-URL": "/search/",
}

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def port():
    """Gunicorn as it is shipped, on the tests' database, asked from an address that it trusts."""
    number = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, connection.settings_dict["NAME"]],
        cwd=ROOT,
        env={**os.environ, "WEERWOORD_MODE": "test", "PORT": str(number)},
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: get(number, "/robots.txt") == 200)
        yield number
    finally:
        process.terminate()
        process.wait(20)


def asked(port, path, headers):
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        link.request("GET", path, headers=headers)
        response = link.getresponse()
        kept = {
            name: value
            for name, value in response.getheaders()
            if name.lower() not in ("date", "expires", "set-cookie")
        }
        return response.status, kept, response.read().decode()
    finally:
        link.close()


def test_no_header_decides_an_address(port):
    article = make_article()
    # The admin's log-in (a token of its own at each request) stands for what is never cached.
    pages = [
        "/",
        article.get_absolute_url(),
        article.get_absolute_url().rstrip("/"),
        "/sitemap.xml",
    ]
    for path in pages:
        asked(port, path, {})  # made, and kept from now on
        plain = asked(port, path, {})
        for name, value in FORGED.items():
            assert asked(port, path, {name: value}) == plain, (path, name)
        assert asked(port, path, FORGED) == plain, path
    answer = asked(port, "/admin/", FORGED)
    assert answer[0] == 302
    assert answer[1]["Location"].startswith("/admin/login/"), answer[1]
