"""The form of the settings: its groups, and the accent as it is before it is saved."""

import re

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from authors.roles import Role
from blog.admin import accent
from blog.admin.site import SiteSettingsForm
from blog.models import SiteSettings
from blog.site import colours
from blog.site.settings import site_settings
from tests.blog.site.test_settings import SETTINGS, save_settings
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PREVIEW = "/admin/blog/sitesettings/accent/"
COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@pytest.fixture
def owner():
    return make_user(role=Role.OWNER)


def test_every_field_stands_in_one_group_that_says_what_it_is_for(client, owner):
    site_settings()
    client.force_login(owner)
    page = client.get(SETTINGS)
    groups = list(page.context["adminform"])
    named = [field for group in groups for field in group.fields]
    assert sorted(named) == sorted(SiteSettingsForm.base_fields)
    assert all(group.description for group in groups)
    assert [group.is_collapsible for group in groups] == [False] + [True] * (len(groups) - 1)
    menus = page.context["inline_admin_formsets"]
    assert all(menu.is_collapsible for menu in menus)
    assert page.text.count("<details") >= len(groups) - 1 + len(menus)


def test_a_group_with_an_error_is_open(client, owner):
    answer, _site = save_settings(client, owner, trash_days="veel")
    by_field = {name: group for group in answer.context["adminform"] for name in group.fields}
    assert not by_field["trash_days"].is_collapsible
    assert by_field["hold"].is_collapsible


def opened(client):
    """What the fields of the accent say when the form is opened."""
    form = client.get(SETTINGS).context["adminform"].form
    return form["accent"].value() or "", form["accent_dark"].value() or ""


def test_a_colour_on_dark_that_was_derived_follows_the_next_accent(client, owner):
    _answer, site = save_settings(client, owner, accent="#ffff00", take_nearest="on")
    assert opened(client) == (f"#{site.accent}", "")
    _answer, site = save_settings(client, owner, accent="#b00020", accent_dark=opened(client)[1])
    assert site.accent_dark == colours.nearest("b00020", colours.DARK)
    _answer, site = save_settings(client, owner, accent="", accent_dark=opened(client)[1])
    assert (site.accent, site.accent_dark) == ("", "")


def test_a_colour_on_dark_that_was_chosen_stays(client, owner):
    save_settings(client, owner, accent="#b00020", accent_dark="#ffd400")
    assert opened(client) == ("#b00020", "#ffd400")
    _answer, site = save_settings(client, owner, accent="#0b5d5a", accent_dark=opened(client)[1])
    assert site.accent_dark == "ffd400"


@hypothesis_settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(light=COLOURS, dark=st.one_of(st.just(""), COLOURS))
def test_the_preview_is_what_saving_stores(light, dark):
    shown = accent.preview(light, dark)
    form = SiteSettingsForm({"accent": light, "accent_dark": dark, "take_nearest": "on"})
    form.is_valid()
    stored = form.cleaned_data["accent"], form.cleaned_data["accent_dark"]
    seen = [one.get("nearest") or one["colour"] for one in shown.values()]
    assert tuple(seen) == stored
    for one, surfaces in zip(shown.values(), (colours.LIGHT, colours.DARK), strict=True):
        enough = colours.least(one["colour"], surfaces) >= colours.AA
        assert enough == ("nearest" not in one)
        number = float(re.search(r"\d+[.,]\d", one["words"])[0].replace(",", "."))
        # Cut off, never rounded up to enough.
        assert number == int(colours.least(one["colour"], surfaces) * 10) / 10


def test_without_a_colour_it_shows_the_site_s_own(client, owner):
    client.force_login(owner)
    shown = client.get(PREVIEW, {"accent": " ", "accent_dark": ""}).json()
    assert (shown["light"]["colour"], shown["dark"]["colour"]) == colours.OWN
    assert not SiteSettings.objects.exclude(accent="").exists()


@pytest.mark.parametrize("typed", ["red", "#12", "#0b5d5a;}", "</style>", "#" * 5000])
def test_what_is_no_colour_gets_words_alone(client, owner, typed):
    client.force_login(owner)
    shown = client.get(PREVIEW, {"accent": typed, "accent_dark": typed}).json()
    assert {scheme: list(one) for scheme, one in shown.items()} == {
        "light": ["words"],
        "dark": ["words"],
    }


@pytest.mark.parametrize("role", [Role.EDITOR, Role.AUTHOR, Role.MODERATOR])
def test_the_preview_is_for_owners(client, role):
    client.force_login(make_user(role=role))
    assert client.get(PREVIEW).status_code == 403
