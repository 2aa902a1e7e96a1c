"""The editor in an author's hands: what she puts into a text, and what her reader gets of it."""

import base64
import re

import pytest
from playwright.sync_api import expect

from authors.roles import Role
from blog.models import Article, Image, SiteSettings
from blog.publishing.articles import article_save
from tests.blog.content.test_pasting import DOCS, WORD
from tests.browser.accessible import faults
from tests.browser.conftest import DESK, PHONE, log_in
from tests.factories import make_article, make_author, make_upload, make_user

FRAME = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"


@pytest.fixture
def femke(roles, media_root):
    SiteSettings.objects.update_or_create(pk=1, defaults={"title": "De Werkbank"})
    return make_author("Femke Brouwer", user=make_user("femke", role=Role.AUTHOR))


@pytest.fixture
def article(femke):
    return make_article("Half af", authors=[femke], status="draft", body="<p>Begin.</p>")


def open_form(visitor, article, width=DESK, name="femke", **options):
    page = visitor.page(width, **options)
    log_in(page, name)
    page.goto(f"/admin/blog/article/{article.pk}/change/")
    expect(page.locator(".desk-count")).to_contain_text("woord")
    return page


def tool(page, name):
    return page.locator(".prose-menubar").get_by_role("button", name=name, exact=True)


def save(page):
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    expect(page.locator(".messagelist .success")).to_be_visible()


def paste(page, html="", text="", files=()):
    page.evaluate(
        """([html, text, files]) => {
          const data = new DataTransfer()
          if (html) data.setData("text/html", html)
          if (text) data.setData("text/plain", text)
          for (const [name, content] of files) {
            const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0))
            data.items.add(new File([bytes], name, { type: "image/jpeg" }))
          }
          document.querySelector(".tiptap").dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }))
        }""",
        [html, text, list(files)],
    )


def picture(colour):
    return (f"{colour[1:]}.jpg", base64.b64encode(make_upload(colour=colour).read()).decode())


def at_the_end(page):
    page.locator(".tiptap").click()
    page.keyboard.press("Control+End")


def test_notes_cards_links_and_tables_reach_the_reader(visitor, femke, article):
    make_article("Wachten is werk", slug="wachten-is-werk")
    desk = open_form(visitor, article)
    at_the_end(desk)
    desk.keyboard.type(" Zeven tellen duren lang")
    tool(desk, "Noot").click()
    desk.keyboard.type("Gemeten met een ")
    desk.keyboard.press("Control+i")
    desk.keyboard.type("klok")
    desk.get_by_role("dialog").get_by_role("button", name="Opslaan", exact=True).click()
    expect(desk.locator(".tiptap .desk-note button")).to_have_attribute(
        "aria-label", "Noot: Gemeten met een klok"
    )
    desk.keyboard.type(". Zie ")
    desk.keyboard.press("Control+k")
    desk.keyboard.type("wachten")
    desk.get_by_role("button", name="Wachten is werk").click()
    desk.keyboard.press("Enter")
    tool(desk, "Kaart voor een video, bericht of pagina elders").click()
    desk.get_by_role("dialog").get_by_label("Titel").fill("Het gesprek op film")
    desk.get_by_role("dialog").get_by_role("button", name="Opslaan", exact=True).click()
    expect(desk.get_by_role("dialog").get_by_role("status")).to_contain_text("https://")
    desk.get_by_label("Adres", exact=True).fill("https://youtu.be/dQw4w9WgXcQ")
    desk.get_by_role("dialog").get_by_role("button", name="Opslaan", exact=True).click()
    expect(desk.locator(".desk-card")).to_contain_text("Het gesprek op film")
    desk.keyboard.press("ArrowDown")
    tool(desk, "Tabel").click()
    desk.get_by_role("dialog").get_by_role("button", name="Tabel invoegen").click()
    expect(desk.locator(".tiptap td").first).to_be_visible()
    desk.get_by_role("button", name="Tekst controleren").click()
    panel = desk.get_by_role("region", name="Wat beter kan")
    expect(panel).to_contain_text("geen kopcellen")
    expect(panel).to_contain_text("geen inleiding")
    panel.get_by_role("button", name="Ga erheen").last.click()
    expect(desk.locator(".tiptap")).to_be_focused()
    save(desk)
    stored = Article.objects.get(pk=article.pk)
    target = Article.objects.get(slug="wachten-is-werk")
    assert '<sup data-note="">Gemeten met een <em>klok</em></sup>' in stored.body_source
    assert f'href="article:{target.pk}"' in stored.body_source
    assert "<figure data-card" in stored.body_source
    stored.status = "published"
    article_save(article=stored, authors=None, tags=None, editor=None, expected_version=None)
    read_it(visitor, stored)


def read_it(visitor, stored):
    url = stored.get_absolute_url()
    plain = visitor.page(PHONE, scripts=False)
    plain.goto(url)
    expect(plain.get_by_role("link", name=re.compile("Het gesprek op film"))).to_be_visible()
    expect(plain.get_by_role("button", name="Video laden")).to_have_count(0)
    plain.get_by_role("link", name="Noot 1", exact=True).click()
    expect(plain.locator("#fn-1")).to_be_in_viewport()
    plain.get_by_role("link", name="Terug naar noot 1").click()
    assert plain.url.endswith("#fnref-1")

    visitor.expect(f"foreign request: {FRAME}")  # Asked for below; answered here.
    reader = visitor.page(PHONE)
    asked = []
    reader.route(
        re.compile("youtube-nocookie"),
        lambda route: (
            asked.append(route.request.url),
            route.fulfill(body="<p>film</p>", content_type="text/html"),
        ),
    )
    reader.goto(url)
    expect(reader.locator("iframe")).to_have_count(0)
    assert reader.context.cookies() == []
    assert asked == []
    reader.get_by_role("button", name="Video laden").press("Enter")
    expect(reader.frame_locator("iframe").get_by_text("film")).to_be_visible()
    assert asked[0].startswith(FRAME)
    expect(reader.locator("iframe")).to_have_attribute("title", "Video: Het gesprek op film")
    reader.get_by_role("link", name="Wachten is werk").first.click()
    expect(reader).to_have_url(re.compile("/wachten-is-werk/$"))


