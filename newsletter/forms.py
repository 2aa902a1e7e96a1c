"""What a reader fills in to get the newsletter."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from authors.models import Author
from blog.models import Tag
from core.addresses import AddressField
from newsletter.models import MailPace


class JoinForm(forms.Form):
    """An address, to what, and how often; `to` is "", "author:<slug>" or "tag:<slug>"."""

    email = AddressField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "invalid": _("This is not a valid e-mail address."),
            "required": _("Fill in your e-mail address; it is not shown."),
        },
    )
    pace = forms.ChoiceField(label=_("How often"), choices=MailPace.choices, initial=MailPace.ONCE)
    to = forms.CharField(required=False, max_length=140, widget=forms.HiddenInput)

    author: Author | None = None
    tag: Tag | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.disable_csrf = True
        self.helper.form_action = ""
        self.helper.form_class = "stack"
        self.helper.add_input(Submit("send", _("Subscribe")))

    def clean_to(self) -> str:
        """What is subscribed to, found. Raises ValidationError for what is not there (any more)."""
        to: str = self.cleaned_data["to"]
        kind, _colon, slug = to.partition(":")
        if kind == "author":
            self.author = Author.objects.filter(slug=slug).first()
        elif kind == "tag":
            self.tag = Tag.objects.filter(slug=slug).first()
        if to and self.author is None and self.tag is None:
            raise forms.ValidationError(_("This author or subject is not there any more."))
        return to
