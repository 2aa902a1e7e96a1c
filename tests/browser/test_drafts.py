"""What is typed stays until the site has said that it has it, wherever it is typed."""

import re

import pytest
from playwright.sync_api import expect

from authors.roles import Role
from blog.models import Article, Hold, SiteSettings
from comments.models import Comment, State
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from tests.browser.conftest import DESK, PHONE, log_in
from tests.factories import make_article, make_author, make_user

WORDS = "Een antwoord waar lang over is nagedacht."
SIZES = pytest.mark.parametrize("width", [PHONE, DESK])


@pytest.fixture
def article(roles, media_root):
    SiteSettings.objects.create(pk=1, title="De Werkbank", hold=Hold.NOBODY, edit_minutes=15)
    return make_article("Een stuk", slug="stuk")


@pytest.fixture
def comment(article):
    site = SiteSettings.objects.get(pk=1)
    writer = {"name": "Anna de Wit", "email": "anna@proef.example"}
    return comment_post(
        submission=Submission(article=article, text="Mijn vraag.", key="", **writer), site=site
    )[0]


def drafts(page):
    return page.evaluate(
        "Object.keys(localStorage).filter((name) => /\\.(draft|form|copy)\\./.test(name)).length"
    )


def no_drafts(page):
    """Wait until the page's script has removed what the site has."""
    # Its modules have run by then; the policy of these pages lets nothing be asked repeatedly.
    page.wait_for_load_state()
    page.wait_for_function(
        "!Object.keys(localStorage).some((name) => /\\.(draft|form|copy)\\./.test(name))"
    )


def ready(form):
    """Wait until the form's script has come."""
    expect(form.get_by_label("Onthoud mijn gegevens")).to_be_attached()


# -- readers ----------------------------------------------------------------------------------


@SIZES
@pytest.mark.parametrize("way", ["article", "own page", "branch", "reply page"])
def test_a_reply_survives_a_reload_wherever_it_was_begun(visitor, article, comment, width, way):
    page = visitor.page(width)
    url = article.get_absolute_url()
    reply = f"{url}reply/?to={comment.pk}"
    if way == "reply page":
        page.goto(reply)
    else:
        page.goto({"article": url, "own page": comment.get_absolute_url(),
                   "branch": f"{comment.get_absolute_url()}?after=0"}[way])  # fmt: skip
        page.locator(f"#comment-{comment.pk} a.reply").click()
    form = page.locator(".respond-inline form" if way == "article" else ".respond form")
    ready(form)
    form.get_by_label("Uw reactie").fill(WORDS)
    # It stands wherever this reply is written, after a reload too.
    page.goto(reply)
    field = page.locator(".respond form").get_by_label("Uw reactie")
    expect(field).to_have_value(WORDS)
    page.reload()
    expect(field).to_have_value(WORDS)
    page.goto(url)
    link = page.locator(f"#comment-{comment.pk} a.reply")
    expect(link).to_contain_text("concept")
    link.click()
    expect(page.locator(".respond-inline form").get_by_label("Uw reactie")).to_have_value(WORDS)
    # And it goes when it is posted, from the page of its own too.
    page.goto(reply)
    page.locator(".respond form").get_by_label("Naam").fill("Karim")
    page.get_by_role("button", name="Reactie plaatsen").click()
    page.wait_for_url(re.compile(r"/comment/\d+/\?own="))
    expect(page.locator("main")).to_contain_text(WORDS)
    no_drafts(page)
    assert Comment.objects.get(parent=comment).source == WORDS


def test_what_is_typed_before_the_scripts_come_is_kept_too(visitor, article, comment):
    page = visitor.page(PHONE)
    waiting, open_now = [], []
    page.route(
        "**/site*.js",
        lambda route: route.continue_() if open_now else waiting.append(route),
    )
    for url, words in ((f"{article.get_absolute_url()}reply/", "Een"), ("", "Twee")):
        open_now.clear()
        page.goto(url or page.url, wait_until="commit")
        field = page.locator(".respond form textarea")
        field.fill(words)
        page.wait_for_timeout(300)
        open_now.append(True)
        while waiting:
            waiting.pop().continue_()
        page.wait_for_load_state()
        ready(page.locator(".respond form"))
    expect(field).to_have_value("Een\n\nTwee")


