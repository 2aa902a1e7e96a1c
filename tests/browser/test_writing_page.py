"""The page on which a text is written: it reads like the article, by mouse, keyboard and phone."""

import pytest
from playwright.sync_api import expect

from authors.roles import Role
from blog.models import Article, SiteSettings
from blog.publishing.pictures import image_add
from tests.browser.accessible import faults
from tests.browser.conftest import DESK, PHONE, log_in
from tests.browser.test_writing import paste
from tests.factories import make_article, make_author, make_upload, make_user

# What the eye sees of each part of a text; every value is the reader's page's.
PARTS = ("p", "h2", "h3", "h4", "ul", "li", "ol", "blockquote", "code", "pre", "th", "td")
FIGURE = "figure:not(.link-card, .desk-card, .gallery, .desk-gallery)"
LOOKS = (
    *("fontFamily", "fontSize", "fontSizeAdjust", "lineHeight", "fontWeight", "fontStyle"),
    *("letterSpacing", "marginTop", "marginBottom", "paddingLeft", "listStyleType", "color"),
    *("backgroundColor", "borderBottomWidth", "borderLeftWidth"),
)
LOOK = """([root, parts, looks]) => Object.fromEntries(parts.map((part) => {
    const style = getComputedStyle([...document.querySelectorAll(`${root} ${part}`)].at(-1))
    return [part, Object.fromEntries(looks.map((name) => [name, style[name]]))]
}))"""
BODY = (
    "<p>Een alinea.</p><h2>Kop</h2><p>Tekst met <code>code</code> en een noot"
    "<sup data-note>Noot.</sup>.</p><ul><li>Punt</li><li>Punt</li></ul><ol><li>Een</li></ol>"
    "<h3>Onder</h3>"
    "<blockquote><p>Citaat.</p></blockquote><h4>Klein</h4><pre><code>x = 1</code></pre>"
    "<table><tbody><tr><th>a</th></tr><tr><td>1</td></tr></tbody></table>"
    '<figure data-image="{0}"></figure><figure data-gallery="{0},{0}"></figure>'
    '<figure data-card><a href="https://youtu.be/dQw4w9WgXcQ">Film</a></figure>'
    + "<p>Nog een alinea.</p>"
    * 20
)


@pytest.fixture
def article(roles, media_root):
    SiteSettings.objects.create(pk=1, title="De Werkbank")
    femke = make_author("Femke Brouwer", user=make_user("femke", role=Role.AUTHOR))
    words = {"alt": "Een stoel", "caption": "In de gang.", "credit": "Femke"}
    picture = image_add(upload=make_upload(), user=None, **words)
    body = BODY.format(picture.pk)
    return make_article("Wie een vraag stelt", authors=[femke], body=body, lead="Een inleiding.")


def in_view(page, part):
    return page.evaluate(
        """(part) => { const box = document.querySelector(part).getBoundingClientRect()
        return box.top >= 0 && box.bottom <= innerHeight && box.height > 0 }""",
        part,
    )


