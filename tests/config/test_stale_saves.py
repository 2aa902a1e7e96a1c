"""Two tabs with one form of the admin: the second save is stopped, whichever form it is."""

import lxml.html
import pytest
from django.contrib import admin
from django.db.models import CharField, TextField

from authors.models import Author, User
from authors.roles import Role
from blog.models import Image, Page, Redirect, Series, SiteSettings, Tag
from blog.publishing.pictures import image_add
from comments.models import Ban, Commenter, ReadyReason, Rule
from tests.factories import make_article, make_author, make_tag, make_upload, make_user

pytestmark = pytest.mark.django_db
# Texts have versions of their own.
THEMSELVES = {"blog.Article", "blog.Page"}


@pytest.fixture
def rows(db, media_root):
    """One row of everything that the admin has a form for."""
    author = make_author("Femke", user=make_user("femke", role=Role.AUTHOR))
    make_article("Een stuk", authors=[author])
    SiteSettings.objects.update_or_create(pk=1, defaults={"title": "De Werkbank"})
    Redirect.objects.create(old_path="/oud/", target="/search/")
    Series.objects.create(title="Een reeks", slug="reeks")
    make_tag("Werk")
    image_add(upload=make_upload(), alt="Een brug", user=None)
    Commenter.objects.create(name="Karim", email="karim@lezer.example")
    Ban.objects.create(email="vlerk@lezer.example", reason="Schelden")
    Rule.objects.create(pattern="korting", note="Reclame")
    ReadyReason.objects.create(language="nl", words="Buiten het onderwerp")
    Page.objects.create(title="Over ons", slug="over", body_source="<p>Wij.</p>")


def posted(page):
    """What the browser would send of the open form, by name."""
    form = next(one for one in page.forms if one.get("id", "").endswith("_form"))
    names = {}
    for name, value in form.form_values():
        # A line break right after the tag of a text area is none of the text.
        names.setdefault(name, []).append(value.removeprefix("\n"))
    return {name: value if len(value) > 1 else value[0] for name, value in names.items()}


def two_values(page, row, names):
    """A field of the form, and what two people make of it."""
    columns = {one.name: one for one in row._meta.fields if one.name in names}
    for name, column in columns.items():
        others = [value for value, _label in column.choices or () if value != getattr(row, name)]
        if len(others) > 1:
            return name, others[0], others[-1]
    for name, column in columns.items():
        if isinstance(column, CharField | TextField) and not column.choices:
            return name, f"{getattr(row, name)}b", f"{getattr(row, name)}c"
    raise AssertionError(f"{row}: nothing to write in {sorted(names)}")


def pages():
    found = []
    for model, page in admin.site._registry.items():
        if model._meta.label not in THEMSELVES:
            found.append(pytest.param(model, page, id=model._meta.label))
    return found


@pytest.mark.parametrize(("model", "page"), pages())
def test_the_second_save_is_stopped_with_both_texts(admin_client, rows, model, page):
    row = model._base_manager.order_by("pk").last()
    url = f"/admin/{model._meta.app_label}/{model._meta.model_name}/{row.pk if row else 1}/change/"
    shown = admin_client.get(url)
    if shown.status_code != 200 or "opened_with" not in shown.content.decode():
        assert model not in (Author, User, SiteSettings, Tag, Series, Image, Redirect, Rule,
                             ReadyReason, Commenter)  # fmt: skip
        return
    sent = posted(lxml.html.fromstring(shown.content))
    name, hers, mine = two_values(page, row, sent)
    model._base_manager.filter(pk=row.pk).update(**{name: hers})
    stopped = admin_client.post(url, {**sent, name: mine})
    text = lxml.html.fromstring(stopped.content)
    assert stopped.status_code == 200
    model._base_manager.get(pk=row.pk, **{name: hers})
    assert "is nu: " in text.find_class("nonfield")[0].text_content()
    again = posted(text)
    assert again[name] == mine
    assert again["opened_with"] != sent["opened_with"]
    # Compared, and saved in earnest.
    assert admin_client.post(url, again).status_code == 302
    model._base_manager.get(pk=row.pk, **{name: mine})


def test_a_stored_nought_is_shown_as_one(admin_client, rows):
    url = "/admin/blog/sitesettings/1/change/"
    sent = posted(lxml.html.fromstring(admin_client.get(url).content))
    SiteSettings.objects.filter(pk=1).update(edit_minutes=0)
    page = lxml.html.fromstring(admin_client.post(url, {**sent, "edit_minutes": "7"}).content)
    assert "is nu: 0" in page.find_class("nonfield")[0].text_content()
