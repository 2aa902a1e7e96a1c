"""From the site to the form and back, and the accent as it will look before it is saved."""

import pytest
from playwright.sync_api import expect

from authors.roles import Role
from blog.models import SiteSettings
from tests.browser.accessible import faults
from tests.browser.conftest import DESK, PHONE, log_in
from tests.factories import make_article, make_author, make_tag, make_user


@pytest.fixture
def article(roles):
    SiteSettings.objects.create(pk=1, title="De Werkbank")
    author = make_author("Femke", user=make_user("femke", role=Role.AUTHOR))
    make_user("baas", role=Role.OWNER)
    return make_article("Roosters", authors=[author], tags=[make_tag("Werk")])


@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_an_author_goes_from_her_article_to_its_form(visitor, article, width, scheme):
    page = visitor.page(width, scheme=scheme, bypass_csp=True)  # axe brings styles of its own.
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(article.get_absolute_url(), wait_until="networkidle")
    assert not [url for url in asked if "/admin/" in url or "edit-here" in url]
    assert page.context.cookies() == []
    log_in(page, "femke")
    page.goto(article.get_absolute_url())
    link = page.locator(".edit-here a")
    expect(link).to_be_visible()
    assert faults(page, ".edit-here") == []
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/admin/blog/article/{article.pk}/change/")
    page.emulate_media(media="print")
    page.goto(article.get_absolute_url())
    expect(link).to_be_attached()
    expect(link).to_be_hidden()
    page.emulate_media(media="screen")

    # A subject is for editors; where the login has ended, the browser asks once more and no more.
    with page.expect_response("**/admin/edit/**") as answer:
        page.goto("/tag/werk/")
    assert answer.value.json() == {}
    page.context.clear_cookies()
    with page.expect_response("**/admin/edit/**") as answer:
        page.goto("/tag/werk/")
    assert answer.value.json() == {"known": False}
    page.wait_for_function("localStorage.getItem('weerwoord.staff') === null")
    assert not page.locator(".edit-here").count()


@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_the_accent_is_seen_in_both_schemes_before_it_is_saved(visitor, article, width, scheme):
    page = visitor.page(width, scheme=scheme, bypass_csp=True)
    log_in(page, "baas")
    page.goto("/admin/blog/sitesettings/1/change/")
    light, dark = page.locator(".accent-light"), page.locator(".accent-dark")
    field, words = page.locator("#id_accent"), ".accent-words"
    expect(dark.locator(words)).not_to_be_empty()
    assert faults(page, "#sitesettings_form") == []

    def on(panel):
        button = panel.locator(".accent-button")
        return button.evaluate("one => getComputedStyle(one).backgroundColor")

    field.fill("#ffff00")
    take = light.get_by_role("button")
    expect(take).to_be_visible()
    assert on(light) == "rgb(255, 255, 0)"
    take.click()
    expect(take).to_be_hidden()
    expect(field).to_have_value("#746d00")
    olive = on(dark)
    page.locator("[name=_continue]").click()
    page.wait_for_load_state()
    expect(page.locator(".messagelist")).to_be_visible()

    # Another accent: the colour on dark goes with it, in the preview and in what is saved.
    expect(page.locator("#id_accent_dark")).to_have_value("")
    field.fill("#b00020")
    expect(light.locator(words)).not_to_be_empty()
    page.wait_for_function(
        "olive => getComputedStyle(document.querySelector('.accent-dark .accent-button'))"
        ".backgroundColor !== olive",
        arg=olive,
    )
    seen = on(dark)
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist")).to_be_visible()
    site = SiteSettings.objects.get()
    assert site.accent == "b00020"
    parts = [int(site.accent_dark[at : at + 2], 16) for at in (0, 2, 4)]
    assert seen == "rgb({}, {}, {})".format(*parts)
