"""What the admin says after a form is saved."""

import datetime
import re
from html import unescape

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone, translation

from authors.roles import Role
from blog.models import Article, Page, Series, SiteSettings, Tag
from tests.blog.admin.test_articles import edit, fields
from tests.factories import make_article, make_author, make_tag, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_author("Femke", user=make_user(role=Role.AUTHOR))


def said(answer):
    assert answer.status_code == 302, answer.context["errors"]
    # What was said before waits until a page shows it.
    return [str(message) for message in get_messages(answer.wsgi_request)][-1]


def move(client, article, to, **changed):
    article = Article.objects.get(pk=article.pk)
    if article.published_at:
        date = timezone.localtime(article.published_at)
        changed = {"published_at_0": f"{date:%Y-%m-%d}", "published_at_1": f"{date:%H:%M}"}
    sent = fields(
        status=article.status,
        people=[article.byline[0].pk],
        opened_on=article.version,
        _move=to,
        **changed,
    )
    del sent["_save"]
    return said(client.post(edit(article), sent))


def test_a_new_draft_is_saved_and_a_press_away_from_its_preview(client, author):
    client.force_login(author.user)
    words = said(
        client.post("/admin/blog/article/add/", fields(status="draft", people=[author.pk]))
    )
    assert words.startswith('Concept bewaard – <a href="/admin/blog/article/')
    assert words.endswith('/preview/">voorbeeld</a>')


def test_each_step_is_named(client, author):
    article = make_article(authors=[author], status="draft")
    client.force_login(author.user)
    assert move(client, article, "review").startswith("Ingediend – ")
    assert move(client, article, "draft").startswith("Teruggenomen – ")
    client.force_login(make_user(role=Role.EDITOR))
    published = move(client, article, "published")
    article.refresh_from_db()
    link = f'<a href="{article.get_absolute_url()}">bekijk</a>'
    undo = f'<a href="/admin/blog/article/bulk/?act=draft&amp;id={article.pk}">Ongedaan maken</a>'
    assert published == f"Gepubliceerd – {link} · {undo}"
    assert move(client, article, "archived").startswith("Gearchiveerd – ")


def test_a_scheduled_article_says_for_when(client, author):
    article = make_article(authors=[author], status="draft")
    client.force_login(make_user(role=Role.EDITOR))
    due = timezone.localtime() + datetime.timedelta(days=400)
    words = move(
        client, article, "scheduled", published_at_0=f"{due:%Y-%m-%d}", published_at_1="10:00"
    )
    with translation.override("nl"):
        assert words.startswith(f"Ingepland voor {due.day} ")
    assert ", 10:00 – " in words


@pytest.mark.parametrize(
    ("role", "before", "to", "back"),
    [
        (Role.AUTHOR, "draft", "review", "draft"),
        (Role.AUTHOR, "review", "draft", ""),
        (Role.EDITOR, "draft", "published", "draft"),
        (Role.EDITOR, "review", "published", "draft"),
        (Role.EDITOR, "published", "archived", "published"),
        (Role.EDITOR, "archived", "published", "archived"),
        (Role.EDITOR, "published", "draft", "published"),
    ],
)
def test_a_step_is_taken_back_by_the_link_in_its_message(client, author, role, before, to, back):
    article = make_article(authors=[author], status=before, published_at=timezone.now())
    user = author.user if role == Role.AUTHOR else make_user(role=role)
    client.force_login(user)
    said_then = move(client, article, to)
    link = re.search(r'href="([^"]*/bulk/[^"]*)"', said_then)
    assert bool(link) == bool(back), said_then
    if link:
        url = unescape(link[1])
        chosen = re.search(r'name="article"\s+value="([^"]+)"', client.get(url).text)
        client.post(url, {"article": chosen[1]})
        article.refresh_from_db()
        assert article.status == back


@pytest.mark.parametrize("shown", [True, False])
def test_a_row_with_a_page_of_its_own_leads_there_once_it_has_one(client, shown):
    client.force_login(make_user(role=Role.EDITOR))
    series = Series.objects.create(title="Een reeks", slug="reeks")
    part = make_article(series=series, series_place=1, status="published" if shown else "draft")
    url = reverse("admin:blog_series_change", args=[series.pk])
    words = said(client.post(url, {"title": "Anders", "slug": "reeks", "parts": [part.pk]}))
    link = f' <a href="{series.get_absolute_url()}">Op de website bekijken</a>'
    assert words == f'Opgeslagen: <a href="{url}">Anders</a>.{link if shown else ""}'
    assert ("viewsitelink" in client.get(url).text) == shown


def test_what_only_changes_its_text_is_saved_and_stays_open(client, author):
    article = make_article(authors=[author])
    client.force_login(make_user(role=Role.EDITOR))
    sent = fields(
        status="published", people=[author.pk], opened_on=article.version, slug=article.slug
    )
    del sent["_save"]
    answer = client.post(edit(article), sent | {"_continue": "unmoved"})
    assert answer["Location"] == edit(article)
    assert said(answer).startswith("Opgeslagen – ")


def test_a_page_says_whether_readers_see_it(client):
    client.force_login(make_user(role=Role.EDITOR))
    sent = {"title": "Over ons", "body_source": "<p>Wij.</p>", "language": "nl", "_addanother": ""}
    answer = client.post("/admin/blog/page/add/", sent | {"public": "on"})
    assert answer["Location"] == "/admin/blog/page/add/"
    assert said(answer) == f'Gepubliceerd – <a href="{Page.objects.get().get_absolute_url()}">' + (
        "bekijk</a>"
    )
    answer = client.post("/admin/blog/page/add/", sent | {"title": "Later"})
    assert said(answer).startswith("Concept bewaard – ")


def test_the_settings_have_no_list(client):
    client.force_login(make_user(role=Role.OWNER))
    listed = client.get(reverse("admin:blog_sitesettings_changelist"))
    form = listed["Location"]
    assert form == reverse("admin:blog_sitesettings_change", args=[SiteSettings.objects.get().pk])
    page = client.get(form)
    assert "Zij krijgen 7 dagen om hem in te stellen" in page.content.decode()
    shown = page.context["adminform"].form
    sent = {
        field.html_name: "" if field.value() is None else field.value()
        for field in shown
        if field.name not in ("share_networks", "logo", "logo_dark", "featured")
    }
    for inline in page.context["inline_admin_formsets"]:
        sent |= {field.html_name: field.value() for field in inline.formset.management_form}
    answer = client.post(form, {**sent, "newsletter": "", "title": "De Werkbank"})
    assert said(answer) == "De instellingen zijn opgeslagen"


def test_other_rows_are_saved_by_their_name(client):
    client.force_login(make_user(role=Role.EDITOR))
    tag = make_tag("Fietsen")
    url = reverse("admin:blog_tag_change", args=[tag.pk])
    words = said(client.post(url, {"name": "Fietsen", "slug": "op-de-fiets"}))
    assert words.startswith(f'Opgeslagen: <a href="{url}">Fietsen</a>. <a href="/admin/r/')


def test_deleting_names_rows_and_no_relations(client):
    client.force_login(make_user(role=Role.EDITOR))
    tag = make_tag("Fietsen")
    make_article(tags=[tag])
    url = reverse("admin:blog_tag_delete", args=[tag.pk])
    page = client.get(url).content.decode()
    assert "Weet u zeker dat u ‘Fietsen’ wilt verwijderen?" in page
    assert "object (" not in page
    assert "relatie" not in page
    client.post(url, {"post": "yes"})
    assert not Tag.objects.exists()
