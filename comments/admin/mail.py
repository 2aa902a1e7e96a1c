"""The log of mails: what went to whom, what waits, what failed and in the server's words."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, ngettext

from authors import access
from comments import mail
from comments.models import Delivery, DeliveryState


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin[Delivery]):
    """Only to be read; what failed can be sent again."""

    list_display = ("subject", "to", "state", "tries", "error", "created_at", "sent_at")
    list_filter = ("state", "created_at")
    search_fields = ("subject", "event")
    list_select_related = ("commenter__user",)
    show_full_result_count = False
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
        "body",
    )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.is_moderator(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.is_moderator(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("to"))
    def to(self, delivery: Delivery) -> str:
        """Who gets it."""
        return f"{delivery.commenter.name} <{delivery.commenter.address}>"

    @admin.action(description=gettext_lazy("Send what failed once more"), permissions=["view"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """Queue the failed ones among the chosen anew; what was sent stays sent."""
        with transaction.atomic():
            failed = queryset.filter(state=DeliveryState.FAILED)
            numbers = list(failed.select_for_update(of=("self",)).values_list("pk", flat=True))
            for number in numbers:
                mail.requeue(number)
        told = ngettext(
            "%(count)d mail is sent again.", "%(count)d mails are sent again.", len(numbers)
        )
        self.message_user(request, told % {"count": len(numbers)})
