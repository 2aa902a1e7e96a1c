"""The desk walked with the keyboard alone: as owner, editor, author; on a phone, at a desk."""

import datetime
import re

import pytest
from playwright.sync_api import expect

from authors.roles import Role
from blog.models import Article, MenuItem, Page, Redirect, Series, SiteSettings
from blog.publishing.pictures import image_add
from tests.browser.accessible import faults
from tests.browser.conftest import DESK, PHONE, log_in
from tests.browser.test_desk import library_of, picture_file
from tests.factories import make_article, make_author, make_tag, make_upload, make_user

WIDTHS = pytest.mark.parametrize("width", [PHONE, DESK])


@pytest.fixture
def site(roles, media_root):
    return SiteSettings.objects.update_or_create(pk=1, defaults={"title": "De Werkbank"})[0]


class Keys:
    """Hands on a keyboard: Tab until the thing has the focus, then keys."""

    def __init__(self, page):
        self.page = page

    def reach(self, thing):
        for _press in range(160):
            if thing.evaluate_all("all => !!all[0] && all[0] === document.activeElement"):
                return self
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not come to {thing}")

    def press(self, thing, key="Enter"):
        self.reach(thing)
        self.page.keyboard.press(key)

    def tool(self, thing):
        """A button of the editor's toolbar: one stop of Tab, then the arrows."""
        self.reach(self.page.locator(".prose-menubar button[tabindex='0']"))
        for _press in range(40):
            if thing.first.evaluate("one => one === document.activeElement"):
                return self.page.keyboard.press("Enter")
            self.page.keyboard.press("ArrowRight")
        raise AssertionError(f"No arrow comes to {thing}")

    def go(self, thing):
        with self.page.expect_navigation():
            self.press(thing)

    def write(self, thing, text):
        self.press(thing, "Control+a")
        self.page.keyboard.type(text)

    def save(self, shortcut=False):
        with self.page.expect_navigation():
            if shortcut:
                self.page.keyboard.press("Control+s")
            else:
                self.press(self.page.locator("[name=_continue]:not([value=unmoved])"))
        expect(self.page.locator(".messagelist .success")).to_be_visible()


def tidy(page, part="#content"):
    """Nothing is wider than a phone or a desk, and axe has no complaint."""
    page.wait_for_load_state()
    here = page.viewport_size
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    page.set_viewport_size(here)
    assert not (wrong := faults(page, part)), "\n".join(wrong)


@WIDTHS
def test_an_owner_sets_up_the_site(visitor, site, width):
    visitor.expect("Applying inline style|preload assets|/widgets.css")  # By axe itself.
    make_article("Eerst dit", lead="Het begin.")
    featured = make_article("Wachten is werk")
    for _number in range(3):
        make_article()
    image_add(upload=make_upload(), alt="Een merkteken", user=None)
    make_tag("Rust")
    make_user("baas", role=Role.OWNER)
    page = visitor.page(width)
    log_in(page, "baas")
    page.goto("/admin/blog/sitesettings/1/change/")
    keys, by = Keys(page), page.locator
    expect(page.get_by_role("button", name="Logo: Kies uit de bibliotheek")).to_be_visible()
    keys.write(by("#id_title"), "Het Blad")
    keys.write(by("#id_tagline"), "Over werk en wie het doet")
    keys.press(page.get_by_role("button", name="Logo: Kies uit de bibliotheek"))
    keys.press(library_of(page).get_by_role("button", name="Een merkteken"))
    expect(by(".desk-chosen").first).to_have_text("Een merkteken")
    keys.write(by("#id_accent"), "#ffcc00")
    keys.press(page.locator("summary", has_text="Voorpagina, delen"))
    keys.press(page.locator("#sitesettings_form summary", has_text="Het gesprek"))
    keys.press(page.get_by_role("button", name="Uitgelicht artikel: Kies"))
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Eerst dit")).to_be_visible()
    tidy(page, "dialog")
    keys.write(dialog.get_by_role("textbox"), "wachten")
    expect(dialog.get_by_role("button", name="Eerst dit")).to_have_count(0)
    keys.press(dialog.get_by_role("button", name="Wachten is werk"))
    expect(page.get_by_role("button", name="Uitgelicht artikel: Kies")).to_be_focused()
    keys.write(by("#id_invitation"), "Hoe is dat bij u?")
    keys.press(by("[name=share_networks][value=x]"), "Space")
    keys.reach(by("#id_hold"))
    page.keyboard.press("End")
    top, foot = by("#menu_items-group"), by("#menu_items-2-group")
    for place, label, url in ((top, "Zoek", "/search/"), (foot, "Feed", "/feed/")):
        keys.press(place.locator("summary").first)
        keys.press(place.locator(".add-row a"))
        row = place.locator(".inline-related:not(.empty-form)").last
        expect(row.locator("[name$=-label]")).to_be_focused()
        page.keyboard.type(label)
        keys.write(row.locator("[name$=-url]"), url)
    keys.go(by("[name=_continue]:not([value=unmoved])"))
    put_the_colour_right(page, keys, top, featured)
    see_the_site(visitor.page(width))


