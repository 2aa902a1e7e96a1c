"""Nothing is lost: crashes, a site that does not answer, two people at one article, undoing."""

import re

import pytest
from playwright.sync_api import expect

from authors.roles import Role
from blog.models import Article, SiteSettings, WorkingCopy
from tests.browser.conftest import DESK, PHONE, log_in
from tests.browser.test_desk_journeys import Keys
from tests.browser.test_writing import at_the_end, open_form, save
from tests.factories import make_article, make_author, make_user


@pytest.fixture
def femke(roles, media_root):
    SiteSettings.objects.update_or_create(pk=1, defaults={"title": "De Werkbank"})
    return make_author("Femke Brouwer", user=make_user("femke", role=Role.AUTHOR))


@pytest.fixture
def article(femke):
    return make_article("Half af", authors=[femke], status="draft", body="<p>Begin.</p>")


def test_what_was_not_saved_is_offered_after_a_crash(visitor, article):
    desk = open_form(visitor, article)
    at_the_end(desk)
    desk.keyboard.type(" Nog niet opgeslagen.")
    expect(desk.locator(".desk-kept")).to_contain_text("automatisch bewaard")
    desk.context.close()  # As a browser that is gone: no page says goodbye.
    again = open_form(visitor, article, PHONE)
    notice = again.locator(".desk-notice").filter(has_text="niet is opgeslagen")
    expect(notice).to_be_visible()
    expect(again.locator(".tiptap")).not_to_contain_text("Nog niet")
    with again.context.expect_page() as opened:
        Keys(again).press(notice.get_by_role("link", name="Toon het verschil"))
    expect(opened.value.locator("ins")).to_contain_text("Nog niet opgeslagen.")
    opened.value.close()
    Keys(again).press(notice.get_by_role("button", name="Terugzetten"))
    expect(again.locator(".tiptap")).to_contain_text("Nog niet opgeslagen.")
    save(again)
    assert "Nog niet opgeslagen." in Article.objects.get(pk=article.pk).body_source
    expect(again.locator(".desk-notice").filter(has_text="opgeslagen")).to_have_count(0)
    assert not WorkingCopy.objects.exclude(data={}).exists()


def test_a_browser_keeps_what_the_site_does_not_take(visitor, article):
    visitor.expect("Failed to load resource")
    desk = open_form(visitor, article)
    desk.route("**/article/keep/", lambda route: route.abort())
    desk.get_by_label("Titel").fill("Onderweg geschreven")
    expect(desk.locator(".desk-kept")).to_contain_text("in deze browser")
    desk.close(run_before_unload=False)
    page = desk.context.new_page()
    page.goto(f"/admin/blog/article/{article.pk}/change/")
    notice = page.locator(".desk-notice").filter(has_text="Deze browser bewaarde")
    notice.get_by_role("button", name="Terugzetten").click()
    expect(page.get_by_label("Titel")).to_have_value("Onderweg geschreven")
    save(page)
    assert Article.objects.get(pk=article.pk).title == "Onderweg geschreven"
    assert page.evaluate("Object.keys(localStorage).filter((k) => k.includes('copy')).length") == 0


def test_the_warning_is_true(visitor, article):
    desk = open_form(visitor, article)
    asked = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    at_the_end(desk)
    desk.keyboard.type("x")
    desk.keyboard.press("Backspace")
    desk.goto("/admin/")
    assert asked == []
    desk.goto(f"/admin/blog/article/{article.pk}/change/")
    expect(desk.locator(".desk-count")).to_be_visible()
    at_the_end(desk)
    desk.keyboard.type("x")
    desk.goto("/admin/")
    assert asked == ["beforeunload"]


def test_two_people_see_each_other_and_the_second_is_stopped_with_both_texts(visitor, article):
    visitor.expect("409")
    make_author("Eva Redacteur", user=make_user("eva", role=Role.EDITOR))
    femke = open_form(visitor, article)
    eva = open_form(visitor, article, name="eva")
    notice = eva.locator(".desk-notice").filter(has_text="heeft deze tekst ook open")
    expect(notice).to_have_text("Femke Brouwer heeft deze tekst ook open.")
    at_the_end(femke)
    femke.keyboard.type(" Van Femke.")
    save(femke)
    at_the_end(eva)
    eva.keyboard.type(" Van Eva.")
    eva.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    overtaken = eva.locator(".desk-notice").filter(has_text="heeft deze tekst opgeslagen")
    expect(overtaken).to_contain_text("Femke Brouwer")
    eva.keyboard.press("Control+s")
    expect(eva.get_by_role("heading", name="Iemand anders heeft deze tekst")).to_be_visible()
    expect(eva.locator("del")).to_contain_text("Van Femke.")
    expect(eva.locator("ins")).to_contain_text("Van Eva.")
    expect(eva.locator(".tiptap")).to_contain_text("Van Eva.")
    eva.get_by_role("button", name="Opslaan", exact=True).click()
    expect(eva.locator(".messagelist .success")).to_be_visible()
    assert "Van Eva." in Article.objects.get(pk=article.pk).body_source


