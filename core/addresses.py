"""E-mail addresses as people type them: one mailbox has one spelling."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.text import is_blank

# Read apart by the rules of today and as one by those of Python's codec: mail would go elsewhere.
_TWO_READINGS = "ßςẞ"
# By RFC 5321 a name may be quoted, and any sign in it escaped: each is the same mailbox.
_QUOTES = str.maketrans("", "", '"\\')


def folded(text: str) -> str:
    """`text` normalised: the form in which addresses are stored, counted and compared.

    Never raises: text that is no address is lower-cased and stripped of invisible characters, and
    then matches nobody. A value that `AddressField` has cleaned does not change.
    """
    shown = "".join(ch for ch in text if not _is_hidden(ch))
    plain = unicodedata.normalize("NFKC", shown).lower().strip()
    local, at, domain = plain.rpartition("@")
    local = unicodedata.normalize("NFKC", local.translate(_QUOTES)).strip()
    try:
        return f"{local}{at}{_ascii(domain)}"
    except UnicodeError:
        return f"{local}{at}{domain}"


def mailbox(email: str) -> str:
    """The mailbox behind an address, for counting and banning: mail goes to what was typed.

    What stands behind a plus sign does not count, nor do Gmail's dots.
    """
    local, at, domain = folded(email).rpartition("@")
    local = local.partition("+")[0] or local
    if domain in ("gmail.com", "googlemail.com"):
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}{at}{domain}"


def clean(text: str) -> str:
    """As `folded`, for what must be an address. Raises ValueError for what hides in it (controls,
    characters that do not show), for a domain that two rules read differently, for one that is no
    name of a host, for a host's number in the place of its name (`a@[127.0.0.1]`), and
    `Quoted` for a name in quotation marks, of which one mailbox has any number."""
    text = text.strip()
    if any(_is_hidden(ch) for ch in text):
        raise ValueError("hidden characters")
    local, _at, domain = unicodedata.normalize("NFKC", text).rpartition("@")
    if local != local.translate(_QUOTES):
        raise Quoted
    if "[" in domain or any(ch in domain for ch in _TWO_READINGS):
        raise ValueError("no name of a host")
    _ascii(domain.lower())
    return folded(text)


class Quoted(ValueError):
    """The name of a mailbox with quotation marks or backslashes in it."""


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
        except Quoted as error:
            raise forms.ValidationError(self.error_messages["quoted"], "quoted") from error
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], "invalid") from error

    default_error_messages = {
        "invalid": _("This is not a valid e-mail address."),
        "quoted": _("Write the address without quotation marks and backslashes."),
    }