def put_the_colour_right(page, keys, top, featured):
    by = page.locator
    # The colour is refused with the nearest that can be read; all else that was typed is there.
    complaint = by(".errorlist").filter(has_text="Slecht te lezen")
    expect(complaint).to_contain_text("een contrast van 1,3")
    expect(by("#id_title")).to_have_value("Het Blad")
    expect(top.locator("[name$=-url]").first).to_have_value("/search/")
    keys.press(by(".accent-light button"), "Space")
    keys.press(top.locator("summary").first)
    keys.press(top.locator(".add-row a"))
    row = top.locator(".inline-related:not(.empty-form)").last
    keys.press(row.get_by_role("button", name="Onderwerp: Kies"))
    keys.press(page.get_by_role("dialog").get_by_role("button", name="Rust"))
    expect(row.get_by_role("button", name="Onderwerp: Kies")).to_be_focused()
    # Back to the head of the row, and up.
    page.keyboard.press("Shift+Tab")
    keys.press(row.get_by_role("button", name="Rust naar voren"))
    expect(by(".desk-order-status").first).to_have_text("Rust: plaats 1 van 2")
    keys.save()
    tidy(page)
    stored = SiteSettings.objects.get()
    assert stored.accent not in ("", "ffcc00")
    assert (stored.featured, stored.hold) == (featured, "nobody")
    assert "x" not in stored.share_networks
    assert [str(item) for item in MenuItem.objects.filter(place="header")] == ["Rust", "Zoek"]


def see_the_site(reader):
    reader.goto("/")
    expect(reader.locator(".site-name")).to_contain_text("Het Blad")
    expect(reader.locator(".site-logo img")).to_have_count(1)
    assert reader.locator(".site-menu a").all_inner_texts() == ["Rust", "Zoek"]
    expect(reader.locator(".colophon").get_by_role("link", name="Feed")).to_be_visible()
    expect(reader.get_by_text("Uitgelicht")).to_be_visible()
    reader.get_by_role("link", name="Wachten is werk").first.click()
    expect(reader.get_by_text("Hoe is dat bij u?")).to_be_visible()
    expect(reader.locator("[data-network=x]")).to_have_count(0)


