"""A database of the release before comes along, with its data and its queued tasks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

NAME = "weerwoord_upgrade"


@pytest.fixture
def empty_database(transactional_db, worker_id):
    """The address of a database that nothing is in."""
    name, known = f"{NAME}_{worker_id}", connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    port = f"&port={known['PORT']}" if known["PORT"] else ""
    yield f"postgres:///{name}?host={known['HOST']}&user={known['USER']}{port}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.slow
def test_a_database_of_0_1_0_upgrades_with_its_rows_and_tasks(empty_database, tmp_path):
    ended = subprocess.run(
        [sys.executable, "-m", "tests.upgrading"],
        cwd=Path(__file__).parents[2],
        env={
            **os.environ,
            "DATABASE_URL": empty_database,
            "WEERWOORD_VAR": str(tmp_path),
            "LOG_LEVEL": "ERROR",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (0, ""), ended.stderr
    assert "44 tables" in ended.stderr
