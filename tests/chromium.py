"""Where the system's Chromium is; as a program (`python -m tests.chromium`), sees to it that it is.

Run as root on Debian the one without windows is installed when missing, and where there is none,
Chromium itself; otherwise the program says what to install and fails, so that no browser test is
ever passed over in silence.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

# Without windows: a page in it costs a third of one in the browser that has them.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ADVICE = (
    "The browser tests need Chromium, and it was not found. Install it, for instance with\n"
    "    apt-get install chromium-headless-shell\n"
    "or name its program in the environment variable CHROMIUM."
)


class Missing(Exception):
    """No Chromium on this machine; the message says what to do."""


def find() -> str:
    """The path of the browser. Raises `Missing`."""
    named = os.environ.get("CHROMIUM", "")
    for name in (named, *NAMES):
        path = shutil.which(name) if name else None
        # Ubuntu's chromium-browser is a note that points to a snap; it does not start here.
        if path and _starts(path):
            return path
    raise Missing(ADVICE)


def _starts(path: str) -> bool:
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def install(package: str) -> None:
    """Install the distribution's `package`. Raises CalledProcessError."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package],
    ):
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)


def main() -> int:
    """0 when there is a Chromium in the end, else 1 with advice."""
    installs = os.geteuid() == 0 and shutil.which("apt-get")
    if installs and not shutil.which(SHELL) and not os.environ.get("CHROMIUM"):
        print(f"Installing {SHELL} for the browser tests.", flush=True)
        for package in (SHELL, "chromium"):
            try:
                install(package)
                break
            except subprocess.CalledProcessError as error:
                print(error, file=sys.stderr)
                if _is_there():
                    break
    if _is_there():
        return 0
    print(ADVICE, file=sys.stderr)
    return 1


def _is_there() -> bool:
    try:
        find()
    except Missing:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
