"""The admin's pages for people who come and go: an invitation, and taking leave."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from authors import accounts
from authors.account_admin import UserAdmin
from authors.forms import only_owner_stays
from authors.models import Author, User
from authors.personal import GONE
from authors.roles import Role, role_described
from authors.signals import leaving
from blog.publishing import people
from blog.publishing.people import Byline
from core.addresses import AddressField


def _roles() -> list[tuple[str, str]]:
    return [(role, role_described(role)) for role in Role.values]


class InvitationForm(forms.Form):
    """Whom to invite, with which role, and as which author."""

    name = forms.CharField(
        label=gettext_lazy("name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        help_text=gettext_lazy("As colleagues and readers see it. An author below brings theirs."),
    )
    email = AddressField(
        label=gettext_lazy("e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        help_text=gettext_lazy("A link to set a password is mailed here."),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("role of the account"),
        choices=_roles,
        initial=Role.AUTHOR,
        widget=forms.RadioSelect,
    )
    profile = forms.ChoiceField(
        label=gettext_lazy("author profile"),
        initial="new",
        widget=forms.RadioSelect,
        choices=[
            ("new", gettext_lazy("A new one: the name above articles, with a page of its own")),
            ("existing", gettext_lazy("That of an author without an account, chosen below")),
            ("none", gettext_lazy("None: this person writes no articles")),
        ],
    )
    author = forms.ModelChoiceField(
        label=gettext_lazy("author without an account"),
        queryset=Author.objects.filter(user=None).exclude(name=GONE),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["author"]
        if not field.queryset.exists():
            del self.fields["author"]
            profile: Any = self.fields["profile"]
            profile.choices = [one for one in profile.choices if one[0] != "existing"]

    def clean(self) -> dict[str, Any]:
        """With an error where a name or the choice of an author is missing."""
        data = super().clean() or self.cleaned_data
        if data.get("profile") != "existing":
            data["author"] = None
            if not data.get("name") and "name" not in self.errors:
                self.add_error("name", self.fields["name"].error_messages["required"])
        elif data.get("author") is None and "author" not in self.errors:
            self.add_error("author", _("Choose the author who gets the account."))
        return data


class LeavingForm(forms.Form):
    """What becomes of an account, and of the name above its articles."""

    account = forms.ChoiceField(
        label=gettext_lazy("The account"),
        initial="close",
        widget=forms.RadioSelect,
        choices=[
            (
                "close",
                gettext_lazy(
                    "is closed: nobody logs in with it; the log still says who did what, and it "
                    "can be opened again"
                ),
            ),
            (
                "delete",
                gettext_lazy(
                    "is deleted for good: log-ins, second factor, mails, texts that were never "
                    "saved, the name in logs; comments become empty places"
                ),
            ),
        ],
    )
    byline = forms.ChoiceField(
        label=gettext_lazy("The articles"),
        initial=Byline.STAYS,
        widget=forms.RadioSelect,
        choices=[
            (Byline.STAYS, gettext_lazy("stay under this name")),
            (Byline.MOVES, gettext_lazy("go to another author, drafts included")),
            (
                Byline.GOES,
                gettext_lazy(
                    "stay without a name: photo, bio and links of the author go, too; only with "
                    "the account"
                ),
            ),
        ],
    )
    successor = forms.ModelChoiceField(
        label=gettext_lazy("The other author"), queryset=Author.objects.none(), required=False
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        author = Author.objects.filter(user=user).first()
        if author is None:
            del self.fields["byline"], self.fields["successor"]
            return
        field: Any = self.fields["successor"]
        field.queryset = Author.objects.filter(former=False).exclude(pk=author.pk)


@admin.register(User)
class PeopleAdmin(UserAdmin):
    """Accounts, with what concerns their authors and articles."""

    change_list_template = "admin/authors/user/change_list.html"

    def get_urls(self) -> list[Any]:
        """With the page that invites."""
        view = self.admin_site.admin_view(self.invite_view)
        return [path("invite/", view, name="authors_user_invite"), *super().get_urls()]

    def invite_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for name, address, role and author; create the account and mail the link."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = InvitationForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            try:
                user = people.invite(
                    name=data["name"],
                    email=data["email"],
                    role=Role(data["role"]),
                    author=data["author"],
                    profile=data["profile"] == "new",
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                self.log_addition(request, user, _("Invited."))
                words = _("%(name)s is invited: a link to set a password is on its way.")
                self.message_user(request, words % {"name": user.public_name}, messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:authors_user_changelist"))
        return self._page(request, "invite.html", _("Invite an author"), form=form)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Say what somebody leaves behind, ask what becomes of it, and do that."""
        user = self.get_object(request, object_id)
        if user is None:
            raise Http404
        if not self.has_delete_permission(request, user):
            raise PermissionDenied
        return self._owner_stays(request, lambda: self._leaving(request, user))

    def _leaving(self, request: HttpRequest, user: User) -> HttpResponse:
        form = LeavingForm(user, request.POST or None)
        if request.method == "POST" and form.is_valid():
            data, name = form.cleaned_data, user.public_name
            erase = data["account"] == "delete"
            try:
                people.leave(
                    user=user,
                    erase=erase,
                    byline=Byline(data.get("byline", Byline.STAYS)),
                    successor=data.get("successor"),
                )
            except accounts.NoOwnerLeft:
                raise
            except ValidationError as error:
                form.add_error(None, error)
            else:
                if erase:
                    words = _("The account is deleted.")
                else:
                    self.log_change(request, user, _("Closed."))
                    words = _("The account of %(name)s is closed.") % {"name": name}
                self.message_user(request, words, messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:authors_user_changelist"))
        return self._page(
            request,
            "leave.html",
            _("Take leave of %(name)s") % {"name": user.public_name},
            form=form,
            original=user,
            left=[line for _one, lines in leaving.send(User, user=user) for line in lines or ()],
            refused=only_owner_stays() if accounts.is_only_owner(user) else "",
        )

    def _page(
        self, request: HttpRequest, template: str, title: str, **more: Any
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            **more,
        }
        return TemplateResponse(request, f"admin/authors/user/{template}", context)
