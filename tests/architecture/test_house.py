"""The rules of the house, kept by machine."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from comments.models import Comment
from tests.factories import make_article, make_author, make_tag

ROOT = Path(__file__).resolve().parents[2]
APPS = ("authors", "blog", "comments", "config", "core", "demo", "interchange", "newsletter")
SOURCES = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "/migrations/" not in
           path.as_posix()]  # fmt: skip
SAFE = {
    "comments/thread/markup.py",
    "comments/thread/fragments.py",
    "blog/content/sanitiser.py",
    "blog/templatetags/metadata.py",
}


def test_imports_run_one_way():
    program = Path(sys.executable).parent / "lint-imports"
    answer = subprocess.run([program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout


def test_markup_is_called_safe_in_few_places():
    found = {
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if re.search(r"\bmark_safe\(", path.read_text("utf-8"))
    }
    assert found <= SAFE


def test_no_file_is_long():
    folders = (*APPS, "templates", "static", "tests", "bench")
    most = {"*.css": 400, "*.js": 400, "*.html": 400, "*.py": 470}
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for folder in folders
        for kind in most
        for path in (ROOT / folder).rglob(kind)
        if "/migrations/" not in path.as_posix()
        and (lines := path.read_text("utf-8").count("\n")) > most[kind]
    }
    assert long == {}


def test_no_line_of_a_template_or_script_is_long():
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder, kind in (("templates", "*.html"), ("static", "*.js"), ("static", "*.css"))
        for path in sorted((ROOT / folder).rglob(kind))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > 120
    ]
    assert long == []


def test_nothing_is_left_to_be_done():
    words = re.compile("TO" + "DO|FIX" + "ME|XX" + "X")
    assert [path for path in SOURCES if words.search(path.read_text("utf-8"))] == []


def test_public_templates_hold_no_inline_style_or_script():
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)|javascript:")
    found = [
        path.name
        for path in (ROOT / "templates").rglob("*.html")
        # Mail programs know no stylesheets.
        if path.parent.name != "mail" and inline.search(path.read_text("utf-8"))
    ]
    assert found == []


def test_the_article_of_a_comment_has_no_index_of_its_own():
    assert not Comment._meta.get_field("article").db_index
    assert not [index for index in Comment._meta.indexes if index.fields == ["article"]
                and index.condition is None]  # fmt: skip


def patterns(resolver, prefix=""):
    for found in resolver.url_patterns:
        route = prefix + str(found.pattern)
        if isinstance(found, URLResolver):
            yield from patterns(found, route)
        elif isinstance(found, URLPattern):
            yield route


@pytest.mark.django_db
def test_every_public_address_answers_without_cookies():
    client = Client(enforce_csrf_checks=True)
    article = make_article("Een stuk", authors=[make_author(slug="anna")], tags=[make_tag("Werk")])
    day = article.published_at
    comment = Comment.objects.create(
        article=article, path=b"\x01\x01", name="A", source="x", html="x", language="nl",
        state="approved", shown=True,
    )  # fmt: skip
    values = {
        "year": day.year, "month": day.month, "slug": article.slug, "comment_id": comment.pk,
        "number": article.pk,
        "article_id": article.pk, "token": "x", "name": "x.jpg", "section": "articles",
        "light": "0b5d5a", "dark": "7fccc3",
    }  # fmt: skip
    seen = 0
    for route in patterns(get_resolver()):
        if route.startswith(("admin/", "static")):
            continue

        def fill(match, route=route):
            name = match[1].rpartition(":")[2]
            if name == "slug" and not route.startswith("<"):
                return "werk" if route.startswith("tag/") else "anna"
            return str(values[name])

        url = "/" + re.sub(r"<([^>]+)>", fill, route)
        for method in ("get", "head"):
            answer = getattr(client, method)(url)
            assert answer.status_code in (200, 301, 302, 403, 404, 405), (method, url)
            assert not answer.cookies, url
        # What comes from another site is refused before anything is done.
        foreign = client.post(url, {}, headers={"origin": "https://evil.example"})
        assert foreign.status_code == 403, url
        cross = client.post(url, {}, headers={"sec-fetch-site": "cross-site"})
        assert cross.status_code == 403, url
        seen += 1
    assert seen > 25


def test_modules_are_imported_in_the_form_that_gets_hashed_names():
    """Without its semicolon Django's storage leaves an import alone: the file would be loaded
    twice, under its hashed name by pages and under its plain one by other modules."""
    for path in sorted((ROOT / "static").rglob("*.js")):
        for line in path.read_text("utf-8").splitlines():
            if re.match(r"(import|export)\b.*\bfrom\s+[\"']\./", line):
                assert line.rstrip().endswith(";"), (path, line)
