"""Lists of the picture library: its filters, and what uses a picture for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from authors import access
from blog.admin.narrowing import Narrowing
from blog.models import Article, Image, Page
from blog.reading import picture_uses

if TYPE_CHECKING:
    from authors.models import User


class UsedFilter(Narrowing):
    """By whether something shows the picture."""

    title: Any = gettext_lazy("used")
    parameter_name = "used"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", gettext_lazy("in use")), ("0", gettext_lazy("nowhere"))]

    def narrowed(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """By what the tables say that show pictures."""
        return picture_uses.with_use(rows, used=value == "1")


class OwnFilter(Narrowing):
    """By who added it."""

    title: Any = gettext_lazy("added by")
    parameter_name = "added"

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        self.user = request.user
        super().__init__(request, *args)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("me", gettext_lazy("me"))]

    def narrowed(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Those of the person who looks."""
        return rows.filter(uploaded_by=self.user.pk)


@dataclass(frozen=True, slots=True)
class ShownUse:
    """A use of a picture as one person sees it; without an address where they may not go."""

    label: str
    ways: str
    state: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownUses:
    """The uses that a person may know of, and how many others there are."""

    rows: list[ShownUse]
    hidden: int

    @property
    def count(self) -> int:
        """All of them, as far as they are listed."""
        return len(self.rows) + self.hidden


def shown_uses(image: Image, user: User) -> ShownUses:
    """What shows a picture: texts of others that are not public are only counted."""
    found = picture_uses.uses_of(image)
    articles = [use.row.pk for use in found if isinstance(use.row, Article)]
    editable = set(
        Article.objects.editable_by(user).filter(pk__in=articles).values_list("pk", flat=True)
    )
    editor = access.is_editor(user)
    rows, hidden = [], 0
    for use in found:
        row = use.row
        public = isinstance(row, Article | Page) and row.is_public
        mine = editor or (isinstance(row, Article) and row.pk in editable)
        if not (mine or public):
            hidden += 1
            continue
        trashed = isinstance(row, Article | Page) and row.trashed_at is not None
        url = _change_url(row) if mine and not trashed else ""
        if not url and public:
            url = row.get_absolute_url()
        rows.append(ShownUse(_label(row), ", ".join(use.ways), _state(row), url))
    return ShownUses(rows, hidden)


def _label(row: Any) -> str:
    return str(row) if isinstance(row, Article | Page) else str(row._meta.verbose_name).capitalize()


def _state(row: Any) -> str:
    if isinstance(row, Article | Page) and row.trashed_at is not None:
        return _("in the trash")
    return str(row.get_status_display()) if isinstance(row, Article) else ""


def _change_url(row: Any) -> str:
    """The form of a row in the admin; empty where there is none."""
    try:
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
        return reverse(name, args=[row.pk])
    except NoReverseMatch:
        return ""
