"""Admin of tags, series and authors: renaming with redirects, merging."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from authors import access
from authors.admin import AuthorAdmin
from authors.models import Author
from blog.admin.choosing import ChoosingForm, SearchSelect
from blog.admin.editors import EditorsOnly
from blog.admin.ordered import OrderedField, OrderedWidget
from blog.models import Article, Redirect, Series, Tag
from blog.publishing import subjects
from core.lists import count_of, counted
from core.text import number_of


class Merging(admin.ModelAdmin):  # type: ignore[type-arg]
    """Adds an action that merges several rows into one, after a confirmation page."""

    actions = ("merge",)

    def has_merge_permission(self, request: HttpRequest) -> bool:
        """Editors."""
        return access.is_editor(request.user)

    def join(self, kept: Any, gone: Any) -> None:
        """Merge `gone` into `kept`. Raises `subjects.TwoAccounts`."""
        raise NotImplementedError

    @admin.action(description=gettext_lazy("Merge the chosen"), permissions=["merge"])
    def merge(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Ask which of the chosen rows remains, and merge the others into it."""
        chosen = list(queryset.order_by("pk")[:50])
        if len(chosen) < 2:
            self.message_user(request, _("Choose two or more."), messages.WARNING)
            return None
        kept = next((row for row in chosen if str(row.pk) == request.POST.get("keep")), None)
        if kept is None:
            context = {
                **self.admin_site.each_context(request),
                "title": _("Which one stays?"),
                "opts": self.opts,
                "chosen": [(row, subjects.named_in(row)) for row in chosen],
            }
            return TemplateResponse(request, "admin/blog/merge.html", context)
        names = [str(row) for row in chosen if row.pk != kept.pk]
        try:
            with transaction.atomic():
                for row in chosen:
                    if row.pk != kept.pk:
                        self.join(kept, row)
        except subjects.TwoAccounts:
            words = _("Both have an account. Take one away first, so that it is clear whose.")
            self.message_user(request, words, messages.ERROR)
            return None
        gone = ", ".join(names)
        self.log_change(request, kept, _("Made one with it: %(names)s.") % {"names": gone})
        words = _("They are one now; the old addresses lead to it.")
        self.message_user(request, words, messages.SUCCESS)
        return None


@admin.register(Tag)
class TagAdmin(EditorsOnly, Merging):
    """Tags."""

    list_display = ("name", "articles_count")
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        links = Article.tags.through._default_manager.filter(tag=OuterRef("pk"))
        found: QuerySet[Tag] = super().get_queryset(request).annotate(uses=count_of(links))
        return found

    @admin.display(description=gettext_lazy("articles"), ordering="uses")
    def articles_count(self, tag: Tag) -> str:
        """The number of articles with the tag."""
        return counted(tag.uses)  # type: ignore[attr-defined]

    def join(self, kept: Tag, gone: Tag) -> None:
        subjects.tag_merge(kept=kept, gone=gone)

    def save_model(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:
        subjects.tag_save(tag=obj)

    def delete_model(self, request: HttpRequest, obj: Tag) -> None:
        subjects.tag_delete(tag=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Tag]) -> None:
        for tag in queryset:
            subjects.tag_delete(tag=tag)


class PartsWidget(OrderedWidget):
    """With a button that finds articles to add."""

    more_label = gettext_lazy("Add an article")

    @property
    def more_url(self) -> str:  # type: ignore[override]
        """The admin's own search for articles."""
        return SearchSelect(Redirect._meta.get_field("article")).address


class SeriesForm(forms.ModelForm[Series]):
    """A series with its articles in their order."""

    parts = OrderedField(
        Article.objects.none(),
        label=gettext_lazy("parts"),
        required=False,
        widget=PartsWidget,
        help_text=gettext_lazy(
            "In the order of the series. An article is in one series: added here, it leaves the "
            "one that it was in."
        ),
    )

    class Meta:
        model = Series
        fields = ("title", "slug", "description")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = Article.objects.filter(trashed_at=None)
        kept = there.filter(series=self.instance.pk).order_by("series_place", "pk")
        self.initial["parts"] = [article.pk for article in kept] if self.instance.pk else []
        wanted: Any = self.initial["parts"]
        if self.is_bound:
            sent = self.data.getlist(self.add_prefix("parts"))  # type: ignore[attr-defined]
            wanted = [number_of(key) for key in sent]
        parts: Any = self.fields["parts"]
        # Those alone that the page shows: a site has tens of thousands.
        parts.queryset = there.filter(pk__in=wanted)


@admin.register(Series)
class SeriesAdmin(EditorsOnly, ChoosingForm):
    """Series, and the order of their parts."""

    form = SeriesForm
    list_display = ("title", "slug", "parts_count")
    search_fields = ("title",)
    prepopulated_fields = {"slug": ("title",)}

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever writes may look: the form of an article searches here for its series."""
        return access.may_write(request.user)

    def view_on_site(self, series: Series) -> str | None:
        """Its page, which is there with the first part that readers see."""
        seen = Article.objects.published().filter(series=series).exists()
        return series.get_absolute_url() if seen else None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Series]:
        there = Count("articles", filter=Q(articles__trashed_at=None))
        found: QuerySet[Series] = super().get_queryset(request).annotate(size=there)
        return found

    @admin.display(description=gettext_lazy("articles"), ordering="size")
    def parts_count(self, series: Series) -> int:
        """How many articles it has."""
        return series.size  # type: ignore[attr-defined,no-any-return]

    def save_model(self, request: HttpRequest, obj: Series, form: Any, change: bool) -> None:
        subjects.series_save(series=obj)
        if "parts" in form.changed_data or not change:
            subjects.series_parts_set(series=obj, articles=form.cleaned_data["parts"])

    def delete_model(self, request: HttpRequest, obj: Series) -> None:
        subjects.series_delete(series=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Series]) -> None:
        for series in queryset:
            subjects.series_delete(series=series)


admin.site.unregister(Author)


@admin.register(Author)
class PublishedAuthorAdmin(AuthorAdmin, Merging):
    """Authors, whose pages list articles: merged, and moved with their addresses."""

    list_display: Any = ("name", "role", "affiliation", "user", "former")
    list_filter = ("former",)

    def join(self, kept: Author, gone: Author) -> None:
        subjects.author_merge(kept=kept, gone=gone)

    def save_model(self, request: HttpRequest, obj: Author, form: Any, change: bool) -> None:
        old = Author.objects.get(pk=obj.pk).get_absolute_url() if change else ""
        super().save_model(request, obj, form, change)
        subjects.author_moved(old=old, author=obj)

    def delete_model(self, request: HttpRequest, obj: Author) -> None:
        subjects.author_delete(author=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Author]) -> None:
        for author in queryset:
            subjects.author_delete(author=author)
