"""Rules in the admin, tried on the past year before they are switched on; the spam filter."""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from authors import access
from blog.admin.editors import ReadOnly
from comments.models import Comment, Effect, Lesson, Match, ReadyReason, Rule, State, Target
from comments.screening import learning, rules, spam
from core.lists import BoundedList

# Seconds that a trial may take; what it did not get to is said.
TRIAL_LIMIT = 10.0
_SHOWN = 50


@dataclass
class Trial:
    """What a rule would have caught: how many of `tried` (of `of`) comments, and which."""

    tried: int = 0
    of: int = 0
    caught: int = 0
    approved: int = 0
    slow: int = 0
    examples: list[tuple[Comment, str]] = field(default_factory=list)


def try_rule(rule: Rule, limit: float = TRIAL_LIMIT) -> Trial:
    """`rule` on every comment that guests wrote in the past year, newest first."""
    ready = rules.prepare([rule])
    year = Comment.objects.filter(
        created_at__gt=timezone.now() - datetime.timedelta(days=365), author=None
    ).exclude(source="")
    trial = Trial(of=year.count())
    end = time.monotonic() + limit
    rows = year.order_by("-id").select_related("commenter", "article")
    for comment in rows.iterator(chunk_size=500):
        if time.monotonic() > end:
            break
        trial.tried += 1
        facts = learning.facts_of(comment)
        if comment.commenter is not None:
            facts = replace(facts, email=comment.commenter.email or "")
        caught, slow = ready.check(facts)
        trial.slow += slow
        if caught:
            trial.caught += 1
            trial.approved += comment.state == State.APPROVED
            if len(trial.examples) < _SHOWN:
                trial.examples.append((comment, caught[0].found))
    return trial


def _broken(match: str, error: rules.Broken) -> str:
    if match == Match.WORD:
        return _("Write at least one word.")
    if match == Match.PART:
        return _("Write at least two characters.")
    return _("This regular expression cannot be used: %(why)s.") % {"why": error}


class RuleForm(forms.ModelForm[Rule]):
    """A rule whose pattern can be used."""

    class Meta:
        model = Rule
        fields = ("target", "match", "pattern", "effect", "note", "active")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("pattern") and data.get("match"):
            try:
                rules.check_pattern(data["match"], data["pattern"])
            except rules.Broken as error:
                self.add_error("pattern", _broken(data["match"], error))
        return data


