"""What an empty site begins with: the demo publication, or an owner's account and nothing else.

`START=demo` and `START=own` choose. Without it a terminal is asked, once, before anything is made;
where nobody can be asked it is the demo.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

from config import modes

CHOICES = ("demo", "own")
OWNER = "owner"
_QUESTION = """
What does the site begin with?
  1  the demo: a made-up publication to look at, which you can remove later
  2  your own site: empty, with an account for you
Choose 1 or 2 [1]: """


class NoChoice(Exception):
    """START names neither; the message says what it may be."""


def choose() -> str:
    """What an empty site begins with; remembered, so that a run that was broken off goes on alike.

    Raises NoChoice.
    """
    given = os.environ.get("START", "")
    if given and given not in CHOICES:
        raise NoChoice(f"START must be {' or '.join(CHOICES)}, not {given!r}.")
    file = modes.var_directory() / "start"
    known = file.read_text("ascii", "replace").strip() if file.exists() else ""
    found = given or (known if known in CHOICES else "")
    if not found:
        found = _asked() if _may_ask() else CHOICES[0]
    file.write_text(found, encoding="ascii")
    return found


def _may_ask() -> bool:
    """Whether somebody sits there, and the site was never begun."""
    fresh = modes.uses_embedded_database() and not modes.database_directory().exists()
    return fresh and sys.stdin.isatty() and sys.stdout.isatty()


def _asked() -> str:
    answers = {"": CHOICES[0], "1": CHOICES[0], "2": CHOICES[1]}
    while True:
        try:
            answer = input(_QUESTION).strip()
        except EOFError:
            answer = ""
        if answer in answers:
            return answers[answer]


def begin(start: str) -> None:
    """Fill an empty site with what was chosen; a site with content is left as it is."""
    from django.core.management import call_command

    from demo import loading

    if not loading.is_empty():
        if os.environ.get("START"):
            sys.stderr.write("The site has content already: START changes nothing.\n")
    elif start == "own":
        _owner_make()
    else:
        call_command("load_demo", "--if-empty", stdout=sys.stderr)


def _owner_make() -> None:
    """An account that is owner, with a password that only this machine knows."""
    from django.contrib.auth.models import Group

    from authors.accounts import account_save
    from authors.models import User
    from authors.roles import Role

    password = secrets.token_urlsafe(9)
    file = _password_file()
    file.touch(mode=0o600)
    file.write_text(password, encoding="ascii")
    user = User(username=OWNER)
    user.set_password(password)
    account_save(user=user, roles=Group.objects.filter(name=Role.OWNER))


def logins() -> str:
    """The owner's first password, as long as it still is one; or the demo's logins."""
    import io

    from django.core.management import call_command

    from authors.models import User

    told = io.StringIO()
    call_command("load_demo", "--print-logins", stdout=told)
    file = _password_file()
    user = User.objects.filter(username=OWNER).first() if file.exists() else None
    if user is not None and user.check_password(file.read_text("ascii")):
        told.write(f"{OWNER} / {file.read_text('ascii')} (choose a password of your own)\n")
    elif file.exists():
        file.unlink()
    return told.getvalue()


def _password_file() -> Path:
    return modes.var_directory() / "owner-password"
