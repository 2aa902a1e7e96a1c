"""Counting in lists of any length: so many and no more, since each row counted is a row read."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

from django.contrib import admin
from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Paginator
from django.db.models import Func, IntegerField, QuerySet
from django.utils.translation import gettext as _

COUNTED: Final = 5_000
"""Rows that a list counts and pages through; filters and the search lead to the rest."""
MOST: Final = 1_000
"""Rows that are counted for each row of a list."""


class BoundedPaginator(Paginator[Any]):
    """Pages through the first `COUNTED` rows, so that no list counts a whole table."""

    @cached_property
    def count(self) -> int:
        """The number of rows, at most `COUNTED`."""
        return min(self._counted, COUNTED)

    @property
    def more(self) -> bool:
        """Whether there are more than that."""
        return self._counted > COUNTED

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        # Without what the rows are annotated with, which each counted row would cost.
        return int(rows.order_by().values("pk")[: COUNTED + 1].count())


class BoundedList(admin.ModelAdmin):  # type: ignore[type-arg]
    """ModelAdmin whose list counts and pages through the first `COUNTED` rows alone."""

    paginator = BoundedPaginator
    show_full_result_count = False


def count_of(rows: QuerySet[Any]) -> Func:
    """An annotation: how many `rows` of a subquery there are, at most one more than `MOST`."""
    some = rows.order_by().values("pk")[: MOST + 1]
    return Func(ArraySubquery(some), function="CARDINALITY", output_field=IntegerField())


def counted(number: int) -> str:
    """What `count_of` found, in words for a list."""
    return str(number) if number <= MOST else _("more than %(number)d") % {"number": MOST}
