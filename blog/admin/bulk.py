"""Acts on several articles of the list: a page that asks, and what it says afterwards."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from authors.models import Author
from blog.admin.listing import ArticleList
from blog.admin.narrowing import CHOICES, AuthorFilter
from blog.models import Article, ArticleAuthor, Status, Tag
from blog.publishing.access import moves
from blog.publishing.articles import tags_from_words
from blog.publishing.bulk import STEPS, Act, NotDone, Order, article_act
from core.text import number_of

if TYPE_CHECKING:
    from authors.models import User

MOST: Final = 50
"""Articles at once: what a page of the list shows."""

_DONE = {
    Act.TAG_ADD: gettext_lazy("Tag added"),
    Act.TAG_REMOVE: gettext_lazy("Tag taken away"),
    Act.AUTHOR: gettext_lazy("Author changed"),
    Act.PUBLISH: gettext_lazy("Published"),
    Act.ARCHIVE: gettext_lazy("Archived"),
    Act.DRAFT: gettext_lazy("Made a draft again"),
    Act.TRASH: gettext_lazy("In the trash"),
    Act.PUT_BACK: gettext_lazy("Out of the trash"),
}
# What brings an article back to the status that it had; a schedule is not brought back.
_BACK = {
    Status.PUBLISHED: Act.PUBLISH,
    Status.ARCHIVED: Act.ARCHIVE,
    Status.DRAFT: Act.DRAFT,
    Status.REVIEW: Act.DRAFT,
    Status.SCHEDULED: Act.DRAFT,
}


class OrderForm(forms.Form):
    """What the act needs beside the articles; the fields of other acts are left out."""

    tag_name = forms.CharField(
        label=gettext_lazy("tag"),
        max_length=60,
        help_text=gettext_lazy("A new name makes a new tag."),
    )
    tag = forms.ModelChoiceField(Tag.objects.none(), label=gettext_lazy("tag"))
    leaves = forms.ModelChoiceField(
        Author.objects.none(),
        label=gettext_lazy("in place of"),
        required=False,
        empty_label=gettext_lazy("the whole byline"),
    )
    comes = forms.ModelChoiceField(Author.objects.none(), label=gettext_lazy("comes"))

    def __init__(self, act: Act, articles: list[Article], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = {
            Act.TAG_ADD: ("tag_name",),
            Act.TAG_REMOVE: ("tag",),
            Act.AUTHOR: ("leaves", "comes"),
        }.get(act, ())
        self.fields = {name: self.fields[name] for name in wanted}
        numbers = [article.pk for article in articles]
        if act == Act.TAG_REMOVE:
            self._choose("tag", Tag.objects.filter(articles__in=numbers).distinct())
        if act == Act.AUTHOR:
            there = ArticleAuthor.objects.filter(article__in=numbers)
            self._choose("leaves", Author.objects.filter(pk__in=there.values("author")))
            self._offer_authors()

    def _choose(self, name: str, rows: Any) -> None:
        field: Any = self.fields[name]
        field.queryset = rows

    def _offer_authors(self) -> None:
        """The first authors by name; with more of them a dialog searches the others."""
        field: Any = self.fields["comes"]
        field.queryset = Author.objects.filter(former=False)
        found = list(field.queryset.only("pk", "name")[: CHOICES + 1])
        chosen = number_of(self["comes"].value() or "")
        if len(found) > CHOICES:
            found.pop()
            if all(author.pk != chosen for author in found):
                found += field.queryset.filter(pk=chosen)
            name = AuthorFilter.parameter_name
            field.widget.attrs["class"] = "desk-choice"
            field.widget.attrs["data-find"] = reverse("admin:blog_article_find", args=[name])
        field.choices = [("", "---------"), *((one.pk, one.name) for one in found)]

    def clean_tag_name(self) -> str:
        """The name. Raises ValidationError for one without a letter or digit, or of two tags."""
        name = str(self.cleaned_data["tag_name"])
        if not any(map(str.isalnum, name)):
            raise forms.ValidationError(_("A tag needs a letter or a digit."))
        if "," in name:
            raise forms.ValidationError(_("One tag at a time: its name has no comma."))
        return name

    def order(self, act: Act, editor: User) -> Order:
        """The act with what was chosen; makes the tag when there is none of that name."""
        sent = self.cleaned_data
        tag = tags_from_words([sent["tag_name"]])[0] if "tag_name" in sent else sent.get("tag")
        return Order(act, editor, tag, sent.get("leaves"), sent.get("comes"))


class BulkDesk(ArticleList):
    """Adds the acts to the list of articles, and the page that asks about them."""

    def get_urls(self) -> list[URLPattern]:
        inner = csrf_protect(require_http_methods(["GET", "HEAD", "POST"])(self.bulk_view))
        view = self.admin_site.admin_view(inner)
        return [path("bulk/", view, name=self.named("bulk")), *super().get_urls()]

    def get_actions(self, request: HttpRequest) -> Any:
        """The acts, each leading to the page that asks; Django's own deletion is not one."""
        if "_popup" in request.GET or "_popup" in request.POST:
            return {}
        listed = [act for act in Act if act != Act.PUT_BACK]
        return {act.value: (BulkDesk.ask, act.value, str(act.label)) for act in listed}

    def ask(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """On to the page that asks, for the ticked rows alone, whatever else was sent."""
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if len(ticked) > MOST:
            words = _("At most %(most)s articles at once: choose fewer.")
            self.message_user(request, words % {"most": MOST}, messages.WARNING)
            return None
        numbers = [number for one in ticked if (number := number_of(one))]
        return HttpResponseRedirect(self._address(request, request.POST["action"], numbers))

    def _address(self, request: HttpRequest, act: str, numbers: list[int], **more: Any) -> str:
        """The page that asks, which leads back to the list as it is."""
        query = urlencode({"act": act, "id": numbers, **more}, doseq=True)
        kept = self.get_preserved_filters(request)
        return f"{self.url('bulk')}?{query}{f'&{kept}' if kept else ''}"

    def bulk_view(self, request: HttpRequest) -> HttpResponse:
        """Ask about an act on articles (`act`, `id`); POST does it with those still ticked."""
        if not self.has_add_permission(request) or request.GET.get("act") not in Act.values:
            raise Http404
        act = Act(request.GET["act"])
        asked = [number_of(one) for one in request.GET.getlist("id")[:MOST]]
        rows = Article.objects.in_trash_of if act == Act.PUT_BACK else Article.objects.editable_by
        listed = list(rows(request.user).filter(pk__in=asked).for_list())
        sent = request.POST if request.method == "POST" else None
        form = OrderForm(act, listed, sent, initial=self._initial(request, act, listed))
        ticked = request.POST.getlist("article") if sent is not None else None
        if ticked is not None and form.is_valid():
            if ticked:
                user: User = request.user  # type: ignore[assignment]
                self._act(request, form.order(act, user), ticked[:MOST])
                return HttpResponseRedirect(self.list_url(request))
            self.message_user(request, _("Choose at least one article."), messages.WARNING)
        context = self.shown(
            request,
            str(act.label),
            act=act,
            articles=listed,
            ticked=None if ticked is None else [one.partition(":")[0] for one in ticked],
            missing=len(set(asked)) - len(listed),
            form=form,
            back=self.list_url(request),
            desk=self.list_words(),
        )
        return TemplateResponse(request, "admin/blog/article/bulk.html", context)

    def _initial(self, request: HttpRequest, act: Act, listed: list[Article]) -> dict[str, Any]:
        """What the address says, as a link that undoes says it; else who alone can be meant."""
        found: dict[str, Any] = {
            name: request.GET[name] for name in OrderForm.base_fields if name in request.GET
        }
        people = {author.pk for article in listed for author in article.byline}
        if act == Act.AUTHOR and "leaves" not in found and len(people) == 1:
            found["leaves"] = people.pop()
        return found

    def _act(self, request: HttpRequest, order: Order, ticked: list[str]) -> None:
        """Do it article by article, and say what was done and what was not."""
        done: dict[str, list[int]] = defaultdict(list)
        refused: list[tuple[int, str]] = []
        for one in dict.fromkeys(ticked):
            number, _colon, version = one.partition(":")
            key = number_of(number)
            try:
                article, before = article_act(
                    number=key, expected_version=number_of(version), order=order
                )
            except NotDone as reason:
                refused.append((key, str(reason)))
                continue
            done[before].append(article.pk)
            self.log_change(request, article, str(_DONE[order.act]))
        if done:
            self.message_user(request, self._summary(request, order, done), messages.SUCCESS)
        if refused:
            self._say_refused(request, refused)

    def _summary(
        self, request: HttpRequest, order: Order, done: dict[str, list[int]]
    ) -> SafeString:
        """What was done with how many, and links that undo it."""
        count = sum(map(len, done.values()))
        number = ngettext("%(count)s article", "%(count)s articles", count) % {"count": count}
        what: Any = _DONE[order.act]
        if order.tag is not None:
            what = f"{what} ({order.tag})"
        links = format_html_join("", ' <a href="{}">{}</a>', self._undoing(request, order, done))
        return format_html("{}: {}.{}", what, number, links)

    def _undoing(
        self, request: HttpRequest, order: Order, done: dict[str, list[int]]
    ) -> list[tuple[str, str]]:
        """Addresses of pages that ask for the opposite, and what their links say."""
        every = [number for numbers in done.values() for number in numbers]
        undo = _("Undo")

        def link(act: Act, numbers: list[int], **more: Any) -> tuple[str, str]:
            return self._address(request, act.value, numbers, **more), undo

        match order.act:
            case Act.TAG_ADD if order.tag is not None:
                return [link(Act.TAG_REMOVE, every, tag=order.tag.pk)]
            case Act.TAG_REMOVE if order.tag is not None:
                return [link(Act.TAG_ADD, every, tag_name=order.tag.name)]
            case Act.AUTHOR if order.leaves is not None and order.comes is not None:
                who = {"leaves": order.comes.pk, "comes": order.leaves.pk}
                return [link(Act.AUTHOR, every, **who)]
            case Act.TRASH:
                return [link(Act.PUT_BACK, every), (self.url("trash"), _("To the trash"))]
            case Act.PUT_BACK:
                return [link(Act.TRASH, every)]
        back: dict[Act, list[int]] = defaultdict(list)
        for before, numbers in done.items():
            if (act := _BACK[Status(before)]) != order.act and order.act in STEPS:
                back[act] += numbers
        if len(back) < 2:
            return [link(act, numbers) for act, numbers in back.items()]
        return [
            (link(act, numbers)[0], f"{undo} ({act.label}: {len(numbers)})")
            for act, numbers in back.items()
        ]

    def undo_of_step(self, request: HttpRequest, article: Article, before: str) -> str:
        """The page that asks to take the step from `before` back; "" where there is no way."""
        act = _BACK[Status(before)]
        dated = article.published_at is not None
        if (
            before == article.status
            or STEPS[act] not in moves(request.user, article.status, dated=dated)[1:]
        ):
            return ""
        return self._address(request, act.value, [article.pk])

    def _say_refused(self, request: HttpRequest, refused: list[tuple[int, str]]) -> None:
        """Each article with which it was not done, and why."""
        numbers = [number for number, _reason in refused]
        seen = Article.objects.visible_to(request.user) | Article.objects.in_trash_of(request.user)
        titles = dict(seen.filter(pk__in=numbers).values_list("pk", "title"))
        rows = [(titles.get(number, f"#{number}"), reason) for number, reason in refused]
        lines = format_html_join("", "<br>{}: {}", rows)
        words = format_html("{}{}", _("Not done:"), lines)
        self.message_user(request, words, messages.WARNING)
