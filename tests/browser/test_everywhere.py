"""One conversation on every page that shows some of it: an article's pages, a comment's page, the
page to answer on, a search hit."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bench import threads
from comments.models import Comment
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_since import OPEN, YESTERDAY, say
from tests.factories import make_article

SIZE = 300
# The visit is over: what comes next is another one.
LEAVE = """(article) => {
    const key = `weerwoord.visits.${article}`;
    const visits = JSON.parse(localStorage.getItem(key));
    localStorage.setItem(key, JSON.stringify(visits.map(([a, b]) => [a - 7200, b - 7200])));
    const news = `weerwoord.news.${article}`;
    const left = JSON.parse(localStorage.getItem(news));
    localStorage.setItem(news, JSON.stringify({ ...left, begin: left.begin - 7200 }));
}"""


@pytest.fixture
def article(roles):
    OPEN.pk = 1
    OPEN.save(force_insert=True)
    return make_article("Vergaderen op dinsdag")


@pytest.fixture
def long_one(article):
    """A thread of some pages, a week old."""
    threads.grow(article, SIZE)
    week = timezone.now() - timedelta(days=7)
    Comment.objects.update(created_at=week, fragment_release="")
    return article


def at(comment):
    return re.compile(rf"[?&]at={comment.pk}#comment-{comment.pk}$")


def focused(page, comment):
    expect(page.locator(f"#comment-{comment.pk}")).to_be_focused()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_what_is_new_is_walked_across_pages(visitor, long_one, width):
    old = list(Comment.objects.order_by("path"))
    here = say(long_one, "Op de eerste bladzijde.", old[50], name="Bram")
    there = say(long_one, "Op de tweede.", old[150], name="Chris")
    last = say(long_one, "Een eigen begin.", name="Dirk")
    page = visitor.page(width)
    page.add_init_script(YESTERDAY.replace("ARTICLE", str(long_one.pk)))
    url = long_one.get_absolute_url()
    page.goto(url)
    count = page.locator(".since-count")
    expect(count).to_have_text("1 nieuwe reactie · 2 op andere bladzijden")
    # Keys work wherever the focus is, but not while one types or holds another key.
    page.locator("#respond textarea").focus()
    page.keyboard.type("np")
    expect(page.locator("#respond textarea")).to_have_value("np")
    page.locator("#respond textarea").fill("")
    page.locator("h1").click()
    page.keyboard.press("Control+n")
    page.keyboard.press("Alt+n")
    expect(page.locator(":focus.comment")).to_have_count(0)
    page.keyboard.press("n")
    focused(page, here)
    for key, comment in (("n", there), ("n", last), ("n", here), ("p", last)):
        page.keyboard.press(key)
        page.wait_for_url(at(comment))
        focused(page, comment)
        # Only then do keys work there.
        expect(count).to_have_text("1 nieuwe reactie · 2 op andere bladzijden")
    # The count leads there too, and in the order that the reader chose.
    page.goto(f"{url}?sort=newest")
    expect(count).to_have_text("1 nieuwe reactie · 2 op andere bladzijden")
    page.get_by_role("link", name="2 op andere bladzijden").click()
    page.wait_for_url(re.compile(r"sort=newest&at=\d+#comment-\d+$"))
    expect(page.locator(":focus.comment.new")).to_have_count(1)
    # From a comment's own page as well, where none of the others is.
    page.goto(there.get_absolute_url())
    expect(count).to_have_text("1 nieuwe reactie · 2 op andere bladzijden")
    page.keyboard.press("n")
    focused(page, there)
    page.keyboard.press("n")
    page.wait_for_url(at(last))
    # Who wants no keys switches them off, on every page.
    page.get_by_label("Toetsen p en n").uncheck()
    page.keyboard.press("n")
    page.goto(url)
    expect(page.get_by_label("Toetsen p en n")).not_to_be_checked()
    page.keyboard.press("n")
    expect(page.locator(":focus.comment")).to_have_count(0)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_comments_page_is_the_conversation(visitor, article, width):
    first = say(article, "Wij zijn ermee gestopt.")
    second = say(article, "Waarmee?", first, name="Bram")
    say(article, "Met vergaderen.", second, name="Chris")
    page = visitor.page(width)
    page.clock.install()
    page.goto(second.get_absolute_url())
    times = page.locator(".comment time")
    expect(times.first).to_have_text("zojuist")
    fold = page.locator(f"#comment-{second.pk} .fold")
    fold.click()
    expect(fold).to_have_text("+ 1 antwoord")
    expect(page.get_by_text("Met vergaderen.")).to_be_hidden()
    fold.click()
    page.locator(f"#comment-{first.pk} button.value").click()
    expect(page.locator(f"#comment-{first.pk} .count")).to_have_text("1 lezer")
    # What arrives stands where it belongs; what belongs elsewhere is counted and led to.
    reply = say(article, "Ook met mailen.", second, name="Dirk")
    root = say(article, "Iets anders.", name="Els")
    page.clock.run_for(31_000)
    page.get_by_role("button", name="2 nieuwe reacties – tonen").click()
    focused(page, reply)
    expect(page.locator(f"#comment-{reply.pk} .new-word")).to_have_text("nieuw")
    expect(page.locator(f"li:has(> #comment-{second.pk}) #comment-{reply.pk}")).to_be_visible()
    expect(page.locator(f"#comment-{root.pk}")).to_have_count(0)
    expect(page.locator(".since-count")).to_have_text("1 nieuwe reactie · 1 op andere bladzijden")
    page.reload()
    expect(page.locator(f"li:has(> #comment-{second.pk}) #comment-{reply.pk}")).to_be_visible()
    # Her own answer, to the comment in between, from the page's form.
    page.locator(f"#comment-{second.pk} .prose p").select_text()
    page.locator(f"#comment-{second.pk} a.reply").focus()
    page.keyboard.press("Enter")
    form = page.locator("#respond form")
    expect(form.locator("textarea")).to_be_focused()
    expect(form.locator("textarea")).to_have_value("> Waarmee?\n\n")
    form.locator("textarea").fill("Met alles.")
    page.goto(second.reply_url)
    expect(form.locator("textarea")).to_have_value("Met alles.")
    page.go_back()
    expect(form.locator("textarea")).to_have_value("Met alles.")
    form.get_by_label("Naam").fill("Fleur")
    form.get_by_role("button", name="Reactie plaatsen").click()
    mine = page.locator(".comment.fresh")
    expect(mine).to_contain_text("Met alles.")
    expect(mine).to_be_focused()
    own = Comment.objects.get(name="Fleur")
    assert own.parent_id == second.pk
    page.reload()
    expect(page.locator(f"#comment-{own.pk} a.own").first).to_have_text("Wijzigen")
    page.get_by_role("link", name="Lees in het gesprek").click()
    page.wait_for_url(at(second))
    focused(page, second)
    expect(page.locator("#comments-title")).to_have_text("6 reacties")
    expect(page.locator("a[data-comment-count]")).to_have_text("6 reacties")
    beside_it(page, second)


def beside_it(page, comment):
    """The page to answer on, and a search hit."""
    page.goto(comment.reply_url)
    expect(page.locator(f"#comment-{comment.pk} time")).to_have_text(re.compile("geleden|zojuist"))
    expect(page.locator(f"#comment-{comment.pk} button.value")).to_be_visible()
    page.goto("/search/comments/?q=vergaderen")
    hit = page.locator(".found-comments li").first
    expect(hit.locator("time")).to_have_text(re.compile("geleden|zojuist"))
    hit.get_by_role("link", name="Chris bij").click()
    page.wait_for_url(re.compile(r"/comment/(\d+)/#comment-\1$"))
    expect(page.locator(":focus")).to_contain_text("Met vergaderen.")


def test_a_first_visitor_sees_what_arrives_counted_everywhere(visitor, article):
    first = say(article, "Er was al een.")
    page = visitor.page(DESK)
    page.clock.install()
    page.goto(article.get_absolute_url())
    expect(page.locator("#comments-title")).to_have_text("1 reactie")
    expect(page.locator(".since")).to_have_count(0)
    reply = say(article, "Net binnen.", first, name="Bram")
    page.clock.run_for(31_000)
    page.get_by_role("button", name="1 nieuwe reactie – tonen").click()
    expect(page.locator(f"#comment-{reply.pk} .new-word")).to_have_text("nieuw")
    expect(page.locator("#comments-title")).to_have_text("2 reacties")
    expect(page.locator("a[data-comment-count]")).to_have_text("2 reacties")
    expect(page.locator(".since-count")).to_have_text("1 nieuwe reactie")
    page.locator(f"#comment-{first.pk} .fold").click()
    expect(page.locator(f"#comment-{first.pk} .fold")).to_have_text("+ 1 antwoord, 1 nieuw")
    form = page.locator("#respond form")
    form.get_by_label("Uw reactie").fill("Van mij.")
    form.get_by_label("Naam").fill("Els")
    form.get_by_role("button", name="Reactie plaatsen").click()
    expect(page.locator("#comments-title")).to_have_text("3 reacties")
    expect(page.locator("a[data-comment-count]")).to_have_text("3 reacties")
    page.goto("/")
    expect(page.locator("a[data-conversation]")).to_have_text(re.compile(r"^\s*3 reacties\s*$"))


def test_what_was_new_and_not_opened_stays_new(visitor, long_one):
    old = list(Comment.objects.order_by("path"))
    here = say(long_one, "Op de eerste bladzijde.", old[50], name="Bram")
    there = say(long_one, "Op de tweede.", old[150], name="Chris")
    earlier = timezone.now() - timedelta(hours=5)
    made = Comment.objects.filter(pk__in=[here.pk, there.pk])
    made.update(created_at=earlier, fragment_release="")
    page = visitor.page(DESK)
    page.add_init_script(YESTERDAY.replace("ARTICLE", str(long_one.pk)))
    url = long_one.get_absolute_url()
    page.goto(url)
    count = page.locator(".since-count")
    expect(count).to_have_text("1 nieuwe reactie · 1 op andere bladzijden")
    page.goto("/")
    expect(page.locator("a[data-conversation] .new-word")).to_have_text("1 nieuw")
    # Hours later: what she saw is old, what stood on another page is not.
    page.evaluate(LEAVE, long_one.pk)
    page.goto(url)
    expect(count).to_have_text("Niets nieuws op deze bladzijde · 1 op andere bladzijden")
    expect(page.locator(f"#comment-{here.pk} .new-word")).to_have_count(0)
    page.keyboard.press("n")
    page.wait_for_url(at(there))
    focused(page, there)
    expect(page.locator(f"#comment-{there.pk} .new-word")).to_have_text("nieuw")
    page.reload()
    expect(page.locator(f"#comment-{there.pk} .new-word")).to_have_text("nieuw")
    page.goto("/")
    expect(page.locator("a[data-conversation] .new-word")).to_have_count(0)
    page.evaluate(LEAVE, long_one.pk)
    page.goto(url)
    expect(count).to_have_text("Niets nieuws op deze bladzijde")


def test_what_arrives_stands_where_it_will_after_a_reload(visitor, long_one):
    """Every kind of parent, on every kind of page: the page before and after a reload agree."""
    old = list(Comment.objects.order_by("path"))
    inside, edge, later = old[40], old[99], old[150]
    url = long_one.get_absolute_url()
    for query in ("", f"?after={old[199].pk}", "?sort=newest", "?sort=discussed"):
        page = visitor.page(DESK)
        page.clock.install()
        # From what this answer holds on, comments have arrived.
        with page.expect_response(lambda answer: "/arrivals/?sort=" in answer.url):
            page.goto(url + query)
        expect(page.locator("button.value").first).to_be_visible()
        made = [
            say(long_one, f"Antwoord {query}.", parent, name="Bram")
            for parent in (inside, edge, later)
        ]
        made.append(say(long_one, f"Begin {query}.", name="Chris"))
        page.clock.run_for(31_000)
        button = page.get_by_role("button", name="4 nieuwe reacties – tonen")
        expect(button).to_be_visible()
        button.click()
        expect(page.locator(".since-count, :focus.comment").first).to_be_visible()
        place = """(ids) => ids.map((id) => {
            const item = document.getElementById(`comment-${id}`)?.closest("li");
            const above = item?.parentElement.closest("li")?.querySelector(".comment").id;
            return item ? [above, [...item.parentElement.children].indexOf(item)] : null;
        })"""
        ids = [comment.pk for comment in made]
        before = page.evaluate(place, ids)
        page.reload()
        assert page.evaluate(place, ids) == before, query
        assert any(before), query


def test_what_was_there_before_never_arrives_even_when_the_first_answer_is_lost(visitor, long_one):
    visitor.expect("Failed to load resource|net::ERR_FAILED")
    page = visitor.page(DESK)
    lost = []

    def lose(route):
        lost.append(route.request.url)
        route.abort()

    page.clock.install()
    page.route(re.compile(r"/arrivals/\?sort="), lose, times=1)
    with page.expect_event("requestfailed"):
        page.goto(long_one.get_absolute_url())

    def turn():
        with page.expect_response(lambda answer: "/arrivals/?after=" in answer.url):
            page.clock.run_for(31_000)

    turn()  # Asks from where on, first.
    expect(page.locator(".arrivals")).to_have_count(0)
    say(long_one, "Net binnen.", name="Bram")
    turn()
    turn()
    expect(page.get_by_role("button", name="1 nieuwe reactie – tonen")).to_be_visible()
    assert len(lost) == 1
    assert page.locator(".arrivals-line").count() == 1
