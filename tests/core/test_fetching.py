"""The door to other servers: what may not be asked, and a server that means no good."""

import gzip
import http.server
import socket
import threading
import time

import pytest

from core import fetching
from core.fetching import Door, FetchError, fetch, is_public

BAD = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "2002:a00:1::", "64:ff9b::a00:1",
    "64:ff9b::7f00:1", "2001:db8::1", "fe80::1%eth0", "", "x", "127.1", "0x7f.1", "2130706433",
    "fec0::1", "feff::1", "3fff::1", "3fff:fff::1", "5f00::1", "::7f00:1", "::5db8:d70e",
    "64:ff9b:1::5db8:d70e", "100::1", "100:0:0:1::1", "2001::1", "2001:20::1", "2001:10::1",
    "2606:2800:21f:cb07:0:5efe:7f00:1", "2606:2800:21f:cb07:200:5efe:a00:1", "192.88.99.1",
    "2620:4f:8000::1", "192.0.0.9", "192.31.196.1", "192.52.193.1", "192.175.48.1", "ff0e::1",
]  # fmt: skip


@pytest.mark.parametrize("address", BAD)
def test_addresses_that_are_not_of_the_public_internet(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["93.184.215.14", "2606:2800:21f:cb07::1", "64:ff9b::5db8:d70e", "2002:5db8:d70e::1",
     "::ffff:93.184.215.14", "2a00:1450:400e:80e::200e", "2606:2800:21f:cb07:0:5efe:5db8:d70e"],
)  # fmt: skip
def test_addresses_that_are(address):
    assert is_public(address)


class Server:
    """Answers from a table of paths; remembers what it was asked."""

    def __init__(self):
        self.answers, self.asked = {}, []
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                length = int(self.headers.get("Content-Length") or 0)
                owner.asked.append((self.command, self.path, dict(self.headers),
                                    self.rfile.read(length)))  # fmt: skip
                owner.answers[self.path](self)

            do_POST = do_HEAD = do_GET

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def say(self, path, status=200, headers=None, body=b""):
        def answer(handler):
            handler.send_response(status)
            for name, value in (headers or {}).items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(body)

        self.answers[path] = answer

    @property
    def door(self):
        """Names lead to this server; any of its addresses may be reached."""
        return Door(lambda host, port: ["127.0.0.1"], lambda address: True,
                    {"http": self.port, "https": self.port})  # fmt: skip


@pytest.fixture
def server():
    made = Server()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_an_answer(server):
    server.say("/a?b=c", headers={"Content-Type": "text/html; charset=utf-8"}, body=b"hallo")
    answer = fetch("http://elders.example/a?b=c#d", door=server.door)
    assert (answer.status, answer.body, answer.content_type) == (200, b"hallo", "text/html")
    ((method, _path, headers, _body),) = server.asked
    assert method == "GET"
    assert headers["Host"].startswith("elders.example")
    assert "Cookie" not in headers
    assert "Authorization" not in headers


def test_a_post_with_a_body(server):
    server.say("/", status=202)
    answer = fetch("http://elders.example", method="POST", body=b"x=1", door=server.door)
    assert answer.status == 202
    assert server.asked[0][0] == "POST"
    assert server.asked[0][3] == b"x=1"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://elders.example/", "file:///etc/passwd", "gopher://elders.example/",
        "//elders.example", "http://elders.example:8080/", "https://elders.example:80/", "http://elders.example:22/",
        "http://user@elders.example/", "http://user:pass@elders.example/", "http://localhost/",
        "http://intern/", "http:///x", "http://", "", "http://a.example/\r\nX: y",
        "http://a b.example/",
        "http://elders.example\\@intern.example/", "http://[::1", "http://elders.example/é",
        "http://elders.example:99999/", "http://" + "a." * 2_000 + "example/",
        "http://2130706433/",
        "http://%31%32%37.0.0.1/", "http://elders.example%00/",
    ],
)  # fmt: skip
def test_what_is_no_address_to_ask(url):
    asked = []
    door = Door(lambda host, port: asked.append(host) or ["93.184.215.14"], is_public)
    with pytest.raises(FetchError):
        fetch(url, door=door, seconds=0.5)
    assert asked == []


@pytest.mark.parametrize("found", [["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], []])
def test_a_name_with_one_private_address_is_refused(found, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: pytest.fail("it connected"))
    with pytest.raises(FetchError, match="public internet"):
        fetch("http://elders.example/", door=Door(lambda host, port: found, is_public))


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:7f00:1]", "127.1", "0x7f.0.0.1",
                                  "017700000001.0", "169.254.169.254", "0.0.0.0"])  # fmt: skip
def test_literal_and_odd_addresses_are_refused_by_the_real_door(host):
    with pytest.raises(FetchError):
        fetch(f"http://{host}/")


