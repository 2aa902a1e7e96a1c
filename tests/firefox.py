"""Firefox, for what only it shows: its print-out of a page. Spoken to over Marionette.

See https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html: each message is its
length, a colon, and [type, number, name, parameters] as JSON.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("firefox-esr", "firefox")
_LISTENS = re.compile(rb"Listening on port (\d+)")
# Pages are served by this machine; Firefox asks its maker for nothing.
_SETTINGS = {
    "marionette.port": 0,
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.no_proxies_on": "127.0.0.1, localhost",
    "app.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "intl.accept_languages": "nl",
    "ui.systemUsesDarkTheme": 1,
}


def find() -> str | None:
    """The program, or None where it is not installed."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


@contextmanager
def opened() -> Iterator[Firefox]:
    """A Firefox with a profile of its own, closed at the end."""
    program = find()
    assert program
    with tempfile.TemporaryDirectory() as home:
        lines = (f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in _SETTINGS.items())
        Path(home, "user.js").write_text("".join(lines))
        with subprocess.Popen(
            [program, "--headless", "--marionette", "--profile", home],
            env={**os.environ, "HOME": home, "TZ": "Europe/Amsterdam"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as running:
            try:
                with socket.create_connection(("127.0.0.1", _port(running)), timeout=60) as link:
                    yield Firefox(link)
            finally:
                running.terminate()


def _port(running: subprocess.Popen[bytes]) -> int:
    """The port at which Firefox says that it listens."""
    assert running.stdout
    said = b""
    for line in running.stdout:
        said += line
        if found := _LISTENS.search(line):
            # What else it has to say is read, so that it never waits for that.
            threading.Thread(target=running.stdout.read, daemon=True).start()
            return int(found[1])
    raise AssertionError(said.decode())


class Firefox:
    """One window, on one connection."""

    def __init__(self, link: socket.socket) -> None:
        self._socket = link
        self._number = 0
        self._read()  # Its greeting.
        self.do("WebDriver:NewSession", capabilities={})

    def do(self, name: str, **parameters: Any) -> Any:
        """The value that command `name` gives. Raises AssertionError for one that failed."""
        self._number += 1
        text = json.dumps([0, self._number, name, parameters])
        self._socket.sendall(f"{len(text)}:{text}".encode())
        _kind, _number, fault, value = self._read()
        assert fault is None, fault
        return value

    def printed(self, url: str, width: float, height: float) -> bytes:
        """The page at `url` as PDF, on sheets of `width` × `height` centimetres."""
        self.do("WebDriver:Navigate", url=url)
        page = {"width": width, "height": height}
        answer = self.do("WebDriver:Print", page=page, shrinkToFit=False, background=False)
        return base64.b64decode(answer["value"])

    def _read(self) -> Any:
        # One reader for each message, which takes no byte of the next.
        with self._socket.makefile("rb", buffering=0) as stream:
            length = b""
            while (byte := stream.read(1)) != b":":
                assert byte, "Firefox has gone"
                length += byte
            text = b""
            while len(text) < int(length):
                part = stream.read(int(length) - len(text))
                assert part, "Firefox has gone"
                text += part
            return json.loads(text)
