"""The admin site of authors, editors and moderators."""

from __future__ import annotations

from functools import update_wrapper
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.views.main import ChangeList
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.db.models import DateField, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from config import kept, sections
from config.stale_saves import StaleSaveStopped
from core.sorting import AlphabeticalOrder
from core.text import number_of

if TYPE_CHECKING:
    from authors.models import User


class Search(AutocompleteJsonView):
    """Autocomplete search, with a note that distinguishes rows of the same name."""

    def get_queryset(self) -> QuerySet[Any]:
        """In the order of the list; counting in it takes the model's own order away."""
        found: QuerySet[Any] = super().get_queryset()
        order = self.model_admin.get_ordering(self.request) or self.model_admin.opts.ordering
        return found if found.ordered else found.order_by(*(order or ("-pk",)))

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        """With `note`: what `found_note` of the row's own page says, if it has that."""
        tell = getattr(self.model_admin, "found_note", lambda row: "")
        return {**super().serialize_result(obj, to_field_name), "note": str(tell(obj))}


class AlphabeticalList(ChangeList):
    """A list whose column of names or titles sorts as readers look for them."""

    def get_ordering_field(self, field_name: Any) -> Any:
        """Take a name or title for its place in the alphabet."""
        found = super().get_ordering_field(field_name)
        if found not in ("name", "title"):
            return found
        # As the model itself sorts; a name is a person's where the model does not.
        ordering = self.model._meta.ordering or ()
        own = [order for order in ordering if isinstance(order, AlphabeticalOrder)]
        return own[0] if own else AlphabeticalOrder(found, person=found == "name")


class ListedOnly(admin.ModelAdmin[Any]):
    """Narrows a list by what it offers to narrow it by, and by nothing else.

    Django lets an address ask for any field of the model (`?email__startswith=a`), shown or not,
    which tells a private value letter by letter. `WeerwoordAdminSite.register` puts this before
    every page of the admin.
    """

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Lists sort names as readers do."""
        return AlphabeticalList

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Leaves out rows of auto-created many-to-many tables, which have no useful name."""
        rows, counts, missing, protected = super().get_deleted_objects(objs, request)
        models = apps.get_models(include_auto_created=True)
        joins = [model._meta for model in models if model._meta.auto_created]
        for join in joins:
            counts.pop(str(join.verbose_name_plural), None)
        starts = tuple(f"{capfirst(join.verbose_name)}: " for join in joins)
        return _without(rows, starts), counts, missing, protected

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Whether `lookup` is what one of the list's filters, or its row of dates, writes."""
        filters = self.list_filter if request is None else self.get_list_filter(request)
        return any(lookup in self._written_by(one) for one in filters) or (
            self.date_hierarchy is not None and lookup in _dates(self.date_hierarchy)
        )

    def _written_by(self, listed: Any) -> set[str]:
        """The parameters that a filter, as `list_filter` names it, puts into addresses."""
        if isinstance(listed, type):
            return {str(listed.parameter_name)}  # type: ignore[attr-defined]
        path = listed[0] if isinstance(listed, list | tuple) else listed
        field = get_fields_from_path(self.model, path)[-1]
        if field.is_relation:
            return {f"{path}__{field.target_field.name}__exact", f"{path}__isnull"}  # type: ignore[attr-defined]
        found = {path, f"{path}__exact", f"{path}__isnull", f"{path}__isempty"}
        return found | _dates(path) if isinstance(field, DateField) else found


def _without(rows: list[Any], starts: tuple[str, ...]) -> list[Any]:
    """`rows`, a list of texts and of lists like itself, without texts that begin so."""
    found = [_without(one, starts) if isinstance(one, list) else one for one in rows]
    return [one for one in found if one and not (isinstance(one, str) and one.startswith(starts))]


def _dates(path: str) -> set[str]:
    return {f"{path}__{part}" for part in ("year", "month", "day", "gte", "lt")}


