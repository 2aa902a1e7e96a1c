"""Gunicorn's settings, for `make run` and the Procfile: `gunicorn -c python:config.server`.

No preload: each worker opens its own database connections after the fork.
"""

import os
import socket
import struct
from pathlib import Path
from typing import Any

from config import env

_host = os.environ.get("HOST", "127.0.0.1")
bind = f"{f'[{_host}]' if ':' in _host else _host}:{os.environ.get('PORT', '8000')}"
wsgi_app = "config.wsgi:application"
worker_class = "gthread"
workers = env.integer("WEB_CONCURRENCY", 1, least=1)
threads = env.integer("WEB_THREADS", 8, least=1)
keepalive = 15
timeout = 30
graceful_timeout = 5
loglevel = "warning"
# Settings alone decide an address: no header names a prefix, another path or a scheme, not even one
# that came through a proxy on this host. (Behind TRUSTED_PROXIES Django reads X-Forwarded-Proto.)
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
# Gunicorn logs addresses of pages whole, and tracebacks: in the site's own form of line instead.
logconfig_dict: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "one_line": {
            "()": "config.logs.OneLine",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "one_line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"handlers": ["stderr"], "propagate": False, "level": "WARNING"},
        "gunicorn.access": {"handlers": [], "propagate": False},
    },
}
control_socket_disable = True
# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108


_SILENCE = 10
"""Seconds that a request may stop halfway before its thread is for others again."""


def when_ready(server: Any) -> None:
    """Let no client that sends half a request, or reads half an answer, hold a thread for ever.

    Gunicorn's threads wait without end for the rest; accepted connections take over these limits of
    the socket they came in by (socket(7), SO_RCVTIMEO). It is a floor: a proxy in front that
    waits for slow clients itself, as nginx does, keeps them away from the threads altogether.
    """
    limit = struct.pack("ll", _SILENCE, 0)
    for listener in server.LISTENERS:
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.sock.setsockopt(socket.SOL_SOCKET, option, limit)


def worker_exit(server: Any, worker: Any) -> None:
    """Write the reads that were counted since the last time (blog.reading.page_counts)."""
    from blog.reading import page_counts

    page_counts.flush()
