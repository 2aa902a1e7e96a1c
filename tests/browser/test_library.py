"""Pictures in an author's hands: left out of a paste and brought, placed, cropped, cancelled."""

import base64

import pytest
from playwright.sync_api import expect

from blog.models import Article, Image
from blog.publishing.pictures import image_add
from tests.browser.accessible import faults
from tests.browser.conftest import DESK, PHONE, log_in
from tests.browser.test_desk import picture_file
from tests.browser.test_writing import article, at_the_end, femke, open_form, paste, save
from tests.factories import make_upload

__all__ = ["article", "femke"]


def inside(colour):
    bytes = picture_file(colour)["buffer"]
    return f"data:image/jpeg;base64,{base64.b64encode(bytes).decode()}"


def test_what_a_paste_left_out_is_followed_up(visitor, article):
    desk = open_form(visitor, article)
    at_the_end(desk)
    desk.keyboard.press("Enter")
    paste(
        desk,
        '<p>Eerste.</p><p><img src="https://elders.example/brug.jpg" alt="Een brug"></p>'
        "<p>Midden.</p>"
        f'<p><img alt="Een kat" src="{inside("#27a")}"></p>'
        '<video src="https://elders.example/f.mp4" title="Een film"></video><p>Laatste.</p>',
        "tekst",
    )
    notes, rows = desk.locator(".desk-left-out"), desk.locator(".desk-left-outs li")
    expect(notes).to_have_count(3)
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("Een brug")
    expect(rows.first.get_by_role("link")).to_have_attribute(
        "href", "https://elders.example/brug.jpg"
    )
    # Its bytes came along in the clipboard: the form has the file and its words.
    notes.nth(1).get_by_role("button").first.click()
    dialog = desk.get_by_role("dialog")
    expect(dialog.locator("[name=alt]")).to_have_value("Een kat")
    dialog.locator("button[type=submit]").click()
    expect(desk.locator(".tiptap .desk-figure img")).to_be_visible()
    expect(rows).to_have_count(2)
    # What is left is saved, found again, and never shown to readers.
    save(desk)
    expect(rows).to_have_count(2)
    stored = Article.objects.get(pk=article.pk)
    assert stored.body_source.count("data-left-out") == 2
    assert "elders.example" not in stored.body_html
    assert stored.figures == [Image.objects.get().pk]
    # From the list to the note, and on by keyboard.
    rows.last.get_by_role("button").press("Enter")
    expect(notes.last).to_have_class("desk-left-out ProseMirror-selectednode")
    for _part in ("its address", "a card of it", "leave it out"):
        desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    visitor.expect("Applying inline style|preload assets|/widgets.css")  # By axe itself.
    assert not faults(desk, ".desk-left-out, .desk-left-outs")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_picture_is_placed_and_cropped(visitor, article, width):
    image = image_add(upload=make_upload(size=(1200, 600)), alt="Een stoel", user=article_user())
    Article.objects.filter(pk=article.pk).update(
        body_source=f'<p>Begin.</p><figure data-image="{image.pk}"></figure><p>Eind.</p>'
    )
    desk = open_form(visitor, article, width)
    desk.locator(".desk-place").select_option("right")
    expect(desk.locator(".desk-place")).to_be_focused()
    desk.locator(".desk-figure .desk-edit").click()
    dialog = desk.get_by_role("dialog")
    box = dialog.locator(".focal img").bounding_box()
    # A frame over the left half, drawn from corner to corner.
    desk.mouse.move(box["x"] + 1, box["y"] + 1)
    desk.mouse.down()
    desk.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 1, steps=4)
    desk.mouse.up()
    visitor.expect("Applying inline style|preload assets|/widgets.css")  # By axe itself.
    assert not faults(desk, "dialog")
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_have_count(0)
    image.refresh_from_db()
    assert abs(image.crop_width - 50) <= 2
    assert image.crop_height >= 97
    save(desk)
    source = Article.objects.get(pk=article.pk).body_source
    assert f'<figure data-image="{image.pk}" data-place="right">' in source
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")


def article_user():
    return Article.objects.get().byline[0].user


def test_an_upload_that_is_cancelled_on_its_way_is_taken_back(visitor, article):
    desk = open_form(visitor, article)
    at_the_end(desk)
    desk.locator(".prose-menubar").get_by_role("button", name="Afbeelding", exact=True).click()
    dialog = desk.locator("dialog.picker")
    expect(dialog.get_by_role("tab").first).to_have_attribute("aria-selected", "true")
    dialog.locator("input[type=file]").set_input_files(picture_file())
    dialog.locator("[name=alt]").first.fill("Een brug")
    held = []
    desk.route("**/image/choose/", lambda route: held.append(route))
    dialog.locator("button[type=submit]").click()
    expect(dialog.get_by_role("status").last).not_to_be_empty()
    desk.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    with desk.expect_response("**/drop/") as dropped:
        held[0].continue_()
    assert dropped.value.status == 200
    assert not Image.objects.exists()


def test_the_grid_is_found_by_who_looks(visitor, femke):
    for number in range(3):
        image_add(upload=make_upload(colour=f"#{number}a3"), alt=f"Beeld {number}", user=femke.user)
    visitor.expect("Applying inline style|preload assets|/widgets.css")  # By axe itself.
    for width in (DESK, PHONE):
        page = visitor.page(width)
        log_in(page, "femke")
        page.goto("/admin/blog/image/")
        expect(page.locator(".library-grid img")).to_have_count(3)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        wrong = faults(page, "#content")
        page.locator(".library-grid a").first.click()
        expect(page.locator(".crop-shapes button")).to_have_count(5)
        page.locator(".crop-shapes button").nth(1).click()
        assert page.locator("#id_crop_width").input_value() != "100"
        wrong += faults(page, "#content")
        page.locator(".deletelink").click()
        page.get_by_role("heading", level=1).wait_for()
        wrong += faults(page, "#content")
        assert not wrong, "\n".join(wrong)
