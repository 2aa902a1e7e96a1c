"""Training data of the spam filter, learnt from decisions, and its error rates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from comments.models import Comment, FilterWord, Lesson
from comments.screening import spam
from comments.screening.contribution import Contribution
from comments.screening.spam import Verdict, WordCounts

# Over how many of the last decisions the filter's errors are counted.
RECENT = 500


@dataclass(frozen=True)
class Rates:
    """How often the filter was right before it was told, over the last decisions.

    `precision`: of what it held as spam, the part that was spam. `recall`: of the spam, the
    part that it held. None where there is nothing to divide.
    """

    decisions: int
    spam: int
    held: int
    right: int

    @property
    def wrong(self) -> int:
        """How many wanted comments it held."""
        return self.held - self.right

    @property
    def missed(self) -> int:
        """How many spam comments it did not hold."""
        return self.spam - self.right

    @property
    def precision(self) -> float | None:
        """0 to 1."""
        return self.right / self.held if self.held else None

    @property
    def recall(self) -> float | None:
        """0 to 1."""
        return self.right / self.spam if self.spam else None


def facts_of(comment: Comment) -> Contribution:
    """The filter input for a stored comment."""
    return Contribution(
        text=comment.source, name=comment.name, website=comment.website, seconds=comment.seconds
    )


def score(facts: Contribution) -> Verdict:
    """The verdict by the starter's counts and this site's own; one query."""
    return _judge(spam.features(facts))


def scores(comments: Iterable[Comment]) -> list[float]:
    """What the filter makes of stored comments; one query for all of them."""
    found = [spam.features(facts_of(comment)) for comment in comments]
    counts = _counts({spam.TOTAL}.union(*found))
    return [spam.verdict(words, counts).score for words in found]


def _judge(found: Iterable[str]) -> Verdict:
    wanted = {*found, spam.TOTAL}
    return spam.verdict(wanted - {spam.TOTAL}, _counts(wanted))


def _counts(wanted: set[str]) -> dict[str, WordCounts]:
    """What the starter and this site know of the `wanted` features."""
    known = spam.starter()
    counts = {word: known[word] for word in wanted if word in known}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, spam, ham FROM comments_filterword WHERE word = ANY(%s)", [list(wanted)]
        )
        own = cursor.fetchall()
    for word, bad, good in own:
        before = counts.get(word, WordCounts())
        counts[word] = WordCounts(before.spam + bad, before.ham + good)
    return counts


def learn(comment: Comment, *, is_spam: bool) -> None:
    """Count the comment as spam or as wanted; what was learnt from it before is taken back.

    The caller is in the transaction of the decision. Locks the words' total, after which no
    other lock is asked for.
    """
    if comment.author_id is not None or comment.by_moderator:
        return
    before = Lesson.objects.filter(comment=comment).first()
    if before is not None and before.spam == is_spam:
        return
    found = sorted(spam.features(facts_of(comment)))
    if before is None:
        thought = _judge(found).score
    else:
        thought = before.score
        _subtract(before)
    _add([spam.TOTAL, *found], is_spam=is_spam)
    Lesson.objects.update_or_create(
        comment=comment, defaults={"spam": is_spam, "score": thought, "features": found}
    )


def forget(comment: Comment) -> None:
    """Take back what was learnt from the comment, and words that nothing else was learnt from.

    The caller is in a transaction. Locks the words' total.
    """
    before = Lesson.objects.filter(comment=comment).first()
    if before is not None:
        _subtract(before)
        before.delete()


def learn_anew(comment: Comment) -> None:
    """Let what was learnt from the comment be what it says now; as `learn` in all else."""
    before = Lesson.objects.filter(comment=comment).first()
    if before is not None:
        _subtract(before)
        found = sorted(spam.features(facts_of(comment)))
        _add([spam.TOTAL, *found], is_spam=before.spam)
        Lesson.objects.filter(pk=before.pk).update(features=found)


def words_forget() -> int:
    """Forget rare words that no comment holds any more; gives how many.

    When a comment is deleted its lesson goes with it. What was seen once or twice may be a name.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM comments_filterword WHERE word <> %s AND spam + ham < 3 AND word NOT IN"
            " (SELECT jsonb_array_elements_text(features) FROM comments_lesson)",
            [spam.TOTAL],
        )
        return int(cursor.rowcount)


def _add(found: list[str], *, is_spam: bool) -> None:
    # The total comes first: whoever has its row lets nobody else at the others.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO comments_filterword AS known (word, spam, ham)"
            " SELECT word, %s, %s FROM unnest(%s::text[]) AS word"
            " ON CONFLICT (word) DO UPDATE"
            " SET spam = known.spam + excluded.spam, ham = known.ham + excluded.ham",
            [int(is_spam), int(not is_spam), found],
        )


def _subtract(lesson: Lesson) -> None:
    FilterWord.objects.select_for_update().filter(word=spam.TOTAL).first()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE comments_filterword SET spam = greatest(0, spam - %s),"
            " ham = greatest(0, ham - %s) WHERE word = ANY(%s)",
            [int(lesson.spam), int(not lesson.spam), [spam.TOTAL, *lesson.features]],
        )
    # A word that no comment taught is forgotten: it may be somebody's.
    known = FilterWord.objects.filter(word__in=lesson.features, spam=0, ham=0)
    known.exclude(word=spam.TOTAL).delete()


def error_rates(last: int = RECENT) -> Rates:
    """How the filter did on the last decisions, each scored before it was learnt from."""
    rows = Lesson.objects.order_by("-created_at", "-pk").values_list("spam", "score")[:last]
    pairs = [(is_spam, thought >= spam.THRESHOLD) for is_spam, thought in rows]
    return Rates(
        decisions=len(pairs),
        spam=sum(is_spam for is_spam, _held in pairs),
        held=sum(held for _is_spam, held in pairs),
        right=sum(is_spam and held for is_spam, held in pairs),
    )
