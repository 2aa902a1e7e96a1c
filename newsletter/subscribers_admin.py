"""The list of subscribers in the admin, for owners: out as CSV, in from elsewhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from authors import access
from newsletter import subscribers

SHOWN = 500
"""Lines of a report that stand on the page; its file has them all."""


class ListForm(forms.Form):
    """A list of people who subscribed elsewhere."""

    file = forms.FileField(
        label=gettext_lazy("List (CSV)"),
        help_text=gettext_lazy(
            "The first line names the columns. Needed: “email” and “consented” (a date, such as "
            "2024-03-31). Also read: “source”, “to” (all, author:name, tag:name), “pace” (once, "
            "weekly), “language”. At most 5 MB and 50,000 lines."
        ),
    )
    source = forms.CharField(
        label=gettext_lazy("Where they subscribed"),
        max_length=120,
        required=False,
        help_text=gettext_lazy(
            "For lines without a source of their own, for example: Mailchimp, list “News”."
        ),
    )
    consent = forms.BooleanField(
        label=gettext_lazy("Everybody in this list asked for it and confirmed the address."),
        help_text=gettext_lazy("The site keeps date and source of each as your proof."),
    )

    def clean_file(self) -> Any:
        """The file, within its bounds. Raises ValidationError."""
        file = self.cleaned_data["file"]
        if (file.size or 0) > subscribers.MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        return file


class SubscribersDesk(admin.ModelAdmin):  # type: ignore[type-arg]
    """Adds the pages of the list to the newsletter's part of the admin."""

    def get_urls(self) -> list[URLPattern]:
        """With the page of the list and its file."""
        wrap = self.admin_site.admin_view
        page = csrf_protect(require_http_methods(["GET", "HEAD", "POST"])(self.subscribers_view))
        return [
            path("subscribers/", wrap(page), name="newsletter_subscribers"),
            path(
                "subscribers/csv/",
                wrap(require_safe(self.csv_view)),
                name="newsletter_subscribers_csv",
            ),
            *super().get_urls(),
        ]

    def subscribers_view(self, request: HttpRequest) -> HttpResponseBase:
        """Show both forms; POST tries a list (`try`), reports on it as a file (`report`), or takes
        it in (`take`). Raises PermissionDenied for everybody but owners."""
        if not access.is_owner(request.user):
            raise PermissionDenied
        bound = request.method == "POST"
        form = ListForm(request.POST, request.FILES) if bound else ListForm()
        report, trial = None, "take" not in request.POST
        if bound and form.is_valid():
            try:
                report = subscribers.list_take_in(
                    data=form.cleaned_data["file"].read(),
                    source=form.cleaned_data["source"],
                    trial=trial,
                    languages=[code for code, _name in settings.LANGUAGES],
                )
            except subscribers.ListRefused as error:
                form.add_error("file", str(error))
        if report is not None and "report" in request.POST:
            return _file("report", report.as_csv())
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("Subscribers"),
            "opts": self.opts,
            "form": form,
            "report": report,
            "trial": trial,
            "shown": report.left_out[:SHOWN] if report else [],
            "more": max(0, len(report.left_out) - SHOWN) if report else 0,
        }
        status = 422 if bound and report is None else 200
        return TemplateResponse(
            request, "admin/newsletter/issue/subscribers.html", context, status=status
        )

    def csv_view(self, request: HttpRequest) -> StreamingHttpResponse:
        """The list as a file. Raises PermissionDenied for everybody but owners."""
        if not access.is_owner(request.user):
            raise PermissionDenied
        return _file("subscribers", subscribers.as_csv())


def _file(name: str, lines: Any) -> StreamingHttpResponse:
    """A CSV file of lines, never kept by a cache."""
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    day = timezone.localdate()
    answer["Content-Disposition"] = f'attachment; filename="{name}-{day:%Y-%m-%d}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer
