"""Writing at the desk as an author would, and the walk from her form to her reader's answer."""

import re
from io import BytesIO

import pytest
from playwright.sync_api import expect

from authors.roles import Role
from blog.models import Article, Hold, Image, SiteSettings
from blog.publishing.articles import words_learn
from comments.models import Comment
from tests.browser.accessible import faults
from tests.browser.conftest import DESK, PHONE, log_in
from tests.factories import make_article, make_author, make_upload, make_user


@pytest.fixture
def femke(roles, media_root):
    SiteSettings.objects.create(
        pk=1,
        title="De Werkbank",
        hold=Hold.UNKNOWN,
        invitation="Hoe is dat bij u?",
        authors_publish=True,
    )
    return make_author(
        "Femke Brouwer",
        role="adviseur",
        website="https://www.femkebrouwer.example/",
        bio="Femke helpt ploegen met overleggen.",
        user=make_user("femke", role=Role.AUTHOR),
    )


def picture_file(colour="#a33"):
    upload = make_upload(colour=colour)
    return {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": BytesIO(upload.read()).read()}


def add_picture(desk, alt, colour):
    """Through the picker that is open."""
    dialog = desk.locator("dialog.picker")
    dialog.locator("input[type=file]").set_input_files(picture_file(colour))
    dialog.get_by_label("Alternatieve tekst").fill(alt)
    dialog.get_by_role("button", name="Toevoegen en kiezen").click()
    expect(dialog).to_have_count(0)


def library_of(page):
    """The dialog of the picker that was opened by keyboard, at its second tab."""
    dialog = page.locator("dialog.picker")
    dialog.get_by_role("tab").first.press("ArrowRight")
    return dialog


def test_an_article_is_written_read_and_answered(visitor, femke):
    desk = visitor.page(DESK)
    log_in(desk, "femke")
    desk.goto("/admin/")
    desk.get_by_role("link", name="Een nieuw artikel schrijven").click()
    desk.get_by_label("Titel").fill("De stilte na de vraag")
    desk.get_by_label("Inleiding").fill("Wie een vraag stelt, moet kunnen wachten.")
    editor = desk.locator(".tiptap")
    editor.click()
    desk.keyboard.type("Zeven tellen duren lang.")
    desk.keyboard.press("Enter")
    desk.keyboard.type("## Wachten is werk")
    desk.keyboard.press("Enter")
    desk.keyboard.type("Tel in gedachten mee.")
    desk.locator(".prose-menubar [title=Afbeelding], .prose-menubar__button--image").first.click()
    add_picture(desk, "Een lege stoel aan tafel", "#a33")
    expect(editor.locator("figure img")).to_be_visible()
    desk.get_by_label("Onderwerpen").fill("Overleg, Luisteren")
    expect(desk.get_by_label("Femke Brouwer", exact=True)).to_be_checked()
    desk.get_by_role("button", name="Afbeelding: Kies uit").click()
    add_picture(desk, "Een klok", "#27a")
    desk.get_by_label("Status").select_option("published")
    desk.locator("#id_published_at_0").fill("01-11-2012")
    desk.locator("#id_published_at_1").fill("09:00:00")
    desk.get_by_role("button", name="Opslaan", exact=True).click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    article = Article.objects.get()
    assert Image.objects.count() == 2
    with desk.expect_popup() as opened:
        desk.get_by_role("link", name="Voorbeeld", exact=True).click()
    shown = opened.value.frame_locator(".page-frame")
    expect(shown.get_by_role("heading", name="Wachten is werk")).to_be_visible()
    opened.value.close()
    read_and_answer(visitor, desk, article)


def read_and_answer(visitor, desk, article):
    reader = visitor.page(PHONE)
    reader.goto("/")
    reader.get_by_role("link", name="De stilte na de vraag").first.click()
    expect(reader).to_have_url(re.compile(r"/2012/11/de-stilte-na-de-vraag/$"))
    expect(reader.locator(".article-header")).to_contain_text(
        "Door Femke Brouwer van femkebrouwer.example"
    )
    expect(reader.locator(".article-header time")).to_have_text("1 november 2012")
    expect(reader.get_by_role("heading", name="Wachten is werk")).to_be_visible()
    expect(reader.get_by_alt_text("Een lege stoel aan tafel")).to_have_count(1)
    expect(reader.get_by_text("Deel dit artikel")).to_be_visible()
    box = reader.locator(".author-box")
    expect(box).to_contain_text("Femke Brouwer – adviseur")
    expect(box).to_contain_text("Femke helpt ploegen met overleggen.")
    expect(reader.get_by_text("Hoe is dat bij u?")).to_have_count(1)
    reader.locator("#respond textarea").fill("Bij ons vult de baas de stilte op.")
    reader.locator("#respond").get_by_label("Naam").fill("Karim")
    reader.get_by_role("button", name="Reactie plaatsen").click()
    expect(reader.locator("#conversation-status")).to_contain_text("Uw reactie wacht.")

    desk.goto("/admin/comments/comment/")
    desk.get_by_role("button", name="Goedkeuren").first.click()
    expect(desk.locator("[data-key=a]")).to_have_count(0)
    desk.goto(article.get_absolute_url())
    first = Comment.objects.get()
    desk.locator(f"#comment-{first.pk} a.reply").click()
    form = desk.locator(".respond-inline form")
    form.get_by_label("Uw reactie").fill("Dan tel ik voortaan ook voor de baas. 🙂")
    form.get_by_role("button", name="Reactie plaatsen").click()
    expect(desk.locator("#conversation-status")).to_have_text("Uw reactie is geplaatst.")

    reader.reload()
    expect(reader.locator("#comments-title")).to_have_text("2 reacties")
    nested = reader.locator(f"li:has(> #comment-{first.pk}) > ol .comment.by-author")
    expect(nested).to_contain_text("Dan tel ik voortaan ook voor de baas. 🙂")
    reader.goto("/search/?q=stilte")
    expect(reader.get_by_role("link", name="De stilte na de vraag").first).to_be_visible()


def test_search_offers_what_was_meant(visitor, roles):
    SiteSettings.objects.create(pk=1)
    words_learn(make_article("Overleggen zonder agenda", body="<p>Overleggen.</p>"))
    page = visitor.page(PHONE)
    page.goto("/")
    page.goto("/search/?q=ovrleggen")
    page.get_by_role("link", name="overleggen", exact=True).click()
    expect(page.get_by_role("link", name="Overleggen zonder agenda").first).to_be_visible()


def test_leaving_unsaved_work_asks_first_and_only_then(visitor, femke):
    article = make_article("Half af", authors=[femke], status="draft")
    desk = visitor.page(DESK)
    log_in(desk, "femke")
    asked = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    url = f"/admin/blog/article/{article.pk}/change/"
    desk.goto(url)
    desk.wait_for_timeout(1500)
    desk.goto("/admin/")
    assert asked == []
    desk.goto(url)
    desk.wait_for_timeout(1500)
    desk.get_by_label("Titel").fill("Verder af")
    desk.keyboard.press("Control+s")
    expect(desk.locator(".messagelist .success")).to_be_visible()
    assert asked == []
    desk.wait_for_timeout(1500)
    desk.get_by_label("Titel").fill("Nog verder")
    desk.goto("/admin/")
    assert asked == ["beforeunload"]
    article.refresh_from_db()
    assert article.title == "Verder af"


@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_the_desk_s_own_parts_are_accessible(visitor, femke, width, scheme):
    article = make_article("Half af", authors=[femke], status="draft")
    desk = visitor.page(width, scheme=scheme)
    log_in(desk, "femke")
    visitor.expect(
        "Applying inline style|preload assets"
    )  # By axe itself; other tests listen without this.
    parts = {
        "/admin/": ".desk-home",
        f"/admin/blog/article/{article.pk}/change/": "#article_form",
        "/admin/comments/comment/": "#queue",
    }
    wrong = []
    for url, part in parts.items():
        desk.goto(url)
        if "article" in url:
            desk.get_by_role("button", name="Afbeelding: Kies uit").click()
            desk.locator("dialog.picker .picker-status").wait_for(state="attached")
            part = "dialog.picker"
        wrong += faults(desk, part)
    assert not wrong, "\n".join(wrong)
