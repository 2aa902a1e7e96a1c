"""Forms for accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    AdminUserCreationForm,
    PasswordResetForm,
    UserChangeForm,
)
from django.contrib.auth.models import Group
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from authors import accounts
from authors.models import User
from authors.roles import Role, role_described
from core.addresses import AddressField


def only_owner_stays() -> str:
    """What is said of the last owner before anybody tries to take them away."""
    return gettext(
        "This is the only owner who can log in. Until another account that can log in has the role "
        "of owner, this one stays active, an owner, and with a password."
    )


class RolesField(forms.ModelMultipleChoiceField[Group]):
    """Roles to tick, each with what it may do."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self) -> None:
        roles = Group.objects.order_by("pk")
        super().__init__(queryset=roles, label=_("roles"), required=False)

    def label_from_instance(self, obj: Any) -> str:
        """The role in plain words."""
        return role_described(obj.name)


class _WorkingAccount(forms.ModelForm[User]):
    """Validates that an active account has a role."""

    groups = RolesField()

    def clean(self) -> dict[str, Any]:
        """With errors at the roles. The view holds the lock of `accounts.owner_stays`."""
        data = super().clean() or self.cleaned_data
        roles = data.get("groups")
        if roles is None:
            return data
        is_active = data.get("is_active", True)
        is_super = self.instance.is_superuser
        if is_active and not roles and not is_super:
            self.add_error("groups", accounts.role_missing())
        is_owner = is_super or any(group.name == Role.OWNER for group in roles)
        if not (is_active and is_owner) and accounts.is_only_owner(self.instance):
            self.add_error("groups" if is_active else "is_active", accounts.NoOwnerLeft())
        return data


class AccountForm(_WorkingAccount, UserChangeForm[User]):
    """An account as owners change it."""

    class Meta(UserChangeForm.Meta):
        model = User
        field_classes = {**UserChangeForm.Meta.field_classes, "email": AddressField}


class NewAccountForm(_WorkingAccount, AdminUserCreationForm[User]):
    """A new account, with the roles that let its owner log in."""

    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("username", "email", "groups")
        field_classes = {**AdminUserCreationForm.Meta.field_classes, "email": AddressField}

    def clean(self) -> dict[str, Any]:
        """With an error at the address of an account that has no password either."""
        data = super().clean()
        if data.get("set_usable_password") is False and not data.get("email"):
            self.add_error("email", accounts.address_missing())
        return data


class AccountPasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]
    """Another password for somebody, or none; the last owner who can log in keeps theirs."""

    # Django's own text is fixed in English when its module is loaded.
    usable_password_help_text = _(  # type: ignore[assignment]
        "Disabled: the password is lost. With a link that is mailed, the person sets another."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("usable_password")
        if field and accounts.is_only_owner(self.user):
            field.help_text = only_owner_stays()

    def clean(self) -> dict[str, Any]:
        """With an error at the choice. The view holds the lock of `accounts.owner_stays`."""
        data = super().clean() or self.cleaned_data
        if not data.get("set_usable_password", True) and accounts.is_only_owner(self.user):
            self.add_error("usable_password", accounts.NoOwnerLeft())
        return data


class OwnAccountForm(forms.ModelForm[User]):
    """What everybody may change about their own account."""

    class Meta:
        model = User
        fields = ("first_name", "last_name", "language", "article_mail")


class QueuedPasswordResetForm(PasswordResetForm):
    """Leaves the look-up to the worker, so that response time does not reveal known addresses."""

    email = AddressField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def save(self, *args: Any, **options: Any) -> None:
        """Enqueue one task, whoever has the address."""
        accounts.password_reset_send.enqueue(self.cleaned_data["email"])