class LeadsToSite(admin.ModelAdmin[Any]):
    """After a save, the message leads to the page of the site that shows what was saved.

    A page of the admin whose messages lead there themselves has `leads_to_site = False`.
    """

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """As it is, with the address for the message."""
        self._remember_page(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """As it is, with the address for the message."""
        self._remember_page(request, obj)
        return super().response_change(request, obj)

    def _remember_page(self, request: HttpRequest, obj: Any) -> None:
        if getattr(self, "leads_to_site", True):
            request._seen_at = self.get_view_on_site_url(obj)  # type: ignore[attr-defined]

    def message_user(self, request: HttpRequest, message: Any, *args: Any, **kwargs: Any) -> None:
        """Add the link to what says that something was saved."""
        if url := getattr(request, "_seen_at", None):
            message = format_html('{} <a href="{}">{}</a>', message, url, _("View on site"))
        super().message_user(request, message, *args, **kwargs)


class WeerwoordAdminSite(admin.AdminSite):
    """Admin site whose index is an overview of the work of the user."""

    site_title = "Weerwoord"
    site_header = "Weerwoord"
    index_title = _("Admin")
    index_template = "admin/desk.html"
    enable_nav_sidebar = False

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Adds the site's title, the overview's URL and the version."""
        from blog.site.settings import settings_of

        title = settings_of(request).title
        own = {
            "site_header": title,
            "site_title": title,
            "index_path": reverse("admin:index"),
            "version": settings.VERSION,
        }
        return super().each_context(request) | own

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff, with a second factor where the operator asks for one and the grace is over."""
        from authors.second_factor import services

        if not super().has_permission(request):
            return False
        return services.is_verified(request.user) or not services.overdue(request.user)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Django's check; a POST without permission gets its typed text back."""
        inner = super().admin_view(view, cacheable)

        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            leaves = request.path == reverse("admin:logout", current_app=self.name)
            if request.method == "POST" and not leaves and not self.has_permission(request):
                return kept.page(request, lost=True)
            return inner(request, *args, **kwargs)

        return update_wrapper(door, inner)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Login page; a user who only lacks a second factor is redirected to set it up."""
        from django.contrib.admin.forms import AdminAuthenticationForm

        from authors.second_factor.views import FirstStep

        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        if request.method == "GET" and super().has_permission(request):
            return HttpResponseRedirect(reverse("second_factor:manage"))
        context = {
            **self.each_context(request),
            "title": _("Log in"),
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
            **(extra_context or {}),
        }
        if "next" not in request.GET and "next" not in request.POST:
            context["next"] = reverse("admin:index")
        request.current_app = self.name
        view = FirstStep.as_view(
            extra_context=context,
            authentication_form=self.login_form or AdminAuthenticationForm,
            template_name=self.login_template or "admin/login.html",
        )
        return view(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Models grouped by task; the page of one app lists that app."""
        from authors import access

        found = super().get_app_list(request, app_label)
        if app_label:
            return found
        groups = sections.grouped(found)
        if access.is_owner(request.user):
            groups[-1]["models"].append(
                sections.page_entry(_("Health of the site"), "admin:health")
            )
        return groups

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The overview of whoever logs in."""
        from config import desk

        user: User = request.user  # type: ignore[assignment]
        shown = {**desk.overview(user), **(extra_context or {})}
        answer: HttpResponse = super().index(request, shown)
        return answer

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """What the admin's fields search for."""
        return Search.as_view(admin_site=self)(request)  # type: ignore[return-value]

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register a page of the admin, with what every one of them does."""
        wanted: Any = admin_class or admin.ModelAdmin
        words = {"__module__": wanted.__module__, "__doc__": wanted.__doc__}
        page = type(wanted)(
            wanted.__name__, (ListedOnly, LeadsToSite, StaleSaveStopped, wanted), words
        )
        super().register(model_or_iterable, page, **options)

    def get_urls(self) -> list[Any]:
        """With everybody's own profile, the numbers of one article, what a form asks before it is
        sent, and `view_on_site` for what a person may see."""
        numbers = self.admin_view(self.numbers_view)
        onward = self.admin_view(self.shortcut_view)
        steps = require_POST(self.first_steps_view)
        session = never_cache(require_GET(ensure_csrf_cookie(self.session_view)))
        return [
            path("session/", session, name="session"),
            path("health/", self.admin_view(self.health_view), name="health"),
            path("demo/", self.admin_view(self.demo_view), name="demo"),
            path("first-steps/", self.admin_view(steps), name="first_steps"),
            path("edit/", never_cache(require_GET(self.edit_link_view)), name="edit_link"),
            path("profile/", self.admin_view(self.profile_view), name="profile"),
            path("numbers/<int:number>/", numbers, name="article_numbers"),
            # Before Django's own of that name and address.
            path("r/<path:content_type_id>/<path:object_id>/", onward, name="view_on_site"),
            *super().get_urls(),
        ]

    def profile_view(self, request: HttpRequest) -> HttpResponse:
        """The author and the account of whoever is logged in."""
        from authors.profile import own_profile

        return own_profile(request)

    def shortcut_view(
        self, request: HttpRequest, content_type_id: str, object_id: str
    ) -> HttpResponse:
        """To the page of an object that the person sees in the admin; 404 for every other.

        Django's own view sends whoever is staff to the address of anything, drafts included.
        """
        kind = ContentType.objects.filter(pk=number_of(content_type_id)).first()
        page = self._registry.get(kind.model_class()) if kind else None  # type: ignore[arg-type]
        found = page.get_object(request, object_id) if page else None
        if page is None or found is None or not page.has_view_permission(request, found):
            raise Http404
        return shortcut(request, content_type_id, str(found.pk))

    def session_view(self, request: HttpRequest) -> JsonResponse:
        """The user of this session and the CSRF token for its forms, as JSON.

        `user` is empty for whoever may not. Open to everybody: it says of a stranger that they are
        one.
        """
        if not self.has_permission(request):
            return JsonResponse({"user": "", "token": ""})
        return JsonResponse({"user": str(request.user.pk), "token": get_token(request)})

    def edit_link_view(self, request: HttpRequest) -> JsonResponse:
        """The form of what the page at `path` shows, as JSON; empty for who may not change it.

        `known` is false for whoever is not logged in: their browser asks no more.
        """
        from config.edit_links import edit_link

        if not self.has_permission(request):
            return JsonResponse({"known": False})
        return JsonResponse(edit_link(request, request.GET.get("path", "")))

    def health_view(self, request: HttpRequest) -> HttpResponse:
        """Backups, tasks, mails and versions, for owners."""
        from config.health_page import health_view

        return health_view(request)

    def demo_view(self, request: HttpRequest) -> HttpResponse:
        """What removing the demo takes away, and the button that does it, for owners."""
        from demo.views import demo_view

        return demo_view(request)

    def first_steps_view(self, request: HttpRequest) -> HttpResponse:
        """What the buttons of the owner's first steps do."""
        from config.first_steps import first_steps_view

        return first_steps_view(request)

    def numbers_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Reads and comments of an article by day; 404 for who may not edit it."""
        from blog.models import Article
        from config import desk

        article = Article.objects.editable_by(request.user).filter(pk=number).first()
        if article is None:
            raise Http404
        context = {
            **self.each_context(request),
            "title": _("Numbers"),
            "subtitle": article.title,
            "article": article,
            "opts": Article._meta,
            "numbers": desk.Numbers.of(article.reads.all(), article.comments.all()),
        }
        return render(request, "admin/numbers.html", context)
