"""What taking a site out and in again costs: `python -m bench.exporting [comments]`.

For the demo with a thread of a thousand and of 100,000 comments: seconds and peak memory of each
command, in a process of its own. Peaks that are equal for both sizes show that the memory does
not depend on the number of comments.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import site
from bench.pages import make_article


def measured(*words: str, **environment: str) -> str:
    """Seconds and peak memory of `manage.py` with `words`."""
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "manage.py", *words],
        cwd=site.ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
    )
    # Asked of the process itself: what the system counts at its end has this one's memory in it.
    status, peak = Path(f"/proc/{process.pid}/status"), 0
    while process.poll() is None:
        with contextlib.suppress(OSError, ValueError, IndexError):
            peak = int(status.read_text().partition("VmHWM:")[2].split()[0])
        time.sleep(0.02)
    if process.returncode:
        raise RuntimeError(f"{words} ended with {process.returncode}")
    return f"{time.monotonic() - begun:7.1f} s {peak / 1024:7.0f} MB"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("comments", type=int, nargs="?", default=100_000)
    most = parser.parse_args().comments
    with site.site(), tempfile.TemporaryDirectory(prefix="weerwoord-bench-") as folder:
        print(f"{'nothing (check)':30}{measured('check')}")
        for size in (1_000, most):
            make_article(size)
            place = Path(folder) / str(size)
            place.mkdir()
            print(f"with a thread of {size:,} comments")
            for form in ("archive", "wordpress", "html"):
                target = place / form
                print(f"  {f'export {form}':28}{measured('export', form, str(target))}")
            backups = str(place / "backups")
            print(f"  {'backup --verify':28}{measured('backup', '--to', backups, '--verify')}")
            other = {"WEERWOORD_VAR": str(place / "other")}
            measured("migrate", "-v0", **other)
            came = measured("import_archive", str(place / "archive"), **other)
            print(f"  {'import_archive':28}{came}")


if __name__ == "__main__":
    main()
