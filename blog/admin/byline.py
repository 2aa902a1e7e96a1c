"""The authors in the article's form: boxes to tick, in the order of the byline."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy

from authors.models import Author
from blog.admin.ordered import OrderedField, OrderedWidget


class BylineWidget(OrderedWidget):
    """With a field that finds one of many authors."""

    filter_label = gettext_lazy("Find an author")


class BylineField(OrderedField):
    """Authors in the order of the byline."""

    widget = BylineWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Author.objects.all(), **kwargs)

    def offer(self, chosen: list[Author]) -> None:
        """Offer current authors, and those already in the byline."""
        # Bound to the field that the form copied.
        self.queryset = Author.objects.filter(
            Q(former=False) | Q(pk__in=[author.pk for author in chosen])
        )
