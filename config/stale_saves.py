"""Two people, two tabs or two clicks with one form of the admin: the second save is stopped, not
the first one overwritten.

Articles and pages do this themselves, by their version. Every other form carries a digest of the
stored values that it was opened with; a save compares it with what is stored by then.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.forms import ReadOnlyPasswordHashField
from django.db import IntegrityError
from django.db.models import Model
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.utils.encoding import force_str
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

FIELD = "opened_with"
_SHOWN = 300
"""So many characters of a value that somebody else stored stand in the message."""


class StaleSaveStopped(admin.ModelAdmin[Any]):
    """Refuses a form when what it shows was changed since it was opened.

    The form comes back with everything that was typed, what is stored now beside it, and a new
    digest: a second save is made knowingly. `WeerwoordAdminSite.register` puts this before every
    page of the admin.
    """

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form; of two that add the same at once, the second is told that it exists."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            # Both found nothing when they looked. Now the form's own check finds the other's row.
            for upload in request.FILES.values():
                upload.seek(0)  # type: ignore[union-attr]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Any | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form, refused when it was opened with other values. Locks the row on a POST."""
        form = super().get_form(request, obj, change=change, **kwargs)
        sent = request.POST.get(FIELD)
        if not (sent and change and obj is not None and self.has_change_permission(request, obj)):
            return form
        if not hasattr(request, "_stored_values"):
            # Inside the transaction of Django's change view: nobody saves between this and the end.
            stored = self.model._base_manager.select_for_update().get(pk=obj.pk)
            request._stored_values = _values(self, request, stored, form)  # type: ignore[attr-defined]
        values: dict[str, Any] = request._stored_values  # type: ignore[attr-defined]
        return form if _digest(values) == sent else _refused(form, values)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any | None = None,
    ) -> HttpResponse:
        """The page, with the digest of what is stored as the form is shown."""
        form = context["adminform"].form
        if change and obj is not None and "opened_on" not in form.fields:
            stored = self.model._base_manager.get(pk=obj.pk)
            values = _values(self, request, stored, type(form))
            context["opened_with"] = _digest(values) if values else ""
        return super().render_change_form(request, context, add, change, form_url, obj)


def _values(
    page: admin.ModelAdmin[Any], request: HttpRequest, row: Model, form: Any
) -> dict[str, Any]:
    """What is stored of the fields of the form and of the rows below it, by name."""
    # The hash of a password changes by logging in.
    names = [
        name
        for name, field in form.base_fields.items()
        if not isinstance(field, ReadOnlyPasswordHashField)
    ]
    values = model_to_dict(row, fields=names)
    for formset, inline in page.get_formsets_with_inlines(request, row):
        rows = formset(instance=row, queryset=inline.get_queryset(request)).get_queryset()
        listed = [model_to_dict(one, fields=[*formset.form.base_fields, "id"]) for one in rows]
        values[capfirst(str(inline.opts.verbose_name_plural))] = listed
    return values


def _digest(values: dict[str, Any]) -> str:
    """Equal for equal values, however the database gives them."""
    plain = {
        name: sorted(map(force_str, value)) if isinstance(value, list | set) else force_str(value)
        for name, value in values.items()
    }
    return hashlib.sha256(repr(sorted(plain.items())).encode()).hexdigest()[:32]


def _refused(form: Any, values: dict[str, Any]) -> Any:
    class StaleForm(form):  # type: ignore[misc]
        """The form with one fault: what is stored is not what it was opened with."""

        def clean(self) -> dict[str, Any]:
            super().clean()
            messages = [
                _(
                    "Somebody else, or another tab of yours, saved this while you had it open. "
                    "Nothing of yours is saved yet: compare, and save again to replace it."
                )
            ]
            for name, field in self.fields.items():
                if name in values and field.has_changed(values[name], self[name].data):
                    stored = Truncator(_shown(field, values[name])).chars(_SHOWN)
                    label = capfirst(str(field.label or name))
                    messages.append(
                        _("%(field)s is now: %(value)s") % {"field": label, "value": stored or "–"}
                    )
            raise forms.ValidationError(messages)

    return StaleForm


def _shown(field: forms.Field, value: Any) -> str:
    """A stored value as the form would show it."""
    if isinstance(field, forms.ModelChoiceField) and not isinstance(value, list):
        value = field.queryset.filter(pk=value).first()  # type: ignore[union-attr]
    elif isinstance(field, forms.ChoiceField):
        value = dict(field.choices).get(value, value)  # type: ignore[arg-type]
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
