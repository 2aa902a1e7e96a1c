"""An article's way from its author over an editor to a reader, walked in a browser."""

import datetime
import re

import pytest
from playwright.sync_api import expect

from authors.roles import Role
from blog.models import Article, SiteSettings
from tests.browser.accessible import faults
from tests.browser.conftest import DESK, PHONE, log_in
from tests.factories import make_article, make_author, make_user


@pytest.fixture
def femke(roles, media_root):
    SiteSettings.objects.create(pk=1, title="De Werkbank")
    make_user("rita", role=Role.EDITOR, first_name="Rita", last_name="Redactie")
    return make_author("Femke Brouwer", user=make_user("femke", role=Role.AUTHOR))


def test_submitted_returned_previewed_and_published(visitor, femke):
    article = make_article("Half af", authors=[femke], status="draft")
    change = f"/admin/blog/article/{article.pk}/change/"
    author = visitor.page(PHONE)
    log_in(author, "femke")
    author.goto(change)
    expect(author.get_by_role("button", name="Publiceren")).to_have_count(0)
    author.get_by_label("Opmerking").fill("Is de kop goed?")
    author.get_by_role("button", name="Ter beoordeling indienen").click()
    expect(author.locator(".messagelist .success")).to_be_visible()

    author.goto(change)
    author.get_by_role("link", name="Voorbeeldlinks").click()
    author.get_by_label("Voor wie").fill("Karin")
    author.get_by_role("button", name="De link maken").click()
    address = author.locator(".desk-link input").input_value()
    colleague = visitor.page(PHONE, scripts=False)
    colleague.goto(re.sub(r"^https?://[^/]+", "", address))
    expect(colleague.locator(".notice")).to_contain_text("Deze link werkt tot")
    expect(colleague.get_by_text("Een alinea over werk.")).to_be_visible()
    assert colleague.context.cookies() == []

    editor = visitor.page(DESK)
    log_in(editor, "rita")
    editor.goto(change)
    expect(editor.locator(".desk-steps")).to_contain_text("Is de kop goed?")
    editor.get_by_role("button", name="Teruggeven met opmerking").click()
    expect(editor.locator(".errorlist").first).to_contain_text("Schrijf wat er anders moet")
    editor.get_by_label("Opmerking").fill("Ja, maar de inleiding ontbreekt.")
    editor.get_by_role("button", name="Teruggeven met opmerking").click()
    expect(editor.locator(".messagelist .success")).to_be_visible()

    author.goto(change)
    expect(author.locator(".desk-steps")).to_contain_text("de inleiding ontbreekt")
    author.get_by_label("Inleiding").fill("Nu wel.")
    author.get_by_role("button", name="Ter beoordeling indienen").click()
    expect(author.locator(".messagelist .success")).to_be_visible()

    year = datetime.date.today().year + 1
    editor.goto(change)
    expect(editor.locator(".desk-zone")).to_contain_text("Europe/Amsterdam, UTC+")
    editor.locator("#id_published_at_0").fill(f"15-07-{year}")
    editor.locator("#id_published_at_1").fill("09:00")
    expect(editor.locator(".desk-zone")).to_have_text("Europe/Amsterdam, UTC+2")
    editor.get_by_role("button", name="Inplannen").click()
    expect(editor.locator(".messagelist .success")).to_be_visible()
    editor.goto(change)
    editor.get_by_role("button", name="Publiceren").click()
    expect(editor.locator(".messagelist .success")).to_be_visible()
    assert Article.objects.get().is_public
    colleague.reload()
    expect(colleague).to_have_url(re.compile(r"/half-af-\d+/$"))
    expect(colleague.locator(".notice")).to_have_count(0)


@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_the_desk_s_pages_of_the_way_are_accessible(visitor, femke, width, scheme):
    article = make_article("Half af", authors=[femke], status="review")
    article.steps.create(step="submitted", note="Klaar?", actor=femke.user)
    desk = visitor.page(width, scheme=scheme)
    log_in(desk, "rita")
    visitor.expect("Applying inline style|preload assets")
    wrong = []
    links = f"/admin/blog/article/{article.pk}/links/"
    desk.goto(links)
    desk.get_by_role("button", name="De link maken").click()
    expect(desk.locator(".desk-link input")).to_be_visible()
    for url, part in {
        links: "#content",
        f"/admin/blog/article/{article.pk}/change/": ".desk-steps, .desk-moves, .desk-schedule",
    }.items():
        desk.goto(url)
        assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for one in part.split(", "):
            wrong += faults(desk, one)
    assert not wrong, "\n".join(wrong)


def test_the_byline_is_ordered_by_keyboard_and_by_hand(visitor, femke):
    others = [make_author(name) for name in ("Bram Gast", "Cor Gast")]
    article = make_article("Samen", authors=[femke, *others])
    desk = visitor.page(DESK)
    log_in(desk, "rita")
    desk.goto(f"/admin/blog/article/{article.pk}/change/")
    last = desk.get_by_role("button", name="Cor Gast naar voren")
    last.focus()
    desk.keyboard.press("Enter")
    expect(desk.locator(".desk-order-status").first).to_have_text("Cor Gast: plaats 2 van 3")
    expect(last).to_be_focused()
    rows = desk.locator("#id_people li")
    rows.filter(has_text="Bram Gast").hover()
    desk.mouse.down()
    # The hand goes on moving until the row has followed; the form may shift while it does.
    for turn in range(20):
        place = rows.filter(has_text="Femke Brouwer").bounding_box()
        desk.mouse.move(place["x"] + 60 + turn, place["y"] + 2)
        if "Bram Gast" in rows.first.inner_text():
            break
    desk.mouse.up()
    expect(rows.first).to_contain_text("Bram Gast")
    visitor.expect("Applying inline style|preload assets")
    assert not faults(desk, ".desk-order")
    desk.get_by_role("button", name="Opslaan", exact=True).click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    assert [one.name for one in article.byline] == ["Bram Gast", "Femke Brouwer", "Cor Gast"]
    reader = visitor.page(PHONE)
    reader.goto(article.get_absolute_url())
    expect(reader.locator(".article-header .byline")).to_have_text(
        "Door Bram Gast, Femke Brouwer en Cor Gast"
    )
