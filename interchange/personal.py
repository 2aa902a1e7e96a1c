"""Personal data in the interchange's tables (see `authors.personal`)."""

from __future__ import annotations

from authors.personal import Erasure, Free, Kept, Period, Person, scrubbed, stays
from comments.commenters.forgetting import LABEL
from comments.models import Comment
from interchange.models import Imported, ImportedKind

_MOVE = Period("files two weeks after the last step, the report for good",
               "interchange.jobs.forget_moves")  # fmt: skip
_DESK = "an owner's files and notes, which name many"


def _sums_forget(row: Kept, person: Person) -> None:
    """Drop the sums of what came in of theirs; that it came in stays, so that none comes again."""
    hers = Comment.objects.filter(commenter=person.rows.get(LABEL, 0)).values("pk")
    known = Imported.objects.filter(kind=ImportedKind.COMMENT, number__in=hers)
    known.update(digest=b"", stored=b"")


KEPT = (
    Kept(
        "interchange.Imported",
        ("digest", "stored"),
        (Erasure("emptied; that the comment came in stays, so that none comes again",
                 _sums_forget),),
        Period("as long as the site"),
        withheld="sums, and numbers of the other site",
    ),
    Kept(
        "interchange.Imported",
        ("key",),
        (scrubbed(),),
        Period("as long as the site"),
        withheld="sums, and numbers of the other site",
    ),
    Kept("interchange.Move", ("report", "options", "fault"), (scrubbed(),), _MOVE, withheld=_DESK),
    Kept(
        "interchange.Move",
        ("file", "media"),
        (stays("stays until then: the other site's file"),),
        _MOVE,
        withheld=_DESK,
    ),
    Kept("interchange.Export", ("fault",), (scrubbed(),),
         Period("a week", "interchange.jobs.forget_exports"), withheld=_DESK),
)  # fmt: skip
FREE = (
    Free("interchange.Imported", ("source",), "the other site's name"),
    Free("interchange.Move", ("kind", "step"), "names that the program gives"),
)
