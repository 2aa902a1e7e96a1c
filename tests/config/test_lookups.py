"""The desk's lists are narrowed, sorted and searched by what they show, and lead nowhere else."""

import itertools
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.admin.options import ModelAdmin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.test import RequestFactory

from authors.roles import Role
from blog.models import Article, Status
from comments.models import Comment, Report
from config.admin import ListedOnly
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db
ROLES = list(Role.values)
ENDS = ("", "exact", "startswith", "icontains", "regex", "gte", "in", "isnull")
# What tells of a person, or opens something, wherever it lies.
PRIVATE = {"email", "password", "client", "network", "body", "html", "headers", "digests", "key",
           "error", "ip_address", "typed", "file", "report", "args_kwargs", "note"}  # fmt: skip


def pages():
    return [pytest.param(page, id=page.opts.label) for page in admin.site._registry.values()]


def request_of(role):
    request = RequestFactory().get("/")
    request.user = make_user(role=role)
    return request


def paths(model, depth=2):
    """Every field, and every field behind its relations, both ways, so many steps far."""
    for field in model._meta.get_fields():
        name = field.name
        yield name
        if field.is_relation and field.related_model and depth > 1:
            for further in paths(field.related_model, depth - 1):
                yield f"{name}__{further}"


def listed(page, request):
    """The paths that the list offers to narrow by, read from its filters as Django makes them."""
    found = set()
    for one in page.get_list_filter(request):
        if isinstance(one, type):
            found.add(one.parameter_name)
        else:
            found.add(one if isinstance(one, str) else one[0])
    if page.date_hierarchy:
        found.add(page.date_hierarchy)
    return found


@pytest.mark.parametrize("page", pages())
def test_no_page_of_the_desk_is_without_the_rule(page):
    assert type(page).lookup_allowed is ListedOnly.lookup_allowed


@pytest.mark.parametrize("page", pages())
def test_a_list_is_narrowed_by_what_it_offers_alone(page):
    every = list(paths(page.model))
    for role in ROLES:
        request = request_of(role)
        offered = listed(page, request)
        for path, end in itertools.product(every, ENDS):
            lookup = f"{path}__{end}" if end else path
            if page.lookup_allowed(lookup, "x", request):
                own = path in offered or path.rpartition("__")[0] in offered
                assert own, (role, lookup)


@pytest.mark.parametrize("page", pages())
def test_what_it_offers_works(page, client):
    """The addresses that the filters write themselves are taken."""
    client.force_login(make_user(is_superuser=True))
    request = RequestFactory().get("/")
    request.user = make_user(is_superuser=True)
    url = f"/admin/{page.opts.app_label}/{page.opts.model_name}/"
    if "changelist_view" in type(page).__mro__[1].__dict__ and page.model is Comment:
        return
    found = page.get_changelist_instance(request)
    for spec in found.filter_specs:
        for choice in itertools.islice(spec.choices(found), 3):
            query = choice.get("query_string", "?")
            assert client.get(f"{url}{query}").status_code in (200, 302), query


@pytest.mark.parametrize("role", ROLES)
def test_nothing_private_is_searched_or_sorted_but_by_who_sees_it(role):
    request = request_of(role)
    for page in admin.site._registry.values():
        if not page.has_view_permission(request):
            continue
        ordered = {
            str(getattr(getattr(page, str(name), None), "admin_order_field", None) or name)
            for name in page.get_list_display(request)
        }
        shown = {str(name) for name in page.get_list_display(request)}
        for path in (*page.get_search_fields(request), *ordered):
            last = path.strip("-^=@").split("__")[-1]
            if last not in PRIVATE:
                continue
            moderates = role in (Role.MODERATOR, Role.EDITOR, Role.OWNER)
            public = last in shown and last in ("note", "error", "report")
            assert (last == "email" and moderates) or public, (page, path)


@pytest.mark.parametrize("role", ROLES)
def test_the_server_refuses_what_is_not_offered(client, role):
    """Over HTTP, for every list: one private look-up of each kind, and the odd parameters."""
    client.force_login(make_user(role=role))
    comment = Comment.objects.create(
        article=make_article(), path=b"\x01\x01", name="A", source="x", html="x", language="nl",
        state="approved", shown=True,
    )  # fmt: skip
    Report.objects.create(comment=comment, complaint="spam", email="melder@post.example",
                          language="nl", client=b"x" * 16)  # fmt: skip
    for page in admin.site._registry.values():
        if page.model is Comment:
            continue  # A page of its own: what it reads of the address is `desk.Choice`.
        url = f"/admin/{page.opts.app_label}/{page.opts.model_name}/"
        if client.get(url).status_code != 200:
            continue
        names = [field.name for field in page.model._meta.concrete_fields
                 if isinstance(field, models.CharField | models.TextField)
                 and field.name not in listed(page, request_of(role))]  # fmt: skip
        for name in names[:1]:
            answer = client.get(f"{url}?{urlencode({f'{name}__startswith': 'm'})}")
            assert answer.status_code == 400, (url, name)
        for name in ("email", "password", "slug"):
            try:
                page.opts.get_field(name)
            except FieldDoesNotExist:
                continue
            assert client.get(f"{url}?_to_field={name}&_popup=1").status_code == 400, (url, name)
        for odd in ("?_facets=1&all=1", "?_popup=1&o=1.-2.99"):
            answer = client.get(url + odd)
            assert answer.status_code in (200, 302), (url, odd)
            assert "melder@post.example" not in answer.text


@pytest.mark.parametrize("role", ROLES)
def test_the_shortcut_leads_to_what_the_person_sees(client, role):
    user = make_user(role=role)
    author = make_author(user=user)
    own = make_article("Eigen stuk", status=Status.DRAFT, authors=[author])
    other = make_article("Geheim stuk", status=Status.DRAFT)
    client.force_login(user)
    kind = ContentType.objects.get_for_model(own).pk
    mine = Article.objects.editable_by(user).filter(pk=own.pk).exists()
    assert mine or role == Role.MODERATOR
    assert client.get(f"/admin/r/{kind}/{own.pk}/").status_code == (302 if mine else 404)
    answer = client.get(f"/admin/r/{kind}/{other.pk}/")
    sees = role in (Role.EDITOR, Role.OWNER)
    assert answer.status_code == (302 if sees else 404)
    assert sees or other.slug not in answer.text


def test_the_shortcut_leads_to_nothing_that_has_no_page_at_the_desk(client):
    client.force_login(make_user(role=Role.AUTHOR))
    article = make_article(status=Status.DRAFT)
    for kind in ContentType.objects.all():
        model = kind.model_class()
        if model is None or not hasattr(model, "get_absolute_url"):
            continue
        page: ModelAdmin | None = admin.site._registry.get(model)
        for row in model._default_manager.all()[:3]:
            answer = client.get(f"/admin/r/{kind.pk}/{row.pk}/")
            if answer.status_code == 302:
                assert page is not None
                assert page.get_queryset(answer.wsgi_request).filter(pk=row.pk).exists()
                assert row != article
    for odd in ("x/1", "999999/1", "99999999999999999999/1", "1/x", f"{kind.pk}/%00"):
        assert client.get(f"/admin/r/{odd}/").status_code in (400, 404), odd
