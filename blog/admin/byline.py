"""The authors in the article's form: boxes to tick, in the order of the byline."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from authors.models import Author


class BylineWidget(forms.CheckboxSelectMultiple):
    """The chosen first, in their order; a script moves them, and what is sent follows the page."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Through the site's own templates."""
        context = self.get_context(name, value, attrs)
        rows = [row for _group, group, _index in context["widget"]["optgroups"] for row in group]
        place = {str(key): number for number, key in enumerate(value or ())}
        rows.sort(key=lambda row: place.get(str(row["value"]), len(place)))
        return render_to_string("admin/blog/article/byline.html", {**context, "rows": rows})


class BylineField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Authors in the order in which they are sent."""

    widget = BylineWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Author.objects.all(), **kwargs)

    def clean(self, value: Any) -> list[Author]:  # type: ignore[override]
        """The authors. Raises ValidationError."""
        found = {str(author.pk): author for author in super().clean(value)}
        return [found[key] for key in dict.fromkeys(map(str, value or ())) if key in found]

    def offer(self, chosen: list[Author]) -> None:
        """Offer those who write here, and whom the byline has already."""
        # Bound to the field that the form copied.
        self.queryset = Author.objects.filter(
            Q(former=False) | Q(pk__in=[author.pk for author in chosen])
        )
