"""What every test stands on: test mode, a database server, no network, no slow passwords."""

import gc
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

    from tests import database

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    TransactionTestCase._fixture_teardown = lambda case: database.empty()  # type: ignore[method-assign]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Keep the thousands of tests that were collected out of every later search for garbage."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    for name in ("MEDIA_ROOT", "STATIC_ROOT", "BACKUP_DIR"):
        shutil.rmtree(os.environ[name], ignore_errors=True)


@pytest.hookimpl(trylast=True)  # When the order is drawn.
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests with a program that is not installed, as the summary says; long ones first.

    So no worker begins with a long one when the others have done.
    """
    long = [item for name in ("browser", "slow") for item in items if item.get_closest_marker(name)]
    items[:] = dict.fromkeys([*long, *items])
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


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """A database of this worker's own, for pytest-django, which would migrate it anew."""
    from tests import database

    with django_db_blocker.unblock():
        database.make()
    yield
    with django_db_blocker.unblock():
        database.drop()


@pytest.fixture
def media_root(settings, tmp_path):
    """A media directory of the test's own, for tests that look at its files."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def mail_server_is_there():
    """What one test's dead mail server taught does not hold the next test's mails back."""
    from core import mail_refusals  # Django is not set up when this file is read.

    mail_refusals.forget()


@pytest.fixture(autouse=True)
def no_timer(monkeypatch):
    """Reads are written when a test asks for it, never by a thread that outlives the test."""
    from blog.reading import page_counts

    monkeypatch.setattr(page_counts, "_schedule", lambda: None)
