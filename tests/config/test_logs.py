"""The log: one line for a fault, no address, no token, whatever a stranger sends."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from config.logs import OneLine, one_line
from core import tokens
from core.redact import redact
from tests.core.seen import is_signed, logged, signed, usable
from tests.factories import make_article, make_user

ROOT = Path(__file__).resolve().parents[2]
APPS = ("authors", "blog", "comments", "config", "core", "demo", "interchange", "newsletter")
SIGNED_KINDS = sorted(kind for kind in tokens.KINDS if is_signed(kind))
# What stands around a token or an address in a line of the log.
AROUND = ["{}", "/mine/{}/", "?own={}#comment-1", "<https://blog.example/x/{}/>", "{})", "'{}',"]


@given(st.sampled_from(SIGNED_KINDS), st.text(max_size=40), st.sampled_from(AROUND),
       st.integers(0, 12))  # fmt: skip
def test_no_token_survives_whole_or_damaged(kind, value, around, cut):
    token = signed(kind, [1, value])
    line = around.format(token[: len(token) - cut])
    written = redact(line)
    assert token.split(":")[2][:20] not in written
    assert usable(written) == set()
    assert token.split(":")[0] not in redact(around.format(token.replace(":", "%3A")))


@given(st.emails(), st.sampled_from(AROUND))
@example('"anna de wit"@lezer.example', "{}")
@example("o'neill@lezer.example", "'{}',")
@example("a" * 300 + "@lezer.example", "{}")
def test_no_address_survives(address, around):
    assert "@" not in redact(around.format(address))
    assert "%40" not in redact(around.format(address.replace("@", "%40")))
    assert address.rpartition("@")[2] not in redact(around.format(address))


@given(st.text())
def test_any_text_is_one_line(text):
    assert len(one_line(text).splitlines()) <= 1


def test_links_that_set_a_password_are_taken_out(db):
    from authors import accounts

    link = accounts.password_link(make_user())
    assert usable(link) == {accounts.LINK}
    assert usable(redact(f"Not Found: {link}")) == set()
    assert link.rsplit("-", 1)[1].rstrip("/") not in redact(link)


def test_ordinary_lines_stay_as_they_are():
    for line in (
        "Not Found: /2026/11/wie-is-er-van-de-vergadering-en-waarom-zo-lang/",
        "2026-11-26 19:37:51,123 WARNING weerwoord.worker The database is away: server closed",
        "mail comments.Delivery 12 was not sent: SMTPRecipientsRefused 550",
        "Task id=1f0b4bd2-2c4e-4d2e-9b47-0a4a5f6d7e8f "
        "path=comments.notifications.deliveries.deliver state=RUNNING",
    ):
        assert redact(line) == line


def test_a_traceback_is_folded_into_its_line():
    try:
        try:
            raise ValueError("Key (email)=(anna@lezer.example)\nDETAIL: Failing row (1, Anna)")
        except ValueError as fault:
            raise RuntimeError("no row") from fault
    except RuntimeError:
        record = OneLine("{message}", style="{")
        import logging

        made = logging.LogRecord("x", logging.ERROR, "", 0, "a\nb", (), sys.exc_info())
    line = record.format(made)
    assert len(line.splitlines()) == 1
    assert "RuntimeError: no row" in line
    assert "ValueError" in line
    assert "test_logs.py" in line
    assert "anna@" not in line
    assert "Failing row" not in line


@pytest.mark.django_db
class TestRequests:
    def lines(self, client, *args, **headers):
        client.raise_request_exception = False
        with logged() as lines:
            answer = client.get(*args, headers=headers)
        return answer, lines

    @pytest.mark.parametrize("host", ["kwaad.example", "a@b", "x" * 300, "127.0.0.1:x\x01"])
    def test_a_refused_host_is_one_line(self, client, host):
        answer, lines = self.lines(client, "/", host=host)
        assert answer.status_code == 400
        assert len(lines) == 1
        assert "@" not in lines[0]

    @pytest.mark.parametrize("path", ["/?q=%ff", "/%00/"])
    def test_a_refused_address_is_one_line(self, client, path):
        assert len(self.lines(client, path)[1]) == 1

    def test_a_refused_signed_path_is_one_line_without_the_token(self, client):
        article = make_article()
        places = ["/mine/{}/", "/mine/confirm/{}/", "/mail/stop/{}/", "/mail/follow/{}/",
                  "/mail/moderate/{}/", "/mail/articles/{}/", "/preview/{}/",
                  "/newsletter/confirm/{}/", "/newsletter/stop/{}/",
                  article.get_absolute_url() + "comment/9/?own={}"]  # fmt: skip
        for kind in SIGNED_KINDS:
            for place in places:
                token = signed(kind, 123456 if kind.startswith("blog.") else [123456, 654321])
                answer, lines = self.lines(client, place.format(token))
                assert answer.status_code in (302, 404), place
                assert len(lines) == (answer.status_code == 404), lines
                assert usable("\n".join(lines)) == set()
                assert token.split(":")[0] not in "\n".join(lines)

    def test_a_fault_is_one_line(self, client, monkeypatch):
        def broken(*args, **kwargs):
            raise ValueError("een\ntwee anna@lezer.example")

        monkeypatch.setattr("blog.reading.selectors.article_head", broken)
        monkeypatch.setattr("blog.views.articles.article_head", broken, raising=False)
        answer, lines = self.lines(client, make_article().get_absolute_url())
        assert answer.status_code == 500
        assert len(lines) == 1
        assert "ValueError: een" in lines[0]
        assert "@" not in lines[0]


GUNICORN = """
from gunicorn.config import Config
from gunicorn.glogging import Logger
from config import server
cfg = Config()
for name in ("loglevel", "logconfig_dict"):
    cfg.set(name, getattr(server, name))
log = Logger(cfg)
try:
    raise ValueError("a\\nb")
except ValueError:
    log.exception("Error handling request %s", {path!r})
"""


def test_the_web_server_writes_the_same_lines():
    path = f"/mine/{signed(SIGNED_KINDS[0], [1, 'a'])}/?mail=anna@lezer.example"
    done = subprocess.run(
        [sys.executable, "-c", GUNICORN.format(path=path)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    (line,) = (done.stdout + done.stderr).splitlines()
    assert "Error handling request /mine/…" in line
    assert "ValueError: a" in line
    assert "@" not in line


NAMES = re.compile(r"e?mail|address|recipient|^to$|body|token|secret|password|uri|full_path", re.I)


def logging_calls():
    """Every logging call in the source: where it stands, and the names in its arguments."""
    methods = {"debug", "info", "warning", "error", "exception", "critical", "log"}
    for app in APPS:
        for file in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                    continue
                owner = node.func.value
                if node.func.attr not in methods or not isinstance(owner, ast.Name):
                    continue
                if owner.id not in ("logger", "_log", "log", "_logger", "logging"):
                    continue
                inside = [sub for one in [*node.args, *node.keywords] for sub in ast.walk(one)]
                names = {sub.id for sub in inside if isinstance(sub, ast.Name)}
                names |= {sub.attr for sub in inside if isinstance(sub, ast.Attribute)}
                yield f"{file.relative_to(ROOT)}:{node.lineno}", names


def test_calls_log_numbers_of_rows_never_addresses_or_tokens():
    calls = list(logging_calls())
    assert len(calls) >= 12
    wrong = {place: hit for place, names in calls if (hit := {n for n in names if NAMES.search(n)})}
    assert wrong == {}
