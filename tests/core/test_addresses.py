"""One mailbox has one spelling, in every form that takes an address."""

import re
import unicodedata
from importlib import import_module

import pytest
from django import forms
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from authors.forms import AccountForm, NewAccountForm
from comments.screening import bans
from core.addresses import AddressField, clean, folded, mailbox
from core.text import is_blank

SPELLINGS = [
    "anna@lezer.example",
    " Anna@Lezer.Example ",
    "anna@ｌｅｚｅｒ.example",
    "ａｎｎａ@lezer.example",
    "anna@lezer。example",
    "anna＠lezer.example",
]
HIDDEN = [
    *("\xad", "\u034f", "\u200b", "\u200c", "\u200d", "\u200e", "\u2060", "\u2063", "\ufe0f"),
    *("\ufeff", "\u3164", "\u115f", "\u2028", "\u202e", "\x00", "\x7f", "\U000e0061"),
]


@pytest.mark.parametrize("typed", SPELLINGS)
def test_every_spelling_is_the_one(typed):
    assert AddressField().clean(typed) == "anna@lezer.example"
    assert mailbox(typed) == "anna@lezer.example"
    assert bans.address_mark(typed) == bans.address_mark("anna@lezer.example")


@pytest.mark.parametrize("sign", HIDDEN)
@pytest.mark.parametrize("typed", ["an{}na@lezer.example", "anna@le{}zer.example"])
def test_what_hides_is_refused_and_counts_for_nothing(typed, sign):
    with pytest.raises(forms.ValidationError):
        AddressField().clean(typed.format(sign))
    assert folded(typed.format(sign)) == "anna@lezer.example"


@given(st.characters())
def test_no_character_makes_a_second_spelling_that_looks_the_same(sign):
    if unicodedata.category(sign) not in ("Cc", "Cf", "Co", "Cn", "Cs") and not is_blank(sign):
        return
    with pytest.raises(forms.ValidationError):
        AddressField().clean(f"anna@le{sign}zer.example")


@pytest.mark.parametrize(
    "typed",
    [
        *("anna@[127.0.0.1]", "anna@[IPv6:::1]", "anna@［127.0.0.1］", "anna", "anna@"),
        *("@lezer.example", "a b@lezer.example"),
        *("anna@straße.example", "anna@lezer..example", f"anna@{'é' * 80}.example"),
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(forms.ValidationError):
        AddressField().clean(typed)


def test_names_of_other_scripts_are_looked_up_in_ascii():
    assert AddressField().clean("Anna@BÜCHER.example") == "anna@xn--bcher-kva.example"


@given(st.text(max_size=80))
def test_folding_raises_nothing_and_is_done_once(typed):
    assert folded(folded(typed)) == folded(typed)
    try:
        assert clean(typed) == folded(typed)
    except ValueError:
        return


@st.composite
def quoted(draw):
    """A spelling with quotation marks and backslashes of a mailbox's name, by RFC 5321."""
    name = "".join("\\" * draw(st.booleans()) + sign for sign in "anna")
    behind = draw(st.sampled_from(["", "+x", "+\\y"]))
    return f'"{name}{behind}"@lezer.example'


@given(quoted())
def test_a_quoted_name_is_refused_and_counts_as_the_plain_one(typed):
    with pytest.raises(forms.ValidationError, match="aanhalingstekens"):
        AddressField().clean(typed)
    assert mailbox(typed) == "anna@lezer.example"
    assert bans.address_mark(typed) == bans.address_mark("anna@lezer.example")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Anna+9@Lezer.example", "anna@lezer.example"),
        ("an.na+x@gmail.com", "anna@gmail.com"),
        ("an.na@googlemail.com", "anna@gmail.com"),
        ('"an.na+q"@gmail.com', "anna@gmail.com"),
        ("an.na@lezer.example", "an.na@lezer.example"),
        ("+x@lezer.example", "+x@lezer.example"),
    ],
)
def test_one_mailbox_has_many_addresses(typed, meant):
    assert mailbox(typed) == meant


def _all_forms(form=forms.BaseForm):
    for below in form.__subclasses__():
        yield below
        yield from _all_forms(below)


def test_every_form_of_ours_takes_addresses_with_it():
    for config in apps.get_app_configs():
        for name in ("forms", "admin.people"):
            if config.name in ("authors", "comments", "newsletter", "blog", "interchange"):
                try:
                    import_module(f"{config.name}.{name}")
                except ModuleNotFoundError:
                    continue
    found = {
        form: field
        for form in _all_forms()
        if re.match(r"(authors|blog|comments|newsletter|interchange|config)\.", form.__module__)
        for field in getattr(form, "base_fields", {}).values()
        if isinstance(field, forms.EmailField)
    }
    assert {AccountForm, NewAccountForm} <= set(found)
    assert len(found) >= 7
    # The desk's ban is no address but a pattern, which `bans.ban_add` folds.
    kept = {form.__name__ for form, field in found.items() if not isinstance(field, AddressField)}
    assert kept <= {"BanForm"}
