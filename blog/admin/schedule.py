"""The date of publication in the article's form: a wall-clock time of the site's zone."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blog.publishing import clock

_TURNS = (
    ("", "---------"),
    ("0", gettext_lazy("the first time (summer time)")),
    ("1", gettext_lazy("the second time (winter time)")),
)


class ScheduleWidget(AdminSplitDateTime):
    """Date and time, the zone they are meant in, and which of two when the clock is put back."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.widgets: Any = [*self.widgets, forms.Select(choices=_TURNS)]
        # Django names the parts when it is made.
        self.widgets_names = ["_0", "_1", "_2"]

    def decompress(  # type: ignore[override]
        self, value: datetime.datetime | None
    ) -> list[Any]:
        """The three parts of a stored moment."""
        if not value:
            return [None, None, ""]
        local = timezone.localtime(value)
        wall = local.replace(tzinfo=None, fold=0)
        twice = len(clock.moments(wall, timezone.get_current_timezone())) == 2
        return [wall.date(), wall.time().replace(microsecond=0), str(local.fold) if twice else ""]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """With the zone's name, and its distance to UTC at the shown moment or now."""
        context = super().get_context(name, value, attrs)
        zone = timezone.get_current_timezone()
        shown = timezone.localtime(value if isinstance(value, datetime.datetime) else None)
        turn = context["widget"]["subwidgets"][2]
        context["zone"] = timezone.get_current_timezone_name()
        context["offset"] = clock.offset_name(shown)
        if isinstance(value, list):
            # What was typed, coming back with an error.
            wall = _wall(value)
            found = clock.moments(wall, zone) if wall else []
            context["offset"] = clock.offset_name(found[-1]) if found else ""
            context["twice"] = len(found) == 2
        else:
            context["twice"] = bool(turn["value"] and turn["value"] != [""])
        return context

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Through the site's own templates."""
        context = self.get_context(name, value, attrs)
        written: Any = super()
        context["parts"] = [
            {
                "id": part["attrs"].get("id", ""),
                "html": written._render(path, {"widget": part}, renderer),
            }
            for part in context["widget"]["subwidgets"]
            for path in [part["template_name"]]
        ]
        return render_to_string("admin/blog/article/schedule.html", context)


def _wall(parts: list[Any]) -> datetime.datetime | None:
    """Date and time as they were typed, where they can be read."""
    try:
        day = forms.DateField().clean(parts[0])
        return datetime.datetime.combine(day, forms.TimeField().clean(parts[1]))
    except ValidationError:
        return None


class ScheduleField(forms.SplitDateTimeField):
    """A moment; over the changes to and from summer time it is asked, never guessed."""

    widget = ScheduleWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields = (*self.fields, forms.ChoiceField(choices=_TURNS, required=False))
        self.fields[2].required = False

    def compress(  # type: ignore[override]
        self, data_list: list[Any]
    ) -> datetime.datetime | None:
        """The moment. Raises ValidationError for a time that no clock shows, or that comes twice
        and no choice was made."""
        if not data_list or not any(data_list[:2]):
            return None
        day, time = data_list[:2]
        if not day:
            raise ValidationError(self.error_messages["invalid_date"], code="invalid_date")
        if not time:
            raise ValidationError(self.error_messages["invalid_time"], code="invalid_time")
        turn = data_list[2] if len(data_list) > 2 else ""
        wall = datetime.datetime.combine(day, time)
        zone = timezone.get_current_timezone()
        try:
            return clock.moment(wall, zone, turn=int(turn) if turn else None)
        except clock.NoSuchTime as error:
            raise ValidationError(
                _(
                    "%(time)s does not exist on %(day)s: the clock goes forward then. Choose "
                    "%(later)s, or another time."
                ),
                code="no_such_time",
                params={
                    "time": f"{wall:%H:%M}",
                    "day": date_format(wall, "j F Y"),
                    "later": f"{error.later:%H:%M}",
                },
            ) from error
        except clock.TwiceThatTime as error:
            raise ValidationError(
                _(
                    "%(time)s comes twice on %(day)s: the clock goes back then. Choose the first "
                    "(%(first)s) or the second (%(second)s)."
                ),
                code="twice",
                params={
                    "time": f"{wall:%H:%M}",
                    "day": date_format(wall, "j F Y"),
                    "first": clock.offset_name(error.first),
                    "second": clock.offset_name(error.second),
                },
            ) from error
