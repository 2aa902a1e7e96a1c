"""Permissions shared by several admin pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from authors import access
from core.lists import BoundedList


class EditorsOnly(BoundedList):
    """ModelAdmin for editors and owners only."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.is_editor(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return access.is_editor(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.is_editor(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.is_editor(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.is_editor(request.user)


class ReadOnly(BoundedList):
    """What is made elsewhere and only looked at here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
