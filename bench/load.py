"""Requests, one after another on each of a few connections, for a fixed time."""

from __future__ import annotations

import http.client
import re
import shutil
import subprocess
import threading
import time

CONNECTIONS = 4


def rate(port: int, path: str, *, seconds: float, headers: dict[str, str]) -> tuple[int, float]:
    """Requests answered and seconds taken; by wrk where it is installed, else by Python.

    Raises RuntimeError when an answer is not 200.
    """
    if shutil.which("wrk"):
        return _wrk(port, path, seconds, headers)
    return _python(port, path, seconds, headers)


def _wrk(port: int, path: str, seconds: float, headers: dict[str, str]) -> tuple[int, float]:
    arguments = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s"]
    for name, value in headers.items():
        arguments += ["-H", f"{name}: {value}"]
    answer = subprocess.run(
        [*arguments, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True
    ).stdout
    if "Non-2xx" in answer:
        raise RuntimeError(answer)
    found = re.search(r"(\d+) requests in ([\d.]+)(ms|s|m)", answer)
    if found is None:
        raise RuntimeError(answer)
    return int(found[1]), float(found[2]) * {"ms": 0.001, "s": 1, "m": 60}[found[3]]


def _python(port: int, path: str, seconds: float, headers: dict[str, str]) -> tuple[int, float]:
    counts = [0] * CONNECTIONS
    faults: list[str] = []
    begun = time.monotonic()

    def ask(turn: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() - begun < seconds and not faults:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                faults.append(f"{response.status} for {path}")
            counts[turn] += 1

    threads = [threading.Thread(target=ask, args=(turn,)) for turn in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(faults[0])
    return sum(counts), time.monotonic() - begun
