"""What every test stands on: test mode, a database server, no network, no slow passwords."""

import os
import shutil
import tempfile
from pathlib import Path

# Before Django reads its settings (so DJANGO_SETTINGS_MODULE stands here, not in pyproject.toml,
# where pytest-django would act on it earlier still).
os.environ["WEERWOORD_MODE"] = "test"
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ["MEDIA_ROOT"] = tempfile.mkdtemp(prefix="weerwoord-media-")
os.environ["STATIC_ROOT"] = tempfile.mkdtemp(prefix="weerwoord-static-")
os.environ["BACKUP_DIR"] = tempfile.mkdtemp(prefix="weerwoord-backups-")

import hypothesis
import pytest

from config import modes
from config.local import embedded
from tests import firefox

# Every run tries the same inputs, so that a change fails for what it changes. New ones are looked
# for with --hypothesis-profile=explore; what that finds becomes an example.
hypothesis.settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("explore", max_examples=2_000, deadline=None)
hypothesis.settings.load_profile("fixed")

# How many tests were left out for want of a program, by their marker; and what brings it.
LEFT_OUT = pytest.StashKey[dict[str, int]]()
PACKAGES = {"wordpress": "wordpress php-cli php-mysql mariadb-server", "firefox": "firefox-esr"}

if modes.uses_embedded_database():
    embedded.ensure(modes.database_directory(), durable=False)


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings
    from django.test import TransactionTestCase

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    TransactionTestCase._fixture_teardown = _emptied  # type: ignore[method-assign]


# What the program makes and no test changes.
_LASTING = ("auth_permission", "django_content_type", "django_migrations")


def _emptied(_case: object) -> None:
    """Empty the tables that have rows; Django empties all, and makes permissions anew.

    The goodbye of a page that was closed may be written meanwhile. Of two that wait for each other
    the database ends one; when that is this one, the other is done by now.
    """
    from django.db import OperationalError

    for _turn in range(4):
        try:
            return _empty()
        except OperationalError as error:
            if "deadlock" not in str(error):
                raise
    return _empty()


def _empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        names = sorted(set(connection.introspection.table_names(cursor)) - set(_LASTING))
        cursor.execute(
            " UNION ALL ".join(
                f"(SELECT '{name}' FROM {connection.ops.quote_name(name)} LIMIT 1)"
                for name in names
            )
        )
        if full := [connection.ops.quote_name(name) for (name,) in cursor.fetchall()]:
            cursor.execute(f"TRUNCATE {', '.join(full)} CASCADE")


def pytest_unconfigure(config: pytest.Config) -> None:
    for name in ("MEDIA_ROOT", "STATIC_ROOT", "BACKUP_DIR"):
        shutil.rmtree(os.environ[name], ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests with a program that is not installed; the summary says so."""
    wordpress = Path("/usr/share/wordpress/wp-settings.php").exists() and all(
        shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        for name in ("php", "mariadbd", "mariadb-install-db")
    )
    for marker, found in (("wordpress", wordpress), ("firefox", firefox.find())):
        out = [] if found else [item for item in items if item.get_closest_marker(marker)]
        if out:
            config.hook.pytest_deselected(items=out)
            items[:] = [item for item in items if item not in out]
            config.stash.setdefault(LEFT_OUT, {})[marker] = len(out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what did not run, and how to let it run."""
    for marker, count in terminalreporter.config.stash.get(LEFT_OUT, {}).items():
        terminalreporter.write_line(
            f"{count} tests marked {marker} did not run: apt-get install {PACKAGES[marker]}"
        )


@pytest.fixture
def media_root(settings, tmp_path):
    """A media directory of the test's own, for tests that look at its files."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def no_timer(monkeypatch):
    """Reads are written when a test asks for it, never by a thread that outlives the test."""
    from blog.reading import page_counts

    monkeypatch.setattr(page_counts, "_schedule", lambda: None)
