"""Mail logs: recipients, delivery state and server errors."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, ngettext

from authors import access, account_mail
from authors.models import AccountMail
from blog.admin.editors import ReadOnly
from blog.models import ArticleMail
from blog.publishing import workflow_mail
from core.mail import shown
from core.outbox import DeliveryState, Outgoing, again


class MailLogAdmin(ReadOnly):
    """Only to be read; what failed can be sent again. `requeue` sends one of them anew."""

    list_display = ("subject", "to", "state", "tries", "error", "created_at", "sent_at")
    list_filter = ("state", "created_at")
    search_fields = ("subject", "event")
    actions = ("send_again",)
    fields = readonly_fields = (
        "subject",
        "to",
        "event",
        "state",
        "tries",
        "error",
        "created_at",
        "next_try_at",
        "sent_at",
        "text",
    )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.is_moderator(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.is_moderator(request.user)

    @admin.display(description=gettext_lazy("to"))
    def to(self, sent: Outgoing) -> str:
        """Who gets it."""
        return sent.address

    @admin.display(description=gettext_lazy("text"))
    def text(self, sent: Outgoing) -> str:
        """What it says; the links that open something by themselves are blotted out."""
        return shown(sent.body)

    def requeue(self, number: int) -> None:
        """Send one that failed once more."""
        raise NotImplementedError

    @admin.action(description=gettext_lazy("Send what failed once more"), permissions=["view"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Queue the failed ones among the chosen anew; what was sent stays sent."""
        with transaction.atomic():
            failed = queryset.filter(state=DeliveryState.FAILED)
            numbers = list(failed.select_for_update(of=("self",)).values_list("pk", flat=True))
            for number in numbers:
                self.requeue(number)
        told = ngettext(
            "%(count)d mail is sent again.", "%(count)d mails are sent again.", len(numbers)
        )
        self.message_user(request, told % {"count": len(numbers)})


@admin.register(ArticleMail)
class ArticleMailAdmin(MailLogAdmin):
    """Mails about articles, for editors."""

    list_select_related = ("user",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.is_editor(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.is_editor(request.user)

    def requeue(self, number: int) -> None:
        again(ArticleMail.objects.filter(pk=number))
        workflow_mail.deliver.enqueue(number)


@admin.register(AccountMail)
class AccountMailAdmin(MailLogAdmin):
    """Mails about accounts, for owners."""

    list_select_related = ("user",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.is_owner(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.is_owner(request.user)

    def requeue(self, number: int) -> None:
        account_mail.requeue(number)
