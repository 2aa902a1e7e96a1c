"""`python -m tests.pictures`: the pictures of the guides, taken of the demo publication anew.

It makes a database of its own, stops the clock at `MOMENT`, loads the demo, serves the site, and
writes docs/images/<language>/<name>.webp for every name of `SHOTS`; names on the command line
take those alone. With the same fonts and browser the same code makes the same pictures.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
LANGUAGES = ("nl", "en")
# The Monday on which the guides play.
MOMENT = datetime.datetime(2025, 11, 24, 10, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))
WIDTH, HEIGHT = 1080, 720
MARGIN = 16
# What the square of the second factor says in every picture.
KEY = "57656572776f6f72642773206f776e206b657921"
EDITOR, AUTHOR = "redactie", "femke"


@dataclass(frozen=True)
class Shot:
    """A page as `who` sees it; `prepare` brings it there and gives its parts to show, or all."""

    who: str
    path: str
    prepare: Callable[[Page], list[Locator] | None] = lambda page: None
    width: int = WIDTH


def _parts(*selectors: str) -> Callable[[Page], list[Locator]]:
    """Shows these parts of the page, and what lies between them."""
    return lambda page: [page.locator(one).first for one in selectors]


_PAGE = _parts(".breadcrumbs", "#content")


def _form(page: Page) -> None:
    page.locator(".desk-count").wait_for()
    page.wait_for_load_state("networkidle")


def _submit(page: Page) -> list[Locator]:
    _form(page)
    page.locator("#id_note").scroll_into_view_if_needed()
    return [page.locator(".field-note"), page.locator(".write-bar .submit-row")]


def _check(page: Page) -> list[Locator]:
    _form(page)
    page.locator(".desk-below button").first.click()
    page.locator(".desk-panel .desk-findings").wait_for()
    return [page.locator(".desk-count"), page.locator(".desk-panel")]


def _library(page: Page) -> list[Locator]:
    _form(page)
    page.locator(".field-picture button").first.click()
    page.get_by_role("tab").nth(1).click()
    page.locator("dialog.picker .picker-list img").nth(5).wait_for()
    page.wait_for_load_state("networkidle")
    return [page.locator("dialog.picker")]


def _difference(page: Page) -> list[Locator]:
    page.locator("[form=compare].button").click()
    page.locator(".desk-difference").wait_for()
    return [page.locator(".breadcrumbs"), page.locator("#content")]


def _merge(page: Page) -> list[Locator]:
    for row in (0, 1):
        page.locator("#result_list tbody input[type=checkbox]").nth(row).check()
    page.locator("[name=action]").first.select_option("merge")
    page.locator(".actions button:enabled").first.click()
    page.locator("[name=keep]").first.wait_for()
    return [page.locator(".breadcrumbs"), page.locator("#content")]


def _mail(page: Page) -> list[Locator]:
    page.frame_locator(".page-frame").locator("h1").wait_for()
    return [page.locator("#content h1"), page.locator(".page-frame")]


_DRAFT = "/admin/blog/article/{de-keukentafel-als-arbeidsvoorwaarde}/change/"
_REVIEW = "/admin/blog/article/{wie-pauzeert-werkt-niet-minder}/change/"
_SCHEDULED = "/admin/blog/article/{het-gesprek-dat-u-al-drie-weken-uitstelt}/change/"
SHOTS: dict[str, Shot] = {
    "front": Shot("", "/", width=1280),
    # For authors.
    "form": Shot(AUTHOR, _DRAFT, _form, width=1280),
    "library": Shot(AUTHOR, _DRAFT, _library),
    "check": Shot(AUTHOR, _DRAFT, _check),
    "history": Shot(AUTHOR, _DRAFT.replace("change", "history"), _difference),
    "preview": Shot(AUTHOR, _DRAFT.replace("change", "links"), _PAGE),
    "submit": Shot(AUTHOR, _DRAFT, _submit),
    # For editors.
    "overview": Shot(EDITOR, "/admin/", _parts("#content")),
    "queue": Shot(EDITOR, "/admin/comments/comment/"),
    "remarks": Shot(EDITOR, _REVIEW, _parts(".breadcrumbs", ".desk-steps")),
    "schedule": Shot(EDITOR, _SCHEDULED, _parts(".field-status", ".field-published_at")),
    "series": Shot(EDITOR, "/admin/blog/series/{series}/change/", _parts(".field-parts")),
    "subjects": Shot(EDITOR, "/admin/blog/tag/", _merge),
    "newsletter": Shot(
        EDITOR,
        "/admin/newsletter/issue/preview/{wie-pauzeert-werkt-niet-minder}/",
        _mail,
    ),
    "record": Shot(EDITOR, "/admin/newsletter/issue/{sending}/change/", _PAGE),
    # For owners.
    "settings": Shot(EDITOR, "/admin/blog/sitesettings/1/change/"),
    "accounts": Shot(EDITOR, "/admin/authors/user/", _PAGE),
    "second-factor": Shot(AUTHOR, "/admin/second-factor/", _PAGE),
}


def _fill() -> dict[str, int]:
    """The demo, and what it has to show besides; the numbers that addresses of pages hold."""
    from authors.models import User
    from blog.models import Article, Reads, Series, SiteSettings
    from blog.publishing import preview_links
    from blog.publishing.articles import article_save
    from demo import loading
    from demo.models import Loaded

    loading.load("picture")
    # As on a site that has done its first steps.
    Loaded.objects.all().delete()
    SiteSettings.objects.update(first_steps=False)
    numbers = dict(Article.objects.values_list("slug", "pk"))
    draft = Article.objects.get(slug="de-keukentafel-als-arbeidsvoorwaarde")
    editor = User.objects.get(username=EDITOR)
    draft.body_source = draft.body_source.replace(
        "Hij kan niet thuiswerken.",
        "Nee dus: wie een school opent, kan dat niet vanuit huis.",
    )
    draft.body_source += (
        '<p>De regels van de cao leest u <a href="https://cao.example/">hier</a>.</p>'
    )
    article_save(article=draft, authors=None, tags=None, editor=editor, expected_version=None)
    preview_links.preview_link_make(article=draft, label="Karin van de bond", days=7, user=editor)
    coming = Article.objects.get(slug="het-gesprek-dat-u-al-drie-weken-uitstelt")
    coming.published_at = MOMENT + datetime.timedelta(days=15, hours=-2)
    article_save(article=coming, authors=None, tags=None, editor=editor, expected_version=None)
    today = MOMENT.date()
    Reads.objects.bulk_create(
        Reads(
            article_id=pk,
            day=today - datetime.timedelta(days=days),
            count=(pk * 37 + days * days * 11) % 23 + (9 - days % 7) * 2,
        )
        for pk in numbers.values()
        for days in range(30)
    )
    sending = _sending(Article.objects.get(slug="wie-is-er-van-de-vergadering"))
    return {**numbers, "sending": sending, "series": Series.objects.get().pk}


def _sending(article: Any) -> int:
    """What is left of a newsletter's sending a day later."""
    from comments.models import Commenter
    from newsletter.models import Issue, Mail

    issue = Issue.objects.create(article=article, title=article.title, finished_at=MOMENT)
    full, gone = "452 4.2.2 <{}> is over quota", "550 5.1.1 <{}>: no such mailbox"
    states = ["sent"] * 212 + ["failed"] * 6 + ["queued"] * 2 + ["dropped"] * 3
    for number, state in enumerate(states):
        address = f"lezer{number}@lezers.example"
        said = {"failed": gone, "queued": full}.get(state, "").format(address)
        Mail.objects.create(
            issue=issue,
            person=Commenter.objects.create(email=address),
            event="newsletter",
            state=state,
            error=said,
            tries=1,
            next_try_at=MOMENT + datetime.timedelta(hours=2) if state == "queued" else None,
        )
    return issue.pk


