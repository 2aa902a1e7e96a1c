"""Base form of articles and pages: the editor, and the check for stale versions."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_prose_editor.fields import ProseEditorFormField

from blog.content import sanitiser
from core import html_bounds

_EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "Strike": True,
    "Subscript": True,
    "Superscript": True,
    "Code": True,
    "CodeBlock": True,
    "Blockquote": True,
    "BulletList": True,
    "ListItem": True,
    "OrderedList": {"enableListAttributes": False},
    "Heading": {"levels": [2, 3, 4]},
    "HorizontalRule": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "HardBreak": True,
    "NoSpellCheck": False,
    # Buttons, no dropdown: that one cannot be reached from the keyboard.
    "Menu": {
        "groups": [
            {"group": "headings"},
            {"group": "marks"},
            {"group": "link"},
            {"group": "lists"},
            {"group": "nodes -headings -lists"},
            {"group": "table"},
            {"group": "history"},
        ]
    },
    # Our own: static/admin-desk/.
    "ArticleLink": True,
    "PictureFigure": True,
    "PictureGallery": True,
    "LeftOut": True,
    "LinkCard": True,
    "Footnote": True,
    "CleanPaste": True,
    "MarkdownHabits": True,
}


class TitleInput(forms.Textarea):
    """A title of more than one line on the screen, as readers see it; one line in the database."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 1, "placeholder": gettext_lazy("Title"), **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """What was typed, its line breaks and rows of blanks as single spaces."""
        value = super().value_from_datadict(data, files, name)
        return " ".join(value.split()) if isinstance(value, str) else value


class TextForm(forms.ModelForm[Any]):
    """Form of a text; `opened_on` is the version that was edited."""

    # `blog.content.sanitiser` cleans what arrives; the editor's own sanitiser would drop the
    # figures.
    body_source = ProseEditorFormField(
        label=gettext_lazy("text"),
        required=False,
        config={"extensions": _EXTENSIONS},
        preset="configurable",
        sanitize=lambda html: html,
    )
    opened_on = forms.IntegerField(label="", widget=forms.HiddenInput, required=False)
    # Under this key the form is kept by itself while somebody writes.
    copy_key = forms.UUIDField(label="", widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        for name in ("title", "lead"):
            if name in self.fields:
                self.fields[name].widget.attrs["dir"] = "auto"
        self.initial.setdefault("copy_key", str(uuid.uuid4()))
        if self.instance.pk:
            self.initial["opened_on"] = self.instance.version

    def clean_body_source(self) -> str:
        """The text within the bounds of `blog.content.sanitiser`. Raises ValidationError."""
        try:
            return sanitiser.clean(self.cleaned_data["body_source"] or "")
        except html_bounds.TooLarge as error:
            raise ValidationError(_("The text is too long or too deeply nested.")) from error

    def clean(self) -> dict[str, Any]:
        """Requires `opened_on` for stored texts."""
        data = super().clean() or self.cleaned_data
        if self.instance.pk and not data.get("opened_on"):
            self.add_error(None, _("The form is incomplete: open the text again."))
        return data
