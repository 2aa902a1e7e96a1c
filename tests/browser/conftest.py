"""A real browser on a real server; what it complains of fails the test."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from config import modes
from tests import chromium

FAILURES = modes.var_directory() / "test-failures"
PHONE, DESK = 375, 1280


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.failed_here = report.failed
    return report


@pytest.fixture(scope="session")
def browser():
    # Playwright runs an event loop in this thread, from which Django would refuse its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # A busy machine is slow, not wrong.
    expect.set_options(timeout=20_000)
    # Pages are served by this machine: no other host has an address. Requests are not held up to
    # be looked at, since a browser that asks about each keeps nothing for the next page.
    arguments = [
        "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as play:
        launched = play.chromium.launch(executable_path=chromium.find(), args=arguments)
        yield launched
        launched.close()


@pytest.fixture(scope="session", autouse=True)
def _files_are_kept():
    """A browser asks once for each style sheet and script, as it does of a real server."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler

    serve = StaticFilesHandler.serve

    def kept(handler, request):
        answer = serve(handler, request)
        answer["Cache-Control"] = "max-age=3600, immutable"
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "serve", kept)
        yield


class Visitor:
    """Opens pages on the site under test and remembers what went wrong on them."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.browser, self.site = browser, site
        self.contexts: list[BrowserContext] = []
        self.faults: list[str] = []
        self.expected: list[str] = []

    def page(
        self, width: int = DESK, *, scheme: str = "light", scripts: bool = True, **options
    ) -> Page:
        """A page of a browser of its own."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=scripts,
            locale="nl-NL",
            reduced_motion="reduce",
            timezone_id="Europe/Amsterdam",
            base_url=self.site,
            **options,
        )
        context.set_default_timeout(10_000)
        context.on("request", self._asked)
        # On the context: the tabs that a page opens are heard too.
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        self.contexts.append(context)
        return context.new_page()

    def expect(self, pattern: str) -> None:
        """A complaint that belongs to the test."""
        self.expected.append(pattern)

    def _asked(self, request):
        url = request.url
        foreign = urlsplit(url).netloc != urlsplit(self.site).netloc
        if foreign and not url.startswith(("data:", "blob:")):
            self.faults.append(f"foreign request: {url}")

    def _heard(self, message):
        if message.type in ("error", "warning"):
            where = message.location.get("url", "")
            self.faults.append(f"{message.type}: {message.text} {where}")

    def complaints(self) -> list[str]:
        return [
            fault
            for fault in self.faults
            if not any(re.search(pattern, fault) for pattern in self.expected)
        ]


@pytest.fixture
def roles(transactional_db):
    """The groups that a migration makes and that emptying the tables takes away."""
    # Imported here: pytest reads this file before Django is set up.
    from django.contrib.auth.models import Group

    from authors.roles import Role
    from blog.models import SiteSettings

    # The goodbye of a page that the last test closed may have come after the tables were emptied.
    SiteSettings.objects.all().delete()
    for name in Role.values:
        Group.objects.get_or_create(name=name)


@pytest.fixture
def visitor(browser, live_server, roles, request):
    made = Visitor(browser, live_server.url)
    yield made
    name = re.sub(r"[^\w.-]+", "-", request.node.name)
    for number, context in enumerate(made.contexts):
        if getattr(request.node, "failed_here", False):
            for page in context.pages:
                FAILURES.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=FAILURES / f"{name}-{number}.png", full_page=True)
                (FAILURES / f"{name}-{number}.html").write_text(page.content())
        context.close()
    assert not (heard := made.complaints()), "\n".join(heard)


def log_in(page: Page, username: str) -> None:
    """Give the browser the session of somebody who logged in; the form has tests of its own.

    A browser that never opened the admin does not tell the site's own pages who reads.
    """
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    client.force_login(get_user_model().objects.get(username=username))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session}
    page.context.add_cookies([{**cookie, "domain": "localhost", "path": "/"}])


def log_in_by_the_form(page: Page, username: str, password: str = "geheim-woord") -> None:
    """Log in through the admin's own form."""
    page.goto("/admin/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.click("[type=submit]")
    page.wait_for_url(re.compile(r"/admin/$"))