def test_an_editor_keeps_pages(visitor, site):
    visitor.expect("Applying inline style|preload assets|/widgets.css|409")
    make_user("rita", role=Role.EDITOR)
    page = visitor.page(PHONE)
    log_in(page, "rita")
    page.goto("/admin/blog/page/add/")
    keys = Keys(page)
    expect(page.locator(".desk-count")).to_be_visible()
    keys.write(page.locator("#id_title"), "Over ons")
    keys.write(page.locator(".tiptap"), "Wij zijn met zijn drieën.")
    expect(page.locator(".desk-kept")).to_contain_text("automatisch bewaard")
    keys.reach(page.locator("#id_purpose"))
    page.keyboard.type("over")
    keys.save()
    reader = visitor.page(PHONE, scripts=False)
    reader.goto("/")
    reader.get_by_role("link", name="Over ons").click()
    expect(reader.get_by_text("Wij zijn met zijn drieën.")).to_be_visible()

    expect(page.locator(".desk-count")).to_be_visible()
    keys.reach(page.locator(".tiptap"))
    page.keyboard.press("Control+End")
    page.keyboard.type(" En u.")
    keys.save(shortcut=True)
    expect(page.locator(".tiptap")).to_contain_text("En u.")
    tidy(page)
    keys.go(page.get_by_role("link", name="Geschiedenis"))
    keys.go(page.get_by_role("button", name="Toon het verschil"))
    expect(page.locator("ins b")).to_have_text("En u.")
    tidy(page)
    keys.go(page.get_by_role("button", name=re.compile("^Terugzetten")))
    expect(page.locator(".messagelist .success")).to_contain_text("zegt weer")
    reader.reload()
    expect(reader.get_by_text("En u.")).to_have_count(0)

    made = Page.objects.get()
    page.goto(f"/admin/blog/page/{made.pk}/change/")
    expect(page.locator(".desk-count")).to_be_visible()
    keys.go(page.locator(".deletelink"))
    keys.go(page.get_by_role("button", name="Weggooien"))
    expect(page.locator(".messagelist .success")).to_contain_text("in de prullenbak")
    assert reader.request.get(made.get_absolute_url()).status == 410
    keys.go(page.get_by_role("link", name="Naar de prullenbak"))
    tidy(page)
    keys.go(page.get_by_role("button", name=re.compile("^Terugzetten")))
    expect(page.locator(".messagelist .success")).to_contain_text("is terug")
    reader.reload()
    expect(reader.get_by_text("Wij zijn met zijn drieën.")).to_be_visible()


def test_an_editor_puts_subjects_series_and_translations_in_order(visitor, site):
    visitor.expect("Applying inline style|preload assets|/widgets.css")
    work, labour = make_tag("Werk"), make_tag("Arbeid")
    parts = [make_article(f"Deel {name}", tags=[labour]) for name in ("een", "twee", "drie")]
    make_user("rita", role=Role.EDITOR)
    page = visitor.page(DESK)
    log_in(page, "rita")
    keys = Keys(page)

    page.goto("/admin/blog/tag/")
    for tag in (work, labour):
        keys.press(page.locator(f"[name=_selected_action][value='{tag.pk}']"), "Space")
    action = page.locator("select[name=action]")
    # On a phone and at a desk alike the actions stand above the list.
    action.focus()
    page.keyboard.type("Het")
    keys.go(page.locator("#changelist-form .actions button[name=index]"))
    expect(page.get_by_text("kan niet ongedaan worden gemaakt")).to_be_visible()
    expect(page.locator(".desk-merge li").filter(has_text="Arbeid")).to_contain_text("artikelen: 3")
    tidy(page)
    keys.reach(page.locator("[name=keep]").first)
    chosen = page.locator(f"[name=keep][value='{work.pk}']")
    if not chosen.evaluate("one => one === document.activeElement"):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    keys.go(page.get_by_role("button", name="Samenvoegen"))
    expect(page.locator(".messagelist .success")).to_be_visible()
    keys.go(page.get_by_role("link", name="Werk", exact=True))
    keys.write(page.locator("#id_name"), "Ons werk")
    keys.write(page.locator("#id_slug"), "ons-werk")
    keys.save()
    reader = visitor.page(DESK, scripts=False)
    for old in ("/tag/arbeid/", "/tag/werk/"):
        reader.goto(old)
        expect(reader).to_have_url(re.compile("/tag/ons-werk/$"))
    expect(reader.get_by_role("link", name="Deel een").first).to_be_visible()
    assert not Redirect.objects.filter(target__in=("/tag/werk/", "/tag/arbeid/")).exists()
    put_a_series_in_order(page, keys, reader, parts[1])
    add_a_translation(page, keys, reader)


