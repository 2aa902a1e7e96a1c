#!/usr/bin/env python
"""Django's command line for this site."""

import os
import sys


def main() -> None:
    """Make sure of a database server where none is named, then run the command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    from config import modes

    if sys.argv[1:] == ["version"]:  # Django's own answer is Django's version.
        from config.release import version

        sys.stdout.write(f"{version(modes.BASE_DIR)}\n")
        return
    if modes.uses_embedded_database():
        from config.local import embedded

        embedded.ensure(modes.database_directory())
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
