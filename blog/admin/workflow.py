"""Workflow in the article form: allowed steps, remarks and preview links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from authors import access as roles
from blog.admin.editors import ReadOnly
from blog.admin.schedule import ScheduleField
from blog.models import Article, PreviewLink, Status, Step
from blog.models.workflow import LONGEST_NOTE
from blog.publishing import access, workflow_mail
from blog.publishing import preview_links as publishing_preview_links
from core.text import number_of

if TYPE_CHECKING:
    from authors.models import User

# What a button says that brings an article there; by where it stands where that differs.
_BUTTONS = {
    Status.REVIEW: gettext_lazy("Submit for review"),
    Status.PUBLISHED: gettext_lazy("Publish"),
    Status.SCHEDULED: gettext_lazy("Schedule"),
    Status.ARCHIVED: gettext_lazy("Archive"),
    Status.DRAFT: gettext_lazy("Make it a draft again"),
}
_FROM_REVIEW = {
    True: gettext_lazy("Return with a remark"),
    False: gettext_lazy("Take back"),
}
FIELDS = ("status", "published_at", "note")
MOVE = "_move"
UNMOVED = "unmoved"
"""What "_continue" says when it came by Enter or Ctrl+S: nobody chose a step."""
_SAVES = ("_save", "_addanother", "_continue")


class WorkflowFields(forms.ModelForm[Article]):
    """Fields of status, remark and date, limited to what `user` may do; the admin sets `user`.

    What they may not change is disabled: whatever is posted for it, the stored value stays.
    """

    user: User

    published_at = ScheduleField(label=gettext_lazy("publication date"), required=False)
    note = forms.CharField(
        label=gettext_lazy("remark"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"class": "desk-wide", "rows": 3}),
        help_text=gettext_lazy(
            "For the editors or the authors; kept with the article, never shown to readers."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The form writes into the instance before it is saved.
        self.stood_at = self.instance.status if self.instance.pk else Status.DRAFT.value
        self.stood_on = self.instance.published_at
        # Another state was chosen from the list, but no button pressed that carries it out.
        self.left_status = False
        self.may_publish = access.may_publish(self.user)
        self.moves = access.moves(self.user, self.stood_at, dated=self.stood_on is not None)
        status: Any = self.fields["status"]
        status.choices = [(one.value, one.label) for one in self.moves]
        self.fields["published_at"].disabled = not self.may_publish
        if not self.may_publish and self.stood_at not in (Status.DRAFT, Status.REVIEW):
            self.fields["slug"].disabled = True

    def clean_status(self) -> str:
        """The status that the pressed button asks for.

        Without such a button, or by Enter, it stays where it stands. Raises ValidationError for a
        step that `user` may not take.
        """
        move = self.data.get(MOVE)
        if move is not None:
            if move not in self.moves:
                raise ValidationError(_("This step is not open to you, or not from here."))
            return str(move)
        listed = str(self.cleaned_data["status"])
        pressed = any(name in self.data for name in _SAVES)
        if pressed and self.data.get("_continue") != UNMOVED:
            return listed
        self.left_status = listed != self.stood_at
        return str(self.stood_at)

    def clean(self) -> dict[str, Any]:
        """Validate the requested step. Errors are added to their fields."""
        data = super().clean() or self.cleaned_data
        now, status = timezone.now(), data.get("status")
        moment = data.get("published_at")
        same_date = moment == self.stood_on or (
            moment and self.stood_on and abs(moment - self.stood_on).total_seconds() < 1
        )
        if same_date:
            data["published_at"] = moment = self.stood_on
        if status == Status.PUBLISHED:
            # "Publish" on what was scheduled means now, unless another date was typed with it.
            early = self.stood_at == Status.SCHEDULED and same_date and moment and moment > now
            if not moment or early:
                data["published_at"] = now
            lost = self.stood_at == Status.PUBLISHED and not same_date and moment and moment > now
            if lost:
                words = _(
                    "Readers see this article now, and with a later date they would lose it. Make "
                    "it a draft again or schedule it, if that is what you want."
                )
                self.add_error("published_at", words)
        if status == Status.SCHEDULED and not (self.stood_at == Status.SCHEDULED and same_date):
            if not moment and "published_at" not in self.errors:
                self.add_error("published_at", _("A scheduled article needs a date."))
            elif moment and moment <= now:
                words = _("That date has passed. Choose a later one, or publish at once.")
                self.add_error("published_at", words)
        returned = self.stood_at == Status.REVIEW and status == Status.DRAFT
        if returned and roles.is_editor(self.user) and not data.get("note", "").strip():
            self.add_error("note", _("Say what should change, so that the author can go on."))
        return data


def _main_move(form: WorkflowFields) -> str | None:
    """The step that comes next for `form.user`; None where that is a plain save."""
    if form.stood_at not in (Status.DRAFT, Status.REVIEW):
        return None
    if not form.may_publish:
        return Status.REVIEW.value if form.stood_at == Status.DRAFT else None
    later = form.stood_on is not None and form.stood_on > timezone.now()
    return (Status.SCHEDULED if later else Status.PUBLISHED).value


def panel(form: WorkflowFields) -> dict[str, Any]:
    """Template context: the steps so far, and buttons for the next.

    From where the article stands in the database, also when the form comes back with an error.
    """
    buttons = []
    for move in form.moves[1:]:
        label = _BUTTONS[move]
        if move == Status.DRAFT and form.stood_at == Status.REVIEW:
            label = _FROM_REVIEW[roles.is_editor(form.user)]
        buttons.append((move.value, label))
    main = _main_move(form)
    steps: list[dict[str, Any]] = []
    if form.instance.pk:
        steps = [
            {"row": step, "name": step.actor.public_name if step.actor else ""}
            for step in form.instance.steps.select_related("actor__author")[:50]
        ]
    return {
        "standing": Status(form.stood_at).label if form.instance.pk else "",
        "main_move": next((one for one in buttons if one[0] == main), None),
        "other_moves": [one for one in buttons if one[0] != main],
        "workflow_steps": steps,
        "workflow_open": form.stood_at == Status.REVIEW
        or bool(steps and steps[0]["row"].step == Step.RETURNED),
    }


class PreviewLinkForm(forms.Form):
    """For whom a link is, and how long it works."""

    label = forms.CharField(
        label=gettext_lazy("for whom"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("For your own memory."),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("works for"),
        coerce=int,
        initial=7,
        choices=[
            (1, gettext_lazy("a day")),
            (7, gettext_lazy("a week")),
            (30, gettext_lazy("thirty days")),
        ],
    )


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """The admin's pages of this module, below the articles."""
    return [
        path(
            "<int:number>/links/",
            site.admin_view(preview_links),
            name="blog_article_preview_links",
        ),
        path("mailing/", site.admin_view(mailing), name="blog_article_mailing"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def preview_links(request: HttpRequest, number: int) -> HttpResponse:
    """The links of an article: made, listed, withdrawn. 404 for who may not edit it."""
    article = get_object_or_404(Article.objects.editable_by(request.user), pk=number)
    user: User = request.user  # type: ignore[assignment]
    here = reverse("admin:blog_article_preview_links", args=[article.pk])
    form = PreviewLinkForm(request.POST if "days" in request.POST else None)
    if "revoke" in request.POST:
        wanted = request.POST["revoke"]
        link = get_object_or_404(article.preview_links, pk=number_of(wanted))
        publishing_preview_links.preview_link_revoke(link=link)
        messages.success(request, _("The link does not work any more."))
        return HttpResponseRedirect(here)
    if request.method == "POST" and form.is_valid():
        link = publishing_preview_links.preview_link_make(
            article=article,
            label=form.cleaned_data["label"],
            days=form.cleaned_data["days"],
            user=user,
        )
        told = format_html(
            '<label class="desk-link">{} <input type="text" readonly value="{}"></label>',
            _("The link has been made. Copy it now: it is shown this once."),
            publishing_preview_links.preview_url(link),
        )
        messages.success(request, told)
        return HttpResponseRedirect(here)
    context = {
        **admin.site.each_context(request),
        "title": _("Preview links"),
        "article": article,
        "opts": Article._meta,
        "form": form,
        # Never their addresses: one is told to who made it, once.
        "links": article.preview_links.active().select_related("made_by__author"),
    }
    return TemplateResponse(request, "admin/blog/article/preview_links.html", context)


@require_safe
def mailing(request: HttpRequest) -> HttpResponse:
    """Redirect to the page that switches the person's article mail off and on."""
    if not roles.roles_of(request.user):
        raise Http404
    user: User = request.user  # type: ignore[assignment]
    return HttpResponseRedirect(workflow_mail.stop_url(user).made())


@admin.register(PreviewLink)
class PreviewLinkAdmin(ReadOnly):
    """Every link that still opens, of the articles that one may edit; to be withdrawn."""

    list_display = ("article", "label", "made_by", "created_at", "expires_at")
    list_display_links = None
    list_select_related = ("article", "made_by")
    actions = ("revoke",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PreviewLink]:
        return PreviewLink.objects.active().filter(
            article__in=Article.objects.editable_by(request.user)
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return roles.is_editor(request.user) or roles.author_of(request.user) is not None

    def has_view_permission(self, request: HttpRequest, obj: PreviewLink | None = None) -> bool:
        return self.has_module_permission(request) and (
            obj is None or self.get_queryset(request).filter(pk=obj.pk).exists()
        )

    @admin.action(description=gettext_lazy("Withdraw the links"), permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[PreviewLink]) -> None:
        """Revoke the chosen links."""
        for link in queryset:
            publishing_preview_links.preview_link_revoke(link=link)
        self.message_user(request, _("The links do not work any more."))