def put_a_series_in_order(page, keys, reader, second):
    page.goto("/admin/blog/series/add/")
    keys.write(page.locator("#id_title"), "Het gesprek")
    for name in ("een", "drie", "twee"):
        keys.press(page.get_by_role("button", name="Een artikel toevoegen"))
        dialog = page.get_by_role("dialog")
        keys.write(dialog.get_by_role("textbox"), name)
        expect(dialog.get_by_role("button", name=re.compile("^Deel"))).to_have_count(1)
        keys.press(dialog.get_by_role("button", name=f"Deel {name}"))
        expect(page.locator(".desk-order li").last).to_contain_text(f"Deel {name}")
    page.keyboard.press("Shift+Tab")
    up = page.get_by_role("button", name="Deel twee naar voren")
    while not up.evaluate("one => one === document.activeElement"):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".desk-order-status")).to_have_text("Deel twee: plaats 2 van 3")
    keys.save()
    tidy(page)
    assert [one.title for one in Series.objects.get().articles.order_by("series_place")] == [
        "Deel een", "Deel twee", "Deel drie",
    ]  # fmt: skip
    reader.goto(second.get_absolute_url())
    expect(reader.locator(".series")).to_contain_text("Deel 2 van 3")


def add_a_translation(page, keys, reader):
    english = make_article("Part one", language="en")
    page.goto(f"/admin/blog/article/{english.pk}/change/")
    expect(page.locator(".desk-count")).to_be_visible()
    keys.press(page.locator(".write-side fieldset summary").first)
    keys.press(page.get_by_role("button", name="Vertaling van: Kies"))
    dialog = page.get_by_role("dialog")
    keys.write(dialog.get_by_role("textbox"), "een")
    keys.press(dialog.get_by_role("button", name="Deel een"))
    expect(page.locator("#id_original_chosen")).to_have_text("Deel een")
    keys.save(shortcut=True)
    keys.go(page.get_by_role("link", name="Vertalingen"))
    expect(page.locator(".desk-links li")).to_have_count(2)
    tidy(page)
    reader.goto(english.get_absolute_url())
    reader.locator("main a[hreflang=nl]").first.click()
    expect(reader.get_by_role("heading", name="Deel een")).to_be_visible()


@WIDTHS
def test_an_author_edits_her_own_page_and_no_other(visitor, site, width):
    visitor.expect("Applying inline style|preload assets|/widgets.css|403")
    femke = make_author("Femke Brouwer", user=make_user("femke", role=Role.AUTHOR))
    article = make_article("Een stuk", authors=[femke])
    bram = make_author("Bram Gast", user=make_user("bram", role=Role.AUTHOR))
    page = visitor.page(width)
    log_in(page, "femke")
    keys = Keys(page)
    page.goto("/admin/authors/author/")
    expect(page.get_by_role("link", name="Bram Gast")).to_have_count(0)
    keys.go(page.get_by_role("link", name="Femke Brouwer"))
    keys.write(page.locator("#id_bio"), "Femke luistert voor haar werk.")
    keys.reach(page.locator("#id_photo"))
    page.locator("#id_photo").set_input_files(picture_file("#27a"))
    keys.save()
    tidy(page)
    reader = visitor.page(width, scripts=False)
    reader.goto(article.get_absolute_url())
    box = reader.locator(".author-box")
    expect(box).to_contain_text("Femke luistert voor haar werk.")
    expect(box.locator("img")).to_have_count(1)
    refused = page.goto(f"/admin/authors/author/{bram.pk}/change/")
    assert refused.status != 200 or "Bram" not in page.content()
    assert page.goto("/admin/blog/sitesettings/1/change/").status == 403


