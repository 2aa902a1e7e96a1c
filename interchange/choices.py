"""Options of an import, shared by the commands and the admin's form."""

from __future__ import annotations

import re
from argparse import ArgumentParser, BooleanOptionalAction
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminTextInputWidget, AdminURLFieldWidget
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interchange import dates
from interchange.kinds import SOURCES

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_SOURCE = re.compile(r"[\w .,:/@-]{0,150}")
_TYPES = re.compile(r"[\w, -]*")


EVERY = frozenset(SOURCES)
WHOLE = frozenset(kind for kind, source in SOURCES.items() if source.whole)
PLACELESS = frozenset(kind for kind, source in SOURCES.items() if source.placeless)


def _zones() -> list[tuple[str, str]]:
    return [(name, name) for name in sorted(available_timezones()) if "/" in name or name == "UTC"]


def _zone() -> str:
    return settings.TIME_ZONE


@dataclass(frozen=True)
class Option:
    """One thing to choose: yes or no, one of some values, or a text."""

    name: str
    label: StrPromise
    help: StrPromise | str = ""
    kinds: frozenset[str] = EVERY
    yes: bool = False
    values: tuple[tuple[str, StrPromise | str], ...] = ()
    default: Callable[[], str] = str
    # What is asked at a terminal when nothing was said.
    question: str = ""

    def is_chosen(self, value: Any) -> bool:
        """Whether it is other than when nothing is chosen."""
        usual = self.values[0][0] if self.values else self.default()
        return bool(value) and value != usual

    def field(self) -> forms.Field:
        """As a field of the admin's form."""
        words: dict[str, Any] = {"label": self.label, "help_text": self.help, "required": False}
        if self.yes:
            return forms.BooleanField(**words)
        if self.name == "time_zone":
            return forms.ChoiceField(choices=_zones, initial=self.default, **words)
        if self.values:
            return forms.ChoiceField(choices=self.values, initial=self.values[0][0], **words)
        if self.name == "address":
            return forms.URLField(assume_scheme="https", widget=AdminURLFieldWidget, **words)
        return forms.CharField(max_length=150, widget=AdminTextInputWidget, **words)

    def option(self, parser: ArgumentParser) -> None:
        """As an option of a command."""
        flag = f"--{self.name.replace('_', '-')}"
        with translation.override("en"):
            words = f"{self.label}. {self.help}".replace("%", "%%")
        if self.question:
            parser.add_argument(
                flag, action=BooleanOptionalAction, help=f"{words} Asked when it is not said."
            )
        elif self.yes:
            parser.add_argument(flag, action="store_true", help=words)
        elif self.values:
            values = [value for value, _label in self.values]
            parser.add_argument(flag, choices=values, default=values[0], help=words)
        else:
            parser.add_argument(flag, default=self.default(), help=words)


