"""Which version this is, and a token that changes whenever the look of a page can."""

import hashlib
import tomllib
from pathlib import Path

_SOURCES = (
    ("templates", "**/*.html"),
    ("static", "**/*.*"),
    ("locale", "**/*.mo"),
    ("locale-django", "**/*.mo"),
)


def release_token(base: Path, *settings: str) -> str:
    """Twelve characters over the templates, static files and catalogues below `base`, and over
    the settings that pages say: times are written in the site's time zone."""
    digest = hashlib.sha256("\0".join(settings).encode())
    for folder, pattern in _SOURCES:
        for file in sorted((base / folder).glob(pattern)):
            if file.is_file():
                digest.update(str(file.relative_to(base)).encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def version(base: Path) -> str:
    """The version's number, as pyproject.toml below `base` says it (PEP 621)."""
    found = tomllib.loads((base / "pyproject.toml").read_text("utf-8"))
    return str(found["project"]["version"])
