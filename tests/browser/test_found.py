"""The form's fields for searches: what is typed is shown as a search may show it."""

import re

from playwright.sync_api import expect

from authors.roles import Role
from blog.models import Article, SiteSettings
from tests.browser.accessible import faults
from tests.browser.conftest import DESK, PHONE, log_in
from tests.factories import make_article, make_author, make_user


def test_typed_shown_counted_chosen_and_saved(visitor, roles):
    SiteSettings.objects.update_or_create(pk=1, defaults={"title": "De Werkbank"})
    author = make_author()
    article = make_article("Over vergaderen", authors=[author])
    make_article("Anders gezegd", authors=[author])
    make_user("femke", role=Role.EDITOR)
    page = visitor.page(DESK)
    log_in(page, "femke")
    page.goto(f"/admin/blog/article/{article.pk}/change/")
    box = page.locator(".desk-found")
    title, text = box.locator(".desk-found-title"), box.locator(".desk-found-text")
    expect(title).to_have_text("Over vergaderen – De Werkbank")
    page.locator("#id_lead").fill("Een lead.")
    expect(text).to_have_text("Een lead.")
    page.locator("fieldset:has(#id_search_title) summary").last.click()
    page.locator("#id_search_title").fill("Korter vergaderen, " * 5)
    expect(title).to_have_text(re.compile(r"^Korter vergaderen.{9,45}…$"))
    expect(page.locator("#id_search_title + .desk-found-count")).to_contain_text("94")
    page.locator("#id_search_title").fill("Korter vergaderen")
    page.locator("#id_search_description").fill("Zo doet u dat.")
    expect(title).to_have_text("Korter vergaderen")
    expect(text).to_have_text("Zo doet u dat.")
    page.locator("#id_next_articles + button").click()
    page.locator("dialog input").fill("anders")
    page.locator("dialog li button").first.click()
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visitor.expect("Applying inline style|preload assets|/widgets.css")  # By axe itself.
    assert not (wrong := faults(page, ".desk-found")), "\n".join(wrong)
    # A browser that is gone, and the text put back on another day: the chosen article is there too.
    page.locator("#id_search_title").press("End")
    expect(page.locator(".desk-kept").first).to_contain_text("automatisch bewaard")
    page.close(run_before_unload=False)
    page = visitor.page(DESK)
    log_in(page, "femke")
    page.goto(f"/admin/blog/article/{article.pk}/change/")
    rows = page.locator("#id_next_articles li")
    expect(rows).to_have_count(0)
    page.locator(".desk-notice").get_by_role("button", name="Terugzetten").click()
    expect(rows).to_have_count(1)
    with page.expect_navigation():
        page.get_by_role("button", name="Opslaan", exact=True).click()
    saved = Article.objects.get(pk=article.pk)
    assert (saved.search_title, saved.search_description) == ("Korter vergaderen", "Zo doet u dat.")
    assert [row.other.title for row in saved.related_articles.all()] == ["Anders gezegd"]
