"""The form under an article."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from blog.models import SiteSettings
from comments.models import Complaint, Pace, page_address
from comments.posting.submission import Submission
from comments.thread import access, markup, names
from core.addresses import AddressField
from core.text import TextRefused

_RANDOM = re.compile(r"[0-9a-f]{8}(-?)[0-9a-f]{4}(?:\1[0-9a-f]{4}){2}\1[0-9a-f]{12}", re.I)
# First in a form with several fields: Enter in one of them presses nothing, so that only a button
# sends what is half written.
_NO_ENTER = HTML('<button type="submit" hidden disabled>Enter</button>')
_TRAPPED = _("A hidden field was filled in. It is empty now; send the form once more.")


def is_random(key: str) -> bool:
    """Whether `key` looks like 128 random bits: 32 hexadecimal digits, or a UUID.

    Fewer than eight different digits happen once in ten million times, or to who made it up.
    """
    return bool(_RANDOM.fullmatch(key)) and len(set(key.lower())) >= 8


def _error(refusal: TextRefused) -> forms.ValidationError:
    """What a pure module refused, as a form says it."""
    return forms.ValidationError(refusal.message, refusal.code, refusal.params)


def _clean_text(field: forms.Field, value: str) -> str:
    """The source to store. Raises ValidationError when it is empty, too long, or has many links."""
    text = markup.clean_source(value)
    if not text.strip():
        raise forms.ValidationError(field.error_messages["required"])
    try:
        markup.render(text)
    except TextRefused as refusal:
        raise _error(refusal) from refusal
    return text


class LongText(forms.CharField):
    """A text that comes back whole, with a word about its length, when it is too long.

    It has no `max_length`: browsers would cut what is pasted and say nothing. `slack` is how many
    times `most` pass here, for texts that are cleaned before they are counted.
    """

    def __init__(self, *, most: int, slack: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most, self.slack = most, slack

    def validate(self, value: str) -> None:
        """Raise ValidationError when there is nothing, or far too much."""
        super().validate(value)
        if len(value) > self.most * self.slack:
            raise forms.ValidationError(
                _("This text has %(length)d characters; at most %(limit)d are possible."),
                "too_long",
                {"length": len(value), "limit": self.most},
            )


def _text_field() -> forms.CharField:
    return LongText(
        label=_("Your comment"),
        # The placeholder is how the style sheet tells an empty field from one that holds text.
        widget=forms.Textarea(
            attrs={"rows": 7, "placeholder": " ", "data-limit": markup.MAX_SOURCE}
        ),
        most=markup.MAX_SOURCE,
        slack=4,
        strip=False,
        error_messages={"required": _("Your comment is empty: write something first.")},
    )


class Button(Submit):  # type: ignore[misc]
    """A second way to send the form; it looks quieter."""

    input_type = "submit"
    quiet = True


def _draft(name: object, key: str = '<input type="hidden" name="key">') -> HTML:
    """Under which name the browser keeps what is typed, and `key` beside it (static/js/site.js)."""
    return HTML(f'<input type="hidden" name="draft" value="{name}">{key}')


class _ReaderForm(forms.Form):
    """A form that anybody may send: to its own page, without a token against forgery."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.disable_csrf = True  # Fetch Metadata and Origin are checked instead.
        self.helper.form_action = ""
        self.helper.form_class = "comment-form"
        # Whoever writes from right to left sees it while typing; addresses never run so.
        for field in self.fields.values():
            kind = getattr(field.widget, "input_type", "")
            if isinstance(field.widget, forms.Textarea) or kind == "text":
                is_address = field.widget.attrs.get("inputmode") == "url"
                field.widget.attrs.setdefault("dir", "ltr" if is_address else "auto")
            elif kind == "email":
                field.widget.attrs.setdefault("dir", "ltr")


class _WriterForm(_ReaderForm):
    """What the writer of a comment may do: `own` gives the right to it."""

    own = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    # As in `CommentForm`.
    proof = forms.CharField(required=False, widget=forms.HiddenInput)


class _TrapForm(_ReaderForm):
    """A form with a field that only robots fill in."""

    contact_by_fax = forms.CharField(
        label=pgettext_lazy("trap for robots", "Leave this field empty"),
        required=False,
        max_length=200,
    )

    def clean_contact_by_fax(self) -> str:
        """Must stay empty; what fills it in is no person. Raises ValidationError."""
        if self.cleaned_data["contact_by_fax"]:
            raise forms.ValidationError(_TRAPPED)
        return ""


class EditForm(_WriterForm):
    """Other words for comment `number`."""

    text = _text_field()

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout("text", "own", "proof", _draft(f"edit-{number}"))
        self.helper.add_input(Submit("post", _("Store the change")))
        self.helper.add_input(Button("preview", _("Preview")))

    def clean_text(self) -> str:
        """The source to store. Raises ValidationError."""
        return _clean_text(self.fields["text"], self.cleaned_data["text"])


