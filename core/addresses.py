"""E-mail addresses as people type them: one mailbox has one spelling."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.text import is_blank

# Read apart by the rules of today and as one by those of Python's codec: mail would go elsewhere.
_TWO_READINGS = "ßςẞ"


def folded(text: str) -> str:
    """`text` normalised: the form in which addresses are stored, counted and compared.

    Never raises: text that is no address is lower-cased and stripped of invisible characters, and
    then matches nobody. A value that `AddressField` has cleaned does not change.
    """
    shown = "".join(ch for ch in text.strip() if not _is_hidden(ch))
    plain = unicodedata.normalize("NFKC", shown).lower()
    local, at, domain = plain.rpartition("@")
    try:
        return f"{local}{at}{_ascii(domain)}"
    except UnicodeError:
        return plain


def clean(text: str) -> str:
    """As `folded`, for what must be an address. Raises ValueError for what hides in it (controls,
    characters that do not show), for a domain that two rules read differently, for one that is no
    name of a host, and for a host's number in the place of its name (`a@[127.0.0.1]`)."""
    text = text.strip()
    if any(_is_hidden(ch) for ch in text):
        raise ValueError("hidden characters")
    domain = unicodedata.normalize("NFKC", text).rpartition("@")[2]
    if "[" in domain or any(ch in domain for ch in _TWO_READINGS):
        raise ValueError("no name of a host")
    _ascii(domain.lower())
    return folded(text)


def _is_hidden(ch: str) -> bool:
    return unicodedata.category(ch)[0] == "C" or unicodedata.category(ch) in "ZlZp" or is_blank(ch)


def _ascii(domain: str) -> str:
    """The domain as mail servers look it up. Raises UnicodeError."""
    return domain if domain.isascii() else domain.encode("idna").decode("ascii").lower()


class AddressField(forms.EmailField):
    """An e-mail address that anybody types: every spelling of one mailbox comes out the same."""

    def to_python(self, value: Any) -> str:
        """The address as it is stored; what is no address stays as typed, for the validators."""
        typed = str(super().to_python(value))
        try:
            return clean(typed) if typed else typed
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], "invalid") from error

    default_error_messages = {"invalid": _("This is not a valid e-mail address.")}
