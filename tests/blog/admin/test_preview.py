"""The page on which a text is written, as the server makes it, and its preview."""

import uuid

import lxml.html
import pytest
from django.utils import timezone

from authors.roles import Role
from blog.models import Article, Page, TextKind
from blog.publishing import autosave
from tests.factories import make_article, make_author, make_image, make_user

pytestmark = pytest.mark.django_db
STATES = ("draft", "review", "scheduled", "published", "archived")


@pytest.fixture
def author():
    return make_author("Femke", user=make_user(role=Role.AUTHOR))


@pytest.fixture
def editor():
    return make_user(role=Role.EDITOR)


def change(article):
    return f"/admin/blog/article/{article.pk}/change/"


def form_of(client, article):
    answer = client.get(change(article))
    assert answer.status_code == 200
    return lxml.html.fromstring(answer.content).get_element_by_id("article_form")


def test_the_bar_has_one_act_by_role_and_state(client, author, editor):
    later = timezone.now() + timezone.timedelta(days=3)
    found = {}
    for state in STATES:
        dated = {} if state in ("draft", "review") else {"published_at": later}
        if state == "published":
            dated = {"published_at": timezone.now()}
        article = make_article(state, authors=[author], status=state, **dated)
        for user in (author.user, editor):
            client.force_login(user)
            form = form_of(client, article)
            bar = form.get_element_by_id("write-bar")
            assert bar.xpath(".//a/@href") == [f"/admin/blog/article/{article.pk}/preview/"]
            # Every other button is quiet, and every step is there once.
            loud = bar.xpath(".//button[@class='button']")
            found[state, user is editor] = [(one.get("name"), one.get("value")) for one in loud]
            moves = form.xpath(".//button[@name='_move']/@value")
            assert sorted(set(moves)) == sorted(moves)
            assert state not in moves
            for step in form.xpath(".//*[contains(@class, 'write-side')]//button[@name='_move']"):
                assert "button-quiet" in step.get("class")
    save = [("_continue", "1")]
    assert found == {
        ("draft", False): [("_move", "review")],
        ("draft", True): [("_move", "published")],
        ("review", False): save,
        ("review", True): [("_move", "published")],
        **{(state, editor): save for state in STATES[2:] for editor in (True, False)},
    }


def test_a_draft_with_a_date_to_come_is_scheduled(client, author, editor):
    later = timezone.now() + timezone.timedelta(days=3)
    article = make_article(authors=[author], status="draft", published_at=later)
    client.force_login(editor)
    bar = form_of(client, article).get_element_by_id("write-bar")
    assert bar.xpath(".//button[@name='_move']/@value") == ["scheduled"]


def test_what_readers_do_not_see_has_no_link_to_the_site(client, author, editor):
    client.force_login(editor)
    Page.objects.create(title="Nog niet", slug="nog-niet", public=False)
    page = Page.objects.create(title="Over ons", slug="over-ons")
    for state in STATES:
        article = make_article(state, authors=[author], status=state, published_at=timezone.now())
        url = article.get_absolute_url()
        for shown in (change(article), f"/admin/blog/article/{article.pk}/preview/"):
            linked = f'href="{url}"'.encode() in client.get(shown).content
            assert linked == article.is_public, (state, shown)
            assert not linked or client.get(url).status_code == 200
    for text in Page.objects.all():
        shown = client.get(f"/admin/blog/page/{text.pk}/change/").content
        assert (f'href="{text.get_absolute_url()}"'.encode() in shown) == (text == page)


def test_a_title_is_one_line_whatever_is_typed(client, author, editor):
    article = make_article(authors=[author], status="draft")
    client.force_login(editor)
    form = form_of(client, article)
    sent = {name: value for name, value in form.fields.items() if value is not None}
    sent |= {"title": " De stilte\r\nna  de vraag ", "people": [author.pk]}
    answer = client.post(change(article), sent | {"_continue": "unmoved"})
    assert answer.status_code == 302, answer.context["errors"]
    assert Article.objects.get().title == "De stilte na de vraag"


