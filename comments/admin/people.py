"""Admin of commenters and bans, for moderators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from authors import access
from blog.admin.choosing import ChoosingForm
from comments.admin.rules import ModeratorsOnly
from comments.commenters import own_comments
from comments.models import Ban, Comment, Commenter, State, Trust
from comments.moderation.decisions import Duration, name_of
from comments.posting import network_mark
from comments.screening import bans
from comments.views.decision_form import pattern_fault
from core.lists import count_of, counted

if TYPE_CHECKING:
    from authors.models import User

_LAST = 20


def _active(**which: Any) -> Q:
    return Q(until=None, **which) | Q(until__gt=timezone.now(), **which)


class BannedFilter(admin.SimpleListFilter):
    """Whether a ban on the person is in force."""

    title = gettext_lazy("banned")
    parameter_name = "banned"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", _("yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Commenter]) -> QuerySet[Commenter]:
        if self.value() != "1":
            return queryset
        return queryset.filter(Exists(Ban.objects.filter(_active(commenter=OuterRef("pk")))))


@admin.register(Commenter)
class CommenterAdmin(ModeratorsOnly):
    """People in the conversation: trust, history; owners export and erase."""

    list_display = ("name", "email", "trust", "comments", "created_at", "confirmed_at")
    list_filter = ("trust", BannedFilter, "created_at")
    # Only moderators come here; nobody else finds a person by an address.
    search_fields = ("name", "email")
    search_help_text = gettext_lazy("Searches names and e-mail addresses.")
    list_per_page = 50
    ordering = ("-pk",)
    actions = None
    change_form_template = "admin/comments/commenter/change_form.html"
    fields = (
        "name",
        "email",
        "trust",
        "website",
        "language",
        "created_at",
        "confirmed_at",
        "bounced_at",
        "muted",
        "pace",
        "in_force",
        "history",
    )

    def save_model(self, request: HttpRequest, obj: Commenter, form: Any, change: bool) -> None:
        if "trust" in form.changed_data:  # All that can be changed here.
            own_comments.trust_set(commenter=obj, trust=Trust(obj.trust))

    def found_note(self, person: Commenter) -> str:
        """Distinguishes people of the same name in search results."""
        return person.email or ""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Accounts of this site are trusted by their role, not here.
        free = () if obj is not None and obj.user_id else ("trust",)
        return tuple(name for name in self.fields if name not in free)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Commenter]:
        written = Comment.objects.filter(commenter=OuterRef("pk"))
        return Commenter.objects.annotate(number=count_of(written))

    @admin.display(description=gettext_lazy("comments"))
    def comments(self, person: Commenter) -> str:
        """How many the person wrote; in no order of theirs, which would count everybody's."""
        return counted(person.number)  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("bans in force"))
    def in_force(self, person: Commenter) -> SafeString | str:
        """The bans on the person, with their reasons."""
        rows = [
            (reverse("admin:comments_ban_change", args=[ban.pk]), until_words(ban), ban.reason)
            for ban in Ban.objects.filter(_active(commenter=person))
        ]
        return format_html_join("\n", '<a href="{}">{}</a> {}', rows) or _("none")

    @admin.display(description=gettext_lazy("the writer's comments so far"))
    def history(self, person: Commenter) -> SafeString | str:
        """Numbers by state, and the last comments."""
        counts = person.comments.order_by().values_list("state").annotate(Count("pk"))
        numbers = ", ".join(f"{State(state).label}: {number}" for state, number in sorted(counts))
        if not numbers:
            return _("none")
        last = person.comments.order_by("-pk").select_related("article")[:_LAST]
        rows = (
            (
                reverse("admin:comments_comment_change", args=[one.pk]),
                one.get_state_display(),
                one.article.title,
                one.source[:120],
            )
            for one in last
        )
        return format_html(
            '<p>{} – <a href="{}?tab=all&amp;person={}">{}</a></p><ul>{}</ul>',
            numbers,
            reverse("admin:comments_comment_changelist"),
            person.pk,
            _("All by this person"),
            format_html_join(
                "", '<li><a href="{}">{}</a>, {}: <span dir="auto">{}</span></li>', rows
            ),
        )

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        extra = {"may_erase": access.is_owner(request.user)}
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:number>/export/",
                wrap(require_POST(self.export_view)),
                name="comments_commenter_export",
            ),
            path("<int:number>/erase/", wrap(self.erase_view), name="comments_commenter_erase"),
            *super().get_urls(),
        ]

    def _person(self, request: HttpRequest, number: int) -> Commenter:
        if not access.is_owner(request.user):
            raise PermissionDenied
        person = Commenter.objects.filter(pk=number).first()
        if person is None:
            raise Http404
        return person

    def export_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Everything that is kept of the person, as a file; who took it is logged."""
        person = self._person(request, number)
        self._note(request, person, "Exported.")
        answer = JsonResponse(
            own_comments.commenter_export(person),
            json_dumps_params={"indent": 1, "ensure_ascii": False},
        )
        answer["Content-Disposition"] = f'attachment; filename="person-{number}.json"'
        return answer

    def erase_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """GET says what would go; POST with the tick forgets the person for good."""
        person = self._person(request, number)
        if person.user_id:
            raise PermissionDenied
        if request.method == "POST" and request.POST.get("sure") == "yes":
            count = own_comments.commenter_erase(commenter=person)
            told = ngettext(
                "The person is forgotten; %(count)d comment is empty now.",
                "The person is forgotten; %(count)d comments are empty now.",
                count,
            )
            if Commenter.objects.filter(pk=number).exists():
                told = _(
                    "%(count)d comments are being emptied; the worker goes on until it is done."
                )
            self.message_user(request, told % {"count": count})
            return HttpResponseRedirect(reverse("admin:comments_commenter_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Forget this person?"),
            "opts": self.model._meta,
            "person": person,
            "number": person.comments.count(),
            "unsure": request.method == "POST",
        }
        status = 422 if request.method == "POST" else 200
        return render(request, "admin/comments/commenter/erase.html", context, status=status)

    def _note(self, request: HttpRequest, person: Commenter, words: str) -> None:
        user: User = request.user  # type: ignore[assignment]
        LogEntry.objects.log_actions(
            user_id=user.pk,
            queryset=[person],
            action_flag=CHANGE,
            change_message=words,
            single_object=True,
        )


def until_words(ban: Ban) -> str:
    """Until when a ban holds."""
    if ban.until is None:
        return _("for good")
    return _("until %s") % f"{timezone.localtime(ban.until):%d-%m-%Y %H:%M}"


class BanForm(forms.ModelForm[Ban]):
    """A new ban: a person, e-mail addresses, or a network."""

    network_address = forms.CharField(
        label=gettext_lazy("network address"),
        required=False,
        max_length=50,
        help_text=gettext_lazy(
            "203.0.113.7 for one address, 203.0.113.0/24 or 2001:db8::/64 for a network. "
            "Only a mark of it is kept; nobody can read the address from that."
        ),
    )

    duration = forms.ChoiceField(
        label=gettext_lazy("How long"), choices=Duration.choices, initial=Duration.WEEK
    )

    class Meta:
        model = Ban
        fields = ("commenter", "email", "reason")

    def clean_email(self) -> str:
        """A usable pattern."""
        email = str(self.cleaned_data["email"]).strip()
        if email and not bans.is_pattern(email):
            raise ValidationError(pattern_fault())
        return email

    def clean_network_address(self) -> bytes | None:
        """What is kept of it."""
        typed = self.cleaned_data["network_address"]
        if not typed:
            return None
        try:
            return network_mark.mark_of(typed)
        except ValueError:
            words = _("This is no network address: write one address, or a network of /24 or /64.")
            raise ValidationError(words) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        names = ("commenter", "email", "network_address")
        if not any(data.get(name) or name in self.errors for name in names):
            self.add_error("email", _("Choose a person, or write addresses."))
        return data


class OverFilter(admin.SimpleListFilter):
    """Bans in force, or those that are over."""

    title = gettext_lazy("in force")
    parameter_name = "active"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", _("yes")), ("0", _("no"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Ban]) -> QuerySet[Ban]:
        if self.value() == "1":
            return queryset.filter(_active())
        return queryset.exclude(_active()) if self.value() == "0" else queryset


@admin.register(Ban)
class BanAdmin(ModeratorsOnly, ChoosingForm):
    """Admin of bans; a ban is ended, not deleted."""

    form = BanForm
    list_display = ("whom", "reason", "lasts", "by", "created_at")
    list_filter = (OverFilter, "created_at")
    list_select_related = ("commenter", "actor")
    search_fields = ("email", "commenter__name", "commenter__email", "reason")
    chosen = ("commenter",)
    actions = ("end_chosen",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ("commenter", "email", "network_address", "duration", "reason")
        return ("whom", "reason", "lasts", "by", "created_at")

    @admin.display(description=gettext_lazy("whom"))
    def whom(self, ban: Ban) -> str:
        """A person, addresses or a network."""
        return str(ban)

    @admin.display(description=gettext_lazy("until"), ordering="until")
    def lasts(self, ban: Ban) -> str:
        """Until when, and whether it is over."""
        over = ban.until is not None and ban.until <= timezone.now()
        ended = _("ended")
        return f"{until_words(ban)} ({ended})" if over else until_words(ban)

    @admin.display(description=gettext_lazy("by"))
    def by(self, ban: Ban) -> str:
        """Who banned."""
        return name_of(ban.actor)

    def save_model(self, request: HttpRequest, obj: Ban, form: Any, change: bool) -> None:
        user: User = request.user  # type: ignore[assignment]
        data = form.cleaned_data
        made = bans.ban_add(
            actor=user,
            reason=data["reason"],
            until=Duration(data["duration"]).end(),
            commenter=data["commenter"],
            email=data["email"],
            network=data["network_address"],
        )
        obj.pk = made.pk

    @admin.action(description=gettext_lazy("End the chosen bans now"), permissions=["view"])
    def end_chosen(self, request: HttpRequest, queryset: QuerySet[Ban]) -> None:
        """End the chosen bans."""
        user: User = request.user  # type: ignore[assignment]
        rows = list(queryset.filter(_active()))
        for ban in rows:
            bans.ban_lift(ban=ban, actor=user)
        told = ngettext("%(count)d ban ended.", "%(count)d bans ended.", len(rows))
        level = messages.SUCCESS if rows else messages.WARNING
        self.message_user(request, told % {"count": len(rows)}, level)
