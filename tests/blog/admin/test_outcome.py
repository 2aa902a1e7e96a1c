"""What the admin says after a form is saved."""

import datetime

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone, translation

from authors.roles import Role
from blog.models import Article, Page, SiteSettings, Tag
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
    assert published == f"Gepubliceerd – {link}"
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
    assert words == f'Opgeslagen: <a href="{url}">Fietsen</a>.'


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
