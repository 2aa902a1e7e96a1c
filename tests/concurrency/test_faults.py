"""The real web server while its parts fail: what was acknowledged is stored, and once."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection

from bench.site import children, free_port
from blog.models import Hold, SiteSettings
from comments.models import Comment
from comments.thread import counters
from tests.factories import make_article

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv.pop(1)
settings.ALLOWED_HOSTS = ["127.0.0.1"]
from gunicorn.app.wsgiapp import run
sys.argv = ["gunicorn", "-c", "python:config.server"]
run()
"""

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def article():
    SiteSettings.objects.update_or_create(
        pk=1, defaults={"hold": Hold.NOBODY, "posts_per_hour": 0, "flood_limit": 0}
    )
    return make_article()


@pytest.fixture
def server(article):
    """Gunicorn with two processes on the tests' database; gives its port and its own process."""
    port = free_port()
    environment = {"PORT": str(port), "WEB_CONCURRENCY": "2", "WEB_THREADS": "8"}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, connection.settings_dict["NAME"]],
        cwd=ROOT,
        env={**os.environ, "WEERWOORD_MODE": "test", **environment},
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: get(port, article.get_absolute_url()) == 200)
        yield port, process
    finally:
        process.terminate()
        process.wait(20)


def wait_for(condition, pause=0.1):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(pause)


def get(port, path):
    try:
        return asked(port, "GET", path)[0]
    except OSError:
        return None


def asked(port, method, path, body=None):
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        origin = {"Origin": f"http://127.0.0.1:{port}"} if body else {}
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        link.request(method, path, body, {**origin, **kind})
        response = link.getresponse()
        return response.status, response.read().decode()
    finally:
        link.close()


class Writers:
    """People who post, and send the same form again when no answer came or a 503."""

    def __init__(self, port, article, people=8, each=25):
        self.port, self.path = port, f"{article.get_absolute_url()}reply/"
        self.people, self.each = people, each
        self.acknowledged, self.faults, self.other = [], Counter(), []
        self.threads = [threading.Thread(target=self.write, args=(n,)) for n in range(people)]

    def write(self, writer):
        for turn in range(self.each):
            text = f"Bijdrage {turn} van {writer}."
            form = urlencode({"text": text, "name": f"Lezer {writer}", "key": f"{writer}-{turn}"})
            for _again in range(100):
                try:
                    status, page = asked(self.port, "POST", self.path, form)
                except (OSError, http.client.HTTPException) as error:
                    self.faults[type(error).__name__] += 1
                    time.sleep(0.05)
                    continue
                if status == 303:
                    self.acknowledged.append(text)
                    break
                self.faults[status] += 1
                if status != 503 or text not in page:
                    self.other.append((status, page[:300]))
                    break
                time.sleep(0.05)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *exception):
        for thread in self.threads:
            thread.join()

    def have_posted(self, count):
        wait_for(lambda: len(self.acknowledged) >= count, pause=0.005)

    def assert_all_stored_once(self):
        assert self.other == []
        assert len(self.acknowledged) == self.people * self.each
        stored = Counter(Comment.objects.values_list("source", flat=True))
        assert stored == Counter(self.acknowledged)
        assert counters.recount() == 0


def test_a_killed_web_process_loses_and_doubles_nothing(server, article):
    port, process = server
    with Writers(port, article) as writers:
        for turn, count in enumerate((20, 60, 120)):
            writers.have_posted(count)
            wait_for(lambda: len(children(process.pid)) == 2, pause=0.005)
            os.kill(children(process.pid)[turn % 2], signal.SIGKILL)
    assert sum(writers.faults.values()), "nobody met the fault"
    writers.assert_all_stored_once()


def test_lost_connections_to_the_database_give_503_with_the_text_and_mend_themselves(
    server, article
):
    port, _process = server
    with Writers(port, article) as writers:
        for count in (20, 60, 120):
            writers.have_posted(count)
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
    assert sum(writers.faults.values()), "nobody met the fault"
    writers.assert_all_stored_once()


def test_half_requests_hold_the_site_up_for_seconds_not_for_ever(server, article):
    port, _process = server
    halves = [socket.create_connection(("127.0.0.1", port)) for _thread in range(16)]
    try:
        for half in halves:
            half.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAcc")
        with Writers(port, article, people=2, each=3) as writers:
            pass
        assert not writers.faults
        writers.assert_all_stored_once()
    finally:
        for half in halves:
            half.close()
