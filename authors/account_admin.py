"""The admin's pages of accounts, for owners: roles, passwords, invitations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import escape
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from authors import access, accounts, invitations
from authors.forms import (
    AccountForm,
    AccountPasswordForm,
    NewAccountForm,
    only_owner_stays,
)
from authors.models import User
from authors.roles import TASKS, role_label
from authors.signals import renamed
from core.lists import BoundedList

# Roles are given on the accounts' own pages.
admin.site.unregister(Group)


class NotAccepted(admin.SimpleListFilter):
    """Accounts that were made for somebody who has not set a password yet."""

    title = _("invitation")
    parameter_name = "invitation"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """One choice beside "all"."""
        return [("open", _("not accepted yet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """Narrowed when it was chosen."""
        return invitations.not_accepted(queryset) if self.value() == "open" else queryset


class WithRole(admin.SimpleListFilter):
    """Accounts that have one role, by the name that the role has in the reader's language."""

    title = _("roles")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The site's roles."""
        return [(group, role_label(group)) for group in TASKS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """Narrowed when one was chosen."""
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


class UserAdmin(BoundedList, DjangoUserAdmin):  # type: ignore[type-arg]
    """Accounts, for owners alone; roles are groups."""

    form = AccountForm
    add_form = NewAccountForm
    change_password_form = AccountPasswordForm
    list_display = ("username", "person", "roles", "standing", "last_login")
    list_display_links = ("username", "person")
    # Whether somebody may log in follows from the roles: `accounts.account_save`.
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (
            _("Personal info"),
            {"fields": ("first_name", "last_name", "email", "language", "article_mail")},
        ),
        (_("Permissions"), {"fields": ("is_active", "groups")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    "username",
                    "email",
                    "groups",
                    "usable_password",
                    "password1",
                    "password2",
                ),
            },
        ),
    )
    change_form_template = "admin/authors/user/change_form.html"
    list_filter = ("is_active", NotAccepted, WithRole)
    actions = ("mail_password_links",)
    filter_horizontal = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With what the columns say, three queries whatever the number of rows."""
        found = super().get_queryset(request).select_related("author").prefetch_related("groups")
        return invitations.with_invitations(found)

    @admin.display(description=_("name"), ordering="first_name")
    def person(self, user: User) -> str:
        """Who it is: the author's name, or the account's."""
        return user.public_name

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        """The names of the roles."""
        return ", ".join(role_label(group.name) for group in user.groups.all())

    @admin.display(description=_("state"))
    def standing(self, user: User) -> str:
        """Whether it is in use, and how far an invitation is."""
        return invitations.standing_of(user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Owners."""
        return access.is_owner(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Owners."""
        return access.is_owner(request.user)

    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission
    has_add_permission = has_module_permission

    def get_actions(self, request: HttpRequest) -> Any:
        """Accounts are deleted one by one, with a choice for each."""
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return found

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Adds what is to be known before: no password yet, or the last owner.

        No page shows the link itself: who has it has the account.
        """
        found = super().get_fieldsets(request, obj)
        words = []
        if obj is not None and obj.is_active and not obj.can_log_in:
            standing = invitations.standing_of(obj)
            words.append(gettext("No password yet: %(standing)s.") % {"standing": standing})
            if not obj.email:
                words.append(gettext("Without an e-mail address: set a password here."))
        if obj is not None and accounts.is_only_owner(obj):
            words.append(only_owner_stays())
        if not words:
            return found
        (name, options), *others = found
        return ((name, {**options, "description": escape(" ".join(words))}), *others)

    def _owner_stays(self, request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
        """The response of `view`; a POST that leaves no working owner is rolled back."""
        if request.method != "POST":
            return view()
        try:
            with accounts.owner_stays():
                return view()
        except accounts.NoOwnerLeft as error:
            self.message_user(request, error.message, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; it is checked and saved under one lock."""
        shown = super().changeform_view
        return self._owner_stays(request, lambda: shown(request, *args, **kwargs))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Without Django's button to delete: "Take leave" stands above the form."""
        context["show_delete"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def user_change_password(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page of the password, which can also be taken away there."""
        shown = super().user_change_password
        return self._owner_stays(request, lambda: shown(request, *args, **kwargs))

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The list with its actions."""
        shown = super().changelist_view
        return self._owner_stays(request, lambda: shown(request, *args, **kwargs))

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Through the service; remembers when a link for the first password ended by it.

        What the person wrote bears their new name.
        """
        before = User.objects.get(pk=obj.pk) if change else None
        accounts.account_save(user=obj, roles=form.cleaned_data["groups"])
        if before is not None and before.shown_name != obj.shown_name:
            renamed.send(User, person=obj, before=before.shown_name)
        if before is not None and not obj.has_usable_password():
            ended = not accounts.is_same_link(before, obj)
            request.link_ended = ended  # type: ignore[attr-defined]

    def response_change(self, request: HttpRequest, obj: User) -> HttpResponse:
        """Adds a warning when the change invalidated a mailed link."""
        if getattr(request, "link_ended", False):
            words = gettext(
                "Links to set the first password that were mailed before do not work any more."
            )
            if accounts.password_link_mail(obj):
                words += " " + gettext("A new one is on its way.")
            self.message_user(request, words, messages.WARNING)
        return super().response_change(request, obj)

    def get_urls(self) -> list[Any]:
        """With the button that sends an invitation, or once more."""
        again = self.admin_site.admin_view(require_POST(self.invite_again_view))
        return [
            path("<int:number>/invite/", again, name="authors_user_invite_again"),
            *super().get_urls(),
        ]

    def invite_again_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Mail the link for the first password once more."""
        user = self.get_object(request, str(number))
        if user is None or not self.has_change_permission(request, user):
            raise Http404
        if accounts.password_link_mail(user):
            words = gettext("The invitation to %(address)s is on its way.")
            self.message_user(request, words % {"address": user.email}, messages.SUCCESS)
        else:
            words = gettext("Nothing was sent: the account has a password already, or no address.")
            self.message_user(request, words, messages.WARNING)
        return HttpResponseRedirect(reverse("admin:authors_user_change", args=[number]))

    @admin.action(description=_("Mail a link to set the first password"))
    def mail_password_links(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Mail the selected accounts that have an address and no password yet."""
        mailed = sum(accounts.password_link_mail(user) for user in queryset)
        words = ngettext("%d mail is on its way.", "%d mails are on their way.", mailed) % mailed
        left = queryset.count() - mailed
        if left:
            words += " " + (
                ngettext(
                    "%d account has a password already, or no address.",
                    "%d accounts have a password already, or no address.",
                    left,
                )
                % left
            )
        self.message_user(request, words)
