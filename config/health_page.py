"""The page of the site's health in the admin, for owners."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from authors import access
from config import health


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def health_view(request: HttpRequest) -> HttpResponse:
    """Show it; POST puts failed tasks (`tasks`) or mails (`mails`: which log) back into the queue.

    Raises PermissionDenied for everybody but owners.
    """
    if not access.is_owner(request.user):
        raise PermissionDenied
    if request.method == "POST":
        if "mails" in request.POST:
            count = health.mails_again(request.POST["mails"])
            words = ngettext(
                "%(count)d mail is sent again.", "%(count)d mails are sent again.", count
            )
        else:
            count = health.tasks_again()
            words = ngettext(
                "%(count)d task is done again.", "%(count)d tasks are done again.", count
            )
        messages.success(request, words % {"count": count})
        return HttpResponseRedirect(reverse("admin:health"))
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Health of the site"),
        "backups": health.Backups.of(Path(settings.BACKUP_DIR)),
        "tasks": health.Tasks.now(),
        "mails": health.mail_logs(),
        "versions": health.versions(),
    }
    return render(request, "admin/health.html", context)