@contextlib.contextmanager
def _site() -> Iterator[tuple[str, dict[str, int]]]:
    """The demo on a server of this process: its address, and the articles' numbers."""
    from config import modes
    from config.local import embedded

    media = tempfile.mkdtemp(prefix="weerwoord-pictures-")
    os.environ.update(
        WEERWOORD_MODE="test",
        DJANGO_SETTINGS_MODULE="config.settings",
        DJANGO_ALLOW_ASYNC_UNSAFE="true",
        MEDIA_ROOT=media,
        SITE_URL="https://tegenvijven.example",
        # Always the same, so that the addresses in the pictures are.
        SECRET_KEY=hashlib.sha256(b"pictures").hexdigest(),
    )
    if modes.uses_embedded_database():
        embedded.ensure(modes.database_directory(), durable=False)
    import django
    from django.conf import settings
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.db import connection

    settings.DATABASES["default"]["TEST"] = {"NAME": "weerwoord_pictures"}
    settings.OTP_WEBAUTHN_RP_ID = "localhost"
    django.setup()
    from django.test.testcases import LiveServerThread
    from django.test.utils import (
        setup_databases,
        setup_test_environment,
        teardown_databases,
        teardown_test_environment,
    )

    setup_test_environment(debug=False)
    made = setup_databases(verbosity=0, interactive=False)
    server = LiveServerThread("localhost", StaticFilesHandler, connections_override={})
    server.daemon = True
    try:
        numbers = _fill()
        server.start()
        server.is_ready.wait()
        if server.error:
            raise server.error
        yield f"http://localhost:{server.port}", numbers
    finally:
        if server.is_alive():
            server.terminate()
        with connection.cursor() as cursor:
            # A thread of the server may still be on its way out.
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        teardown_databases(made, verbosity=0)
        teardown_test_environment()
        shutil.rmtree(media, ignore_errors=True)


