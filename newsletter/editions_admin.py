"""Newsletters of an editor's own in the admin: written, looked at, tried, scheduled."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe
from django_prose_editor.fields import ProseEditorFormField
from js_asset.media import Media

from blog.admin.choosing import ChoosingForm
from blog.admin.desk_words import desk_words, editor_words
from blog.admin.editors import EditorsOnly
from blog.admin.found import NextWidget
from blog.admin.ordered import OrderedField
from blog.admin.outcome import SaysOutcome
from blog.admin.preview import frame_context
from blog.admin.schedule import ScheduleField
from blog.content import sanitiser
from blog.models import Article
from comments.notifications import following
from core import html_bounds
from core.text import number_of
from newsletter import editions, frames, letters, sending
from newsletter.models import Edition, EditionState

if TYPE_CHECKING:
    from authors.models import User

_EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "ListItem": True,
    "OrderedList": {"enableListAttributes": False},
    "Blockquote": True,
    "Heading": {"levels": [2, 3]},
    "HorizontalRule": True,
    "HardBreak": True,
    "NoSpellCheck": False,
    "Menu": {
        "groups": [
            {"group": "headings"},
            {"group": "marks"},
            {"group": "link"},
            {"group": "lists"},
            {"group": "nodes -headings -lists"},
            {"group": "history"},
        ]
    },
    "ArticleLink": True,
    "PictureFigure": True,
    "CleanPaste": True,
    "MarkdownHabits": True,
}


class EditionForm(forms.ModelForm[Edition]):
    """An edition and its articles."""

    body_source = ProseEditorFormField(
        label=gettext_lazy("your own words"),
        required=False,
        config={"extensions": _EXTENSIONS},
        preset="configurable",
        sanitize=lambda html: html,
    )
    parts = OrderedField(
        Article.objects.none(),
        label=gettext_lazy("articles"),
        required=False,
        widget=NextWidget,
        help_text=gettext_lazy("In this order, each with its picture. What is no longer public by "
                               "then is left out."),
    )  # fmt: skip

    class Meta:
        model = Edition
        fields = ("subject", "body_source", "picture", "text", "language", "other_languages")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept: list[int] = []
        if self.instance.pk:
            kept = list(self.instance.edition_articles.values_list("article", flat=True))
        self.initial["parts"] = kept
        wanted: Any = kept
        if self.is_bound:
            sent = self.data.getlist(self.add_prefix("parts"))  # type: ignore[attr-defined]
            wanted = [number_of(key) for key in sent]
        # Those alone that the page shows: a site has tens of thousands.
        field: Any = self.fields["parts"]
        field.queryset = Article.objects.filter(trashed_at=None, pk__in=wanted).only("pk", "title")

    def clean_body_source(self) -> str:
        """The text within its bounds. Raises ValidationError."""
        try:
            return sanitiser.clean(self.cleaned_data["body_source"] or "")
        except html_bounds.TooLarge as error:
            raise ValidationError(_("The text is too long or too deeply nested.")) from error

    def clean_parts(self) -> list[Article]:
        """As many articles as a mail may hold. Raises ValidationError."""
        chosen: list[Article] = self.cleaned_data["parts"]
        if len(chosen) > editions.MOST_ARTICLES:
            raise ValidationError(
                _("At most %(count)d articles."), params={"count": editions.MOST_ARTICLES}
            )
        return chosen


class SendForm(forms.Form):
    """The moment at which an edition goes out."""

    send_at = ScheduleField(label=gettext_lazy("goes out"), required=False)

    def clean_send_at(self) -> datetime.datetime:
        """A moment. Raises ValidationError for none."""
        at: datetime.datetime | None = self.cleaned_data["send_at"]
        if at is None:
            raise ValidationError(_("Choose a day and a time."))
        return at


@admin.register(Edition)
class EditionAdmin(SaysOutcome, EditorsOnly, ChoosingForm):
    """For editors: a newsletter with their own words, once it went out only to be looked at."""

    form = EditionForm
    list_display = ("subject", "state", "send_at", "language", "created_at")
    list_filter = ("state",)
    search_fields = ("subject",)
    chosen = ("picture",)
    actions = None
    leads_to_site = False
    change_form_template = "admin/newsletter/edition/change_form.html"
    fieldsets = (
        (None, {"fields": ("subject", "body_source", "parts")}),
        (
            gettext_lazy("Settings"),
            {"fields": ("picture", "text", "language", "other_languages")},
        ),
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Editors, until it goes out."""
        return super().has_change_permission(request, obj) and (obj is None or obj.is_open)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Editors, until it goes out: what was sent stays on record."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_open)

    def get_urls(self) -> list[URLPattern]:
        """With the preview and the mail in its frame."""
        wrap = self.admin_site.admin_view
        page = csrf_protect(require_http_methods(["GET", "HEAD", "POST"])(self.preview_view))
        framed = xframe_options_sameorigin(require_safe(self.framed_view))
        return [
            path("<int:number>/preview/", wrap(page), name="newsletter_edition_preview"),
            path("<int:number>/preview/mail/", wrap(framed), name="newsletter_edition_mail"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With what the editor's scripts need, which the policy lets run by their nonce."""
        context["media"] = Media.from_media(context["media"], nonce=request.csp_nonce)  # type: ignore[attr-defined]
        context["desk"] = {
            "words": desk_words(),
            "editorWords": editor_words(),
            "urls": {
                "choose": reverse("admin:blog_image_choose"),
                "links": reverse("admin:blog_article_links"),
                "paste": reverse("admin:blog_article_paste"),
            },
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Edition, form: Any, change: bool) -> None:
        """Through the service; one that went out meanwhile is not changed."""
        try:
            editions.edition_save(edition=obj, articles=form.cleaned_data["parts"])
        except editions.EditionClosed:
            request._closed = True  # type: ignore[attr-defined]

    def delete_model(self, request: HttpRequest, obj: Edition) -> None:
        """Through the service."""
        editions.edition_delete(edition=obj)

    def outcome(self, request: HttpRequest, obj: Edition) -> str:
        """What happened; the preview comes next."""
        if getattr(request, "_closed", False):
            return _("It went out meanwhile: nothing is changed.")
        if obj.state == EditionState.SCHEDULED:
            return _("Saved. It goes out on %s.") % _moment(obj)
        return _("Draft saved")

    def response_post_save_add(self, request: HttpRequest, obj: Edition) -> HttpResponseRedirect:
        """On to the preview, from where it is sent."""
        return HttpResponseRedirect(reverse("admin:newsletter_edition_preview", args=[obj.pk]))

    response_post_save_change = response_post_save_add

    # -- looking, trying, sending -----------------------------------------------------------------

    def _edition(self, request: HttpRequest, number: int) -> Edition:
        """Raises Http404 for everybody but editors."""
        edition = Edition.objects.select_related("picture").filter(pk=number).first()
        if edition is None or not self.has_view_permission(request, edition):
            raise Http404
        return edition

    def framed_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """The mail's HTML alone, for the frame of the preview."""
        edition = self._edition(request, number)
        with translation.override(edition.language):
            return frames.framed(request, letters.edition_letter(None, edition))

    def preview_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """The mail as it would go out; POST tries it (`test`), sends it (`now`, `later`) or takes
        it back (`withdraw`)."""
        edition = self._edition(request, number)
        form = SendForm(request.POST if "later" in request.POST else None)
        if request.method == "POST":
            if self._done(request, edition, form):
                return HttpResponseRedirect(request.path)
            edition.refresh_from_db()
        with translation.override(edition.language):
            letter = letters.edition_letter(None, edition)
            text = render_to_string("mail/newsletter.txt", {"letter": letter}).strip()
        user: User = request.user  # type: ignore[assignment]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview of the newsletter"),
            "opts": self.opts,
            "edition": edition,
            "issue": getattr(edition, "issue", None),
            "letter": letter,
            "text": text,
            "form": form,
            "readers": sending.readers_of(edition).count(),
            "sandbox": " ".join(frames.SANDBOX),
            "address": user.email,
            "frame_url": frames.address(
                request, reverse("admin:newsletter_edition_mail", args=[edition.pk])
            ),
            **frame_context(request),
        }
        status = 422 if form.is_bound else 200
        template = "admin/newsletter/edition/preview.html"
        return TemplateResponse(request, template, context, status=status)

    def _done(self, request: HttpRequest, edition: Edition, form: SendForm) -> bool:
        """Do what the pressed button says; False when the form has to be shown again."""
        try:
            if "test" in request.POST:
                self._try(request, edition)
            elif "withdraw" in request.POST:
                done = editions.edition_withdraw(edition=edition)
                stopped = done.state == EditionState.STOPPED
                words = _("Stopped: who has no mail yet gets none.") if stopped else _(
                    "It does not go out: it is a draft again."
                )  # fmt: skip
                self.message_user(request, words, messages.SUCCESS)
            elif "now" in request.POST:
                editions.edition_schedule(edition=edition, at=None)
                words = _("It goes out now, once.")
                self.message_user(request, words, messages.SUCCESS)
            elif not form.is_valid():
                return False
            else:
                at = form.cleaned_data["send_at"]
                done = editions.edition_schedule(edition=edition, at=at)
                words = _("It goes out on %s.") % _moment(done)
                self.message_user(request, words, messages.SUCCESS)
        except editions.EditionClosed:
            words = _("It went out already, or was taken back: nothing is done.")
            self.message_user(request, words, messages.WARNING)
        except ValidationError as error:
            if form.is_bound:
                form.add_error("send_at", error)
                return False
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        return True

    def _try(self, request: HttpRequest, edition: Edition) -> None:
        user: User = request.user  # type: ignore[assignment]
        if not user.email:
            words = _("Your account has no e-mail address.")
            self.message_user(request, words, messages.ERROR)
            return
        with translation.override(edition.language):
            letter = letters.edition_letter(None, edition)
        sending.send_test(person=following.person_of(user), letter=letter)
        self.message_user(request, _("A test mail goes to %s.") % user.email, messages.SUCCESS)


def _moment(edition: Edition) -> str:
    return date_format(localtime(edition.send_at), "j F Y, H:i") if edition.send_at else ""