@pytest.mark.parametrize(
    ("html", "shown"),
    [(WORD, "Punt een"), (DOCS, "nadruk")],
    ids=["word", "google docs"],
)
def test_a_paste_from_a_word_processor_comes_out_clean(visitor, article, html, shown):
    desk = open_form(visitor, article)
    at_the_end(desk)
    desk.keyboard.press("Enter")
    paste(desk, html, "tekst")
    expect(desk.locator(".tiptap")).to_contain_text(shown)
    expect(desk.locator(".desk-said")).to_contain_text("1")
    expect(desk.locator(".desk-left-outs li")).to_have_count(1)
    assert desk.locator(".tiptap ul ul li").count() == 1
    save(desk)
    stored = Article.objects.get(pk=article.pk).body_source
    assert "<th>" in stored
    assert not re.search(r"mso|style=|class=|font|docs-internal", stored)


def test_pictures_are_pasted_dropped_chosen_and_described(visitor, article):
    desk = open_form(visitor, article)
    at_the_end(desk)
    desk.keyboard.press("Enter")
    paste(desk, files=[picture("#a33"), picture("#27a")])
    for words in ("Een stoel", "Een tafel"):
        dialog = desk.get_by_role("dialog")
        dialog.get_by_role("button", name="Toevoegen en kiezen").click()
        expect(dialog.get_by_role("status")).to_contain_text("Zeg wat er te zien is")
        dialog.get_by_label("Alternatieve tekst").fill(words)
        across = dialog.get_by_label("Vanaf links (%)")
        across.focus()
        for _press in range(4):
            desk.keyboard.press("ArrowLeft")
        dialog.locator(".focal").click(position={"x": 5, "y": 5}) if words == "Een tafel" else None
        dialog.get_by_role("button", name="Toevoegen en kiezen").click()
        expect(
            dialog.get_by_label("Alternatieve tekst").and_(desk.locator(f"[value='{words}']"))
        ).to_have_count(0)
    expect(desk.locator(".desk-gallery img")).to_have_count(2)
    save(desk)
    stool, table = Image.objects.order_by("pk")
    assert (stool.alt, stool.focal_x, stool.focal_y) == ("Een stoel", 30, 50)
    assert (table.focal_x, table.focal_y) == (0, 0)
    source = Article.objects.get(pk=article.pk).body_source
    assert f'data-gallery="{stool.pk},{table.pk}"' in source
    expect(desk.locator(".desk-gallery")).to_contain_text("Een stoel")
    desk.locator(".desk-figure-one").first.get_by_role("button", name="Tekst wijzigen").click()
    desk.get_by_role("dialog").get_by_label("Bijschrift").fill("In de gang.")
    desk.get_by_role("dialog").get_by_role("button", name="Opslaan", exact=True).click()
    expect(desk.get_by_role("dialog")).to_have_count(0)
    assert "In de gang." in Article.objects.get(pk=article.pk).body_html


def test_publishing_asks_once_what_could_be_better(visitor, roles, media_root):
    SiteSettings.objects.get_or_create(pk=1)
    editor = make_author("Eva", user=make_user("eva", role=Role.EDITOR))
    article = make_article(
        "Kaal", authors=[editor], status="draft", body="<h4>Te diep</h4><p>x</p>"
    )
    desk = open_form(visitor, article, name="eva")
    publish = desk.get_by_role("button", name="Publiceren", exact=True)
    publish.click()
    dialog = desk.get_by_role("dialog", name="Voordat dit verschijnt")
    expect(dialog).to_contain_text("slaat een niveau over")
    dialog.get_by_role("button", name="Terug naar de tekst").click()
    assert not Article.objects.get(pk=article.pk).is_public
    publish.click()
    dialog.get_by_role("button", name="Toch publiceren").click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    assert Article.objects.get(pk=article.pk).is_public


@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_the_editor_is_accessible_and_fits(visitor, femke, article, width, scheme):
    article.body_source = (
        "<h2>Kop</h2><p>Tekst<sup data-note>Noot.</sup></p><figure data-card>"
        "<a href='https://youtu.be/dQw4w9WgXcQ'>Film</a></figure>"
        "<table><tr><th>a</th></tr><tr><td>b</td></tr></table><pre><code>x</code></pre>"
    )
    article_save(article=article, authors=None, tags=None, editor=None, expected_version=None)
    desk = open_form(visitor, article, width, scheme=scheme)
    visitor.expect("Applying inline style|preload assets|/widgets.css")  # By axe itself.
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wrong = faults(desk, "#article_form")
    for name in ("Noot", "Link", "Galerij", "Kaart voor een video, bericht of pagina elders"):
        tool(desk, name).click()
        desk.get_by_role("dialog").wait_for()
        wrong += faults(desk, "dialog")
        desk.keyboard.press("Escape")
        expect(desk.get_by_role("dialog")).to_have_count(0)
    assert not wrong, "\n".join(wrong)
