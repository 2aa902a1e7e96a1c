"""The log of mails of the conversation."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy

from blog.admin.mails import MailLogAdmin
from comments.models import Delivery
from comments.notifications import deliveries


@admin.register(Delivery)
class DeliveryAdmin(MailLogAdmin):
    """Mails to people in the conversation, for moderators."""

    list_select_related = ("commenter__user",)

    @admin.display(description=gettext_lazy("to"))
    def to(self, delivery: Delivery) -> str:  # type: ignore[override]
        """Who gets it."""
        return f"{delivery.commenter.name} <{delivery.commenter.address}>"

    def requeue(self, number: int) -> None:
        deliveries.requeue(number)