CHOICES = (
    Option(
        "address",
        gettext_lazy("address of the old site"),
        gettext_lazy("Only for Ghost and Markdown, which do not say it themselves."),
        PLACELESS,
    ),
    Option(
        "source",
        gettext_lazy("name of the source"),
        gettext_lazy(
            "What came under this name is looked up under it again. Empty: the old site's address, "
            "or what its file is known by."
        ),
    ),
    Option(
        "time_zone",
        gettext_lazy("time zone of the old site"),
        gettext_lazy("For times that do not say it themselves."),
        default=_zone,
    ),
    Option(
        "language",
        gettext_lazy("language of the old site"),
        gettext_lazy("For texts that do not say it themselves."),
        values=(("", gettext_lazy("as the export says")), *settings.LANGUAGES),
    ),
    Option(
        "types",
        gettext_lazy("post types of plugins"),
        gettext_lazy("Those that come in as articles, with commas between them: recipe,review"),
        frozenset({"wordpress"}),
    ),
    Option(
        "default_author",
        gettext_lazy("author of what names nobody"),
        gettext_lazy(
            "A name. Without it, an article of which the export does not say who wrote it comes as "
            "a draft."
        ),
        WHOLE,
    ),
    Option(
        "commented_pages",
        gettext_lazy("pages with comments become"),
        gettext_lazy("A page has no conversation here: as a page it leaves its comments behind."),
        WHOLE,
        values=(
            ("article", gettext_lazy("articles, with their comments")),
            ("page", gettext_lazy("pages, without their comments")),
        ),
    ),
    Option(
        "accounts",
        gettext_lazy("make accounts for authors who come"),
        gettext_lazy("With the role of author, or editor; each sets a password by a link."),
        WHOLE,
        yes=True,
    ),
    Option(
        "mail_accounts",
        gettext_lazy("mail those authors the link at once"),
        gettext_lazy("Otherwise nobody gets mail; you find the links under Users."),
        WHOLE,
        yes=True,
    ),
    Option(
        "link_accounts",
        gettext_lazy("an account here with the same e-mail address is the author's"),
        gettext_lazy("Whoever has that account writes the articles that come, from then on."),
        WHOLE,
        yes=True,
    ),
    Option(
        "keep_emails",
        gettext_lazy("keep commenters' e-mail addresses"),
        gettext_lazy("They are strangers': keep them only when you may and will use them."),
        yes=True,
        question="Keep commenters' e-mail addresses?",
    ),
    Option(
        "trust_approved",
        gettext_lazy("who was approved there counts as known here"),
        gettext_lazy(
            "Moderators see it beside a comment that waits. It shows once its writer has confirmed "
            "it by mail, like everybody's."
        ),
        yes=True,
    ),
    Option(
        "keep_clients",
        gettext_lazy("keep a hash of commenters' network addresses"),
        gettext_lazy("Of recent comments, for as long as of any other."),
        yes=True,
        question="Keep (a hash of) commenters' network addresses?",
    ),
    Option(
        "fetch",
        gettext_lazy("fetch missing pictures from the old site"),
        gettext_lazy("From public addresses only; a trial fetches nothing."),
        WHOLE,
        yes=True,
    ),
    Option(
        "overwrite",
        gettext_lazy("write over what was changed here"),
        gettext_lazy("And bring back what was deleted here. Otherwise both stay as they are."),
        yes=True,
    ),
)
SITE = ("address", "source", "time_zone", "language", "types", "default_author", "commented_pages")
PEOPLE = ("accounts", "mail_accounts", "link_accounts")
READERS = ("keep_emails", "trust_approved", "keep_clients")
REST = ("fetch", "overwrite")


def of_kind(kind: str) -> list[Option]:
    """What can be chosen for exports of that kind."""
    return [choice for choice in CHOICES if kind in choice.kinds]


def in_words(kind: str, chosen: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(label, what was chosen) of what is not left as it was."""
    found = []
    for choice in of_kind(kind):
        value = chosen.get(choice.name)
        if choice.yes and value:
            found.append((str(choice.label), _("yes")))
        elif choice.is_chosen(value):
            words = dict(choice.values).get(str(value), value)
            found.append((str(choice.label), str(words)))
    return found


def checked(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was chosen, whole and tidy; what does not concern the kind is left out.

    Raises ValidationError with words by name.
    """
    chosen: dict[str, Any] = {}
    for choice in of_kind(kind):
        value = given.get(choice.name)
        chosen[choice.name] = bool(value) if choice.yes else str(value or "").strip()
    wrong: dict[str, str] = {}
    chosen["time_zone"] = chosen["time_zone"] or settings.TIME_ZONE
    try:
        dates.zone_named(chosen["time_zone"])
    except ValueError as error:
        wrong["time_zone"] = _("There is no time zone %(name)s.") % {"name": error}
    if not _SOURCE.fullmatch(chosen["source"]):
        wrong["source"] = _("A name has letters, digits and . , : / @ - in it, 150 at the most.")
    if not _TYPES.fullmatch(chosen.get("types", "")):
        wrong["types"] = _("Names of post types, with commas between them.")
    if chosen.get("address"):
        try:
            URLValidator(schemes=["http", "https"])(chosen["address"])
        except ValidationError:
            wrong["address"] = _("A web address begins with http:// or https://.")
    if chosen["trust_approved"] and not chosen["keep_emails"]:
        wrong["trust_approved"] = _("People are known by their address: keep the addresses, too.")
    if chosen.get("mail_accounts") and not chosen["accounts"]:
        wrong["mail_accounts"] = _("There is nobody to mail without accounts.")
    if wrong:
        raise ValidationError(wrong)
    return chosen