def test_the_preview_is_the_page_in_a_frame_of_its_own(client, author, editor):
    article = make_article("Half", authors=[author], status="draft", body="<h2>Kop</h2><p>Een.</p>")
    page = Page.objects.create(title="Over ons", slug="over-ons", public=False)
    client.force_login(author.user)
    shown = client.get(f"/admin/blog/article/{article.pk}/preview/?width=phone&scheme=dark")
    frame = lxml.html.fromstring(shown.content).find(".//iframe")
    assert frame.get("class") == "page-frame frame-phone frame-dark"
    chosen = lxml.html.fromstring(shown.content).xpath("//*[@aria-current='true']/@href")
    assert chosen == ["?width=phone&scheme=dark"] * 2
    answer = client.get(frame.get("src"))
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    inside = lxml.html.fromstring(answer.content)
    assert inside.xpath("//h1/text()") == ["Half"]
    assert inside.xpath("//*[contains(@class, 'prose')]//h2")
    client.force_login(editor)
    for odd in ("?width=%22x&scheme=", ""):
        shown = client.get(f"/admin/blog/page/{page.pk}/preview/{odd}")
        frame = lxml.html.fromstring(shown.content).find(".//iframe")
        assert frame.get("class") == "page-frame frame-wide frame-system"
        assert b"Over ons" in client.get(frame.get("src")).content
    other = make_author("Bram", user=make_user(role=Role.AUTHOR))
    client.force_login(other.user)
    for part in ("preview/", "preview/frame/"):
        assert client.get(f"/admin/blog/article/{article.pk}/{part}").status_code == 404
        assert client.get(f"/admin/blog/page/{page.pk}/{part}").status_code in (403, 404)


def test_the_preview_shows_what_is_not_saved_yet_to_its_writer_alone(client, author, editor):
    article = make_article("Half", authors=[author], status="draft", body="<p>Een.</p>")
    picture = make_image("Een stoel")
    key = str(uuid.uuid4())
    autosave.copy_keep(
        user=author.user,
        kind=TextKind.ARTICLE,
        text=article,
        key=key,
        version=article.version,
        data={
            "title": ["Af"],
            "lead": ["Nieuw."],
            "body_source": ["<p>Twee.</p><script>alert(1)</script>"],
            "picture": [str(picture.pk)],
        },
    )
    url = f"/admin/blog/article/{article.pk}/preview/?copy={key}"
    client.force_login(author.user)
    frame = lxml.html.fromstring(client.get(url).content).find(".//iframe").get("src")
    inside = client.get(frame).content.decode()
    for words in ("<h1>Af</h1>", "Nieuw.", "Twee.", "Een stoel"):
        assert words in inside
    assert "alert(1)" not in inside
    client.force_login(editor)
    assert client.get(frame).content.decode().count("Een.") == 1
    assert f"copy={key}" not in client.get(url).context["frame_url"]
    stored = Article.objects.get()
    assert (stored.title, stored.body_source, stored.version) == ("Half", "<p>Een.</p>", 1)


def test_markdown_is_pasted_as_what_it_means(client, author):
    client.force_login(author.user)
    text = (
        "# Kop\n\nMet **nadruk** en [een link](https://a.example/).\n\n## Onder\n\n3. drie\n\n"
        "> citaat\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nx < y\n```\n\n![p](https://b.example/p.png)"
        "<script>alert(1)</script>"
    )
    answer = client.post("/admin/blog/article/paste/", {"markdown": text}).json()
    assert answer["leftOut"] == 1
    assert "https://b.example/p.png</code></figure>" in answer["html"]
    for part in (
        "<h2>Kop</h2>",
        "<strong>nadruk</strong>",
        '<a href="https://a.example/"',
        "<h3>Onder</h3>",
        '<ol start="3">',
        "<blockquote>",
        "<th>a</th>",
        "x &lt; y",
    ):
        assert part in answer["html"]
    assert "script" not in answer["html"]
    refused = client.post("/admin/blog/article/paste/", {"markdown": "![[" * 8000})
    assert refused.status_code == 422
