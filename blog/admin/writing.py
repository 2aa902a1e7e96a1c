"""What the article's form asks the desk while somebody writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_GET, require_POST, require_safe

from blog import body, checking, copies
from blog.admin.desk_words import desk_words, editor_words
from blog.admin.difference import compare, lines_of, paragraphs
from blog.models import Article, Presence, WorkingCopy
from blog.pasting import clean_pasted

if TYPE_CHECKING:
    from authors.models import User

FOUND = 8
"""Articles that a search for a link shows."""


def _number(text: str) -> int:
    """A number that somebody sent, 0 for none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _moment(copy: WorkingCopy) -> str:
    return date_format(localtime(copy.saved_at), "j F, H:i")


def _names(presences: list[Presence]) -> list[str]:
    return [
        str(getattr(one.user, "author", None) or one.user.get_full_name() or one.user.username)
        for one in presences
    ]


class WritingDesk(admin.ModelAdmin[Article]):
    """The addresses behind the form: pasting, links, checking, copies, and who else is here."""

    def get_urls(self) -> list[URLPattern]:
        def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
            return self.admin_site.admin_view(csrf_protect(view))

        return [
            path("paste/", wrap(require_POST(self.paste_view)), name="blog_article_paste"),
            path("links/", wrap(require_GET(self.links_view)), name="blog_article_links"),
            path("check/", wrap(require_POST(self.check_view)), name="blog_article_check"),
            path("keep/", wrap(require_POST(self.keep_view)), name="blog_article_keep"),
            path("drop/", wrap(require_POST(self.drop_view)), name="blog_article_drop"),
            path(
                "<int:number>/presence/",
                wrap(require_POST(self.presence_view)),
                name="blog_article_presence",
            ),
            path(
                "<int:number>/check/",
                wrap(require_safe(self.checked_view)),
                name="blog_article_checked",
            ),
            path(
                "copy/<int:number>/", wrap(require_safe(self.copy_view)), name="blog_article_copy"
            ),
            *super().get_urls(),
        ]

    def desk(self, request: HttpRequest, article: Article | None, form: Any) -> dict[str, Any]:
        """What the form's scripts need to know."""
        user: User = request.user  # type: ignore[assignment]
        urls = {
            name: reverse(f"admin:blog_article_{name}")
            for name in ("paste", "links", "check", "keep", "drop")
        }
        urls["choose"] = reverse("admin:blog_image_choose")
        if article is not None:
            urls["presence"] = reverse("admin:blog_article_presence", args=[article.pk])
        key = str(form["copy_key"].value() or "")
        offered = [copy for copy in copies.copies_offered(user, article) if copy.key != key]
        return {
            "words": desk_words(),
            "editorWords": editor_words(),
            "urls": urls,
            "key": key,
            "article": article.pk if article is not None else None,
            "version": article.version if article is not None else 0,
            "copies": [
                {
                    "key": copy.key,
                    "time": _moment(copy),
                    "saved": copy.saved_at.timestamp(),
                    "version": copy.version,
                    "data": copy.data,
                    "url": reverse("admin:blog_article_copy", args=[copy.pk]),
                }
                for copy in offered
            ],
        }

    def _writer(self, request: HttpRequest) -> User:
        if not self.has_add_permission(request):
            raise Http404
        return request.user  # type: ignore[return-value]

    def _editable(self, request: HttpRequest, number: int) -> Article:
        """The article, for who may edit it; 404 for others."""
        article: Article | None = self.get_queryset(request).filter(pk=number).first()
        if article is None:
            raise Http404
        return article

    def paste_view(self, request: HttpRequest) -> JsonResponse:
        """A paste from a word processor, cleaned."""
        self._writer(request)
        try:
            pasted = clean_pasted(request.POST.get("html", ""))
        except body.TooLarge:
            return JsonResponse(
                {"message": _("The text is too long or too deeply nested.")}, status=422
            )
        return JsonResponse({"html": pasted.html, "pictures": pasted.pictures})

    def links_view(self, request: HttpRequest) -> JsonResponse:
        """Articles to link to, by words of their titles: `?q=`."""
        user = self._writer(request)
        found = Article.objects.visible_to(user).only("pk", "title", "status", "published_at")
        words = request.GET.get("q", "")[:100].split()
        for word in words:
            found = found.filter(title__icontains=word)
        items = [
            {
                "number": article.pk,
                "title": article.title,
                "status": "" if article.is_public else article.get_status_display(),
            }
            for article in found.order_by("-published_at", "-pk")[:FOUND]
        ]
        return JsonResponse({"items": items if words else []})

    def check_view(self, request: HttpRequest) -> JsonResponse:
        """What could be better in the text as it stands in the form."""
        self._writer(request)
        sent = request.POST
        try:
            found = checking.check(
                title=sent.get("title", ""),
                lead=sent.get("lead", ""),
                source=sent.get("body_source", ""),
                picture=_number(sent.get("picture", "")) or None,
            )
        except body.TooLarge:
            return JsonResponse(
                {"message": _("The text is too long or too deeply nested.")}, status=422
            )
        return JsonResponse({"findings": [one.as_dict() for one in found]})

    def checked_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """What could be better in the stored article, as a page."""
        article = self._editable(request, number)
        context = {
            **self.admin_site.each_context(request),
            "title": _("What could be better"),
            "opts": self.opts,
            "article": article,
            "findings": checking.check_article(article),
        }
        return TemplateResponse(request, "admin/blog/article/checked.html", context)

    def keep_view(self, request: HttpRequest) -> JsonResponse:
        """Keep the form as it stands, beside the article."""
        user = self._writer(request)
        number = _number(request.POST.get("article", ""))
        article = self._editable(request, number) if number else None
        try:
            data = json.loads(request.POST.get("data", ""))
            if not _is_form(data):
                raise ValueError
            copy = copies.copy_keep(
                user=user,
                article=article,
                key=request.POST.get("key", ""),
                version=_number(request.POST.get("version", "")),
                data=data,
            )
        except (ValueError, RecursionError):
            return JsonResponse({"message": _("This text cannot be kept by itself.")}, status=422)
        if copy is None:
            return JsonResponse({"closed": True}, status=409)
        return JsonResponse({"time": date_format(localtime(copy.saved_at), "H:i")})

    def drop_view(self, request: HttpRequest) -> JsonResponse:
        """Give a copy up."""
        copies.copy_close(user=self._writer(request), key=request.POST.get("key", ""))
        return JsonResponse({})

    def presence_view(self, request: HttpRequest, number: int) -> JsonResponse:
        """A sign of life from an open form, or its end; says who else is there."""
        user = self._writer(request)
        article = self._editable(request, number)
        if request.POST.get("leave"):
            copies.presence_end(user=user, article=article)
            return JsonResponse({})
        others = copies.presence_mark(user=user, article=article)
        last = article.revisions.select_related("editor__author").first()
        editor = last.editor if last is not None else None
        name = str(getattr(editor, "author", None) or editor or _("Somebody"))
        return JsonResponse({"others": _names(others), "version": article.version, "by": name})

    def copy_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """What a copy of one's own says otherwise than the article."""
        user = self._writer(request)
        copy = WorkingCopy.objects.filter(pk=number, user=user).exclude(data={}).first()
        if copy is None:
            raise Http404
        article = self._editable(request, copy.article_id) if copy.article_id else None
        kept = {name: (copy.data.get(name) or [""])[0] for name in ("title", "lead", "body_source")}
        yours = [kept["title"], kept["lead"], *paragraphs(kept["body_source"])]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Text that was not saved"),
            "opts": self.opts,
            "article": article,
            "copy": copy,
            "difference": compare(lines_of(article) if article else [], yours),
        }
        return TemplateResponse(request, "admin/blog/article/copy.html", context)

    def after_save(self, request: HttpRequest, form: ModelForm[Article]) -> None:
        """The form is saved: its copy is not needed any more."""
        user: User = request.user  # type: ignore[assignment]
        copies.copy_close(user=user, key=str(form.cleaned_data.get("copy_key") or ""))


def _is_form(data: object) -> bool:
    """Whether `data` looks like a form: names with lists of texts, and something in it."""
    return (
        isinstance(data, dict)
        and 0 < len(data) <= 100
        and all(
            isinstance(values, list) and all(isinstance(value, str) for value in values)
            for values in data.values()
        )
        and not any("\0" in value for values in data.values() for value in values)
    )