class LinkForm(_ReaderForm):
    """The address to which the link to the own comments goes."""

    email = AddressField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "invalid": _("This is not a valid e-mail address."),
            "required": _("Fill in your e-mail address; it is not shown."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.form_class = ""
        self.helper.add_input(Submit("send", _("Send me the link")))


class FollowForm(LinkForm):
    """How often, and to which address, mail of new comments comes; an account's is known."""

    pace = forms.ChoiceField(
        label=_("By e-mail"),
        choices=Pace.choices,
        initial=Pace.ONCE,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose how often.")},
    )
    # As in `CommentForm`.
    proof = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by_account: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        guest = [] if by_account else ["email", "proof"]
        if by_account:
            for name in ("email", "proof"):
                del self.fields[name]
        self.helper.layout = Layout("pace", *guest)
        self.helper.inputs = [Submit("send", _("Follow"))]

    def clean_pace(self) -> Pace:
        """How often; at once when nothing was chosen."""
        return Pace(self.cleaned_data["pace"] or Pace.ONCE)


class AnotherAddressForm(LinkForm):
    """Another address for a comment that waits for its writer to confirm it."""

    own = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Another e-mail address")
        self.helper.layout = Layout("email", "own")
        self.helper.inputs = [Button("send", _("Mail this address instead"))]


class AppealForm(_WriterForm):
    """Why the editors should look at comment `number` again."""

    text = LongText(
        label=_("Why should the editors look again?"),
        most=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write why; the editors read it.")},
    )

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout("text", "own", "proof", _draft(f"appeal-{number}"))
        self.helper.add_input(Submit("send", _("Ask to look again")))


class ReportForm(_TrapForm):
    """What a reader finds wrong with comment `number`."""

    complaint = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=Complaint.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong with it.")},
    )
    note = LongText(
        label=_("Explanation"),
        required=False,
        most=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    email = AddressField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        help_text=_("Only to tell you what the editors decided; then it is forgotten."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("This is not a valid e-mail address.")},
    )

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(
            _NO_ENTER,
            _draft(f"report-{number}"),
            "complaint",
            "note",
            "email",
            Field("contact_by_fax", template="comments/trap_field.html"),
        )
        self.helper.add_input(Submit("send", _("Report this comment")))


class CommentForm(_TrapForm):
    """What a guest types; of an account only the text counts. `begun` says where, and by whom."""

    text = _text_field()
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    # Whose it is, an account's included, is asked by a mail to it: no answer here tells who is
    # known.
    email = AddressField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        help_text=_("Not shown. We mail you a link to confirm that the comment is yours."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("This is not a valid e-mail address.")},
    )
    website = forms.CharField(
        label=_("Website"),
        required=False,
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "url", "inputmode": "url"}),
    )
    parent = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    key = forms.CharField(required=False, widget=forms.HiddenInput)
    # Filled in by the page's script where the address was confirmed (static/js/confirmed.js).
    proof = forms.CharField(required=False, widget=forms.HiddenInput)
    # Which article it was opened under; its address may be another's by the time it is sent.
    article_id = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    # Filled in by the page's script, and believed no further than a hint for the spam filter.
    seconds = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    follow = forms.BooleanField(
        label=_("Mail me all new comments, not only answers to me"), required=False
    )

    def __init__(
        self,
        *args: Any,
        begun: Submission,
        site: SiteSettings,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.begun = begun
        article, by_account = begun.article, begun.user is not None
        if by_account:
            for name in ("name", "email", "website", "follow"):
                del self.fields[name]
        else:
            self.fields["name"].required = True
            self.fields["name"].error_messages["required"] = _("Fill in the name to show.")
            self.fields["email"].required = site.require_email
            self.fields["email"].error_messages["required"] = _(
                "Fill in your e-mail address; it is not shown."
            )
        self.helper.form_action = page_address("reply", article)
        guest = [] if by_account else ["name", "email", "website", "follow"]
        self.helper.layout = Layout(
            _NO_ENTER,
            _draft(access.home_id(article), key=""),
            "text",
            *guest,
            Field("contact_by_fax", template="comments/trap_field.html"),
            "parent",
            "key",
            "proof",
            "article_id",
            "seconds",
        )
        self.initial.setdefault("article_id", article.pk)
        self.helper.add_input(Submit("post", _("Post comment")))
        self.helper.add_input(Button("preview", _("Preview")))

    def clean_text(self) -> str:
        """The source to store. Raises ValidationError."""
        return _clean_text(self.fields["text"], self.cleaned_data["text"])

    def clean_name(self) -> str:
        """A tidy name. Raises ValidationError."""
        try:
            return names.clean_name(self.cleaned_data["name"])
        except TextRefused as refusal:
            raise _error(refusal) from refusal

    def clean_key(self) -> str:
        """A key that nobody guesses, or nothing: what a client made up proves nothing."""
        key: str = self.cleaned_data["key"]
        return key if is_random(key) else ""

    def clean_website(self) -> str:
        """An http(s) address or nothing. Raises ValidationError."""
        try:
            return names.clean_website(self.cleaned_data["website"])
        except TextRefused as refusal:
            raise _error(refusal) from refusal

    def clean_seconds(self) -> int | None:
        """A number of seconds up to nine hours, or None for anything else."""
        value = self.cleaned_data["seconds"]
        return min(int(value), 32_767) if value.isascii() and value.isdecimal() else None

    def submission(self) -> Submission:
        """What was begun, with what was typed; after a valid `clean`."""
        typed = ["text", "key"]
        if self.begun.user is None:
            typed += ["name", "email", "website", "seconds", "follow", "proof"]
        return replace(self.begun, **{name: self.cleaned_data[name] for name in typed})