@WIDTHS
def test_an_article_s_way_begins_and_ends_at_the_overview(visitor, site, width):
    visitor.expect("Applying inline style|preload assets|/widgets.css")
    make_user("rita", role=Role.EDITOR)
    image_add(upload=make_upload(), alt="Een lege stoel", user=None)
    make_author("Femke Brouwer", user=make_user("femke", role=Role.AUTHOR))
    author = visitor.page(width)
    log_in(author, "femke")
    author.goto("/admin/")
    keys = Keys(author)
    keys.go(author.get_by_role("link", name="Een nieuw artikel schrijven"))
    author.locator(".desk-count").wait_for()
    keys.write(author.locator("#id_title"), "De stilte na de vraag")
    keys.write(author.locator("#id_lead"), "Wie vraagt, wacht.")
    keys.reach(author.locator(".tiptap"))
    author.keyboard.type("Zeven tellen duren lang.")
    keys.tool(author.locator(".prose-menubar [title=Afbeelding]"))
    keys.press(library_of(author).get_by_role("button", name="Een lege stoel"))
    expect(author.locator(".tiptap figure img")).to_be_visible()
    keys.press(author.get_by_role("button", name="Tekst controleren"))
    expect(author.locator(".desk-panel")).to_be_visible()
    keys.write(author.get_by_label("Opmerking"), "Is de kop goed?")
    keys.go(author.get_by_role("button", name="Ter beoordeling indienen"))
    expect(author.locator(".messagelist .success")).to_be_visible()

    editor = visitor.page(width)
    log_in(editor, "rita")
    editor.goto("/admin/")
    tidy(editor)
    keys, title = Keys(editor), editor.get_by_role("link", name="De stilte na de vraag")
    keys.go(title)
    expect(editor.locator(".desk-steps")).to_contain_text("Is de kop goed?")
    year = datetime.date.today().year + 1
    keys.write(editor.locator("#id_published_at_0"), f"15-07-{year}")
    keys.write(editor.locator("#id_published_at_1"), "09:00")
    expect(editor.locator(".desk-zone")).to_have_text("Europe/Amsterdam, UTC+2")
    keys.go(editor.get_by_role("button", name="Inplannen"))
    editor.goto("/admin/")
    expect(editor.locator("#content")).to_contain_text(f"15 juli {year}, 09:00")
    keys.go(title)
    keys.go(editor.get_by_role("button", name="Publiceren"))
    reader = visitor.page(width, scripts=False)
    reader.goto("/")
    expect(reader.get_by_role("link", name="De stilte na de vraag").first).to_be_visible()


def test_files_are_dropped_into_the_text_where_they_fall(visitor, site):
    femke = make_author("Femke Brouwer", user=make_user("femke", role=Role.AUTHOR))
    article = make_article("Half", authors=[femke], status="draft", body="<p>Een.</p><p>Twee.</p>")
    page = visitor.page(DESK)
    log_in(page, "femke")
    page.goto(f"/admin/blog/article/{article.pk}/change/")
    expect(page.locator(".desk-count")).to_be_visible()
    data = picture_file("#a33")
    transfer = page.evaluate_handle(
        """([bytes, name]) => {
          const data = new DataTransfer()
          data.items.add(new File([new Uint8Array(bytes)], name, { type: "image/jpeg" }))
          return data
        }""",
        [list(data["buffer"]), data["name"]],
    )
    place = (second := page.locator(".tiptap p").nth(1)).bounding_box()
    at = {"clientX": place["x"] + 2, "clientY": place["y"] + 2, "dataTransfer": transfer}
    for kind in ("dragenter", "dragover", "drop"):
        second.dispatch_event(kind, {"bubbles": True, **at})
    page.get_by_role("dialog").get_by_label("Alternatieve tekst").fill("Een stoel")
    page.get_by_role("button", name="Toevoegen en kiezen").press("Enter")
    expect(page.locator(".tiptap .desk-figure img")).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist .success")).to_be_visible()
    source = Article.objects.get(pk=article.pk).body_source
    assert re.search(r'Een\.</p><figure data-image="\d+"></figure><p>Twee', source), source
