"""Akismet as a plug: asked only with a key, and never a reason to lose a comment."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest

from blog.models import Hold, SiteSettings
from comments.models import Comment, ModerationEvent, Signal, SignalKind, State
from comments.screening import akismet
from comments.screening.contribution import Contribution
from tests.factories import make_article


class Judge(BaseHTTPRequestHandler):
    """Answers as the service does, and remembers what it was asked."""

    def do_POST(self):
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.asked.append(asked)
        if self.server.answer is None:
            self.send_error(500)
            return
        self.send_response(200)
        self.send_header("X-akismet-pro-tip", "discard")
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *args):
        pass


@pytest.fixture
def judge(monkeypatch, settings):
    server = HTTPServer(("127.0.0.1", 0), Judge)
    server.asked, server.answer = [], b"true"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(akismet, "_ADDRESS", f"http://127.0.0.1:{server.server_port}/")
    settings.AKISMET_KEY = "sleutel"
    yield server
    server.shutdown()
    server.server_close()


def post(client, article):
    data = {"text": "Een gedachte.", "name": "Anna", "email": "anna@lezer.example"}
    headers = {"Sec-Fetch-Site": "same-origin", "User-Agent": "Bladeraar/1"}
    return client.post(f"{article.get_absolute_url()}reply/", data, headers=headers)


@pytest.mark.django_db
def test_what_it_calls_spam_waits(judge, client):
    SiteSettings.objects.create(pk=1, hold=Hold.NOBODY)
    assert post(client, make_article()).status_code == 303
    comment = Comment.objects.get()
    assert comment.state == State.PENDING
    assert ModerationEvent.objects.get().spoke_for_it == [
        Signal(SignalKind.AKISMET, "1.00 (discard)")
    ]
    [asked] = judge.asked
    assert asked["api_key"] == ["sleutel"]
    assert asked["user_ip"] == ["127.0.0.1"]
    assert asked["user_agent"] == ["Bladeraar/1"]
    assert asked["comment_author_email"] == ["anna@lezer.example"]


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [b"false", b"invalid", None])
def test_other_answers_and_faults_hold_nothing(judge, client, answer):
    judge.answer = answer
    SiteSettings.objects.create(pk=1, hold=Hold.NOBODY)
    post(client, make_article())
    assert Comment.objects.get().state == State.APPROVED


def test_a_service_that_is_away_has_no_opinion(judge, monkeypatch):
    judge.shutdown()
    judge.server_close()
    assert akismet.score(Contribution("tekst")).score == 0.5


@pytest.mark.django_db
def test_without_a_key_nothing_goes_out(judge, client, settings):
    settings.AKISMET_KEY = ""
    SiteSettings.objects.create(pk=1, hold=Hold.NOBODY)
    post(client, make_article())
    assert judge.asked == []
