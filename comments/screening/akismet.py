"""A second opinion from Akismet, for sites that ask for it with a key. Off by default.

The comment, its writer's name, address and network address go to the service; the network
address is in memory only for that one request. Source: Akismet's API, "comment-check".
"""

from __future__ import annotations

import logging
from http.client import HTTPException
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.conf import settings

from comments.screening.contribution import Contribution
from comments.screening.spam import Verdict

_ADDRESS = "https://rest.akismet.com/1.1/comment-check"
# The reader waits for it.
_SECONDS = 2.0
_log = logging.getLogger(__name__)


def score(facts: Contribution) -> Verdict:
    """1 when the service calls it spam, 0 when not, 0.5 when it does not answer."""
    data = {
        "api_key": settings.AKISMET_KEY,
        "blog": settings.SITE_URL,
        "blog_charset": "UTF-8",
        "comment_type": "comment",
        "user_ip": facts.address,
        "user_agent": facts.agent,
        "permalink": facts.page,
        "comment_author": facts.name,
        "comment_author_email": facts.email,
        "comment_author_url": facts.website,
        "comment_content": facts.text,
    }
    request = Request(_ADDRESS, data=urlencode(data).encode(), method="POST")
    try:
        # The address is the constant above.
        with urlopen(request, timeout=_SECONDS) as response:  # noqa: S310
            answer = response.read(100).decode("ascii", "replace").strip()
            worst = response.headers.get("X-akismet-pro-tip") == "discard"
    except (OSError, HTTPException) as fault:
        _log.warning("Akismet did not answer: %r", fault)
        return Verdict(0.5)
    if answer == "true":
        return Verdict(1.0, ("discard",) if worst else ())
    if answer == "false":
        return Verdict(0.0)
    _log.warning("Akismet answered %r", answer)
    return Verdict(0.5)
