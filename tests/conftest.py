"""What every test stands on: test mode, a database server, no network, no slow passwords."""

import os
import shutil
import tempfile

# Before Django reads its settings (so DJANGO_SETTINGS_MODULE stands here, not in pyproject.toml,
# where pytest-django would act on it earlier still).
os.environ["WEERWOORD_MODE"] = "test"
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ["MEDIA_ROOT"] = tempfile.mkdtemp(prefix="weerwoord-media-")
os.environ["STATIC_ROOT"] = tempfile.mkdtemp(prefix="weerwoord-static-")
os.environ["BACKUP_DIR"] = tempfile.mkdtemp(prefix="weerwoord-backups-")

import pytest

from config import embedded, modes

if modes.uses_embedded_database():
    embedded.ensure(modes.database_directory(), durable=False)


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_unconfigure(config: pytest.Config) -> None:
    for name in ("MEDIA_ROOT", "STATIC_ROOT", "BACKUP_DIR"):
        shutil.rmtree(os.environ[name], ignore_errors=True)


@pytest.fixture
def media_root(settings, tmp_path):
    """A media directory of the test's own, for tests that look at its files."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT
