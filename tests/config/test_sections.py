"""The admin's menu and its colours."""

import re
from pathlib import Path

import pytest
from django.contrib import admin
from django.test import RequestFactory

from authors.roles import Role
from tests.factories import make_author, make_user

ROOT = Path(__file__).resolve().parents[2]


def menu(user):
    request = RequestFactory().get("/admin/")
    request.user = user
    return {
        str(group["name"]): [
            model["model"]._meta.label_lower if model["model"] else model["object_name"]
            for model in group["models"]
        ]
        for group in admin.site.get_app_list(request)
    }


@pytest.mark.django_db
def test_the_menu_follows_the_work_and_the_role():
    author = make_user(role=Role.AUTHOR)
    make_author(user=author)
    found = menu(author)
    assert "authors.user" not in str(found)
    assert found["Schrijven"][0] == "blog.article"
    assert "blog.sitesettings" not in str(found)
    assert "admin:health" not in str(found) + str(menu(make_user(role=Role.EDITOR)))
    found = menu(make_user(is_superuser=True))
    assert list(found) == ["Schrijven", "Gesprek", "Mensen", "Site"]
    assert found["Mensen"][:2] == ["authors.author", "authors.user"]
    assert found["Site"][0] == "blog.sitesettings"
    assert found["Site"][-1] == "admin:health"


def tokens(path):
    text = (ROOT / path).read_text("utf-8")
    return dict(re.findall(r"^\s*--([\w-]+):\s*([^;]+);", text, re.MULTILINE))


def test_the_desk_has_the_site_s_colours():
    site, desk = tokens("static/css/site.css"), tokens("static/admin-desk/look.css")
    shared = {"accent", "on-accent", "paper", "surface", "ink", "ink-soft", "rule", "edge",
              "danger", "new", "focus", "radius", "control"}  # fmt: skip
    assert {name: desk[name] for name in shared} == {name: site[name] for name in shared}
