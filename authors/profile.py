"""One page of the admin for one's own: the author that readers see, and the account."""

from __future__ import annotations

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, override

from authors import access, accounts
from authors.forms import OwnAccountForm
from authors.models import User
from authors.roles import role_described
from authors.second_factor import services


def own_profile(request: HttpRequest) -> HttpResponse:
    """Show them, and save what one may change of the own account; `config.admin` checks access."""
    # A row of its own: what is typed wrongly must not stand in the page's header.
    user = User.objects.select_related("author").get(pk=request.user.pk or 0)
    form = OwnAccountForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        accounts.own_details_save(user=user, changed=form.changed_data)
        with override(user.language or None):
            words = gettext("Your profile is saved.")
        messages.success(request, words)
        return HttpResponseRedirect(reverse("admin:profile"))
    context = {
        **admin.site.each_context(request),
        "title": gettext("My profile"),
        "form": form,
        "author": access.author_of(user),
        "roles": [role_described(name) for name in sorted(access.roles_of(user))],
        "has": services.factors_of(user),
        "until": services.deadline(user),
    }
    return TemplateResponse(request, "admin/profile.html", context)
