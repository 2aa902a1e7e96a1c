"""Video services that may be embedded on request of the reader.

Only what is named here ever gets a frame; every other card is a link and nothing more.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

# Where a frame may come from, by the name of the service in `data-video`.
FRAMES: Final = {
    "youtube": "https://www.youtube-nocookie.com",
    "vimeo": "https://player.vimeo.com",
}
VIDEO: Final = re.compile(
    r"youtube:[A-Za-z0-9_-]{11}(:[0-9]{1,6})?|vimeo:[0-9]{1,12}(:[0-9a-f]{6,20})?"
)
_SECONDS = re.compile(r"(?:(\d{1,2})h)?(?:(\d{1,3})m)?(?:(\d{1,5})s?)?")
_SHOWN = re.compile(r'data-video="([a-z]+):')
_YOUTUBE: Final = {"youtube.com", "m.youtube.com", "youtube-nocookie.com", "youtu.be"}
_VIMEO: Final = {"vimeo.com", "player.vimeo.com"}


def host_of(url: str) -> str:
    """The host of an address without `www.`; empty for an address without one."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def video_of(url: str) -> str:
    """`service:number` of a video's page (with a start or a key behind it), else an empty text."""
    host = host_of(url)
    if host in _YOUTUBE:
        found = _youtube(url, host)
    elif host in _VIMEO:
        found = _vimeo(url)
    else:
        return ""
    return found if VIDEO.fullmatch(found) else ""


def _youtube(url: str, host: str) -> str:
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    steps = [step for step in parts.path.split("/") if step]
    if host == "youtu.be":
        number = steps[0] if steps else ""
    elif len(steps) > 1 and steps[0] in ("embed", "shorts", "live"):
        number = steps[1]
    else:
        number = query.get("v", [""])[0]
    start = _SECONDS.fullmatch(_start(query))
    seconds = 0
    if start:
        hours, minutes, rest = (int(part or 0) for part in start.groups())
        seconds = 3600 * hours + 60 * minutes + rest
    return f"youtube:{number}" + (f":{seconds}" if seconds else "")


def _start(query: dict[str, list[str]]) -> str:
    return (query.get("t") or query.get("start") or [""])[0]


def _vimeo(url: str) -> str:
    parts = urlsplit(url)
    steps = [step for step in parts.path.split("/") if step and step != "video"]
    key = parse_qs(parts.query).get("h", steps[1:2])
    return f"vimeo:{steps[0] if steps else ''}" + (f":{key[0]}" if key else "")


def services_in(html: str) -> str:
    """The names of the services whose videos a finished text offers, with spaces between them."""
    return " ".join(sorted(set(_SHOWN.findall(html)) & FRAMES.keys()))


def frame_hosts(services: str) -> list[str]:
    """Where the videos of those services come from."""
    return [FRAMES[service] for service in services.split() if service in FRAMES]
