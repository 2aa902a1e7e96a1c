"""The fields of a text for searches and shares: what is shown of it, and what is read next."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from blog.admin.ordered import OrderedField, OrderedWidget
from blog.discovery.metadata import described
from blog.models import Article, Text
from blog.models.findable import DESCRIPTION_SHOWN, TITLE_SHOWN
from blog.reading.related import chosen_of
from blog.site.settings import site_name
from core.text import number_of

SEARCHED: Final = ("search_title", "search_description")
"""The fields that a page has too."""
FOUND_FIELDS: Final = (*SEARCHED, "share_picture", "next_articles")
"""Those of an article, in the order of its form."""
MOST_NEXT: Final = 6
"""Articles that one names to be read next."""


class SearchPreview(forms.Textarea):
    """The description, and below it what a search engine would show; a script keeps it fresh."""

    def __init__(self) -> None:
        super().__init__(attrs={"rows": 3, "class": "vLargeTextField", "dir": "auto"})
        self.text: Text | None = None

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The field and the preview of what is stored."""
        text, site = self.text, site_name()
        told: dict[str, Any] = {"site": site, "title_at": TITLE_SHOWN, "text_at": DESCRIPTION_SHOWN}
        if text is not None:
            lead = text.lead if isinstance(text, Article) else ""
            begun = " ".join(lead.split()) or described(text.body_text)
            shown = text.search_title or (f"{text.title} – {site}" if text.title else "")
            told |= {"title": shown, "begun": begun, "text": text.search_description or begun}
            stands = bool(text.slug)
            told["address"] = settings.SITE_URL + text.get_absolute_url() if stands else ""
        field = super().render(name, value, attrs, renderer)
        return render_to_string("admin/blog/text/_search_preview.html", {"field": field, **told})


class SearchFields(forms.ModelForm):  # type: ignore[type-arg]
    """Title and description for searches."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        title, description = (self.fields[name] for name in SEARCHED)
        title.widget.attrs |= {"class": "vTextField", "dir": "auto", "data-at": TITLE_SHOWN}
        preview: Any = description.widget
        preview.text = self.instance
        preview.attrs["data-at"] = DESCRIPTION_SHOWN

    def clean_search_title(self) -> str:
        """On one line."""
        return " ".join(self.cleaned_data["search_title"].split())

    def clean_search_description(self) -> str:
        """On one line, however it was typed."""
        return " ".join(self.cleaned_data["search_description"].split())


class NextWidget(OrderedWidget):
    """With a button that finds articles."""

    more_label = gettext_lazy("Add an article")

    @property
    def more_url(self) -> str:  # type: ignore[override]
        """Everything that the person may read, not only what they may edit."""
        return reverse("admin:blog_article_find", args=["next"])


class NextField(OrderedField):
    """Articles to read next, in their order."""

    widget = NextWidget

    def __init__(self) -> None:
        super().__init__(
            Article.objects.none(),
            label=gettext_lazy("read next"),
            required=False,
            help_text=gettext_lazy(
                "These stand first under the article; the site adds what is most alike."
            ),
        )

    def clean(self, value: Any) -> list[Any]:  # type: ignore[override]
        """At most `MOST_NEXT`. Raises ValidationError."""
        found = super().clean(value)
        if len(found) > MOST_NEXT:
            words = gettext_lazy("At most %(count)d articles.")
            raise forms.ValidationError(words, params={"count": MOST_NEXT})
        return found


class FoundFields(SearchFields):
    """With what is read next; `user` is set by the admin."""

    user: Any
    next_articles = NextField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = chosen_of(self.instance)
        self.initial["next_articles"] = chosen
        wanted: Any = chosen
        if self.is_bound:
            sent = self.data.getlist(self.add_prefix("next_articles"))  # type: ignore[attr-defined]
            wanted = [number_of(key) for key in sent]
        # Also what somebody else chose, and this person cannot read yet.
        seen = Article.objects.visible_to(self.user).filter(pk__in=wanted)
        kept = Article.objects.filter(pk__in=set(wanted) & set(chosen), trashed_at=None)
        field: Any = self.fields["next_articles"]
        rows = Article.objects.filter(pk__in=seen.values("pk").union(kept.values("pk")))
        field.queryset = rows.exclude(pk=self.instance.pk).only("pk", "title")
