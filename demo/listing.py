"""A plan for removing the demo as people read it: in the admin and on a terminal."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from authors.models import Author, User
from blog.models import Article, Image, MenuItem, Page, Series, SiteSettings, Tag
from comments.models import Ban, Comment, Commenter
from demo.plan import Plan

_ORDER: tuple[type[Model], ...] = (
    Article,
    Comment,
    Page,
    MenuItem,
    Series,
    Tag,
    Image,
    Author,
    User,
    Commenter,
    Ban,
)
# Nobody reads thousands of these.
_UNNAMED = (Comment, Commenter, Ban)
_SHOWN = 40


@dataclass(frozen=True)
class Going:
    """What goes of one table."""

    label: str
    count: int
    names: list[str]

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.names) if self.names else 0


@dataclass(frozen=True)
class Staying:
    """Something that stays, and why."""

    label: str
    name: str
    why: str


def going(plan: Plan) -> list[Going]:
    """What goes, with names where somebody would look for one."""
    found = []
    for model in _ORDER:
        if numbers := plan.goes(model):
            label = str(capfirst(model._meta.verbose_name_plural))
            found.append(Going(label, len(numbers), _names(model, numbers)))
    columns = {column.name: column for column in SiteSettings._meta.concrete_fields}
    others: tuple[tuple[str, int, list[str]], ...] = (
        (_("Comments written since under those articles"), len(plan.answers), []),
        (_("Mails about them, waiting or sent"), plan.mails, []),
        (_("Newsletters with them"), len(plan.issues), []),
        (
            _("Settings that become a new site's"),
            len(plan.settings),
            [str(columns[name].verbose_name) for name in plan.settings],
        ),
    )
    return [*found, *(Going(*row) for row in others if row[1])]


def staying(plan: Plan) -> list[Staying]:
    """What stays of the demo, and why; what is no demo's stays anyhow."""
    names: dict[type[Model], dict[int, str]] = {}
    for model in {one.model for one in plan.staying} - {Comment}:
        numbers = [one.number for one in plan.staying if one.model is model]
        rows = model._default_manager.filter(pk__in=numbers)
        names[model] = {row.pk: str(row) for row in rows}
    found = [
        Staying(
            str(capfirst(one.model._meta.verbose_name)),
            names[one.model].get(one.number, ""),
            str(one.why),
        )
        for model in _ORDER
        for one in plan.staying
        if one.model is model and model is not Comment
    ]
    comments = [one for one in plan.staying if one.model is Comment]
    if comments:
        label = str(capfirst(Comment._meta.verbose_name_plural))
        found.append(Staying(label, str(len(comments)), str(comments[0].why)))
    return found


def _names(model: type[Model], numbers: list[int]) -> list[str]:
    if model in _UNNAMED:
        return []
    rows = model._default_manager.filter(pk__in=numbers[:_SHOWN]).order_by("pk")
    if model is Article:
        rows = rows.only("title")
    return [str(row) for row in rows]
