"""Endpoints of the text form (paste, links, check, autosave, presence) and the conflict page."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.db import transaction
from django.forms import ModelForm
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_GET, require_POST, require_safe
from js_asset.media import Media

from blog.admin.desk_words import desk_words, editor_words
from blog.admin.difference import (
    EMPTY,
    compare,
    difference,
    field_differences,
    lines_of,
    paragraphs,
)
from blog.content import markdown
from blog.content.pasted_media import own_marks
from blog.content.pasting import clean_pasted
from blog.models import Article, Presence, Text, TextKind, WorkingCopy
from blog.publishing import articles, autosave, checking
from blog.reading import picture_uses
from core import html_bounds
from core.text import number_of

if TYPE_CHECKING:
    from authors.models import User

FOUND = 8
"""Articles that a search for a link shows."""


def _moment(copy: WorkingCopy) -> str:
    return date_format(localtime(copy.saved_at), "j F, H:i")


def _names(presences: list[Presence]) -> list[str]:
    return [one.user.public_name for one in presences]


class TextDesk(admin.ModelAdmin[Any]):
    """Base ModelAdmin of articles and pages."""

    def named(self, name: str) -> str:
        """The name of one of the addresses."""
        return f"blog_{self.opts.model_name}_{name}"

    def url(self, name: str, *args: object) -> str:
        """One of the addresses."""
        return reverse(f"admin:{self.named(name)}", args=args)

    def list_url(self, request: HttpRequest) -> str:
        """The list, filtered as it was when one came from it."""
        kept: Any = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return add_preserved_filters(kept, self.url("changelist"))

    def editable(self, request: HttpRequest, number: str | int) -> Any:
        """The text if the user may edit it. Raises Http404."""
        key = number_of(str(number))
        text = self.get_queryset(request).filter(pk=key).first() if key else None
        if text is None or not self.has_change_permission(request, text):
            raise Http404
        return text

    def shown(self, request: HttpRequest, title: str, **context: Any) -> dict[str, Any]:
        """Template context of an admin page."""
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            **context,
        }


class WritingDesk(TextDesk):
    """Adds the endpoints of the form."""

    def get_urls(self) -> list[URLPattern]:
        def to(route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
            wrapped = self.admin_site.admin_view(csrf_protect(view))
            return path(route, wrapped, name=self.named(name))

        return [
            to("paste/", require_POST(self.paste_view), "paste"),
            to("links/", require_GET(self.links_view), "links"),
            to("check/", require_POST(self.check_view), "check"),
            to("keep/", require_POST(self.keep_view), "keep"),
            to("drop/", require_POST(self.drop_view), "drop"),
            to("<int:number>/presence/", require_POST(self.presence_view), "presence"),
            to("<int:number>/check/", require_safe(self.checked_view), "checked"),
            to("copy/<int:number>/", require_safe(self.copy_view), "copy"),
            *super().get_urls(),
        ]

    @property
    def kind(self) -> TextKind:
        """The kind of text."""
        return TextKind(str(self.opts.model_name))

    def desk(self, request: HttpRequest, text: Text | None, form: Any) -> dict[str, Any]:
        """Data for the form's scripts."""
        user: User = request.user  # type: ignore[assignment]
        urls = {name: self.url(name) for name in ("paste", "links", "check", "keep", "drop")}
        urls["choose"] = reverse("admin:blog_image_choose")
        if text is not None:
            urls["presence"] = self.url("presence", text.pk)
        key = str(form["copy_key"].value() or "")
        offered = [one for one in autosave.copies_offered(user, self.kind, text) if one.key != key]
        return {
            "words": desk_words(),
            "editorWords": editor_words(),
            "urls": urls,
            "key": key,
            "kind": self.kind.value,
            "number": text.pk if text is not None else None,
            "version": text.version if text is not None else 0,
            "copies": [
                {
                    "key": copy.key,
                    "time": _moment(copy),
                    "saved": copy.saved_at.timestamp(),
                    "version": copy.version,
                    "data": copy.data,
                    "url": self.url("copy", copy.pk),
                }
                for copy in offered
            ],
        }

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["media"] = self._media(request, context["media"])
        form = context["adminform"].form
        context["text_part"], *context["settings_parts"] = context["adminform"]
        text: Text | None = context.get("original")
        context["desk"] = self.desk(request, text, form)
        if text is not None:
            times = text.revisions.values_list("created_at", flat=True)
            context["saved_at"] = times.first()
        return super().render_change_form(request, context, *args, **kwargs)

    def _media(self, request: HttpRequest, media: Any) -> Media:
        """The editor's scripts, which the policy lets run by their nonce."""
        return Media.from_media(media, nonce=request.csp_nonce)  # type: ignore[attr-defined]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form; after a stale save it comes back with 409 and the stored text beside it.

        The same holds for a new one that was sent twice: it is one text.
        """
        if request.method == "POST" and object_id and (thrown := self._thrown(request, object_id)):
            return self._stale(request, thrown)
        if request.method == "POST" and not object_id:
            key = request.POST.get("copy_key", "")
            made = autosave.made_by(user=self._writer(request), key=key)
            if made is not None:
                return self._sent_twice(request, made)
        try:
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except articles.StaleText as stale:
            return self._stale(request, stale.current)
        except autosave.SavedBefore as before:
            return self._sent_twice(request, before.text)

    def _sent_twice(self, request: HttpRequest, made: Text) -> HttpResponse:
        """On to the text that the form has made, or both texts when it says other things now."""
        form_class = self.get_form(request, made)
        form = form_class(request.POST, instance=made)
        stored = self.model._default_manager.get(pk=made.pk)
        lines = difference(stored, form)
        fields = field_differences(form_class(instance=stored), form)
        # What was left empty the site has filled in.
        if any(one.yours != EMPTY for one in fields) or any(
            line.kind in ("theirs", "yours") for line in lines
        ):
            return self._stale(request, stored, _("This form was saved before"))
        self.message_user(request, _("This was saved already."), messages.INFO)
        return HttpResponseRedirect(self.url("change", made.pk))

    def _thrown(self, request: HttpRequest, object_id: str) -> Text | None:
        """The text, when somebody threw it away while the form was open."""
        thrown = self.model._default_manager.in_trash_of(request.user)
        found: Text | None = thrown.filter(pk=number_of(object_id)).first()
        return found

    def _stale(self, request: HttpRequest, current: Text, title: str = "") -> HttpResponse:
        form_class = self.get_form(request, current)
        form = form_class(request.POST, instance=current)
        current = self.model._default_manager.get(pk=current.pk)
        context = self.shown(
            request,
            title or _("Somebody else saved this text in the meantime"),
            form=form,
            text=current,
            difference=difference(current, form),
            fields=field_differences(form_class(instance=current), form),
            desk=self.desk(request, current, form),
            media=self._media(request, self.media + form.media),
        )
        return TemplateResponse(request, "admin/blog/text/stale.html", context, status=409)

    def _writer(self, request: HttpRequest) -> User:
        if not self.has_add_permission(request):
            raise Http404
        return request.user  # type: ignore[return-value]

    def paste_view(self, request: HttpRequest) -> JsonResponse:
        """A paste from a word processor, or of Markdown, as clean HTML."""
        self._writer(request)
        source = request.POST.get("markdown", "")
        try:
            html = markdown.html_of(source) if source else request.POST.get("html", "")
            pasted = clean_pasted(html, picture_uses.numbers_of(own_marks(html)))
        except html_bounds.TooLarge:
            return JsonResponse(
                {"message": _("The text is too long or too deeply nested.")}, status=422
            )
        return JsonResponse({"html": pasted.html, "leftOut": pasted.left_out})

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
                lead=sent.get("lead"),
                source=sent.get("body_source", ""),
                picture=number_of(sent.get("picture", "")) or None,
            )
        except html_bounds.TooLarge:
            return JsonResponse(
                {"message": _("The text is too long or too deeply nested.")}, status=422
            )
        return JsonResponse({"findings": [one.as_dict() for one in found]})

    def checked_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """What could be better in the stored text, as a page."""
        text = self.editable(request, number)
        found = checking.check_text(text)
        context = self.shown(request, _("What could be better"), text=text, findings=found)
        return TemplateResponse(request, "admin/blog/text/checked.html", context)

    def keep_view(self, request: HttpRequest) -> JsonResponse:
        """Autosave the form."""
        user = self._writer(request)
        number = number_of(request.POST.get("number", ""))
        text = self.editable(request, number) if number else None
        try:
            data = json.loads(request.POST.get("data", ""))
            if not _is_form(data):
                raise ValueError
            copy = autosave.copy_keep(
                user=user,
                kind=self.kind,
                text=text,
                key=request.POST.get("key", ""),
                version=number_of(request.POST.get("version", "")),
                data=data,
            )
        except (ValueError, RecursionError):
            return JsonResponse({"message": _("This text cannot be kept by itself.")}, status=422)
        if copy is None:
            return JsonResponse({"closed": True}, status=409)
        return JsonResponse({"time": date_format(localtime(copy.saved_at), "H:i")})

    def drop_view(self, request: HttpRequest) -> JsonResponse:
        """Discard an autosaved copy."""
        autosave.copy_close(user=self._writer(request), key=request.POST.get("key", ""))
        return JsonResponse({})

    def presence_view(self, request: HttpRequest, number: int) -> JsonResponse:
        """Heartbeat of an open form, or its end; gives who else has it open."""
        user = self._writer(request)
        text = self.editable(request, number)
        if request.POST.get("leave"):
            autosave.presence_end(user=user, text=text)
            return JsonResponse({})
        others = autosave.presence_mark(user=user, text=text)
        last = text.revisions.select_related("editor__author").first()
        editor = last.editor if last is not None else None
        name = str(getattr(editor, "author", None) or editor or _("Somebody"))
        return JsonResponse({"others": _names(others), "version": text.version, "by": name})

    def copy_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Difference between an autosaved copy of the user and the stored text."""
        user = self._writer(request)
        mine = WorkingCopy.objects.filter(user=user, kind=self.kind).exclude(data={})
        copy = mine.filter(pk=number).first()
        if copy is None:
            raise Http404
        key = copy.article_id or copy.page_id
        text = self.editable(request, key) if key else None
        kept = {name: (copy.data.get(name) or [""])[0] for name in ("title", "lead", "body_source")}
        yours = [kept["title"], kept["lead"], *paragraphs(kept["body_source"])]
        context = self.shown(
            request,
            _("Text that was not saved"),
            text=text,
            copy=copy,
            difference=compare(lines_of(text) if text else [], yours),
        )
        return TemplateResponse(request, "admin/blog/text/copy.html", context)

    def after_save(self, request: HttpRequest, form: ModelForm[Any], text: Text | None) -> None:
        """Close the autosaved copy after a save."""
        user: User = request.user  # type: ignore[assignment]
        key = str(form.cleaned_data.get("copy_key") or "")
        autosave.copy_close(user=user, key=key, made=text)


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