class PasteForm(forms.Form):
    """Many patterns at once, one a line, as other software keeps them."""

    target = forms.ChoiceField(label=gettext_lazy("looks at"), choices=Target.choices)
    match = forms.ChoiceField(label=gettext_lazy("reads as"), choices=Match.choices)
    effect = forms.ChoiceField(label=gettext_lazy("does"), choices=Effect.choices)
    active = forms.BooleanField(label=gettext_lazy("switched on"), required=False)
    patterns = forms.CharField(
        label=gettext_lazy("patterns, one a line"),
        widget=forms.Textarea(attrs={"rows": 15, "class": "desk-wide"}),
        max_length=1_000_000,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        lines = [line.strip() for line in data.get("patterns", "").splitlines()]
        faults = []
        for number, line in enumerate(lines, start=1):
            try:
                if line and len(line) > 300:
                    raise ValidationError("")
                if line:
                    rules.check_pattern(data.get("match", ""), line)
            except (rules.Broken, ValidationError) as error:
                why = (
                    _broken(data.get("match", ""), error)
                    if isinstance(error, rules.Broken)
                    else _("At most 300 characters.")
                )
                faults.append(_("Line %(number)d: %(why)s") % {"number": number, "why": why})
        for fault in faults[:10]:
            self.add_error("patterns", fault)
        data["lines"] = [line for line in lines if line]
        return data


class ModeratorsOnly(BoundedList):
    """ModelAdmin for moderators."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.is_moderator(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.is_moderator(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return access.is_moderator(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.is_moderator(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.is_moderator(request.user)


@admin.register(Rule)
class RuleAdmin(ModeratorsOnly):
    """Words, names and links that hold or refuse a comment."""

    form = RuleForm
    list_display = ("pattern", "target", "match", "effect", "active", "note")
    list_filter = ("active", "effect", "target", "match")
    search_fields = ("pattern", "note")
    list_per_page = 100
    actions = ("switch_on", "switch_off", "delete_selected")
    change_list_template = "admin/comments/rule/change_list.html"
    change_form_template = "admin/comments/rule/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:number>/try/",
                self.admin_site.admin_view(self.try_view),
                name="comments_rule_try",
            ),
            path("paste/", self.admin_site.admin_view(self.paste_view), name="comments_rule_paste"),
            *super().get_urls(),
        ]

    def try_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """What the rule would have caught; its button switches the rule on."""
        rule = Rule.objects.filter(pk=number).first()
        if rule is None or not access.is_moderator(request.user):
            raise Http404
        if request.method == "POST":
            rule.active = True
            rule.save(update_fields=["active", "changed_at"])
            self.message_user(request, _("The rule is switched on."))
            return HttpResponseRedirect(reverse("admin:comments_rule_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("What this rule would have caught"),
            "opts": self.model._meta,
            "rule": rule,
            "trial": try_rule(rule),
        }
        return render(request, "admin/comments/rule/try.html", context)

    def paste_view(self, request: HttpRequest) -> HttpResponse:
        """Many rules from a list; those that stand already stay as they are."""
        if not access.is_moderator(request.user):
            raise Http404
        form = PasteForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            data = form.cleaned_data
            before = Rule.objects.count()
            Rule.objects.bulk_create(
                [
                    Rule(
                        target=data["target"],
                        match=data["match"],
                        effect=data["effect"],
                        active=data["active"],
                        pattern=line,
                    )
                    for line in data["lines"]
                ],
                ignore_conflicts=True,
                batch_size=1000,
            )
            made = Rule.objects.count() - before
            told = ngettext("%(count)d rule added.", "%(count)d rules added.", made)
            self.message_user(request, told % {"count": made})
            return HttpResponseRedirect(reverse("admin:comments_rule_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Add many rules"),
            "opts": self.model._meta,
            "form": form,
        }
        status = 422 if form.is_bound else 200
        return render(request, "admin/comments/rule/paste.html", context, status=status)

    def response_add(
        self, request: HttpRequest, obj: Rule, post_url_continue: str | None = None
    ) -> HttpResponse:
        """A rule that is not switched on yet is tried right away."""
        if not obj.active and not {"_addanother", "_continue"} & request.POST.keys():
            self.message_user(
                request, _("The rule is stored, but not switched on."), messages.SUCCESS
            )
            return HttpResponseRedirect(reverse("admin:comments_rule_try", args=[obj.pk]))
        return super().response_add(request, obj, post_url_continue)

    def _switch(self, request: HttpRequest, queryset: QuerySet[Rule], *, active: bool) -> None:
        count = queryset.update(active=active, changed_at=timezone.now())
        told = ngettext("%(count)d rule changed.", "%(count)d rules changed.", count)
        self.message_user(request, told % {"count": count})

    @admin.action(description=gettext_lazy("Switch the chosen rules on"))
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Rule]) -> None:
        """Activate the chosen rules."""
        self._switch(request, queryset, active=True)

    @admin.action(description=gettext_lazy("Switch the chosen rules off"))
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Rule]) -> None:
        """Deactivate the chosen rules."""
        self._switch(request, queryset, active=False)


@admin.register(ReadyReason)
class ReadyReasonAdmin(ModeratorsOnly):
    """Reasons to choose from in the admin."""

    list_display = ("words", "language", "position")
    list_filter = ("language",)


@admin.register(Lesson)
class LessonAdmin(ReadOnly, ModeratorsOnly):
    """How often the spam filter was right; only to be read."""

    list_display = ("comment", "decision", "thought", "created_at")
    list_display_links = None
    list_filter = ("spam",)
    list_select_related = ("comment",)
    ordering = ("-created_at", "-pk")
    actions = None
    change_list_template = "admin/comments/lesson/change_list.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        rates = learning.error_rates()
        extra = {"title": _("The spam filter"), "rates": rates, "threshold": spam.THRESHOLD}
        return super().changelist_view(request, extra | (extra_context or {}))

    @admin.display(description=gettext_lazy("decision"))
    def decision(self, lesson: Lesson) -> str:
        """What a person decided."""
        return _("spam") if lesson.spam else _("wanted")

    @admin.display(description=gettext_lazy("what the filter thought before"))
    def thought(self, lesson: Lesson) -> str:
        """The score, and whether it was right."""
        right = (lesson.score >= spam.THRESHOLD) == lesson.spam
        verdict = _("right") if right else _("wrong")
        return f"{number_format(lesson.score, 2)} – {verdict}"
