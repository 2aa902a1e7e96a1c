"""A person who is in everything that the site keeps."""

import pytest


@pytest.fixture
def people(settings, tmp_path, media_root):
    # Imported here: pytest reads this file before Django is set up.
    from tests.comments.erasable import make_people

    settings.BACKUP_DIR = tmp_path / "backups"
    return make_people()


@pytest.fixture
def story(people):
    from tests.comments.erasable import fill

    return fill(*people)
