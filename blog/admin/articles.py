"""Articles in the admin: writing, previewing, and what a stale form meets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from authors import access
from authors.models import Author
from blog.admin import translations, workflow
from blog.admin.bulk import BulkDesk
from blog.admin.byline import BylineField
from blog.admin.choosing import Choosing, SearchSelect
from blog.admin.found import FOUND_FIELDS, SEARCHED, FoundFields, SearchPreview
from blog.admin.history import HistoryDesk
from blog.admin.outcome import TextOutcome
from blog.admin.planning import PlannedDesk
from blog.admin.preview import PreviewDesk
from blog.admin.text_form import TextForm, TitleInput
from blog.admin.trash import TrashDesk
from blog.admin.writing import WritingDesk
from blog.discovery.metadata import absolute
from blog.models import Article, Status
from blog.publishing import articles, checking, conversation_lock, shared_conversation, trash
from blog.publishing.access import may_trash
from blog.publishing.workflow import step_between
from blog.reading import page_counts, related

if TYPE_CHECKING:
    from authors.models import User

TEXT_FIELDS = ("title", "lead", "body_source", "opened_on", "copy_key")
_SERIES = ("series", "series_place")
_CONVERSATION = ("comment_policy", "hold", "close_after_days")


class ArticleForm(workflow.WorkflowFields, FoundFields, TextForm):
    """The form of an article; `user` is set by the admin."""

    user: User

    words = forms.CharField(
        label=gettext_lazy("tags"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Words with commas between them."),
    )
    people = BylineField(
        label=gettext_lazy("authors"),
        required=False,
        help_text=gettext_lazy("In the order of the byline."),
    )
    original = forms.ModelChoiceField(
        Article.objects.none(),
        label=gettext_lazy("translation of"),
        required=False,
        widget=SearchSelect(Article._meta.get_field("conversation")),
        help_text=gettext_lazy("Both then share one conversation."),
    )

    class Meta:
        model = Article
        fields = (
            "title",
            "lead",
            "body_source",
            "picture",
            "language",
            "series",
            "series_place",
            "comment_policy",
            "hold",
            "close_after_days",
            "mailed",
            "status",
            "published_at",
            "slug",
            *SEARCHED,
            "share_picture",
        )
        widgets = {
            "search_description": SearchPreview,
            "title": TitleInput(),
            "lead": forms.Textarea(attrs={"rows": 2, "placeholder": gettext_lazy("Lead")}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = Article.objects.editable_by(self.user).exclude(pk=self.instance.pk)
        self.fields["original"].queryset = choices.only("pk", "title")  # type: ignore[attr-defined]
        home = self.instance.conversation_id
        self.initial["original"] = home if home != self.instance.pk else None
        byline: list[Author] = self.instance.byline if self.instance.pk else []
        people: Any = self.fields["people"]
        people.offer(byline)
        if self.instance.pk:
            self.initial["words"] = ", ".join(tag.name for tag in self.instance.tags.all())
            self.initial["people"] = [author.pk for author in byline]

    def clean_people(self) -> list[Author]:
        """The byline, in the order in which it was sent. Raises ValidationError.

        An author may add colleagues, but stays in their own byline: without it they could not undo
        what they did.
        """
        chosen = {author.pk: author for author in self.cleaned_data["people"]}
        if not access.is_editor(self.user):
            own = access.author_of(self.user)
            if own is None or own.pk not in chosen:
                raise ValidationError(_("You stay in the byline of your own article."))
        return list(chosen.values())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        out = data.get("status") in (Status.PUBLISHED, Status.SCHEDULED)
        if out and "people" in data and not data["people"]:
            self.add_error("people", _("An article that readers see needs at least one author."))
        original = data.get("original")
        if original is not None and original.language == data.get("language"):
            words = _("A translation is in another language than its original.")
            self.add_error("original", words)
        if data.get("series") and not data.get("series_place"):
            data["series_place"] = related.series_next(data["series"], self.instance.pk)
        return data


@admin.register(Article)
class ArticleAdmin(
    BulkDesk, PlannedDesk, Choosing, TrashDesk, HistoryDesk, TextOutcome, PreviewDesk, WritingDesk
):
    """Everything for editors, their own articles for an author."""

    form = ArticleForm
    chosen = ("picture", "series", "share_picture")
    list_display = (
        "title",
        "people",
        "subjects",
        "status",
        "versions",
        "published_at",
        "comments",
        "read",
        "preview",
    )
    fieldsets = (
        (None, {"fields": TEXT_FIELDS}),
        (gettext_lazy("Publication"), {"fields": workflow.FIELDS}),
        (gettext_lazy("About the article"), {"fields": ("words", "people", "picture")}),
        (
            gettext_lazy("Language and series"),
            {"classes": ("collapse",), "fields": ("language", "original", *_SERIES)},
        ),
        (
            gettext_lazy("Conversation and newsletter"),
            {"classes": ("collapse",), "fields": (*_CONVERSATION, "mailed")},
        ),
        (gettext_lazy("Address on the site"), {"classes": ("collapse",), "fields": ("slug",)}),
        (
            gettext_lazy("Searches and shares"),
            {"classes": ("collapse",), "fields": FOUND_FIELDS},
        ),
    )
    change_form_template = "admin/blog/article/change_form.html"
    change_list_template = "admin/blog/text/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        mine = Article.objects.editable_by(request.user)
        return translations.with_languages(page_counts.with_reads(mine))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.is_editor(request.user) or access.author_of(request.user) is not None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return access.may_write(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        if obj is None:
            return self.has_add_permission(request)
        return Article.objects.editable_by(request.user).filter(pk=obj.pk).exists()

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Editors may trash every article, authors their own unpublished ones."""
        if access.is_editor(request.user):
            return True
        if obj is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, obj) and may_trash(request.user, obj)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ArticleForm]:
        """The form class with `user` set."""
        base = super().get_form(request, obj, change, **kwargs)
        return type("ArticleForm", (base,), {"user": request.user})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        author = access.author_of(request.user)
        return {"people": [author.pk] if author else []}

    def found_note(self, article: Article) -> str:
        """Distinguishes articles with the same title in search results."""
        if article.is_public and article.published_at:
            return date_format(timezone.localtime(article.published_at), "j F Y")
        return article.get_status_display()

    @admin.display(description=gettext_lazy("comments"), ordering="comment_count")
    def comments(self, article: Article) -> str:
        """How many comments readers see."""
        return intcomma(article.comment_count)

    @admin.display(description=gettext_lazy("languages"))
    def versions(self, article: Article) -> str:
        """The languages of its translations."""
        return article.languages  # type: ignore[attr-defined,no-any-return]

    @admin.display(description=gettext_lazy("read in 30 days"), ordering="read_count")
    def read(self, article: Article) -> SafeString:
        """Page views, linked to the statistics by day."""
        count = article.read_count  # type: ignore[attr-defined]
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:article_numbers", args=[article.pk]), count
        )

    @admin.display(description=gettext_lazy("preview"))
    def preview(self, article: Article) -> SafeString:
        """A link to the text as readers would get it."""
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:blog_article_preview", args=[article.pk]),
            _("Preview"),
        )

    def get_urls(self) -> list[URLPattern]:
        return [
            *workflow.urls(self.admin_site),
            *translations.urls(self.admin_site),
            *super().get_urls(),
        ]

    def save_model(
        self, request: HttpRequest, obj: Article, form: forms.ModelForm[Article], change: bool
    ) -> None:
        user: User = request.user  # type: ignore[assignment]
        if "original" in form.changed_data:
            conversation_lock.to_move()
        articles.article_save(
            article=obj,
            authors=form.cleaned_data["people"],
            tags=articles.tags_from_words(form.cleaned_data["words"].split(",")),
            editor=user,
            expected_version=form.cleaned_data["opened_on"] if change else None,
            note=form.cleaned_data["note"].strip(),
            next_articles=form.cleaned_data["next_articles"],
        )
        if "original" in form.changed_data:
            shared_conversation.article_translates(
                article=obj, original=form.cleaned_data["original"]
            )
        self.after_save(request, form, None if change else obj)
        stood_at, left = form.stood_at, form.left_status  # type: ignore[attr-defined]
        request.stood_at = stood_at  # type: ignore[attr-defined]
        if left:
            words = _("The status is not changed: press a button for that.")
            self.message_user(request, words, messages.WARNING)
        if not request.POST.get("quality_seen") and obj.status != stood_at:
            self._mention_quality(request, obj)

    def outcome(self, request: HttpRequest, obj: Article) -> str:
        """The step that was taken, or that the text is saved; a link to read it."""
        author = not access.is_editor(request.user)
        stood_at = request.stood_at  # type: ignore[attr-defined]
        step = step_between(stood_at, obj.status, author_herself=author)
        if obj.status == Status.SCHEDULED and obj.published_at:
            when = date_format(timezone.localtime(obj.published_at), "j F Y, H:i")
            words = _("Scheduled for %(when)s") % {"when": when}
        elif step is not None:
            words = str(capfirst(step.label))
        else:
            words = _("Draft saved") if obj.status == Status.DRAFT else _("Saved")
        return self.with_view(words, obj, undo=self.undo_of_step(request, obj, stood_at))

    def _mention_quality(self, request: HttpRequest, article: Article) -> None:
        """Mentions findings of the quality check after publishing without JavaScript."""
        if article.status not in (Status.PUBLISHED, Status.SCHEDULED):
            return
        if found := len(checking.check_text(article)):
            words = ngettext(
                "%(count)s thing could be better in this text.",
                "%(count)s things could be better in this text.",
                found,
            )
            link = format_html(
                '{} <a href="{}">{}</a>',
                words % {"count": found},
                reverse("admin:blog_article_checked", args=[article.pk]),
                _("Show them"),
            )
            self.message_user(request, link, messages.WARNING)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context.update(workflow.panel(context["adminform"].form))
        article: Article | None = context.get("original")
        if article is not None:
            context["preview_links_url"] = self.url("preview_links", article.pk)
            context["translations_url"] = self.url("translations", article.pk)
            if article.is_public:
                context["short_url"] = absolute(reverse("blog:short", args=[article.pk]))
        return super().render_change_form(request, context, *args, **kwargs)

    # -- trash ------------------------------------------------------------------------------

    def throw_away(self, text: Article, user: User) -> None:
        trash.article_trash(article=text, editor=user)

    def put_back(self, text: Article) -> Article:
        return trash.article_put_back(article=text)

    def delete_for_good(self, text: Article) -> None:
        trash.article_delete(article=text)

    def what_changed(self, before: Article, after: Article) -> str:
        if before.status == after.status:
            return ""
        return _("Its moment passed while it was in the trash: it is a draft now.")