@SIZES
def test_the_server_away_or_a_closed_conversation_leave_the_text(visitor, article, comment, width):
    visitor.expect("Failed to load resource")
    page = visitor.page(width)
    reply = f"{article.get_absolute_url()}reply/?to={comment.pk}"
    for answer in (
        lambda route: route.abort("connectionrefused"),
        lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"),
    ):
        page.goto(reply)
        form = page.locator(".respond form")
        ready(form)
        form.get_by_label("Uw reactie").fill(WORDS)
        form.get_by_label("Naam").fill("Karim")
        page.route("**/reply/", answer)
        form.get_by_role("button", name="Reactie plaatsen").click()
        expect(page.locator("#conversation-status")).to_contain_text("Uw tekst")
        page.unroute("**/reply/")
        page.goto("/")
        page.go_back()
        expect(form.get_by_label("Uw reactie")).to_have_value(WORDS)
    Article.objects.update(comment_policy="closed")
    SiteSettings.objects.get(pk=1)
    page.goto(article.get_absolute_url() + "?sort=new")
    kept = page.locator("textarea[readonly]")
    expect(kept).to_have_value(WORDS)
    page.goto(reply)
    expect(page.locator(".respond form").get_by_label("Uw reactie")).to_have_value(WORDS)


@SIZES
def test_a_change_an_appeal_and_a_report_are_kept_until_they_are_stored(
    visitor, article, comment, width
):
    page = visitor.page(width)
    page.goto(article.get_absolute_url())
    form = page.locator("#respond form")
    form.get_by_label("Uw reactie").fill("Van mij.")
    form.get_by_label("Naam").fill("Karim")
    form.get_by_role("button", name="Reactie plaatsen").click()
    own = page.locator(".comment").filter(has_text="Van mij.")
    own.get_by_role("link", name="Wijzigen").click()
    field = page.get_by_label("Uw reactie")
    field.fill("Van mij, beter gezegd.")
    page.reload()
    expect(field).to_have_value("Van mij, beter gezegd.")
    page.get_by_role("button", name=re.compile("opslaan|Opslaan|Wijziging")).first.click()
    expect(page.locator("main")).to_contain_text("Van mij, beter gezegd.")
    no_drafts(page)
    assert "stored" not in page.url

    page.goto(f"{comment.get_absolute_url()}report/")
    page.get_by_label("Toelichting").fill("Dit is reclame.")
    page.reload()
    expect(page.get_by_label("Toelichting")).to_have_value("Dit is reclame.")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Deze reactie melden").click()
    expect(page.get_by_role("status").first).to_contain_text("Dank u")
    no_drafts(page)

    mine = Comment.objects.exclude(pk=comment.pk).get()
    token = page.evaluate("JSON.parse(localStorage['weerwoord.own'])")[str(mine.pk)]["token"]
    Comment.objects.filter(pk=mine.pk).update(state=State.REJECTED, shown=False)
    page.goto(f"{mine.get_absolute_url()}appeal/?own={token}")
    page.locator("textarea").fill("Kijk nog eens.")
    page.reload()
    expect(page.locator("textarea")).to_have_value("Kijk nog eens.")
    page.locator(".comment-form [name=send]").click()
    page.wait_for_url(re.compile(r"/comment/\d+/\?own=[^&]+$"))
    no_drafts(page)


# -- the admin --------------------------------------------------------------------------------


@pytest.fixture
def desk(article, comment):
    author = make_author("Femke Brouwer", user=make_user("femke", role=Role.AUTHOR))
    make_article("Half af", authors=[author], status="draft")
    make_user("baas", is_superuser=True)
    return author


def places(author, comment):
    return {
        "settings": ("/admin/blog/sitesettings/1/change/", "tagline"),
        "profile": (f"/admin/authors/author/{author.pk}/change/", "bio"),
        "rewording": (f"/admin/comments/comment/{comment.pk}/change/", "text"),
        "queue": ("/admin/comments/comment/?tab=all", "text"),
        "rule": ("/admin/comments/rule/add/", "pattern"),
    }


def open_field(page, url, name):
    page.goto(url)
    page.wait_for_load_state()
    # Of several with one name only one would stay open.
    page.evaluate(
        "document.querySelectorAll('main details').forEach((one) => {"
        " one.removeAttribute('name'); one.open = true })"
    )
    return page.locator(f"[name={name}]").first


@pytest.mark.parametrize("place", ["settings", "profile", "rewording", "queue", "rule"])
def test_what_is_typed_in_the_admin_is_offered_after_a_crash(visitor, desk, comment, place):
    page = visitor.page(DESK)
    log_in(page, "baas")
    url, name = places(desk, comment)[place]
    open_field(page, url, name).fill(WORDS)
    page.wait_for_timeout(700)
    page.goto("/admin/")
    field = open_field(page, url, name)
    assert field.input_value() != WORDS
    notice = page.locator(".desk-notice").filter(has_text="Deze browser bewaarde")
    notice.get_by_role("button", name="Terugzetten").first.click()
    expect(field).to_have_value(WORDS)
    page.reload()
    expect(page.locator(".desk-notice")).to_have_count(1)
    page.locator(".desk-notice").get_by_role("button", name="Weggooien").click()
    no_drafts(page)


PRESS = "one.form.requestSubmit(one.form.querySelector('[type=submit]:not([disabled])'))"


def submit(page, field):
    field.evaluate(f"one => {PRESS}")