@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "dark"), (768, "light"), (DESK, "light")])
def test_writing_looks_like_reading(visitor, article, width, scheme):
    visitor.expect("Applying inline style|preload assets|/widgets.css")
    page = visitor.page(width, scheme=scheme)
    log_in(page, "femke")
    page.goto(article.get_absolute_url())
    read = page.evaluate(LOOK, [".article-main .prose", (*PARTS, FIGURE), LOOKS])
    head = page.evaluate(LOOK, [".article-main", ("h1", ".article-lead"), LOOKS[:7]])
    measure = page.locator(".prose").bounding_box()["width"]
    page.goto(f"/admin/blog/article/{article.pk}/change/")
    expect(page.locator(".desk-count")).to_be_visible()
    expect(page.locator(".desk-caption").first).to_have_text("In de gang. Femke")
    written = page.evaluate(LOOK, [".tiptap", (*PARTS, FIGURE), LOOKS])
    title = page.evaluate(LOOK, [".write-text", ("#id_title", "#id_lead"), LOOKS[:7]])
    assert written == read
    assert list(title.values()) == list(head.values())
    assert abs(page.locator(".tiptap").bounding_box()["width"] - measure) <= 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not (wrong := faults(page, "#content")), "\n".join(wrong)

    # By keyboard from the title to the button that saves; the toolbar is one stop.
    page.locator("#id_title").focus()
    presses = 0
    while page.evaluate("document.activeElement.name") != "_continue":
        page.keyboard.press("Tab")
        presses += 1
        assert presses <= 10
    # The bar and the toolbar stay, wherever one is in the text.
    page.locator(".tiptap > p").last.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Tot slot.")
    expect(page.locator(".desk-kept")).to_contain_text("automatisch bewaard")
    assert in_view(page, ".write-bar")
    assert in_view(page, ".prose-menubar")
    tools = page.locator(".prose-menubar").bounding_box()["height"]
    assert tools <= 2 * 48
    before = page.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().top")
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    expect(page.locator(".write-state")).to_contain_text("Opgeslagen")
    expect(page.locator(".tiptap")).to_be_focused()
    page.wait_for_load_state("networkidle")
    after = page.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().top")
    assert abs(after - before) <= 4
    page.keyboard.type(" En nog iets.")
    assert page.locator(".tiptap > p").last.inner_text().endswith("Tot slot. En nog iets.")

    # Settings fold, and stay as they were left.
    page.locator(".write-side > summary").click()
    expect(page.locator("#id_status")).to_be_hidden()
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    expect(page.locator(".write-side")).to_be_visible()
    expect(page.locator("#id_status")).to_be_hidden()


def test_a_selected_picture_is_changed_by_keyboard(visitor, article):
    page = visitor.page(DESK)
    log_in(page, "femke")
    page.goto(f"/admin/blog/article/{article.pk}/change/")
    expect(page.locator(".desk-caption").first).to_be_visible()
    page.locator(".tiptap td").last.click()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".desk-figure.ProseMirror-selectednode")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.locator(".desk-figure .desk-edit").first).to_be_focused()


def test_markdown_is_typed_and_pasted(visitor, article):
    article.body_source = ""
    Article.objects.filter(pk=article.pk).update(body_source="")
    page = visitor.page(DESK)
    log_in(page, "femke")
    page.goto(f"/admin/blog/article/{article.pk}/change/")
    expect(page.locator(".desk-count")).to_be_visible()
    page.locator(".tiptap").click()
    for line in ("# Kop", "Met **vet**, *schuin* en [een link](https://a.example/).", "1. een"):
        page.keyboard.type(line)
        page.keyboard.press("Enter")
    page.keyboard.type("twee")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("- punt")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("> citaat")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    paste(page, text="## Geplakt\n\n3. drie\n\nTekst met `code`.")
    expect(page.locator(".tiptap h2")).to_have_text(["Kop", "Geplakt"])
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    source = Article.objects.get().body_source
    for part in (
        "<h2>Kop</h2>",
        "<strong>vet</strong>",
        "<em>schuin</em>",
        '<a href="https://a.example/"',
        "<ol><li><p>een</p></li><li><p>twee</p></li></ol>",
        "<ul><li><p>punt</p></li></ul>",
        "<blockquote><p>citaat</p></blockquote>",
        '<ol start="3">',
        "<code>code</code>",
    ):
        assert part in source, source[:1000]


def test_without_scripts_it_is_an_ordinary_form(visitor, article):
    page = visitor.page(PHONE, scripts=False)
    log_in(page, "femke")
    page.goto(f"/admin/blog/article/{article.pk}/change/")
    page.get_by_label("Titel").fill("Een andere titel")
    page.locator("#id_words").fill("Rust")
    page.locator(".write-side fieldset summary").nth(1).click()
    page.locator("#id_close_after_days").fill("9")
    assert in_view(page, ".write-bar")
    page.locator(".write-bar [name=_continue]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    stored = Article.objects.get()
    assert (stored.title, stored.close_after_days) == ("Een andere titel", 9)
    assert [tag.name for tag in stored.tag_list] == ["Rust"]
