"""The one typed reader of environment variables.

Every reader raises `ImproperlyConfigured` with the variable's name when the value
is missing or is not of the asked type: settings fail loudly, never by a guess.
"""

import os
import re
from email.utils import getaddresses
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.module_loading import import_string

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


def text(name: str, default: str | None = None) -> str:
    """The value of `name`; `default` when unset; raises when both are missing."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} must be set (see .env.example).")
    return value


# What stands in examples and in people's heads; long enough not to occur in a random text.
_GUESSED = re.compile(
    "secret|password|wachtwoord|geheim|changeme|change-me|django|insecure|example|default"
    "|weerwoord|qwerty|azerty|asdfgh|placeholder",
    re.IGNORECASE,
)

_NO_PROSE = re.compile(r"[^a-z\s_-]")


def is_random(value: str, *, least: int) -> bool:
    """Whether `value` may have been drawn at random: at least `least` characters, no pattern.

    A text passes when at least twelve (of short ones: a third) of its characters differ, seven in
    ten of its pairs of neighbours occur once, few neighbours follow each other in the alphabet, no
    known word stands in it, and a fifth of it is neither lower case nor what stands between words.
    `secrets.token_urlsafe`, `openssl rand -hex` and Django's `get_random_secret_key` pass.
    """
    pairs = [value[at : at + 2] for at in range(len(value) - 1)]
    steps = sum(abs(ord(pair[0]) - ord(pair[1])) <= 1 for pair in pairs)
    return (
        len(value) >= least
        and len(set(value)) >= min(12, least // 3 + 1)
        and len(set(pairs)) >= 0.7 * len(pairs)
        and steps <= 0.5 * len(pairs)
        and len(_NO_PROSE.findall(value)) >= 0.2 * len(value)
        and not _GUESSED.search(value)
    )


def secret(name: str, *, least: int, default: str | None = None) -> str:
    """A random text of at least `least` characters; `default` when unset, an empty one included."""
    value = os.environ.get(name, "") or default
    if value is None or (value != default and not is_random(value, least=least)):
        raise ImproperlyConfigured(
            f"{name} must be a random text of {least} characters or more, as this makes one: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"
        )
    return value


_IPV6 = re.compile(r"\[[0-9a-f:.]{2,45}\]")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def _is_host(name: str) -> bool:
    """Whether `name` is a host's full name, or an IPv6 address in brackets."""
    if name.startswith("["):
        return bool(_IPV6.fullmatch(name))
    return len(name) <= 253 and all(_LABEL.fullmatch(label) for label in name.split("."))


def hosts(name: str, default: str = "") -> list[str]:
    """Names of hosts with commas between them, each in full: no `*`, no leading dot, no port."""
    found = [host.lower() for host in words(name, default)]
    for host in found:
        if not _is_host(host):
            raise ImproperlyConfigured(
                f"{name} must name hosts in full, like blog.example: not {host!r}."
            )
    return found


def host(name: str, default: str) -> str:
    """The full name of one host, or nothing."""
    found = hosts(name, default)
    if len(found) > 1:
        raise ImproperlyConfigured(f"{name} must name one host, not {len(found)}.")
    return found[0] if found else ""


def sender(name: str, default: str) -> str:
    """One mail address, with or without a name before it."""
    value = text(name, default)
    found = getaddresses([value])
    address = found[0][1] if len(found) == 1 else ""
    local, _at, domain = address.rpartition("@")
    # The reader of addresses closes gaps that it finds in one.
    odd = address not in value or any(character.isspace() for character in address)
    if not value.isprintable() or odd or not local or not _is_host(domain.lower()):
        raise ImproperlyConfigured(
            f"{name} must be one mail address, like 'De redactie <post@blog.example>': "
            f"not {value!r}."
        )
    return value


# These say that a mail is sent, and send none.
_NO_MAIL = tuple(
    f"django.core.mail.backends.{kind}." for kind in ("console", "dummy", "locmem", "filebased")
)


def mail_backend(name: str, default: str, *, sends: bool) -> str:
    """The class of a mail backend; with `sends` none of Django's that send nothing."""
    value = text(name, default)
    if sends and value.startswith(_NO_MAIL):
        raise ImproperlyConfigured(f"{name} must send mail, which {value} does not.")
    try:
        found = import_string(value)
    except ImportError as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from error
    if not (isinstance(found, type) and issubclass(found, BaseEmailBackend)):
        raise ImproperlyConfigured(f"{name} must name a mail backend: {value} is none.")
    return value


def matching(name: str, form: re.Pattern[str], told: str) -> str:
    """Text that `form` matches whole, or nothing; `told` says what it must be."""
    value = text(name, "")
    if value and not form.fullmatch(value):
        raise ImproperlyConfigured(f"{name} must be {told}.")
    return value


def zone(name: str, default: str) -> str:
    """A time zone by its name in the IANA database."""
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError) as error:
        raise ImproperlyConfigured(
            f"{name} must be a zone like Europe/Amsterdam, not {value!r}."
        ) from error
    return value


def apart(**folders: Path) -> None:
    """Raises unless no folder lies in another: what is in one is not for who reads the other."""
    real = {name: folder.resolve() for name, folder in folders.items()}
    for name, folder in real.items():
        for other, around in real.items():
            if name != other and folder.is_relative_to(around):
                raise ImproperlyConfigured(f"{name} must not lie in {other}: {folder}.")


def origin(name: str, default: str | None, schemes: tuple[str, ...]) -> str:
    """The address of a site: scheme and host, at most a port; a slash at the end is dropped."""
    value = text(name, default).rstrip("/")
    try:
        parts = urlsplit(value)
        plain = f"{parts.scheme}://{parts.netloc}" == value and "@" not in parts.netloc
        bracketed = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        named = _is_host(bracketed or "") and (parts.port or 1) > 0
    except ValueError:
        plain = named = False
    if not plain or not named or parts.scheme not in schemes:
        raise ImproperlyConfigured(
            f"{name} must be an address like {schemes[0]}://blog.example, without a path: "
            f"not {value!r}."
        )
    return value


def boolean(name: str, default: bool) -> bool:
    """True or False; any other word than the eight known ones raises."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in _TRUE | _FALSE:
        return value in _TRUE
    raise ImproperlyConfigured(f"{name} must be one of {sorted(_TRUE | _FALSE)}, not {value!r}.")


def integer(name: str, default: int, *, least: int = 0) -> int:
    """A whole number of at least `least`."""
    value = os.environ.get(name, "")
    try:
        number = int(value) if value else default
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error
    if number < least:
        raise ImproperlyConfigured(f"{name} must be at least {least}, not {number}.")
    return number


def words(name: str, default: str = "") -> list[str]:
    """A list: items between commas, blanks around them dropped."""
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def choice(name: str, options: tuple[str, ...], default: str) -> str:
    """One of `options`."""
    value = os.environ.get(name, default)
    if value not in options:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(options)}, not {value!r}.")
    return value


def path(name: str, default: Path) -> Path:
    """A path of the file system."""
    return Path(os.environ.get(name) or default)


def database(url: str) -> dict[str, Any]:
    """Django's database settings for a `postgres://user:password@host:port/name?option=value` URL.

    A socket directory goes in the query, as libpq has it: `postgres:///name?host=/run/postgresql`.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or postgresql://.")
    try:
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL: {error}.") from error
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": options.pop("user", "") or unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": options.pop("port", "") or str(port or ""),
        "OPTIONS": options,
    }
