"""Rows to tick, in an order of their own: the byline of an article, the parts of a series."""

from __future__ import annotations

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


class OrderedWidget(forms.CheckboxSelectMultiple):
    """The chosen first, in their order; a script moves them, and what is sent follows the page."""

    # What the field that narrows a long list is called; where more rows are searched for, and
    # what the button for that says.
    filter_label: Any = ""
    more_url = ""
    more_label: Any = ""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Through the site's own templates."""
        context = self.get_context(name, value, attrs)
        rows = [row for _group, group, _index in context["widget"]["optgroups"] for row in group]
        place = {str(key): number for number, key in enumerate(value or ())}
        rows.sort(key=lambda row: place.get(str(row["value"]), len(place)))
        told = {"filter": self.filter_label, "more": self.more_url, "more_label": self.more_label}
        return render_to_string("admin/blog/ordered.html", {**context, **told, "rows": rows})


class OrderedField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Rows in the order in which they are sent."""

    widget = OrderedWidget

    def clean(self, value: Any) -> list[Any]:  # type: ignore[override]
        """The rows. Raises ValidationError."""
        found = {str(row.pk): row for row in super().clean(value)}
        return [found[key] for key in dict.fromkeys(map(str, value or ())) if key in found]
