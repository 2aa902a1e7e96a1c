"""The conversations under the demo articles.

Written-out ones are the files of `demo/conversations/`, named after the article's key. A line

    === key | key of the parent or - | writer | minutes | field=value; field=value

starts a comment (the last part may be absent), the lines under it are its Markdown source.
The writer is a reader's name or the key of an author. The one very long thread is made by
`demo.crowd`.
"""

import re
from pathlib import Path
from typing import cast, get_args

from demo import crowd
from demo.content import AUTHORS, CommentData, CommentMarks, CommentState

CONVERSATIONS = Path(__file__).parent / "conversations"
CROWDED = "vergadering"

_HEAD = re.compile(r"^=== (.+)$", re.MULTILINE)
_MARKS = {"featured", "credited", "valued", "earlier", "gone"}
_EXTRA_FIELDS = {"state", "website", "language", "reason", *_MARKS}


def thread_for(key: str) -> list[CommentData]:
    """The comments of an article, parents before children; empty where nobody wrote."""
    if key == CROWDED:
        return crowd.thread()
    path = CONVERSATIONS / f"{key}.md"
    return parse_conversation(path.read_text("utf-8")) if path.exists() else []


def parse_conversation(source: str) -> list[CommentData]:
    """The comments of one file in its order; raises ValueError on a bad head line."""
    parts = _HEAD.split(source)
    if parts[0].strip():
        raise ValueError(f"text before the first comment: {parts[0]!r}")
    return [
        _comment(head, text.strip()) for head, text in zip(parts[1::2], parts[2::2], strict=True)
    ]


def _comment(head: str, text: str) -> CommentData:
    try:
        key, parent, writer, minutes, *rest = (part.strip() for part in head.split(" | "))
        extra = dict(pair.strip().split("=", 1) for pair in rest[0].split(";")) if rest else {}
    except ValueError as error:
        raise ValueError(f"not the head of a comment: {head!r}") from error
    if not text or not extra.keys() <= _EXTRA_FIELDS or len(rest) > 1:
        raise ValueError(f"a comment without text, or with unknown fields: {head!r}")
    state = extra.get("state", "approved")
    if state not in get_args(CommentState):
        raise ValueError(f"unknown state in {head!r}")
    names = {author.key: author.name for author in AUTHORS}
    return CommentData(
        key=key,
        parent=None if parent == "-" else parent,
        name=names.get(writer, writer),
        author=writer if writer in names else None,
        minutes=int(minutes),
        text=text,
        state=cast(CommentState, state),
        website=extra.get("website", ""),
        language=extra.get("language", ""),
        reason=extra.get("reason", ""),
        marks=CommentMarks(
            featured="featured" in extra,
            credited="credited" in extra,
            valued=int(extra.get("valued", 0)),
            earlier=extra.get("earlier", ""),
            gone=int(extra.get("gone", 0)),
        ),
    )
