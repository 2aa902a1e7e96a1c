"""The admin's pages for people: authors edit themselves, owners manage accounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from authors import access, accounts
from authors.forms import AccountForm, AccountPasswordForm, NewAccountForm
from authors.models import Author, ProfileLink, User
from authors.services import author_save
from authors.signals import renamed
from core import pictures

admin.site.unregister(Group)


class AuthorForm(forms.ModelForm[Author]):
    """An author; a photo is checked by decoding it."""

    photo = forms.FileField(label=_("photo"), required=False)
    website = forms.URLField(label=_("website"), required=False, assume_scheme="https")

    class Meta:
        model = Author
        fields = (
            "name",
            "slug",
            "role",
            "affiliation",
            "bio",
            "photo",
            "website",
            "user",
            "former",
        )

    def clean_photo(self) -> Any:
        """The upload, when it is a picture. Raises ValidationError."""
        photo = self.cleaned_data["photo"]
        if photo and "photo" in self.changed_data:
            pictures.inspect(photo)
        return photo


class ProfileLinkInline(admin.TabularInline[ProfileLink, Author]):
    """Profile links; the permission is that of the author."""

    model = ProfileLink
    extra = 0
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def has_add_permission(self, request: HttpRequest, obj: Author | None = None) -> bool:
        """Same permission as changing the author."""
        return True

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission
    has_view_permission = has_add_permission


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin[Author]):
    """An author changes their own profile, an editor everybody's."""

    form = AuthorForm
    inlines = (ProfileLinkInline,)
    list_display = ("name", "role", "user")
    search_fields = ("name", "role")
    prepopulated_fields = {"slug": ("name",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Author]:
        """The authors that the user may edit."""
        return (
            super()
            .get_queryset(request)
            .filter(pk__in=access.editable_authors(request.user).values("pk"))
        )

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Author | None = None
    ) -> dict[str, Any]:
        """Only where the slug can be typed."""
        return {} if obj else dict(self.prepopulated_fields)

    def get_fields(self, request: HttpRequest, obj: Author | None = None) -> Any:
        """Only editors see which account an author has."""
        found = super().get_fields(request, obj)
        return [
            name
            for name in found
            if name not in ("user", "former") or access.is_editor(request.user)
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Author | None = None) -> Any:
        """Only editors may change the slug."""
        return () if access.is_editor(request.user) else ("slug",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Everybody with a role."""
        return bool(access.roles_of(request.user))

    def has_view_permission(self, request: HttpRequest, obj: Author | None = None) -> bool:
        """Same permission as changing."""
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Author | None = None) -> bool:
        """Their own profile, or everybody's for editors."""
        if obj is None:
            return bool(access.roles_of(request.user))
        return access.editable_authors(request.user).filter(pk=obj.pk).exists()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Editors."""
        return access.is_editor(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Author | None = None) -> bool:
        """Editors; a byline protects its author."""
        return access.is_editor(request.user)

    def save_model(self, request: HttpRequest, obj: Author, form: Any, change: bool) -> None:
        """Through the service."""
        photo = form.cleaned_data.get("photo") if "photo" in form.changed_data else None
        if photo:
            obj.photo = form.initial.get("photo") or ""
        author_save(author=obj, photo=photo or None)


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    """Accounts, for owners alone; roles are groups."""

    form = AccountForm
    add_form = NewAccountForm
    change_password_form = AccountPasswordForm
    list_display = ("username", "first_name", "last_name", "is_staff", "is_active")
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
    list_filter = ("is_active", "groups")
    actions = ("mail_password_links",)
    filter_horizontal = ()
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}
    delete_confirmation_template = "admin/authors/user/erase.html"

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

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Only the account; the page itself explains what is deleted with it."""
        return [str(one) for one in objs], {}, set(), []

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Through the service."""
        accounts.account_erase(user=obj, byline_stays=request.POST.get("byline") != "goes")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Adds an explanation for accounts without a password.

        No page shows the link itself: who has it has the account.
        """
        found = super().get_fieldsets(request, obj)
        if obj is None or obj.has_usable_password() or not obj.is_active:
            return found
        (name, options), *others = found
        words = _(
            "No password yet. Choose “Mail a link to set the first password” in the list of "
            "accounts; for an account without an e-mail address, set a password here."
        )
        return ((name, {**options, "description": words}), *others)

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

    def user_change_password(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page of the password, which can also be taken away there."""
        shown = super().user_change_password
        return self._owner_stays(request, lambda: shown(request, *args, **kwargs))

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Asks whether the name above articles goes, too."""
        shown = super().delete_view
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