def test_the_name_is_resolved_once_and_that_address_is_used(server):
    asked = []

    def rebinding(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.9.9.9"]

    server.say("/", body=b"goed")
    door = Door(rebinding, lambda address: address == "127.0.0.1", server.door.ports)
    assert fetch("http://elders.example/", door=door).body == b"goed"
    assert asked == ["elders.example"]


class TestRedirects:
    def test_they_are_followed(self, server):
        server.say("/a", 301, {"Location": "/b"}, b"weg")
        server.say("/b", 302, {"Location": "http://ander.example/c"})
        server.say("/c", body=b"hier")
        answer = fetch("http://elders.example/a", door=server.door)
        assert (answer.body, answer.url.partition("//")[2].partition(":")[0]) == (
            b"hier",
            "ander.example",
        )

    def test_each_is_checked_anew(self, server):
        for target in ("http://intern.example/", "http://169.254.169.254/x", "file:///etc/passwd",
                       "//127.0.0.1/", "gopher://elders.example/"):  # fmt: skip
            server.say("/a", 302, {"Location": target})

            def named(host, port):
                return ["127.0.0.1"] if host == "elders.example" else ["10.0.0.1"]

            door = Door(named, lambda address: address == "127.0.0.1", server.door.ports)
            with pytest.raises(FetchError):
                fetch("http://elders.example/a", door=door)

    def test_a_circle_ends(self, server):
        server.say("/a", 302, {"Location": "/a"})
        with pytest.raises(FetchError, match="redirects"):
            fetch("http://elders.example/a", door=server.door)
        assert len(server.asked) == fetching.REDIRECTS + 1

    def test_a_post_is_not_sent_on(self, server):
        server.say("/a", 307, {"Location": "/b"})
        assert fetch("http://x.example/a", method="POST", body=b"", door=server.door).status == 307


class TestCaps:
    def test_too_many_bytes(self, server):
        server.say("/", body=b"x" * 5_001)
        with pytest.raises(FetchError, match="5000 bytes"):
            fetch("http://elders.example/", max_bytes=5_000, door=server.door)

    def test_a_packed_answer_is_counted_unpacked(self, server):
        packed = gzip.compress(b"x" * 50_000_000)
        server.say("/", headers={"Content-Encoding": "gzip"}, body=packed)
        with pytest.raises(FetchError, match="bytes"):
            fetch("http://elders.example/", door=server.door)
        server.say("/", headers={"Content-Encoding": "gzip"}, body=gzip.compress(b"klein"))
        assert fetch("http://elders.example/", door=server.door).body == b"klein"

    @pytest.mark.parametrize("body", [b"geen gzip", gzip.compress(b"x" * 999, mtime=0)[:-9]])
    def test_a_broken_one_is_an_error(self, server, body):
        server.say("/", headers={"Content-Encoding": "gzip"}, body=body)
        with pytest.raises(FetchError):
            fetch("http://elders.example/", door=server.door)

    def test_less_than_was_promised_is_an_error(self, server):
        server.say("/", headers={"Content-Length": "10"}, body=b"kort")
        with pytest.raises(FetchError):
            fetch("http://elders.example/", door=server.door)

    def test_the_body_of_another_type_is_not_read(self, server):
        server.say("/", headers={"Content-Type": "text/html"}, body=b"x" * 9_000_000)
        answer = fetch("http://elders.example/", types=("image/",), door=server.door)
        assert (answer.body, answer.content_type) == (b"", "text/html")

    @pytest.mark.parametrize("part", ["body", "headers", "nothing"])
    def test_a_server_that_drips_or_is_silent_is_given_up(self, server, part):
        stop = threading.Event()

        def drip(handler):
            if part == "body":
                handler.send_response(200)
                handler.end_headers()
            elif part == "headers":
                handler.wfile.write(b"HTTP/1.0 200 OK\r\nX: ")
            while not stop.wait(0.05):
                if part != "nothing":
                    try:
                        handler.wfile.write(b"x")
                        handler.wfile.flush()
                    except OSError:
                        return

        server.answers["/"] = drip
        begun = time.monotonic()
        with pytest.raises(FetchError):
            fetch("http://elders.example/", seconds=0.6, door=server.door)
        stop.set()
        # Not a measure of speed: it would go on for ever.
        assert time.monotonic() - begun < 30

    def test_nobody_listens(self, server):
        server.server.shutdown()
        server.server.server_close()
        with pytest.raises(FetchError, match="cannot be reached"):
            fetch("http://elders.example/", door=server.door)


def test_what_is_no_http_or_no_tls_is_an_error():
    with socket.create_server(("127.0.0.1", 0)) as plain:
        port = plain.getsockname()[1]
        door = Door(lambda host, port: ["127.0.0.1"], lambda address: True,
                    {"http": port, "https": port})  # fmt: skip

        def answer():
            for _turn in range(2):
                link, _place = plain.accept()
                link.recv(100)
                link.sendall(b"SSH-2.0-OpenSSH_9\r\n\r\n")
                link.close()

        threading.Thread(target=answer, daemon=True).start()
        for scheme in ("http", "https"):
            with pytest.raises(FetchError):
                fetch(f"{scheme}://elders.example/", door=door, seconds=5)
