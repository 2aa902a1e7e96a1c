"""The page on which an owner leaves the demo behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from authors import access
from demo import leaving, listing
from demo.plan import Plan, plan

if TYPE_CHECKING:
    from authors.models import User


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def demo_view(request: HttpRequest) -> HttpResponse:
    """List what goes and what stays; POST with the list's `mark` removes the demo.

    Raises PermissionDenied for everybody but owners.
    """
    if not access.is_owner(request.user):
        raise PermissionDenied
    user: User = request.user  # type: ignore[assignment]
    stale = False
    if request.method == "POST":
        try:
            leaving.demo_remove(actor=user, mark=request.POST.get("mark", ""))
        except leaving.PlanChanged as changed:
            found, stale = changed.plan, bool(changed.plan)
        else:
            found = Plan()
        if not found:
            messages.success(request, _("The demo is gone. What you made yourself is still there."))
            return HttpResponseRedirect(reverse("admin:index"))
    else:
        found = plan(actor=user)
    context = {
        **admin.site.each_context(request),
        "title": _("Leave the demo behind"),
        "plan": found,
        "going": listing.going(found),
        "staying": listing.staying(found),
        "stale": stale,
    }
    return render(request, "admin/demo.html", context, status=409 if stale else 200)
