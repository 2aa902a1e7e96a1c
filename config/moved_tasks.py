"""Old dotted paths of queued tasks, importable for one release.

A task waits in the database under the path of its function. What release 0.1.0 queued is still to
be done after an upgrade, and a web process of the old release may queue more until it has ended.
This file goes with the release after 0.2.0.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from django.utils.module_loading import import_string

MOVED = {
    "blog.announcing.ping_hub": "blog.discovery.announcing.ping_hub",
    "blog.announcing.ping_indexnow": "blog.discovery.announcing.ping_indexnow",
    "blog.tasks.links_renew": "blog.publishing.rendering.links_renew_later",
    "blog.workflow.deliver": "blog.publishing.workflow_mail.deliver",
    "comments.mail.deliver": "comments.notifications.deliveries.deliver",
    "comments.mail.deliver_event": "comments.notifications.deliveries.deliver_event",
    "comments.quotes.review": "comments.thread.quotes.review",
}


def install() -> None:
    """Put a module in the place of each that is gone; it looks its tasks up when it is asked."""
    for path in MOVED:
        name = path.rpartition(".")[0]
        if name not in sys.modules:
            module = ModuleType(name, "Gone; see config.moved_tasks.")
            module.__dict__["__getattr__"] = _finder(name)
            sys.modules[name] = module


def _finder(module: str) -> Any:
    def find(name: str) -> Any:
        try:
            return import_string(MOVED[f"{module}.{name}"])
        except KeyError:
            raise AttributeError(name) from None

    return find
