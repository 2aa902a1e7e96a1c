"""In which mode this process runs, and which database directory goes with it.

Read before Django's settings: the embedded server must stand before they are used.
"""

import os
from pathlib import Path

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
MODES = ("production", "local", "test")


def mode() -> str:
    """`production` unless WEERWOORD_MODE says `local` (one machine, `make run`) or `test`."""
    return env.choice("WEERWOORD_MODE", MODES, "production")


def var_directory() -> Path:
    """Where everything lives that the running site writes."""
    return env.path("WEERWOORD_VAR", BASE_DIR / "var")


def uses_embedded_database() -> bool:
    """Whether the site brings its own PostgreSQL: no DATABASE_URL, and not in production."""
    return mode() != "production" and not os.environ.get("DATABASE_URL")


def database_directory() -> Path:
    """The data directory of the embedded server; the tests have one of their own."""
    return var_directory() / ("postgres-test" if mode() == "test" else "postgres")
