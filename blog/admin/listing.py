"""Lists of texts in the admin: one form of filters, bounded counts, and what is read for a row."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR
from django.contrib.admin.views.main import ORDER_VAR, SEARCH_VAR, ChangeList
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from authors.models import Author
from blog.admin import narrowing
from blog.admin.desk_words import desk_words
from blog.admin.writing import TextDesk
from blog.models import Article, ArticleAuthor
from blog.models.article import HEAVY
from blog.search.articles import newest_with
from core.lists import BoundedPaginator

_FOUND: Final = 20


class NarrowedList(TextDesk):
    """The filters and the search as one form above the list, kept in its address."""

    paginator = BoundedPaginator
    list_per_page = 50
    # No "show all": what is done at once is done with what a page shows.
    list_max_show_all = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def list_words(self) -> dict[str, Any]:
        """Data for the scripts of a field with a search dialog."""
        return {"words": desk_words(), "urls": {}}

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list. What was left empty is taken out of its address, old names are replaced."""
        names = {SEARCH_VAR, *(str(one.parameter_name) for one in self.get_list_filter(request))}  # type: ignore[union-attr]
        left = request.GET.copy()
        for name in names:
            # As addresses of this list called it before, which people keep as bookmarks.
            if old := left.pop(f"{name}__exact", None):
                left[name] = str(old[-1])
            if left.get(name) == "":
                del left[name]
        if left != request.GET and request.method == "GET":
            query = f"?{left.urlencode()}" if left else ""
            return HttpResponseRedirect(f"{self.url('changelist')}{query}")
        kept = [(name, request.GET[name]) for name in (ORDER_VAR, IS_POPUP_VAR, TO_FIELD_VAR)
                if name in request.GET]  # fmt: skip
        context = {
            "kept": kept,
            "narrowed": any(request.GET.get(name) for name in names),
            "desk": self.list_words(),
            **(extra_context or {}),
        }
        answer = super().changelist_view(request, context)
        if isinstance(answer, TemplateResponse) and answer.context_data is not None:
            # Known when the list has been made.
            answer.context_data["found_more"] = getattr(request, "found_more", False)
        return answer


class ArticleList(NarrowedList):
    """The list of articles."""

    list_filter = (
        narrowing.AuthorFilter,
        narrowing.TagFilter,
        narrowing.StatusFilter,
        narrowing.LanguageFilter,
        narrowing.YearFilter,
    )
    search_fields = ("title", "lead")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_safe(self.find_view))
        return [path("find/<slug:kind>/", view, name=self.named("find")), *super().get_urls()]

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Reads no texts, and the people and tags of all rows at once."""
        found = super().get_changelist_instance(request)
        links = ArticleAuthor.objects.select_related("author")
        rows: Any = found.result_list
        found.result_list = rows.defer(*HEAVY).prefetch_related(
            Prefetch("article_authors", queryset=links), "tags"
        )
        return found

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        """By words of the whole text; what searches one row for a field goes by its title."""
        if request.path != self.url("changelist"):
            return super().get_search_results(request, queryset, search_term)
        if not search_term.strip():
            return queryset, False
        numbers, more = newest_with(search_term, queryset)  # type: ignore[arg-type]
        request.found_more = more  # type: ignore[attr-defined]
        return queryset.filter(pk__in=numbers), False

    def find_view(self, request: HttpRequest, kind: str) -> JsonResponse:
        """The authors or tags whose name holds `?term=`, as Django's autocomplete gives them; for
        "next" the articles that the person may read, by words of their titles."""
        if not self.has_add_permission(request):
            raise Http404
        rows: QuerySet[Any]
        if kind == narrowing.AuthorFilter.parameter_name:
            rows = Author.objects.all()
        elif kind == narrowing.TagFilter.parameter_name:
            rows = narrowing.tags_of(request.user)
        elif kind == "next":
            return self._find_next(request)
        else:
            raise Http404
        term = request.GET.get("term", "")[:100].replace("\0", "")
        found = rows.filter(name__icontains=term).only("pk", "name")[:_FOUND]
        return JsonResponse({"results": [{"id": row.pk, "text": str(row)} for row in found]})

    def _find_next(self, request: HttpRequest) -> JsonResponse:
        rows = Article.objects.visible_to(request.user).order_by("-published_at", "-pk")
        for word in request.GET.get("term", "")[:100].replace("\0", "").split():
            rows = rows.filter(title__icontains=word)
        found = rows.only("pk", "title", "status", "published_at", "trashed_at")[:_FOUND]
        return JsonResponse(
            {
                "results": [
                    {
                        "id": row.pk,
                        "text": row.title,
                        "note": "" if row.is_public else row.get_status_display(),
                    }
                    for row in found
                ]
            }
        )

    @admin.display(description=gettext_lazy("authors"))
    def people(self, article: Article) -> str:
        """The byline."""
        return ", ".join(author.name for author in article.byline) or _("nobody")

    @admin.display(description=gettext_lazy("tags"))
    def subjects(self, article: Article) -> str:
        """The names of the tags."""
        return ", ".join(tag.name for tag in article.tag_list)
