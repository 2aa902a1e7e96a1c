"""Articles at the desk: writing, previewing, and what a stale form meets."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_prose_editor.fields import ProseEditorFormField
from js_asset.media import Media

from authors import access
from authors.models import Author
from blog import body, checking, gate, relating, services
from blog.admin import translations, workflow
from blog.admin.byline import BylineField
from blog.admin.difference import difference, field_differences
from blog.admin.history import HistoryDesk
from blog.admin.writing import WritingDesk
from blog.models import Article, Status

if TYPE_CHECKING:
    from authors.models import User

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
    "LinkCard": True,
    "Footnote": True,
    "CleanPaste": True,
}


class ArticleForm(workflow.WorkflowFields):
    """An article in the order in which it is written; `user` is set by the admin."""

    user: User

    # `blog.body` cleans what arrives; the editor's own sanitiser would drop the figures.
    body_source = ProseEditorFormField(
        label=gettext_lazy("text"),
        required=False,
        config={"extensions": _EXTENSIONS},
        preset="configurable",
        sanitize=lambda html: html,
    )
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
        help_text=gettext_lazy("Both then share one conversation."),
    )
    opened_on = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # Under this key the form is kept by itself while somebody writes.
    copy_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

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
        )
        widgets = {
            "title": forms.TextInput(attrs={"class": "desk-wide"}),
            "lead": forms.Textarea(attrs={"class": "desk-wide", "rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        self.initial.setdefault("copy_key", str(uuid.uuid4()))
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
            self.initial["opened_on"] = self.instance.version

    def clean_body_source(self) -> str:
        """The text within the bounds of `blog.body`. Raises ValidationError."""
        try:
            return body.clean(self.cleaned_data["body_source"] or "")
        except body.TooLarge as error:
            raise ValidationError(_("The text is too long or too deeply nested.")) from error

    def clean_people(self) -> list[Author]:
        """The byline, in the order in which it was sent. Raises ValidationError.

        An author may add colleagues, but stays in her own byline: without it she could not undo
        what she did.
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
            data["series_place"] = relating.series_next(data["series"], self.instance.pk)
        if self.instance.pk and not data.get("opened_on"):
            self.add_error(None, _("The form is incomplete: open the article again."))
        return data


@admin.register(Article)
class ArticleAdmin(HistoryDesk, WritingDesk):
    """Everything for editors, her own articles for an author."""

    form = ArticleForm
    list_display = (
        "title",
        "status",
        "versions",
        "published_at",
        "comment_count",
        "read",
        "preview",
    )
    list_filter = ("status", "language")
    search_fields = ("title", "lead")
    date_hierarchy = "published_at"
    actions = None
    fields = (
        "title",
        "lead",
        "body_source",
        "words",
        "people",
        "picture",
        "language",
        "original",
        "series",
        "series_place",
        "comment_policy",
        "hold",
        "close_after_days",
        "mailed",
        *workflow.FIELDS,
        "slug",
        "opened_on",
        "copy_key",
    )
    change_form_template = "admin/blog/article/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        mine = Article.objects.editable_by(request.user).with_reads()
        return translations.with_languages(mine)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.is_editor(request.user) or access.author_of(request.user) is not None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(access.roles_of(request.user)) and self.has_module_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        if obj is None:
            return self.has_add_permission(request)
        return Article.objects.editable_by(request.user).filter(pk=obj.pk).exists()

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Editors throw everything away, an author what of hers readers do not see."""
        if access.is_editor(request.user):
            return True
        if obj is None:
            return self.has_add_permission(request)
        return not obj.is_public and self.has_change_permission(request, obj)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ArticleForm]:
        """The form, which knows whose it is."""
        base = super().get_form(request, obj, change, **kwargs)
        return type("ArticleForm", (base,), {"user": request.user})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        author = access.author_of(request.user)
        return {"people": [author.pk] if author else []}

    @admin.display(description=gettext_lazy("languages"))
    def versions(self, article: Article) -> str:
        """The languages in which it is there."""
        return article.languages  # type: ignore[attr-defined,no-any-return]

    @admin.display(description=gettext_lazy("read in 30 days"), ordering="read_count")
    def read(self, article: Article) -> SafeString:
        """How often, as a link to the numbers by day."""
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
        view = self.admin_site.admin_view(self.preview_view)
        return [
            path("<int:number>/preview/", view, name="blog_article_preview"),
            *workflow.urls(self.admin_site),
            *translations.urls(self.admin_site),
            *super().get_urls(),
        ]

    def preview_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """The stored text as it will be; 404 for who may not edit it."""
        article = self.get_queryset(request).filter(pk=number).first()
        if article is None:
            raise Http404
        context = {**self.admin_site.each_context(request), "article": article}
        return TemplateResponse(request, "admin/blog/article/preview.html", context)

    def save_model(
        self, request: HttpRequest, obj: Article, form: forms.ModelForm[Article], change: bool
    ) -> None:
        user: User = request.user  # type: ignore[assignment]
        if "original" in form.changed_data:
            gate.to_move()
        services.article_save(
            article=obj,
            authors=form.cleaned_data["people"],
            tags=services.tags_from_words(form.cleaned_data["words"].split(",")),
            editor=user,
            expected_version=form.cleaned_data["opened_on"] if change else None,
            note=form.cleaned_data["note"].strip(),
        )
        if "original" in form.changed_data:
            services.article_translates(article=obj, original=form.cleaned_data["original"])
        self.after_save(request, form)
        if not request.POST.get("quality_seen") and "status" in form.changed_data:
            self._mention_quality(request, obj)

    def _mention_quality(self, request: HttpRequest, article: Article) -> None:
        """Who publishes without the script that asks first reads of it afterwards."""
        if article.status not in (Status.PUBLISHED, Status.SCHEDULED):
            return
        if found := len(checking.check_article(article)):
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

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form; after a stale save it comes back with 409 and the stored text beside it."""
        if request.method == "POST" and object_id and (thrown := self._thrown(request, object_id)):
            return self._stale(request, thrown)
        try:
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except services.StaleArticle as stale:
            return self._stale(request, stale.current)

    def _thrown(self, request: HttpRequest, object_id: str) -> Article | None:
        """The article, when somebody threw it away while the form was open."""
        if not (object_id.isascii() and object_id.isdigit() and len(object_id) < 19):
            return None
        return Article.objects.in_trash_of(request.user).filter(pk=int(object_id)).first()

    def _stale(self, request: HttpRequest, current: Article) -> HttpResponse:
        form_class = self.get_form(request, current)
        form = form_class(request.POST, instance=current)
        current = Article.objects.get(pk=current.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Somebody else saved this article in the meantime"),
            "form": form,
            "current": current,
            "difference": difference(current, form),
            "fields": field_differences(form_class(instance=current), form),
            "opts": self.opts,
            "desk": self.desk(request, current, form),
            "media": Media.from_media(
                self.media + form.media,
                nonce=request.csp_nonce,  # type: ignore[attr-defined]
            ),
        }
        return TemplateResponse(request, "admin/blog/article/stale.html", context, status=409)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["media"] = Media.from_media(
            context["media"],
            nonce=request.csp_nonce,  # type: ignore[attr-defined]
        )
        form = context["adminform"].form
        context.update(workflow.panel(form))
        context["desk"] = self.desk(request, context.get("original"), form)
        return super().render_change_form(request, context, *args, **kwargs)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        thrown = Article.objects.in_trash_of(request.user).count()
        return super().changelist_view(request, {"thrown": thrown, **(extra_context or {})})