def _session(who: str, language: str) -> str:
    """The key of a session of the account, in the language."""
    from django.conf import settings
    from django.test import Client

    from authors.models import User

    user = User.objects.get(username=who)
    User.objects.filter(pk=user.pk).update(language=language)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["second_factor_key"] = KEY
    session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _take(browser: Browser, site: str, language: str, shot: Shot, path: str) -> Image.Image:
    """The picture."""
    from django.conf import settings

    context = browser.new_context(
        viewport={"width": shot.width, "height": HEIGHT},
        base_url=site,
        locale={"nl": "nl-NL", "en": "en-GB"}[language],
        timezone_id=str(MOMENT.tzinfo),
        color_scheme="light",
        reduced_motion="reduce",
    )
    try:
        if shot.who:
            cookie = {"name": settings.SESSION_COOKIE_NAME, "url": site}
            context.add_cookies([{**cookie, "value": _session(shot.who, language)}])
        page = context.new_page()
        page.clock.set_fixed_time(MOMENT)
        page.goto(path)
        page.wait_for_load_state("networkidle")
        parts = shot.prepare(page)
        page.evaluate("document.activeElement?.blur()")
        if parts is None:
            return Image.open(BytesIO(page.screenshot()))
        whole = Image.open(BytesIO(page.screenshot(full_page=True)))
        boxes = [box for part in parts if (box := part.bounding_box())]
        down = page.evaluate("scrollY")
        edges = (
            min(box["x"] for box in boxes) - MARGIN,
            min(box["y"] for box in boxes) + down - MARGIN,
            max(box["x"] + box["width"] for box in boxes) + MARGIN,
            max(box["y"] + box["height"] for box in boxes) + down + MARGIN,
        )
        left, top, right, bottom = (round(edge) for edge in edges)
        return whole.crop(
            (max(0, left), max(0, top), min(whole.width, right), min(whole.height, bottom))
        )
    finally:
        context.close()


def main(names: list[str]) -> int:
    """Take the pictures `names`, or all; 0 when that went well."""
    import time_machine

    from tests import chromium

    if unknown := set(names) - SHOTS.keys():
        sys.stderr.write(f"No such picture: {', '.join(sorted(unknown))}\n")
        return 1
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with (
        time_machine.travel(MOMENT, tick=False),
        _site() as (site, numbers),
        sync_playwright() as play,
        contextlib.closing(
            play.chromium.launch(executable_path=chromium.find(), args=arguments)
        ) as browser,
    ):
        for language in LANGUAGES:
            (IMAGES / language).mkdir(parents=True, exist_ok=True)
            for name in names or SHOTS:
                shot = SHOTS[name]
                taken = _take(browser, site, language, shot, shot.path.format_map(numbers))
                file = IMAGES / language / f"{name}.webp"
                taken.convert("RGB").save(file, quality=80, method=6)
                sys.stdout.write(f"{file.relative_to(IMAGES)}: {file.stat().st_size // 1000} kB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