def submit_again_and_again(page, field):
    """As often as it goes, until the page makes place for the answer."""
    field.evaluate(f"one => {{ {PRESS}; setInterval(() => {PRESS}, 20) }}")


@pytest.mark.parametrize("place", ["settings", "profile", "rewording", "article"])
def test_logged_out_or_the_server_away_the_text_stays_and_goes_on(visitor, desk, comment, place):
    visitor.expect("Failed to load resource")
    page = visitor.page(DESK)
    log_in(page, "baas")
    half = Article.objects.get(title="Half af")
    written = {"article": (f"/admin/blog/article/{half.pk}/change/", "lead")}
    url, name = {**places(desk, comment), **written}[place]
    field = open_field(page, url, name)
    if place == "article":
        expect(page.locator(".desk-count")).to_be_visible()
    field.fill(WORDS)
    page.context.clear_cookies(name="sessionid")
    submit(page, field)
    notice = page.get_by_role("alert").filter(has_text="niet meer aangemeld")
    expect(notice).to_be_visible()
    expect(field).to_have_value(WORDS)
    with page.context.expect_page() as opened:
        notice.get_by_role("link", name="Aanmelden").click()
    tab = opened.value
    tab.fill("[name=username]", "baas")
    tab.fill("[name=password]", "geheim-woord")
    tab.click("#login-form [type=submit]")
    tab.wait_for_url(re.compile(r"/admin/$"))
    tab.close()
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator(".desk-notice").filter(has_text="weer aangemeld")).to_be_visible()
    # The site is away at the moment of saving.
    page.route("**/admin/session/", lambda route: route.fulfill(status=503))
    submit(page, field)
    expect(page.get_by_role("alert").filter(has_text="antwoordt niet")).to_be_visible()
    expect(field).to_have_value(WORDS)
    page.unroute("**/admin/session/")
    lose_the_server_and_go_on(page, field, url, name, place)


def lose_the_server_and_go_on(page, field, url, name, place):
    # It dies between the question and the post: the browser's own error page, and back.
    def die(route):
        if route.request.method == "POST" and "session" not in route.request.url:
            route.abort("connectionrefused")
        else:
            route.continue_()

    page.route("**/admin/**", die)
    with page.expect_event("requestfailed", lambda request: request.method == "POST"):
        submit(page, field)
    expect(page.locator("#container")).to_have_count(0)
    page.unroute("**/admin/**")
    field = open_field(page, url, name)
    if place == "article":
        expect(page.locator(".desk-count")).to_be_visible()
    if field.input_value() != WORDS:
        page.locator(".desk-notice").get_by_role("button", name="Terugzetten").first.click()
    expect(field).to_have_value(WORDS)
    # However often it is pressed, it is sent once, and the kept text goes with the answer.
    posts = []

    def sent(request):
        if request.method == "POST" and not re.search("keep|presence|drop|check/", request.url):
            posts.append(request.url)

    page.on("request", sent)
    submit_again_and_again(page, field)
    expect(page.locator(".messagelist .success").first).to_be_visible()
    assert len(posts) == 1
    page.wait_for_load_state("networkidle")
    no_drafts(page)


def test_an_article_written_on_after_the_back_button_is_kept(visitor, desk):
    page = visitor.page(DESK)
    log_in(page, "femke")
    page.goto("/admin/blog/article/add/")
    expect(page.locator(".desk-count")).to_be_visible()
    page.get_by_label("Titel").fill("Eerst")
    with page.expect_navigation():
        page.get_by_label("Titel").press("Enter")
    assert Article.objects.get(title="Eerst").status == "draft"
    no_drafts(page)
    page.go_back()
    expect(page.locator(".desk-count")).to_be_visible()
    page.get_by_label("Titel").fill("Daarna verder geschreven")
    expect(page.locator(".desk-kept")).to_contain_text("automatisch bewaard")
    page.close(run_before_unload=False)
    again = page.context.new_page()
    again.goto("/admin/blog/article/add/")
    again.locator(".desk-notice").get_by_role("button", name="Terugzetten").first.click()
    expect(again.get_by_label("Titel")).to_have_value("Daarna verder geschreven")


def test_two_tabs_keep_their_own_text(visitor, desk):
    page = visitor.page(DESK)
    log_in(page, "baas")
    url = f"/admin/authors/author/{desk.pk}/change/"
    open_field(page, url, "bio").fill("Uit de eerste.")
    other = page.context.new_page()
    field = open_field(other, url, "bio")
    field.fill("Uit de tweede.")
    other.wait_for_timeout(700)
    submit(other, field)
    expect(other.locator(".messagelist .success")).to_be_visible()
    other.close()
    page.reload()
    notice = page.locator(".desk-notice")
    expect(notice).to_have_count(1)
    notice.get_by_role("button", name="Terugzetten").click()
    expect(page.locator("[name=bio]")).to_have_value("Uit de eerste.")