def test_versions_are_compared_and_put_back_and_an_article_comes_out_of_the_trash(visitor, article):
    desk = open_form(visitor, article, PHONE)
    keys = Keys(desk)
    for words in (" Eerste.", " Tweede."):
        at_the_end(desk)
        desk.keyboard.type(words)
        save(desk)
    keys.go(desk.get_by_role("link", name="Geschiedenis"))
    expect(desk.get_by_role("heading", name="Versies van")).to_be_visible()
    desk.wait_for_load_state()
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    keys.press(desk.get_by_role("button", name="Toon het verschil"))
    expect(desk.locator("ins b")).to_have_text("Tweede.")
    keys.press(desk.get_by_role("button", name=re.compile("^Terugzetten")))
    expect(desk.locator(".messagelist .success")).to_be_visible()
    assert "Tweede" not in Article.objects.get(pk=article.pk).body_source
    desk.goto(f"/admin/blog/article/{article.pk}/change/")
    expect(desk.locator(".desk-count")).to_be_visible()
    keys.go(desk.locator(".deletelink"))
    keys.go(desk.get_by_role("button", name="Weggooien"))
    keys.go(desk.get_by_role("link", name="Naar de prullenbak"))
    expect(desk.locator(".desk-trash strong")).to_have_text("Half af")
    desk.get_by_role("button", name=re.compile("^Terugzetten")).press("Enter")
    expect(desk.locator(".messagelist .success")).to_contain_text("is terug")
    assert Article.objects.get(pk=article.pk).trashed_at is None


def test_a_new_article_is_kept_too(visitor, femke):
    desk = visitor.page(DESK)
    log_in(desk, "femke")
    desk.goto("/admin/blog/article/add/")
    expect(desk.locator(".desk-count")).to_be_visible()
    desk.get_by_label("Titel").fill("Nooit opgeslagen")
    expect(desk.locator(".desk-kept")).to_contain_text("automatisch bewaard")
    desk.context.close()
    again = visitor.page(DESK)
    log_in(again, "femke")
    again.goto("/admin/blog/article/add/")
    with again.expect_response(lambda answer: "/drop/" in answer.url):
        again.locator(".desk-notice").get_by_role("button", name="Weggooien").click()
    expect(again.locator(".desk-notice")).to_have_count(0)
    again.reload()
    expect(again.locator(".desk-count")).to_be_visible()
    expect(again.locator(".desk-notice")).to_have_count(0)


def test_what_is_refused_is_in_the_browser_when_it_is_said(visitor, article):
    """The promise is true at the moment it is made, and taken back when the site answers."""
    visitor.expect("Failed to load resource")
    desk = open_form(visitor, article)
    desk.route("**/article/keep/", lambda route: route.abort())
    desk.route("**/admin/session/", lambda route: route.abort())
    stored = """() => {
        window.atNotice = null
        new MutationObserver((changes) => {
            for (const { addedNodes } of changes) for (const node of addedNodes) {
                if (node.role !== "alert") continue
                const kept = Object.values(localStorage)
                window.atNotice = kept.some((one) => one.includes("Net getypt"))
            }
        }).observe(document.body, { childList: true, subtree: true })
        const title = document.querySelector("#id_title")
        title.value = "Net getypt"
        title.form.requestSubmit(title.form.querySelector("[name=_continue]"))
    }"""
    desk.evaluate(stored)
    notice = desk.locator(".desk-notice[role=alert]")
    expect(notice).to_contain_text("De site antwoordt niet")
    assert desk.evaluate("window.atNotice") is True
    desk.unroute("**/admin/session/")
    desk.unroute("**/article/keep/")
    at_the_end(desk)
    desk.keyboard.type(" Verder.")
    expect(desk.locator(".desk-kept")).to_contain_text("automatisch bewaard")
    expect(notice).to_have_count(0)


def test_it_is_withdrawn_at_the_next_look_too(visitor, femke):
    visitor.expect("Failed to load resource")
    page = visitor.page(DESK)
    log_in(page, "femke")
    page.goto(f"/admin/authors/author/{femke.pk}/change/")
    page.route("**/admin/session/", lambda route: route.abort())
    page.get_by_label("Functie").fill("Chef")
    page.locator("[name=_continue]").click()
    notice = page.locator(".desk-notice[role=alert]")
    expect(notice).to_contain_text("De site antwoordt niet")
    page.unroute("**/admin/session/")
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(notice).to_have_count(0)
    expect(page.get_by_label("Functie")).to_have_value("Chef")
